/**
 * A query as a tree. The parser types every comparison by its field and leaves open only what
 * depends on who asks and when: `%ME%` and `%TODAY%`. `resolveQuery` closes those.
 */

export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'contains'
  | 'notcontains'
  | 'startswith'
  | 'endswith';

export type QueryValue =
  /** The field is absent. */
  | { readonly type: 'null' }
  /** May hold `%ME%` and `%ME-AN%`. */
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Names of the field's vocabulary; several where one code or display name stands for several. */
  | { readonly type: 'enum'; readonly text: string; readonly names: readonly string[] }
  /** `2024-05-01`: the day with -eq and -ne, its midnight (UTC) with the other operators. */
  | { readonly type: 'day'; readonly date: string }
  /** RFC 3339, UTC, milliseconds. */
  | { readonly type: 'instant'; readonly time: string }
  /** `%TODAY+days%`: as a day. */
  | { readonly type: 'today'; readonly days: number };

/** `field operator value`. `field` is the canonical name in QUERY_FIELDS. */
export interface Comparison {
  readonly kind: 'compare';
  readonly field: string;
  readonly operator: Operator;
  readonly value: QueryValue;
  /** Where it stands in the text it was parsed from. */
  readonly position: number;
}

/** Free text: a word, a word's beginning (`prefix`), or a phrase of several words in order. */
export interface TextTerm {
  readonly kind: 'text';
  readonly text: string;
  readonly prefix: boolean;
  readonly position: number;
}

export type Query =
  | { readonly kind: 'all' }
  /** Two items or more; never directly holding another `and`. */
  | { readonly kind: 'and'; readonly items: readonly Query[] }
  /** Two items or more; never directly holding another `or`. */
  | { readonly kind: 'or'; readonly items: readonly Query[] }
  | { readonly kind: 'not'; readonly item: Query }
  | Comparison
  | TextTerm;

/** All of them; flattens, and is `all` for none. */
export function allOf(items: readonly Query[]): Query {
  const flat = items
    .flatMap((q) => (q.kind === 'and' ? q.items : [q]))
    .filter((q) => q.kind !== 'all');
  if (flat.length === 0) return { kind: 'all' };
  return flat.length === 1 ? flat[0]! : { kind: 'and', items: flat };
}

/** Any of them; flattens. There must be one. */
export function anyOf(items: readonly Query[]): Query {
  const flat = items.flatMap((q) => (q.kind === 'or' ? q.items : [q]));
  if (flat.length === 0) throw new RangeError('expected 1 alternative or more, got 0');
  return flat.length === 1 ? flat[0]! : { kind: 'or', items: flat };
}
