/** Types the value of a comparison by its field. */
import { parseDate } from './dates.ts';
import { QueryError } from './error.ts';
import { enumNames, nearest, operatorsOf } from './field.ts';
import type { QueryField } from './field.ts';
import type { Span } from './lexer.ts';
import type { Comparison, Operator, QueryValue } from './tree.ts';

/** A value as the lexer found it. */
export type RawValue = Span & {
  readonly kind: 'quoted' | 'bare';
  readonly text: string;
  readonly prefix?: boolean;
};

const PATTERNS: ReadonlySet<Operator> = new Set([
  'contains',
  'notcontains',
  'startswith',
  'endswith',
]);

/** Builds the comparison, or throws QueryError saying which operators or values the field takes. */
export function parseValue(
  field: QueryField,
  operator: Operator,
  raw: RawValue,
  position: number,
  operatorSpan: Span = raw,
): Comparison {
  if (!operatorsOf(field).includes(operator)) {
    const allowed = operatorsOf(field).map((o) => `-${o}`);
    throw new QueryError(
      'query_operator',
      `expected an operator for ${field.name} (${allowed.join(', ')}), got -${operator}`,
      { position: operatorSpan.start, length: operatorSpan.end - operatorSpan.start },
    );
  }
  return {
    kind: 'compare',
    field: field.name,
    operator,
    value: typed(field, operator, raw),
    position,
  };
}

function typed(field: QueryField, operator: Operator, raw: RawValue): QueryValue {
  if (raw.kind === 'bare' && raw.text.toLowerCase() === 'null') {
    if (operator === 'eq' || operator === 'ne') return { type: 'null' };
    throw fault(raw, `expected -eq or -ne with NULL, got -${operator}`);
  }
  if (PATTERNS.has(operator)) {
    if (raw.text === '')
      throw fault(raw, `expected a text after ${field.name} -${operator}, got an empty one`);
    return { type: 'string', text: raw.text };
  }
  switch (field.type) {
    case 'string':
      return { type: 'string', text: raw.text };
    case 'enum':
      return enumValue(field, operator, raw);
    case 'integer': {
      const value = /^-?\d{1,16}$/.test(raw.text.trim()) ? Number(raw.text) : Number.NaN;
      if (!Number.isSafeInteger(value))
        throw fault(raw, `expected a whole number for ${field.name}, got "${raw.text}"`);
      return { type: 'integer', value: value === 0 ? 0 : value };
    }
    case 'date': {
      const date = parseDate(raw.text);
      if (date !== undefined) return date;
      throw fault(
        raw,
        `expected a date for ${field.name} (2024-05-01, 2024-05-01T13:00:00Z, 5/1/2024 or %TODAY-7%), got "${raw.text}"`,
      );
    }
    case 'boolean': {
      const value = raw.text.trim().toLowerCase();
      if (value !== 'true' && value !== 'false')
        throw fault(raw, `expected true or false for ${field.name}, got "${raw.text}"`);
      return { type: 'boolean', value: value === 'true' };
    }
  }
}

function enumValue(field: QueryField, operator: Operator, raw: RawValue): QueryValue {
  const names = enumNames(field, raw.text);
  const ordering = operator !== 'eq' && operator !== 'ne';
  if (names.length > 0) return { type: 'enum', text: raw.text.trim(), names };
  const open = field.open === true && !ordering && !/^\s*(?:-?\d+)?\s*$/.test(raw.text);
  if (open) return { type: 'enum', text: raw.text.trim(), names: [raw.text.trim()] };
  const known = (field.values ?? []).map((v) => v.name);
  const near = nearest(raw.text, known);
  const list = known.length <= 8 ? ` (${known.join(', ')})` : '';
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw fault(raw, `expected a value of ${field.name}${list}, got "${raw.text}"${hint}`, near);
}

function fault(raw: RawValue, message: string, suggestion?: string): QueryError {
  return new QueryError(
    'query_value',
    message,
    { position: raw.start, length: raw.end - raw.start },
    suggestion,
  );
}
