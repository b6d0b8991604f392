import type { LogIndex } from '@countersign/ledger';
import { parseQuery, resolveQuery, type ResolvedQuery } from '@countersign/records';
import { actorOf, serialOf, timeOf, wordsOf } from './records.ts';
import { percentile } from './stats.ts';

export interface SearchResult {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Records on the page of an average query. */
  readonly found: number;
}

interface SearchCase {
  readonly name: string;
  /** The query of the `i`th run over a log of `size` records. */
  readonly query: (i: number, size: number) => string;
}

const PAGE = 50;
const HISTOGRAM_BUCKETS = 60;

/** Some record, another one in every run. */
function some(i: number, size: number): number {
  return Math.floor(((i * 0.618_033_988_75) % 1) * size);
}

function span(i: number, size: number, share: number): string {
  const first = Math.floor(some(i, size) * (1 - share));
  return `Timestamp -ge "${timeOf(first)}" AND Timestamp -lt "${timeOf(first + Math.floor(size * share))}"`;
}

const CASES: readonly SearchCase[] = [
  { name: 'newest page', query: () => '' },
  {
    name: 'category + level + time',
    query: (i, size) =>
      `Category -eq "AuthorizationFailure" AND Level -eq "Warning" AND ${span(i, size, 0.2)}`,
  },
  { name: 'actor', query: (i, size) => `Actor -eq "${actorOf(some(i, size))}"` },
  { name: 'target id', query: (i, size) => `TargetId -eq "${serialOf(some(i, size))}"` },
  { name: 'free text, one word', query: (i, size) => wordsOf(some(i, size))[0] },
  { name: 'free text, two words', query: (i, size) => wordsOf(some(i, size)).join(' ') },
  { name: 'free text, common word', query: (i, size) => wordsOf(some(i, size))[1] },
];

/** Latency of every kind of search, one after the other, each run with another value. */
export async function benchSearch(
  index: LogIndex,
  size: number,
  runs: number,
  onCase: (text: string) => void,
): Promise<SearchResult[]> {
  const results: SearchResult[] = [];
  for (const { name, query } of CASES) {
    onCase(`search: ${name}`);
    const run = async (i: number): Promise<number> => {
      const { indexes } = await index.search({
        query: resolve(query(i, size)),
        order: 'desc',
        limit: PAGE,
      });
      return indexes.length;
    };
    results.push(await measure(name, runs, run));
  }
  onCase('search: histogram');
  const whole = resolve('');
  results.push(
    await measure(
      'histogram over everything',
      runs,
      async () =>
        (await index.histogram({ query: whole, buckets: HISTOGRAM_BUCKETS })).buckets.length,
    ),
    await measure('histogram of a level', runs, async (i) => {
      const query = resolve(`Level -eq "${i % 2 === 0 ? 'Warning' : 'Failure'}"`);
      return (await index.histogram({ query, buckets: HISTOGRAM_BUCKETS })).buckets.length;
    }),
  );
  return results;
}

function resolve(text: string): ResolvedQuery {
  return resolveQuery(parseQuery(text), { now: new Date() });
}

async function measure(
  name: string,
  runs: number,
  run: (i: number) => Promise<number>,
): Promise<SearchResult> {
  const times: number[] = [];
  let found = 0;
  // The first runs fill the page cache of a freshly written file.
  const warmUp = Math.ceil(runs / 20);
  for (let i = 0; i < runs + warmUp; i++) {
    const started = performance.now();
    const count = await run(i);
    if (i < warmUp) continue;
    times.push(performance.now() - started);
    found += count;
  }
  return {
    name,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    max: Math.max(...times),
    found: found / runs,
  };
}
