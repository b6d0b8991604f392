/** The value a share `p` of the values does not exceed. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Thousands apart, no more digits than mean something. */
export function formatRate(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function formatMs(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
