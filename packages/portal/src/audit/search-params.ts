import { parseColumns } from './columns.ts';
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
  /** Whether records of reading the log are among what is shown; absent means they are not, and that is said. */
  readonly reading?: 'shown';
  /** Chosen columns, by name. */
  readonly columns?: string;
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
  if (raw['reading'] === 'shown') search.reading = 'shown';
  const columns = parseColumns(raw['columns']);
  if (columns !== undefined) search.columns = columns.join(',');
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

/** The search a record's own page was come to from; it says of reading what the search did. */
export interface SearchContext extends Pick<AuditSearch, 'q' | 'range' | 'from' | 'to' | 'order'> {
  readonly reading?: 'shown' | 'hidden';
}

/** The search in force on the audit page, to go along with a record. */
export function contextOf(search: AuditSearch): SearchContext {
  const { q, range, from, to, order, reading } = search;
  const held = { q, range, from, to, order, reading: reading ?? 'hidden' };
  return Object.fromEntries(Object.entries(held).filter(([, value]) => value !== undefined));
}

/** The search in the URL of a record's page; null when it was opened by itself. */
export function parseContext(raw: Record<string, unknown>): SearchContext | null {
  const reading = raw['reading'];
  if (reading !== 'shown' && reading !== 'hidden') return null;
  const { reading: _, ...search } = contextOf(parseAuditSearch(raw));
  return { ...search, reading };
}

/** The audit page that shows a record's search. */
export function searchOf({ reading, ...search }: SearchContext): AuditSearch {
  return reading === 'shown' ? { ...search, reading } : search;
}

export function rangeOf(search: Pick<AuditSearch, 'range' | 'from' | 'to'>): TimeRange {
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
