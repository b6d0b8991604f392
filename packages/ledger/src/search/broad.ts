/**
 * Beginnings of words that much of the log has. The full-text index would first collect every record
 * with such a word, which takes a second in a log of millions; going through the records and looking
 * finds a page of them at once.
 */
import { matchesQuery } from '@countersign/records';
import type { ResolvedQuery } from '@countersign/records';
import { queriedRecord } from './row.ts';
import type { RecordSource } from './source.ts';

/** Logs below this size are quickly searched either way. */
const SMALL = 50_000;
/** So many records, spread evenly, are looked at; a beginning that these many of them have is broad. */
const LOOK = 200;
const MANY = 30;
/** Answers remembered, as one types and pages. */
const MOST_REMEMBERED = 1000;

export class BroadBeginnings {
  readonly #source: RecordSource;
  readonly #known = new Map<string, boolean>();
  #size = 0;

  constructor(source: RecordSource) {
    this.#source = source;
  }

  /** The beginnings of words in a query that are broad in a log of this size. */
  async of(query: ResolvedQuery, size: number): Promise<ReadonlySet<string>> {
    const broad = new Set<string>();
    if (size < SMALL) return broad;
    if (size > 2 * this.#size || this.#known.size > MOST_REMEMBERED) {
      this.#known.clear();
      this.#size = size;
    }
    for (const beginning of beginningsIn(query)) {
      let is = this.#known.get(beginning);
      if (is === undefined) this.#known.set(beginning, (is = await this.#isBroad(beginning, size)));
      if (is) broad.add(beginning);
    }
    return broad;
  }

  async #isBroad(beginning: string, size: number): Promise<boolean> {
    const query: ResolvedQuery = { kind: 'text', text: '', words: [beginning], prefix: true };
    let found = 0;
    for (let i = 0; i < LOOK && found < MANY; i++) {
      const record = await this.#source.read(Math.floor(((i + 0.5) * size) / LOOK));
      if (matchesQuery(query, queriedRecord(record))) found++;
    }
    return found >= MANY;
  }
}

function beginningsIn(query: ResolvedQuery): string[] {
  if (query.kind === 'and' || query.kind === 'or') return query.items.flatMap(beginningsIn);
  if (query.kind === 'not') return beginningsIn(query.item);
  return query.kind === 'text' && query.prefix ? query.words.slice(-1) : [];
}
