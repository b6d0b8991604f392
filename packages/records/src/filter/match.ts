import type { Attribute, Outcome } from '../record.ts';
import { fold } from '../query/fold.ts';
import type { Filter } from './tree.ts';

/** What a filter looks at. */
export interface FilteredRecord {
  readonly event: string;
  readonly outcome: Outcome;
  readonly content: {
    readonly actor: { readonly id: string };
    readonly attributes?: readonly Attribute[];
  };
}

/** What an audit line has where there is no value. */
const NO_VALUE = '<null>';

/**
 * Whether a record matches. Names and values are compared without case; of a repeated attribute any value will do; an
 * attribute that is not there matches nothing but `!`. AuditEvent and Outcome are the record's own, whatever its
 * attributes say; SubjectID is the actor where no attribute is.
 */
export function matchesFilter(filter: Filter, record: FilteredRecord): boolean {
  return matches(filter, (name) => valuesOf(record, name));
}

function matches(filter: Filter, values: (name: string) => readonly string[]): boolean {
  switch (filter.kind) {
    case 'and': {
      return filter.filters.every((part) => matches(part, values));
    }
    case 'or': {
      return filter.filters.some((part) => matches(part, values));
    }
    case 'not': {
      return !matches(filter.filter, values);
    }
    case 'present': {
      return values(filter.attribute).length > 0;
    }
    case 'equal': {
      const wanted = fold(filter.value);
      return values(filter.attribute).some((value) => fold(value) === wanted);
    }
    case 'greaterOrEqual': {
      return values(filter.attribute).some((value) => compare(value, filter.value) >= 0);
    }
    case 'lessOrEqual': {
      return values(filter.attribute).some((value) => compare(value, filter.value) <= 0);
    }
    case 'substrings': {
      const pieces = [filter.initial, ...filter.any, filter.final].map(fold);
      return values(filter.attribute).some((value) => holds(fold(value), pieces));
    }
  }
}

function valuesOf({ event, outcome, content }: FilteredRecord, name: string): string[] {
  const wanted = name.toLowerCase();
  if (wanted === 'auditevent') return [event];
  if (wanted === 'outcome') return [outcome];
  const values = (content.attributes ?? [])
    .filter(([attribute]) => attribute.toLowerCase() === wanted)
    .map(([, value]) => value ?? NO_VALUE);
  return values.length === 0 && wanted === 'subjectid' ? [content.actor.id] : values;
}

/** Whether a text has the pieces in order, none over another, the first at its start and the last at its end. */
function holds(text: string, pieces: readonly string[]): boolean {
  const initial = pieces[0] ?? '';
  const final = pieces.at(-1) ?? '';
  if (!text.startsWith(initial)) return false;
  let at = initial.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at + final.length <= text.length && text.endsWith(final);
}

/** Longer ones are compared as text: nobody counts with them. */
const MAX_DIGITS = 200;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const HEXADECIMAL = /^0x[0-9a-f]+$/i;

/** Orders two values: as numbers where both are, decimal or `0x` hexadecimal, otherwise as folded text. */
function compare(a: string, b: string): number {
  const x = numberOf(a);
  const y = numberOf(b);
  if (x === undefined || y === undefined) return order(fold(a), fold(b));
  const scale = Math.max(x.scale, y.scale);
  return order(
    x.digits * 10n ** BigInt(scale - x.scale),
    y.digits * 10n ** BigInt(scale - y.scale),
  );
}

/** A number as whole digits and how many of them are behind the point. */
function numberOf(text: string): { digits: bigint; scale: number } | undefined {
  if (text.length > MAX_DIGITS) return undefined;
  if (HEXADECIMAL.test(text)) return { digits: BigInt(text), scale: 0 };
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '' ? digits : -digits, scale: fraction.length };
}

function order<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
