/** The quarter of a year that a moment is in, in UTC: `2026-Q4`. Quarters are in order as their texts are. */
export function quarterOf(time: Date): string {
  return `${time.getUTCFullYear()}-Q${Math.floor(time.getUTCMonth() / 3) + 1}`;
}

/** The quarter after one. */
export function quarterAfter(period: string): string {
  const year = Number(period.slice(0, 4));
  const quarter = Number(period.slice(6));
  return quarter === 4 ? `${year + 1}-Q1` : `${year}-Q${quarter + 1}`;
}
