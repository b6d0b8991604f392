/** A span before now, a span between two times, or all of time. */
export type TimeRange =
  | { readonly kind: 'preset'; readonly id: PresetId }
  | { readonly kind: 'custom'; readonly from: string; readonly to: string }
  | { readonly kind: 'all' };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PRESETS = [
  { id: '15m', label: 'Last 15 minutes', ms: 15 * MINUTE },
  { id: '1h', label: 'Last hour', ms: HOUR },
  { id: '4h', label: 'Last 4 hours', ms: 4 * HOUR },
  { id: '24h', label: 'Last 24 hours', ms: DAY },
  { id: '7d', label: 'Last 7 days', ms: 7 * DAY },
  { id: '30d', label: 'Last 30 days', ms: 30 * DAY },
  { id: '90d', label: 'Last 90 days', ms: 90 * DAY },
] as const;

export type PresetId = (typeof PRESETS)[number]['id'];

/** The bounds of a range: `from` included, `to` excluded; absent where there is none. */
export interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

export function isPresetId(value: string | undefined): value is PresetId {
  return PRESETS.some((preset) => preset.id === value);
}

/** A preset reaches to the newest record: it has no upper bound. */
export function boundsOf(range: TimeRange, asOf: Date): Bounds {
  switch (range.kind) {
    case 'all':
      return {};
    case 'custom':
      return { from: range.from, to: range.to };
    case 'preset': {
      const preset = PRESETS.find(({ id }) => id === range.id);
      return { from: new Date(asOf.getTime() - (preset?.ms ?? DAY)).toISOString() };
    }
  }
}

/** The query with the range joined on: `(…) AND Timestamp -ge "…"`. */
export function withBounds(query: string, bounds: Bounds): string {
  const clauses: string[] = [];
  const own = query.trim();
  if (own !== '') clauses.push(`(${own})`);
  if (bounds.from !== undefined) clauses.push(`Timestamp -ge "${bounds.from}"`);
  if (bounds.to !== undefined) clauses.push(`Timestamp -lt "${bounds.to}"`);
  return clauses.length === 1 && own !== '' ? own : clauses.join(' AND ');
}
