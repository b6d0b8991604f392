/** Prints a query in its normal form: canonical fields, lower-case operators, quotes, AND and OR. */
import { formatDate } from './dates.ts';
import { quote } from './lexer.ts';
import type { Query, QueryValue } from './tree.ts';

/** The text of a query; `parseQuery` reads it back as the same tree. */
export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'and':
      return query.items
        .map((q) => (q.kind === 'or' ? `(${formatQuery(q)})` : formatQuery(q)))
        .join(' AND ');
    case 'or':
      return query.items.map(formatQuery).join(' OR ');
    case 'not': {
      const inner = formatQuery(query.item);
      return query.item.kind === 'and' || query.item.kind === 'or'
        ? `NOT (${inner})`
        : `NOT ${inner}`;
    }
    case 'compare':
      return `${query.field} -${query.operator} ${formatValue(query.value)}`;
    case 'text':
      return quote(query.text) + (query.prefix ? '*' : '');
  }
}

function formatValue(value: QueryValue): string {
  switch (value.type) {
    case 'null':
      return 'NULL';
    case 'string':
    case 'enum':
      return quote(value.text);
    case 'integer':
      return String(value.value);
    case 'boolean':
      return String(value.value);
    case 'day':
    case 'instant':
    case 'today':
      return quote(formatDate(value));
  }
}
