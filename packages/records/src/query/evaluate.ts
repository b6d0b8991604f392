/** Decides whether a record matches, from the record alone: what every search has to agree with. */
import { fold, words } from './fold.ts';
import type { ResolvedQuery, StringMatch } from './resolve.ts';
import { fieldNumber, fieldValues, freeTexts } from './values.ts';
import type { QueriedRecord } from './values.ts';

/**
 * Whether the record is one the query asks for. A field with several values matches if one of them
 * does; the negative operators are the exact opposite, so that they hold where the field is absent.
 */
export function matchesQuery(query: ResolvedQuery, record: QueriedRecord): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'and':
      return query.items.every((q) => matchesQuery(q, record));
    case 'or':
      return query.items.some((q) => matchesQuery(q, record));
    case 'not':
      return !matchesQuery(query.item, record);
    case 'string':
      return fieldValues(query.field, record).some((v) =>
        matchesString(query.match, fold(v), query.value),
      );
    case 'oneOf':
      return fieldValues(query.field, record).some((v) => query.values.includes(fold(v)));
    case 'range': {
      const value = fieldNumber(query.field, record);
      return value >= (query.from ?? -Infinity) && value < (query.to ?? Infinity);
    }
    case 'present':
      return isNumeric(query.field) || fieldValues(query.field, record).length > 0;
    case 'text':
      return freeTexts(record).some((text) =>
        containsWords(words(text), query.words, query.prefix),
      );
  }
}

/** Compares two folded strings. */
export function matchesString(match: StringMatch, value: string, wanted: string): boolean {
  switch (match) {
    case 'eq':
      return value === wanted;
    case 'contains':
      return value.includes(wanted);
    case 'startswith':
      return value.startsWith(wanted);
    case 'endswith':
      return value.endsWith(wanted);
  }
}

/** Whether the wanted words stand side by side, in order, the last one perhaps longer. */
export function containsWords(
  text: readonly string[],
  wanted: readonly string[],
  prefix: boolean,
): boolean {
  const last = wanted.length - 1;
  const fits = (word: string, i: number): boolean =>
    prefix && i === last ? word.startsWith(wanted[i]!) : word === wanted[i];
  for (let start = 0; start + last < text.length; start++) {
    if (wanted.every((_, i) => fits(text[start + i]!, i))) return true;
  }
  return false;
}

/** Whether the field holds a number: every record has one. */
export function isNumeric(field: string): boolean {
  return field === 'Timestamp' || field === 'Seq' || field === 'Index';
}
