import { expect, test } from 'vitest';
import type { HistogramData } from '../api/types.ts';
import { bucketAt, layOut, spanBetween, tickPositions } from './histogram.ts';

function data(...counts: [number, number, number][]): HistogramData {
  const start = Date.parse('2026-11-22T00:00:00.000Z');
  return {
    from: new Date(start).toISOString(),
    to: new Date(start + counts.length * 3_600_000).toISOString(),
    bucketMs: 3_600_000,
    exact: true,
    buckets: counts.map(([Information, Warning, Failure], n) => ({
      time: new Date(start + n * 3_600_000).toISOString(),
      Information,
      Warning,
      Failure,
    })),
  };
}

test('bars fill the width and the highest fills the height', () => {
  const bars = layOut(data([8, 0, 0], [4, 0, 0]), 100, 80);
  expect(bars.map((bar) => bar.x)).toEqual([0, 50]);
  expect(bars[0]?.segments).toEqual([{ level: 'Information', y: 0, height: 80 }]);
  expect(bars[1]?.segments[0]?.height).toBe(40);
});

test('a single failure among a million is seen and nothing leaves the box', () => {
  const [bar] = layOut(data([1_000_000, 0, 1]), 10, 80);
  const failure = bar?.segments.find(({ level }) => level === 'Failure');
  expect(failure?.height).toBeGreaterThan(1.4);
  expect(failure?.y).toBeGreaterThanOrEqual(0);
});

test('levels are stacked from information up', () => {
  const [bar] = layOut(data([1, 1, 2]), 10, 80);
  expect(bar?.segments.map(({ level, y }) => [level, y])).toEqual([
    ['Information', 60],
    ['Warning', 40],
    ['Failure', 0],
  ]);
});

test('an empty histogram has no bars', () => {
  expect(layOut(data(), 100, 80)).toEqual([]);
  expect(spanBetween(data(), 0, 10, 100)).toBeNull();
});

test('a drag selects whole buckets, in either direction, and stays inside', () => {
  const d = data([1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]);
  const expected = { from: '2026-11-22T01:00:00.000Z', to: '2026-11-22T03:00:00.000Z' };
  expect(spanBetween(d, 30, 60, 100)).toEqual(expected);
  expect(spanBetween(d, 60, 30, 100)).toEqual(expected);
  expect(spanBetween(d, -50, 500, 100)).toEqual({ from: d.from, to: d.to });
});

test('finds the bucket under the pointer', () => {
  const d = data([1, 0, 0], [1, 0, 0]);
  expect(bucketAt(d, 0, 100)).toBe(0);
  expect(bucketAt(d, 99, 100)).toBe(1);
  expect(bucketAt(d, 100, 100)).toBeNull();
});

test('ticks are even and few', () => {
  expect(tickPositions(60, 6)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(tickPositions(3, 6)).toEqual([0, 1, 2]);
  expect(tickPositions(0, 6)).toEqual([]);
});
