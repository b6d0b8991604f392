/** `field:value`, short for a comparison. */
import { MAX_DAYS } from './dates.ts';
import { QueryError } from './error.ts';
import type { QueryField } from './field.ts';
import { allOf } from './tree.ts';
import type { Comparison, Operator, Query } from './tree.ts';
import { parseValue } from './value.ts';
import type { RawValue } from './value.ts';

const COMPARED = /^(<=|>=|<|>)(.+)$/;
const ORDER: Readonly<Record<string, Operator>> = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' };

/**
 * `user:jsmith` is -eq, `user:"j smith"` the same with spaces; `user:*` any value at all; `name:CN*`,
 * `name:*.com`, `name:*web*` -startswith, -endswith, -contains; `time:>=2024-05-01`, and
 * `time:2024-05-01..2024-05-31` with both ends included, either of which may be left out.
 */
export function parseShorthand(field: QueryField, raw: RawValue, position: number): Query {
  if (raw.kind === 'quoted')
    return parseValue(field, raw.prefix === true ? 'startswith' : 'eq', raw, position);
  const piece = (text: string): RawValue => ({ ...raw, text });
  const ordered = field.type === 'date' || field.type === 'integer' || field.ordered === true;
  if (raw.text === '*')
    return {
      kind: 'compare',
      field: field.name,
      operator: 'ne',
      value: { type: 'null' },
      position,
    };
  if (ordered) {
    const compared = COMPARED.exec(raw.text);
    if (compared !== null)
      return parseValue(field, ORDER[compared[1]!]!, piece(compared[2]!), position);
    const range = raw.text.split('..');
    if (range.length === 2) return parseRange(field, raw, range[0]!, range[1]!, position);
  }
  if (field.type === 'string' || field.type === 'enum') {
    const inner = raw.text.replace(/^\*+|\*+$/g, '');
    const [open, closed] = [raw.text.startsWith('*'), raw.text.endsWith('*')];
    if (open || closed) {
      const operator = open && closed ? 'contains' : open ? 'endswith' : 'startswith';
      return parseValue(field, operator, piece(inner), position);
    }
  }
  return parseValue(field, 'eq', raw, position);
}

function parseRange(
  field: QueryField,
  raw: RawValue,
  from: string,
  to: string,
  position: number,
): Query {
  const ends: Query[] = [];
  if (from !== '') ends.push(parseValue(field, 'ge', { ...raw, text: from }, position));
  if (to !== '') ends.push(throughTheDay(parseValue(field, 'le', { ...raw, text: to }, position)));
  if (ends.length > 0) return allOf(ends);
  throw new QueryError(
    'query_value',
    `expected a value on one side of ".." at least, got "${raw.text}"`,
    {
      position: raw.start,
      length: raw.end - raw.start,
    },
  );
}

/** A range that ends with a day ends when the day does: before the midnight of the next. */
function throughTheDay(end: Comparison): Comparison {
  const { value } = end;
  if (value.type === 'today' && value.days < MAX_DAYS)
    return { ...end, operator: 'lt', value: { type: 'today', days: value.days + 1 } };
  if (value.type !== 'day') return end;
  const next = new Date(Date.parse(`${value.date}T00:00:00Z`) + 86_400_000).toISOString();
  return next.startsWith('+')
    ? { ...end, value: { type: 'instant', time: '9999-12-31T23:59:59.999Z' } }
    : { ...end, operator: 'lt', value: { type: 'day', date: next.slice(0, 10) } };
}
