/** Where in the log the records of a time are, and how to walk there. */
import type { DatabaseSync } from 'node:sqlite';
import type { Bounds, Plan } from './plan.ts';
import { DAY_MS, HOUR_MS } from './schema.ts';

/** Indexes `[from, to)`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Ranges closer than this are walked as one. */
const NEAR = 1000;
const LONG_MS = 45 * DAY_MS;

/** A time's records are scattered if they are so few among its places, and not too many to sort. */
const SCATTERED = 4;
/** The same where there are lists to go by. */
const SCATTERED_LISTED = 50;
const MAX_SORTED = 100_000;

/** How to go about a plan: where its records can be, in ascending order, and by which index. */
export interface Route {
  readonly plan: Plan;
  readonly places: readonly Range[];
}

/**
 * Finds where records of the plan can be. Where logs were mixed, the records of an hour lie far apart,
 * and unless there are words to go by, the rows are found by their times.
 */
export function route(db: DatabaseSync, plan: Plan, size: number): Route {
  if (plan.never || size === 0) return { plan, places: [] };
  const from = Math.max(0, plan.index.from);
  const to = Math.min(size, plan.index.to);
  const { ranges, count } = placesOfTime(db, plan.time, size);
  const least = plan.match === undefined ? SCATTERED : SCATTERED_LISTED;
  const scattered = count <= MAX_SORTED && totalOf(ranges) > least * count;
  const byTime = scattered && plan.rows !== undefined;
  const places = ranges
    .map((r) => ({ from: Math.max(r.from, from), to: Math.min(r.to, to) }))
    .filter((r) => r.from < r.to);
  const last = places.at(-1);
  if (!byTime || last === undefined) return { plan, places };
  return {
    plan: { ...plan, match: undefined, residual: plan.rows, verify: false, byTime, whole: true },
    places: [{ from: places[0]!.from, to: last.to }],
  };
}

function placesOfTime(
  db: DatabaseSync,
  { from, to }: Bounds,
  size: number,
): { ranges: Range[]; count: number } {
  if (from === -Infinity && to === Infinity)
    return { ranges: [{ from: 0, to: size }], count: size };
  const [table, unit, unitMs] =
    to - from > LONG_MS
      ? (['day_place', 'day', DAY_MS] as const)
      : (['hour_place', 'hour', HOUR_MS] as const);
  const first = from === -Infinity ? Number.MIN_SAFE_INTEGER : Math.floor(from / unitMs);
  const last = to === Infinity ? Number.MAX_SAFE_INTEGER : Math.ceil(to / unitMs) - 1;
  const rows = db
    .prepare(`SELECT first, last, count FROM ${table} WHERE ${unit} BETWEEN ? AND ? ORDER BY first`)
    .all(first, last) as { first: number; last: number; count: number }[];
  const ranges = merge(rows.map((r) => ({ from: r.first, to: Math.min(size, r.last + 1) })));
  return { ranges, count: rows.reduce((sum, r) => sum + r.count, 0) };
}

/** Joins ranges, in ascending order of their beginnings, that overlap or nearly touch. */
function merge(ranges: readonly Range[]): Range[] {
  const merged: { from: number; to: number }[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && range.from <= before.to + NEAR)
      before.to = Math.max(before.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

export function totalOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, r) => sum + r.to - r.from, 0);
}

/**
 * Cuts the places into blocks in an order that is even at every moment: wherever one stops, the
 * blocks visited are a fair sample of all (van der Corput's sequence).
 */
export function sampleBlocks(ranges: readonly Range[], blockSize: number, most = 256): Range[] {
  const total = totalOf(ranges);
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, Math.min(most, total / blockSize))));
  const cuts = Array.from({ length: count + 1 }, (_, i) => Math.floor((total * i) / count));
  const blocks: Range[][] = Array.from({ length: count }, () => []);
  let start = 0;
  for (const range of ranges) {
    const length = range.to - range.from;
    for (let i = 0; i < count; i++) {
      const from = Math.max(start, cuts[i]!);
      const to = Math.min(start + length, cuts[i + 1]!);
      if (from < to)
        blocks[i]!.push({ from: range.from + from - start, to: range.from + to - start });
    }
    start += length;
  }
  return Array.from({ length: count }, (_, i) => blocks[reverseBits(i, count)]!).flat();
}

/** Places looked at in the first step of a walk; later steps grow while they stay quick. */
export const FIRST_STEP = 16_384;
export const QUICK_MS = 15;

/** Cuts the places into steps that grow as long as each is done with quickly; or does not cut them. */
export function* steps(ranges: readonly Range[], whole: boolean): Generator<Range> {
  let step = whole ? Infinity : FIRST_STEP;
  for (const { from, to } of ranges) {
    for (let at = from; at < to;) {
      const end = Math.min(to, at + step);
      const started = performance.now();
      yield { from: at, to: end };
      if (performance.now() - started < QUICK_MS) step *= 4;
      at = end;
    }
  }
}

function reverseBits(i: number, count: number): number {
  let reversed = 0;
  for (let bit = 1, rest = i; bit < count; bit *= 2, rest >>= 1)
    reversed = reversed * 2 + (rest & 1);
  return reversed;
}
