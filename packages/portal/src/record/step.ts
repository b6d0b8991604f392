import type { SentSearch } from '../audit/sent-search.ts';
import type { LogRecord } from '../api/types.ts';

/** One down the list or one up. */
export type Step = 1 | -1;

/** What finds the next record of a search from one on, as a search for one record. */
export function stepQuery(
  { query, order }: Pick<SentSearch, 'query' | 'order'>,
  index: number,
  by: Step,
): { readonly query: string; readonly order: 'asc' | 'desc' } {
  const older = (order === 'desc') === (by === 1);
  const beyond = `Index ${older ? '-lt' : '-gt'} ${index}`;
  return {
    query: query === '' ? beyond : `(${query}) AND ${beyond}`,
    order: older ? 'desc' : 'asc',
  };
}

/** The neighbour of a record in rows that are at hand; undefined when they do not say. */
export function neighbourIn(
  rows: readonly Pick<LogRecord, 'index'>[],
  index: number,
  by: Step,
): number | undefined {
  const at = rows.findIndex((row) => row.index === index);
  return at < 0 ? undefined : rows[at + by]?.index;
}
