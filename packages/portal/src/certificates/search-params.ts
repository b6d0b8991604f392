import { quoteQueryValue } from '@countersign/records';

/** What the page of certificates shows, as its address says it. */
export interface CertificateSearch {
  /** In the query language of certificates. */
  readonly q?: string;
  readonly state?: StateFilter;
  readonly template?: string;
  /** Valid now, and not any more within so many days. */
  readonly expiring?: number;
  /** Number of a collection. */
  readonly collection?: number;
  readonly sort?: SortField;
  /** Absent: ascending. */
  readonly dir?: 'desc';
}

/** `current` is all that is neither revoked nor expired. */
export const STATES = ['current', 'active', 'held', 'revoked', 'expired'] as const;
export type StateFilter = (typeof STATES)[number];

export const SORT_FIELDS = ['commonName', 'issuer', 'template', 'notBefore', 'notAfter'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

/** The days that are offered to look ahead. */
export const EXPIRING_DAYS = [7, 30, 60, 90] as const;

function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((one) => one === value);
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads the address; what it does not know is left out. */
export function parseCertificateSearch(raw: Record<string, unknown>): CertificateSearch {
  return compact({
    q: textOf(raw['q']),
    state: oneOf(raw['state'], STATES),
    template: textOf(raw['template']),
    expiring: wholeNumber(raw['expiring']),
    collection: wholeNumber(raw['collection']),
    sort: oneOf(raw['sort'], SORT_FIELDS),
    dir: oneOf(raw['dir'], ['desc'] as const),
  });
}

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Without what is not set. */
export function compact(search: Loose<CertificateSearch>): CertificateSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** The conditions of the simple filters and the typed query, as one query. */
export function queryOf({ q, state, template, expiring }: CertificateSearch): string {
  const conditions = [
    ...(q === undefined || q.trim() === '' ? [] : [q.trim()]),
    ...stateConditions(state),
    ...(template === undefined ? [] : [`Template -eq ${quoteQueryValue(template)}`]),
    ...(expiring === undefined
      ? []
      : [`NotAfter -ge %TODAY% AND NotAfter -le %TODAY+${expiring}%`]),
  ];
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  return conditions.map((one) => (hasAlternatives(one) ? `(${one})` : one)).join(' AND ');
}

function stateConditions(state: StateFilter | undefined): string[] {
  if (state === undefined) return [];
  return state === 'current'
    ? ['State -ne "revoked" AND State -ne "expired"']
    : [`State -eq "${state}"`];
}

/** Whether a condition needs parentheses beside others. */
function hasAlternatives(condition: string): boolean {
  return /\sOR\s/i.test(condition);
}

/** The conditions of a collection and of a search within it, as one query. */
export function queryWithin(collection: string, query: string): string {
  const conditions = [collection.trim(), query].filter((one) => one !== '');
  const [only = ''] = conditions;
  return conditions.length < 2 ? only : conditions.map((one) => `(${one})`).join(' AND ');
}

/** What is sent for a search. */
export function parametersOf(search: CertificateSearch): Record<string, string | number> {
  const { collection, sort, dir } = search;
  const query = queryOf(search);
  return {
    ...(query === '' ? {} : { query }),
    ...(collection === undefined ? {} : { collection }),
    ...(sort === undefined ? {} : { sort, order: dir ?? 'asc' }),
  };
}

/** The search with another order: the same title again turns it round. */
export function sortedBy(search: CertificateSearch, by: string): CertificateSearch {
  const sort = oneOf(by, SORT_FIELDS);
  const turned = search.sort === sort && search.dir === undefined;
  return compact({ ...search, sort, dir: turned ? 'desc' : undefined });
}

/** Whether anything narrows what is shown. */
export function isNarrowed({
  q,
  state,
  template,
  expiring,
  collection,
}: CertificateSearch): boolean {
  return [q, state, template, expiring, collection].some((one) => one !== undefined);
}
