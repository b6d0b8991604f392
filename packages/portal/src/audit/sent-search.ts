import { onlyReading, readingOf, withoutReading, type Reading } from './reading.ts';
import { faultOf } from './query-text.ts';
import { rangeOf, type SearchContext } from './search-params.ts';
import { snapshotOf } from './snapshot.ts';
import { boundsOf, withBounds } from './time-range.ts';
import type { Search } from './use-records.ts';

/** What a state of the audit page asks of the server. */
export interface SentSearch extends Search {
  /** Tells one search from another, whenever it was asked. */
  readonly key: string;
  readonly reading: Reading;
  /** What is hidden, as a search of its own; null when nothing is. */
  readonly hidden: Search | null;
}

/** The one place where the reader's query, the range and the choice to hide reading become what is sent. */
export function sentSearch(context: SearchContext): SentSearch {
  const q = context.q ?? '';
  const order: Search['order'] = context.order ?? 'desc';
  const range = rangeOf(context);
  const reading = readingOf(q, context.reading === 'shown');
  const key = JSON.stringify([q, range, order, reading]);
  const asOf = snapshotOf(key);
  const bounds = boundsOf(range, new Date(asOf));
  const asked = { bounds, order, asOf, valid: faultOf(q) === null };
  const hides = reading === 'hidden';
  return {
    ...asked,
    key,
    reading,
    query: withBounds(hides ? withoutReading(q) : q, bounds),
    hidden: hides ? { ...asked, query: withBounds(onlyReading(q), bounds) } : null,
  };
}
