/** Answers searches from the index. One at a time, each within its time. */
import type { DatabaseSync } from 'node:sqlite';
import { matchesQuery } from '@countersign/records';
import type { ResolvedQuery } from '@countersign/records';
import { BroadBeginnings } from './broad.ts';
import { Candidates } from './candidates.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { KINDS, WORD_KINDS, newDictionaries } from './dictionary.ts';
import { FIRST_STEP, QUICK_MS, route } from './places.ts';
import type { Range } from './places.ts';
import { compile } from './plan.ts';
import type { Plan } from './plan.ts';
import { queriedRecord } from './row.ts';
import { readForgotten, readHead } from './schema.ts';
import type { RecordSource } from './source.ts';
import { Statistics } from './statistics.ts';
import { findRelated } from './related.ts';
import type {
  Count,
  CountRequest,
  Facet,
  FacetRequest,
  Histogram,
  HistogramRequest,
  Order,
  RelatedRecord,
  SearchPage,
  SearchRequest,
} from './types.ts';

const SEARCH_BUDGET_MS = 2000;

export class Searcher {
  readonly #db: DatabaseSync;
  readonly #source: RecordSource;
  readonly #dictionaries = newDictionaries();
  readonly #candidates: Candidates;
  readonly #statistics: Statistics;
  readonly #broad: BroadBeginnings;
  #dataVersion = -1;
  #size = 0;
  #forgotten = 0;

  constructor(db: DatabaseSync, source: RecordSource) {
    this.#db = db;
    this.#source = source;
    this.#candidates = new Candidates(db);
    this.#broad = new BroadBeginnings(source);
    this.#statistics = new Statistics(
      db,
      this.#candidates,
      this.#dictionaries,
      (query, size) => this.#compile(query, size),
      (query, index) => this.#verify(query, index),
    );
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const { query, order, limit, cursor, budgetMs = SEARCH_BUDGET_MS } = request;
    const after = cursor === undefined ? undefined : parseCursor(request, cursor);
    const deadline = performance.now() + budgetMs;
    const size = this.#refresh();
    const { plan, places } = route(this.#db, await this.#compile(query, size), size);
    const found: number[] = [];
    let step = plan.whole || (plan.residual === undefined && !plan.verify) ? Infinity : FIRST_STEP;
    for (const range of walk(places, order, after)) {
      let { from, to } = range;
      while (from < to) {
        const started = performance.now();
        const window =
          order === 'desc'
            ? { from: Math.max(from, to - step), to }
            : { from, to: Math.min(to, from + step) };
        const wanted = Math.max(limit + 1 - found.length, plan.verify ? 50 : 0);
        const candidates = this.#candidates.indexes(plan, window, order, wanted);
        // All of the window, or up to the last candidate.
        let seen = order === 'desc' ? window.from : window.to - 1;
        if (candidates.length === wanted) seen = candidates.at(-1)!;
        let looked = 0;
        for (const index of candidates) {
          if (plan.verify && performance.now() > deadline && index !== candidates[0]) {
            return { indexes: found, next: formatCursor(request, looked), partial: true };
          }
          looked = index;
          if (plan.verify && !(await this.#verify(query, index))) continue;
          found.push(index);
          // One more than asked for was looked for, to know whether there is a next page.
          if (found.length > limit) {
            return {
              indexes: found.slice(0, limit),
              next: formatCursor(request, found[limit - 1]!),
              partial: false,
            };
          }
        }
        if (order === 'desc') to = seen;
        else from = seen + 1;
        const now = performance.now();
        if (now > deadline && from < to) {
          return { indexes: found, next: formatCursor(request, seen), partial: true };
        }
        if (now - started < QUICK_MS) step *= 4;
      }
    }
    return { indexes: found, next: null, partial: false };
  }

  async count({ query, budgetMs }: CountRequest): Promise<Count> {
    return await this.#statistics.count(query, this.#refresh(), budgetMs);
  }

  async facets(request: FacetRequest): Promise<Facet[]> {
    return await this.#statistics.facets(request, this.#refresh());
  }

  async histogram(request: HistogramRequest): Promise<Histogram> {
    return await this.#statistics.histogram(request, this.#refresh());
  }

  async related(index: number, limit = 50): Promise<RelatedRecord[]> {
    const size = this.#refresh();
    return await findRelated(this.#db, this.#source, index, Math.min(limit, 500), size);
  }

  async #compile(query: ResolvedQuery, size: number): Promise<Plan> {
    return compile(query, this.#dictionaries, await this.#broad.of(query, size));
  }

  async #verify(query: ResolvedQuery, index: number): Promise<boolean> {
    return matchesQuery(query, queriedRecord(await this.#source.read(index)));
  }

  /** Learns what was indexed since the last request; returns how far the index goes. */
  #refresh(): number {
    const { data_version: version } = this.#db.prepare('PRAGMA data_version').get() as {
      data_version: number;
    };
    if (version !== this.#dataVersion) {
      this.#dataVersion = version;
      this.#size = readHead(this.#db)?.size ?? 0;
      const forgotten = readForgotten(this.#db);
      if (forgotten !== this.#forgotten) for (const kind of KINDS) this.#dictionaries[kind].clear();
      this.#forgotten = forgotten;
      for (const kind of KINDS) this.#dictionaries[kind].refresh(this.#db);
      for (const kind of WORD_KINDS) this.#dictionaries[kind].refreshCounts(this.#db);
    }
    return this.#size;
  }

  close(): void {
    this.#db.close();
  }
}

/** The places to look at, from where the last page ended, in the order asked for. */
function walk(places: readonly Range[], order: Order, after: number | undefined): Range[] {
  const first = order === 'asc' && after !== undefined ? after + 1 : 0;
  const end = order === 'desc' && after !== undefined ? after : Infinity;
  const rest = places
    .map((r) => ({ from: Math.max(r.from, first), to: Math.min(r.to, end) }))
    .filter((r) => r.from < r.to);
  return order === 'desc' ? rest.reverse() : rest;
}
