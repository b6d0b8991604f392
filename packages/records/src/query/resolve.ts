/**
 * Closes a query: who asks and what day it is become values, every comparison becomes one of a few
 * plain tests, and everything compared without case is folded. What is left is what the index
 * compiles and `matchesQuery` evaluates.
 */
import { DAY_MS } from './dates.ts';
import { QueryError } from './error.ts';
import type { FieldTable, QueryField } from './field.ts';
import { RECORD_FIELDS } from './fields.ts';
import { fold, words } from './fold.ts';
import type { Comparison, Operator, Query, TextTerm } from './tree.ts';

export type StringMatch = 'eq' | 'contains' | 'startswith' | 'endswith';

export type ResolvedQuery =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly ResolvedQuery[] }
  | { readonly kind: 'not'; readonly item: ResolvedQuery }
  /** A value of the field, folded, compares so with `value`, which is folded. */
  | {
      readonly kind: 'string';
      readonly field: string;
      readonly match: StringMatch;
      readonly value: string;
    }
  /** A value of the field, folded, is one of these. */
  | { readonly kind: 'oneOf'; readonly field: string; readonly values: readonly string[] }
  /** `from <= value < to`; for Timestamp in milliseconds since 1970. */
  | { readonly kind: 'range'; readonly field: string; readonly from?: number; readonly to?: number }
  | { readonly kind: 'present'; readonly field: string }
  /**
   * The words in this order in one text of the record; `prefix`: the last one only begins so. `text` is what was
   * written, folded.
   */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly words: readonly string[];
      readonly prefix: boolean;
    };

export interface ResolveContext {
  readonly now: Date;
  /** The asking user as records name them, e.g. `DOMAIN\user`. */
  readonly me?: string;
}

/** Throws QueryError `query_no_user` where `%ME%` stands and nobody asks. */
export function resolveQuery(
  query: Query,
  context: ResolveContext,
  table: FieldTable = RECORD_FIELDS,
): ResolvedQuery {
  switch (query.kind) {
    case 'all':
      return query;
    case 'and':
    case 'or':
      return { kind: query.kind, items: query.items.map((q) => resolveQuery(q, context, table)) };
    case 'not':
      return negate(resolveQuery(query.item, context, table));
    case 'compare':
      return resolveComparison(query, context, table);
    case 'text':
      return resolveText(query);
  }
}

function negate(item: ResolvedQuery): ResolvedQuery {
  if (item.kind === 'not') return item.item;
  if (item.kind === 'all') return { kind: 'none' };
  return item.kind === 'none' ? { kind: 'all' } : { kind: 'not', item };
}

/** The beginning of a number written in bytes, `0a:1b*`: too short for `words` to see it as one. */
const HEX_BEGINNING = /^(?:0x)?[0-9a-f]{2}(?:[: -][0-9a-f]{1,2})*$/i;

function resolveText(term: TextTerm): ResolvedQuery {
  const joined =
    term.prefix && HEX_BEGINNING.test(term.text) ? term.text.replace(/[: -]/g, '') : term.text;
  return { kind: 'text', text: fold(term.text), words: words(joined), prefix: term.prefix };
}

function resolveComparison(
  query: Comparison,
  context: ResolveContext,
  table: FieldTable,
): ResolvedQuery {
  const field = table.named(query.field);
  const { operator, value } = query;
  const negative = operator === 'ne' || operator === 'notcontains';
  const orNot = (q: ResolvedQuery): ResolvedQuery => (negative ? negate(q) : q);
  switch (value.type) {
    case 'null': {
      const present: ResolvedQuery = { kind: 'present', field: field.name };
      return operator === 'eq' ? negate(present) : present;
    }
    case 'string':
      return orNot(resolveString(field, operator, substitute(value.text, query, context)));
    case 'boolean':
      return orNot({ kind: 'oneOf', field: field.name, values: [String(value.value)] });
    case 'enum':
      return orNot({
        kind: 'oneOf',
        field: field.name,
        values: enumValues(field, operator, value.names).map(fold),
      });
    case 'integer':
      return orNot(span(field, operator, value.value, value.value + 1));
    case 'instant': {
      const ms = Date.parse(value.time);
      return orNot(span(field, operator, ms, ms + 1));
    }
    case 'day':
      return orNot(day(field, operator, Date.parse(`${value.date}T00:00:00.000Z`)));
    case 'today':
      return orNot(
        day(
          field,
          operator,
          Math.floor(context.now.getTime() / DAY_MS) * DAY_MS + value.days * DAY_MS,
        ),
      );
  }
}

function resolveString(field: QueryField, operator: Operator, text: string): ResolvedQuery {
  const value = fold(text);
  if (field.name === 'Property' && operator === 'eq' && value === 'any') return { kind: 'all' };
  const match =
    operator === 'contains' || operator === 'startswith' || operator === 'endswith'
      ? operator
      : undefined;
  if (operator === 'notcontains')
    return { kind: 'string', field: field.name, match: 'contains', value };
  return { kind: 'string', field: field.name, match: match ?? 'eq', value };
}

/** A value that fills `[start, end)`, compared: the equal ones, those before, those not before … */
function span(field: QueryField, operator: Operator, start: number, end: number): ResolvedQuery {
  const range = { kind: 'range', field: field.name } as const;
  switch (operator) {
    case 'lt':
      return { ...range, to: start };
    case 'le':
      return { ...range, to: end };
    case 'gt':
      return { ...range, from: end };
    case 'ge':
      return { ...range, from: start };
    case 'eq':
    case 'ne':
    case 'contains':
    case 'notcontains':
    case 'startswith':
    case 'endswith':
      return { ...range, from: start, to: end };
  }
}

/** A day equals all of itself; before and after are told from its midnight. */
function day(field: QueryField, operator: Operator, midnight: number): ResolvedQuery {
  const equality = operator === 'eq' || operator === 'ne';
  return span(field, operator, midnight, midnight + (equality ? DAY_MS : 1));
}

function enumValues(
  field: QueryField,
  operator: Operator,
  names: readonly string[],
): readonly string[] {
  if (operator === 'eq' || operator === 'ne') return names;
  const order = (field.values ?? []).map((v) => v.name);
  const place = order.indexOf(names[0]!);
  return order.filter((_, i) => {
    if (operator === 'lt') return i < place;
    if (operator === 'le') return i <= place;
    return operator === 'gt' ? i > place : i >= place;
  });
}

/** `%ME%` is the asking user, `%ME-AN%` the account's name without its domain. */
function substitute(text: string, query: Comparison, context: ResolveContext): string {
  return text.replace(/%me(-an)?%/gi, (token, account: string | undefined) => {
    if (context.me === undefined) {
      throw new QueryError(
        'query_no_user',
        `expected somebody signed in to stand for ${token}, got nobody`,
        {
          position: query.position,
          length: query.field.length,
        },
      );
    }
    return account === undefined ? context.me : context.me.slice(context.me.lastIndexOf('\\') + 1);
  });
}
