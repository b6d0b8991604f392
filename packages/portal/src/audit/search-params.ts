import { isPresetId, type TimeRange } from './time-range.ts';

export const TABS = ['overview', 'change', 'related', 'raw'] as const;
export type Tab = (typeof TABS)[number];

/** Everything on the audit page that can be pointed at, as it stands in its URL. */
export interface AuditSearch {
  readonly q?: string;
  /** A preset, or `all`; absent means all. */
  readonly range?: string;
  readonly from?: string;
  readonly to?: string;
  readonly order?: 'asc';
  /** The index of the open record. */
  readonly open?: number;
  readonly tab?: Exclude<Tab, 'overview'>;
  readonly proof?: 'open';
  /** Facets that are folded away. */
  readonly folded?: string;
}

/** A record's index: canonical digits of a safe integer, nothing else. */
export function parseIndex(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

export function parseTab(text: unknown): AuditSearch['tab'] {
  return text === 'change' || text === 'related' || text === 'raw' ? text : undefined;
}

function isTime(text: unknown): text is string {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text));
}

/** Keeps what is understood and drops the rest: a URL is written by anyone. */
export function parseAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const search: { -readonly [K in keyof AuditSearch]: AuditSearch[K] } = {};
  if (typeof raw['q'] === 'string' && raw['q'].trim() !== '') search.q = raw['q'];
  const range = raw['range'];
  if (typeof range === 'string' && isPresetId(range)) search.range = range;
  if (search.range === undefined && isTime(raw['from']) && isTime(raw['to'])) {
    search.from = raw['from'];
    search.to = raw['to'];
  }
  if (raw['order'] === 'asc') search.order = 'asc';
  const open = parseIndex(raw['open']);
  if (open !== undefined) search.open = open;
  const tab = parseTab(raw['tab']);
  if (tab !== undefined) search.tab = tab;
  if (raw['proof'] === 'open') search.proof = 'open';
  if (typeof raw['folded'] === 'string' && /^[a-z][a-z,-]*$/i.test(raw['folded'])) {
    search.folded = raw['folded'];
  }
  return search;
}

export function rangeOf(search: AuditSearch): TimeRange {
  if (isPresetId(search.range)) return { kind: 'preset', id: search.range };
  if (search.from !== undefined && search.to !== undefined) {
    return { kind: 'custom', from: search.from, to: search.to };
  }
  return { kind: 'all' };
}

/** The range as search parameters, to be laid over the others. */
export function rangeParams(range: TimeRange): {
  range: string | undefined;
  from: string | undefined;
  to: string | undefined;
} {
  switch (range.kind) {
    case 'all':
      return { range: undefined, from: undefined, to: undefined };
    case 'preset':
      return { range: range.id, from: undefined, to: undefined };
    case 'custom':
      return { range: undefined, from: range.from, to: range.to };
  }
}
