import { formatQuery, parseQuery, RECORD_FIELDS } from '@countersign/records';
import type { FieldTable, Query } from '@countersign/records';

/** A part of the query that a facet or chip stands for: a field is one of some values, or is not one. */
export interface Filter {
  readonly field: string;
  readonly mode: 'include' | 'exclude';
  readonly values: readonly string[];
}

interface Part {
  readonly item: Query;
  readonly filter: Filter | null;
}

/** The conditions that must all hold, each with the filter it is, if it is one. */
function partsOf(query: Query): Part[] {
  const items = query.kind === 'and' ? query.items : query.kind === 'all' ? [] : [query];
  return items.map((item) => ({ item, filter: asFilter(item) }));
}

function asFilter(item: Query): Filter | null {
  if (item.kind === 'compare') {
    const value = item.value;
    if (value.type !== 'string' && value.type !== 'enum') return null;
    if (item.operator === 'eq') {
      return { field: item.field, mode: 'include', values: [value.text] };
    }
    if (item.operator === 'ne') {
      return { field: item.field, mode: 'exclude', values: [value.text] };
    }
    return null;
  }
  if (item.kind !== 'or') return null;
  const filters = item.items.map(asFilter);
  const first = filters[0];
  if (first === null || first === undefined) return null;
  const same = filters.every(
    (filter) => filter?.mode === 'include' && filter.field === first.field,
  );
  if (!same) return null;
  return {
    field: first.field,
    mode: 'include',
    values: filters.flatMap((filter) => filter?.values ?? []),
  };
}

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

function filterText({ field, mode, values }: Filter): string {
  if (mode === 'exclude') {
    return values.map((value) => `${field} -ne ${quote(value)}`).join(' AND ');
  }
  const any = values.map((value) => `${field} -eq ${quote(value)}`).join(' OR ');
  return values.length > 1 ? `(${any})` : any;
}

function partText({ item, filter }: Part): string {
  if (filter !== null) return filterText(filter);
  return item.kind === 'or' ? `(${formatQuery(item)})` : formatQuery(item);
}

function joined(parts: readonly Part[]): string {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined && only.item.kind === 'or' && only.filter === null) {
    return formatQuery(only.item);
  }
  return parts.map(partText).join(' AND ');
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function readParts(text: string): Part[] {
  return text.trim() === '' ? [] : partsOf(parseQuery(text));
}

/** The filters in a query, for chips and for marking facets; none when the text is no query. */
export function readFilters(text: string): Filter[] {
  try {
    return readParts(text)
      .map(({ filter }) => filter)
      .filter((filter) => filter !== null);
  } catch {
    return [];
  }
}

/** Whether a facet's value is included, excluded, or neither. */
export function filterState(
  filters: readonly Filter[],
  field: string,
  value: string,
): Filter['mode'] | null {
  const found = filters.find(
    (filter) => filter.field === field && filter.values.some((held) => same(held, value)),
  );
  return found?.mode ?? null;
}

/** Takes one value out of the parts, wherever a filter of the field holds it. */
function without(parts: readonly Part[], field: string, value: string): Part[] {
  return parts.flatMap((part) => {
    const { filter } = part;
    if (filter === null || filter.field !== field) return [part];
    const values = filter.values.filter((held) => !same(held, value));
    if (values.length === filter.values.length) return [part];
    return values.length === 0 ? [] : [{ ...part, filter: { ...filter, values } }];
  });
}

/**
 * Includes or excludes a value, or takes it back when it already is. A second included value of a field widens
 * the first: `(Level -eq "Warning" OR Level -eq "Failure")`. Throws a QueryError when the text is no query.
 */
export function toggleFilter(
  text: string,
  field: string,
  value: string,
  mode: Filter['mode'],
): string {
  const parts = readParts(text);
  const before = filterState(readFilters(text), field, value);
  const rest = without(parts, field, value);
  if (before === mode) return joined(rest);
  const group = rest.find(
    ({ filter }) => mode === 'include' && filter?.field === field && filter.mode === 'include',
  );
  const added: Filter = { field, mode, values: [value] };
  if (group === undefined) {
    return joined([...rest, { item: { kind: 'all' }, filter: added }]);
  }
  return joined(
    rest.map((part) =>
      part === group && part.filter !== null
        ? { ...part, filter: { ...part.filter, values: [...part.filter.values, value] } }
        : part,
    ),
  );
}

/** The query without one of its filters. */
export function removeFilter(text: string, filter: Filter): string {
  const parts = filter.values.reduce<Part[]>(
    (rest, value) => without(rest, filter.field, value),
    readParts(text),
  );
  return joined(parts);
}

/** The query with one more condition, joined by AND. */
export function addCondition(
  text: string,
  condition: string,
  connective: 'AND' | 'OR',
  table: FieldTable = RECORD_FIELDS,
): string {
  const own = text.trim();
  if (own === '') return condition;
  const query = parseQuery(own, table);
  const wrap = connective === 'AND' && query.kind === 'or';
  return `${wrap ? `(${own})` : own} ${connective} ${condition}`;
}
