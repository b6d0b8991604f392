/**
 * Counts, facets and histograms. What a query asks about shapes alone is summed from the counts kept
 * per hour and day, exactly. Anything else is counted row by row, block by block in an order that is
 * a fair sample at every moment; when the time is up, facets and histogram are scaled to the whole
 * and labelled as not exact, and a count says how many there are at least.
 */
import type { DatabaseSync } from 'node:sqlite';
import { CATEGORIES } from '@countersign/records';
import type { ResolvedQuery } from '@countersign/records';
import { LedgerError } from '../errors.ts';
import type { Candidates } from './candidates.ts';
import { DICTIONARY_FIELDS, KINDS, SHAPE_FIELDS, partsOf } from './dictionary.ts';
import type { Dictionaries, Kind } from './dictionary.ts';
import { route, sampleBlocks, steps, totalOf } from './places.ts';
import type { Range } from './places.ts';
import { UNBOUNDED, intersect, within } from './plan.ts';
import type { Bounds, Plan } from './plan.ts';
import { DAY_MS, HOUR_MS } from './schema.ts';
import { FACET_FIELDS } from './types.ts';
import type {
  Count,
  Facet,
  FacetRequest,
  FacetValue,
  Histogram,
  HistogramBucket,
  HistogramRequest,
} from './types.ts';

const BUDGET_MS = 40;
const BLOCK = 4096;
/** So many rows are read rather than sampled. */
const FEW = 10_000;
/** So many are read from the log and compared. */
const FEW_READ = 500;
/** Where a beginning of words is counted: it has to be counted in one go. */
const MAX_COUNT = 100_000;

type Compile = (query: ResolvedQuery, size: number) => Promise<Plan>;
type Verify = (query: ResolvedQuery, index: number) => Promise<boolean>;
/** Time, and the number of the value of each kind; 0 for none. */
type Column = 'idx' | 'time' | Kind;

export class Statistics {
  readonly #db: DatabaseSync;
  readonly #candidates: Candidates;
  readonly #dictionaries: Dictionaries;
  readonly #compile: Compile;
  readonly #verify: Verify;

  constructor(
    db: DatabaseSync,
    candidates: Candidates,
    dictionaries: Dictionaries,
    compile: Compile,
    verify: Verify,
  ) {
    this.#db = db;
    this.#candidates = candidates;
    this.#dictionaries = dictionaries;
    this.#compile = compile;
    this.#verify = verify;
  }

  async count(query: ResolvedQuery, size: number, budgetMs = BUDGET_MS): Promise<Count> {
    const plan = await this.#compile(query, size);
    if (plan.shapes === undefined) return await this.#countRows(query, plan, size, budgetMs);
    let count = 0;
    const edges = this.#rollup(plan, 'day', (_time, _shape, n) => (count += n));
    let exact = true;
    for (const edge of edges) {
      const part = await this.#countRows(query, within(plan, edge), size, budgetMs / edges.length);
      count += part.count;
      exact &&= part.exact;
    }
    return { count, exact };
  }

  async #countRows(
    query: ResolvedQuery,
    compiled: Plan,
    size: number,
    budgetMs: number,
  ): Promise<Count> {
    const { plan, places } = route(this.#db, compiled, size);
    if (!plan.verify) {
      const deadline = performance.now() + budgetMs;
      let count = 0;
      for (const window of steps(places, plan.whole)) {
        if (performance.now() > deadline) return { count, exact: false };
        count += this.#candidates.count(plan, window, plan.whole ? MAX_COUNT : undefined);
      }
      return { count, exact: count < MAX_COUNT || !plan.whole };
    }
    let count = 0;
    const seen = await this.#sample(query, compiled, size, budgetMs, ['idx'], () => count++);
    return { count, exact: seen === 1 };
  }

  async facets(
    { query, fields, limit = 20, budgetMs = BUDGET_MS }: FacetRequest,
    size: number,
  ): Promise<Facet[]> {
    for (const field of fields) {
      if (!(FACET_FIELDS as readonly string[]).includes(field)) {
        throw new LedgerError(
          'field_unknown',
          `fields: expected ${FACET_FIELDS.join(', ')}, got "${field}"`,
        );
      }
    }
    const plan = await this.#compile(query, size);
    const kinds = [...new Set(fields.map(kindOf))];
    const counts = new Map<Kind, Map<number, number>>(
      kinds.map((k) => [k, new Map<number, number>()]),
    );
    const add = (kind: Kind, id: number, n: number): void => {
      const of = counts.get(kind)!;
      of.set(id, (of.get(id) ?? 0) + n);
    };
    const exact = new Map<Kind, boolean>();
    let rest = kinds;
    const everything =
      plan.shapes?.size === this.#dictionaries.shape.size && plan.time === UNBOUNDED;
    if (everything) {
      for (const kind of kinds) this.#readTallies(kind, (id, n) => add(kind, id, n));
      rest = [];
    } else if (plan.shapes !== undefined && kinds.includes('shape')) {
      const edges = this.#rollup(plan, 'day', (_time, shape, n) => add('shape', shape, n));
      let whole = true;
      for (const edge of edges) {
        const seen = await this.#sample(
          query,
          within(plan, edge),
          size,
          budgetMs / 2,
          ['shape'],
          ([shape], n) => add('shape', shape!, n),
        );
        whole &&= seen === 1;
      }
      exact.set('shape', whole);
      rest = kinds.filter((k) => k !== 'shape');
    }
    if (rest.length > 0) {
      const seen = await this.#sample(query, plan, size, budgetMs, rest, (row, n) => {
        for (let i = 0; i < rest.length; i++) if (row[i] !== 0) add(rest[i]!, row[i]!, n);
      });
      for (const kind of rest) exact.set(kind, seen === 1);
    }
    return fields.map((field) => {
      const kind = kindOf(field);
      return {
        field,
        values: this.#facetValues(field, counts.get(kind)!, limit),
        exact: exact.get(kind) ?? true,
      };
    });
  }

  #facetValues(field: string, counts: ReadonlyMap<number, number>, limit: number): FacetValue[] {
    const dictionary = this.#dictionaries[kindOf(field)];
    const sums = new Map<string, { label: string; count: number }>();
    for (const [id, n] of counts) {
      const parts = partsOf(field, dictionary.value(id));
      // Where a field reads a name beside the id, the id is the value.
      const named = field === 'ActingUser' || field === 'Event';
      for (const value of new Set(named ? parts.slice(0, 1) : parts)) {
        const label =
          field === 'Category'
            ? (DISPLAY.get(value) ?? value)
            : field === 'ActingUser'
              ? (parts[1] ?? value)
              : value;
        const sum = sums.get(value);
        if (sum === undefined) sums.set(value, { label, count: n });
        else sum.count += n;
      }
    }
    return [...sums]
      .map(([value, { label, count }]) => ({ value, label, count: Math.round(count) }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  }

  #readTallies(kind: Kind, add: (id: number, count: number) => void): void {
    const rows = this.#db
      .prepare('SELECT id, count FROM dictionary WHERE kind = ? AND count > 0')
      .all(KINDS.indexOf(kind)) as { id: number; count: number }[];
    for (const { id, count } of rows) add(id, count);
  }

  async histogram(request: HistogramRequest, size: number): Promise<Histogram> {
    const { query, budgetMs = BUDGET_MS, buckets = 60 } = request;
    if (!Number.isSafeInteger(buckets) || buckets < 1 || buckets > 1000) {
      throw new LedgerError(
        'argument_invalid',
        `buckets: expected a number from 1 to 1000, got ${buckets}`,
      );
    }
    const asked = { from: instant('from', request.from), to: instant('to', request.to) };
    const compiled = await this.#compile(query, size);
    const span = this.#timesThereAre(intersect(compiled.time, asked));
    const bucketMs =
      BUCKET_MS.find((ms) => Math.ceil(span.to / ms) - Math.floor(span.from / ms) <= buckets) ??
      BUCKET_MS.at(-1)!;
    const first = Math.floor(span.from / bucketMs);
    const bars = Array.from({ length: Math.max(0, Math.ceil(span.to / bucketMs) - first) }, () => [
      0, 0, 0,
    ]);
    const levels = this.#levelOfShape();
    const add = (time: number, shape: number, n: number): void => {
      const bar = bars[Math.floor(time / bucketMs) - first];
      if (bar !== undefined) bar[levels[shape]!]! += n;
    };
    const plan =
      Number.isFinite(asked.from) || Number.isFinite(asked.to) ? within(compiled, asked) : compiled;
    let exact = true;
    const byRows = async (of: Plan, ms: number): Promise<void> => {
      const seen = await this.#sample(query, of, size, ms, ['time', 'shape'], ([time, shape], n) =>
        add(time!, shape!, n),
      );
      exact &&= seen === 1;
    };
    if (plan.shapes !== undefined && bucketMs >= HOUR_MS) {
      const edges = this.#rollup(plan, bucketMs >= DAY_MS ? 'day' : 'hour', add);
      for (const edge of edges) await byRows(within(plan, edge), budgetMs / edges.length);
    } else {
      await byRows(plan, budgetMs);
    }
    return {
      from: new Date(first * bucketMs).toISOString(),
      to: new Date((first + bars.length) * bucketMs).toISOString(),
      bucketMs,
      exact,
      buckets: bars.map((bar, i): HistogramBucket => {
        const [Information, Warning, Failure] = bar.map(Math.round) as [number, number, number];
        return {
          time: new Date((first + i) * bucketMs).toISOString(),
          Information,
          Warning,
          Failure,
        };
      }),
    };
  }

  /** Sums whole hours, or whole days and the hours around them; returns the parts of hours left over. */
  #rollup(
    plan: Plan,
    unit: 'hour' | 'day',
    add: (time: number, shape: number, count: number) => void,
  ): Bounds[] {
    if (plan.never) return [];
    const { from, to } = plan.time;
    const hours = { from: Math.ceil(from / HOUR_MS), to: Math.floor(to / HOUR_MS) };
    if (hours.from > hours.to) return [{ from, to }];
    const edges = [
      { from, to: hours.from * HOUR_MS },
      { from: hours.to * HOUR_MS, to },
    ].filter((e) => e.from < e.to);
    const days = { from: Math.ceil(hours.from / 24), to: Math.floor(hours.to / 24) };
    const byDay = unit === 'day' && days.from < days.to;
    if (byDay) {
      this.#sum('day', days, (day, shape, n) => add(day * DAY_MS, shape, n), plan);
      this.#sum(
        'hour',
        { from: hours.from, to: days.from * 24 },
        (hour, shape, n) => add(hour * HOUR_MS, shape, n),
        plan,
      );
      this.#sum(
        'hour',
        { from: days.to * 24, to: hours.to },
        (hour, shape, n) => add(hour * HOUR_MS, shape, n),
        plan,
      );
    } else {
      this.#sum('hour', hours, (hour, shape, n) => add(hour * HOUR_MS, shape, n), plan);
    }
    return edges;
  }

  #sum(
    unit: 'hour' | 'day',
    { from, to }: Bounds,
    add: (at: number, shape: number, count: number) => void,
    plan: Plan,
  ): void {
    if (!(from < to)) return;
    const statement = this.#db.prepare(
      `SELECT ${unit}, shape, count FROM ${unit}_count WHERE ${unit} >= ? AND ${unit} < ?`,
    );
    statement.setReturnArrays(true);
    const least = Math.max(from, Number.MIN_SAFE_INTEGER);
    const most = Math.min(to, Number.MAX_SAFE_INTEGER);
    for (const [at, shape, n] of statement.all(least, most) as unknown as [
      number,
      number,
      number,
    ][]) {
      if (plan.shapes!.has(shape)) add(at, shape, n);
    }
  }

  /**
   * Hands out rows of the plan's records, each standing for `n` of them, until the time is up.
   * Returns which part of the places was looked at: 1 is all, and then every `n` was 1.
   */
  async #sample(
    query: ResolvedQuery,
    compiled: Plan,
    size: number,
    budgetMs: number,
    columns: readonly Column[],
    visit: (row: readonly number[], n: number) => void,
  ): Promise<number> {
    const deadline = performance.now() + budgetMs;
    const { plan, places } = route(this.#db, compiled, size);
    const total = totalOf(places);
    if (plan.match !== undefined || plan.byTime) {
      const few = this.#few(plan, places, columns, performance.now() + budgetMs / 2);
      if (few !== undefined) {
        for (const [index, ...row] of few) {
          if (!plan.verify || (await this.#verify(query, index!))) visit(row, 1);
        }
        return 1;
      }
    }
    const blocks = plan.verify ? sampleBlocks(places, 256, 4096) : sampleBlocks(places, BLOCK);
    const rows: number[][] = [];
    let looked = 0;
    for (const block of blocks) {
      if (looked > 0 && performance.now() > deadline) break;
      for (const row of this.#candidates.rows(plan, block, ['idx', ...columns])) {
        if (plan.verify && !(await this.#verify(query, row[0]!))) continue;
        rows.push(row);
      }
      looked += block.to - block.from;
    }
    for (const row of rows) visit(row.slice(1), total / looked);
    return total === 0 ? 1 : looked / total;
  }

  /** All candidates of the plan, index first, if they are few and found in time. */
  #few(
    plan: Plan,
    places: readonly Range[],
    columns: readonly Column[],
    deadline: number,
  ): number[][] | undefined {
    const rows: number[][] = [];
    const most = plan.verify ? FEW_READ : FEW;
    for (const window of steps(places, plan.whole)) {
      if (performance.now() > deadline) return undefined;
      const found = this.#candidates.rows(plan, window, ['idx', ...columns], most + 1);
      for (const row of found) rows.push(row);
      if (rows.length > most) return undefined;
    }
    return rows;
  }

  /** The given times, with an end that is open closed by what there is. */
  #timesThereAre({ from, to }: Bounds): Bounds {
    const there = this.#db
      .prepare('SELECT min(hour) AS first, max(hour) AS last FROM hour_place')
      .get() as { first: number | null; last: number | null };
    const least = (there.first ?? 0) * HOUR_MS;
    const most = there.last === null ? 0 : (there.last + 1) * HOUR_MS;
    const start = Number.isFinite(from) ? from : Math.min(least, to);
    const end = Number.isFinite(to) ? to : Math.max(most, start);
    return { from: start, to: Math.max(start, end) };
  }

  #levelOfShape(): number[] {
    const { shape } = this.#dictionaries;
    const places = ['Information', 'Warning', 'Failure'];
    const levels = [0];
    for (let id = 1; id <= shape.size; id++)
      levels.push(Math.max(0, places.indexOf(shape.value(id)[4] ?? '')));
    return levels;
  }
}

function kindOf(field: string): Kind {
  return field in SHAPE_FIELDS ? 'shape' : DICTIONARY_FIELDS[field]!.kind;
}

const DISPLAY: ReadonlyMap<string, string> = new Map(CATEGORIES.map((c) => [c.name, c.display]));

const MINUTE = 60_000;
/** Widths a bar may have: the ones clocks and calendars have names for. */
const BUCKET_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * 1000),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR_MS),
  ...[1, 2, 5, 10, 30, 90, 365, 3650, 36_500].map((d) => d * DAY_MS),
];

function instant(name: string, value: string | undefined): number {
  if (value === undefined) return name === 'from' ? -Infinity : Infinity;
  const ms = Date.parse(value);
  if (!Number.isFinite(ms))
    throw new LedgerError('argument_invalid', `${name}: expected an RFC 3339 time, got "${value}"`);
  return ms;
}
