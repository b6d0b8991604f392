import type { RecordedRequests } from '../api/client.ts';

/** What is known of the log's growth since a search. */
export interface Growth {
  readonly size: number;
  /** Requests of this page that were answered when `size` was read: others may leave their records later. */
  readonly answered: number;
  /** Records that came from elsewhere. */
  readonly foreign: number;
}

/** One request of this page makes at most this many records: the decision on the right, and the use of the log. */
const RECORDS_PER_REQUEST = 3;

/** Starts counting at a size of the log. */
export function startGrowth(size: number, { ended }: RecordedRequests): Growth {
  return { size, answered: ended, foreign: 0 };
}

/**
 * Takes a newer size into account. Reading the log makes it grow, so as much of the growth as the requests made
 * meanwhile can have caused is taken for our own.
 */
export function growTo(growth: Growth, size: number, requests: RecordedRequests): Growth {
  const increase = Math.max(0, size - growth.size);
  const own = Math.min(increase, (requests.begun - growth.answered) * RECORDS_PER_REQUEST);
  return { size, answered: requests.ended, foreign: growth.foreign + increase - own };
}
