import { expect, test } from 'vitest';
import { growTo, startGrowth } from './growth.ts';

test('counts records that come while nothing is asked', () => {
  const growth = growTo(startGrowth(100, 3), 123, 3);
  expect(growth.foreign).toBe(23);
  expect(growTo(growth, 124, 3).foreign).toBe(24);
});

test('does not count the records of our own reading', () => {
  const growth = growTo(startGrowth(100, 3), 104, 5);
  expect(growth.foreign).toBe(0);
  expect(growTo(growth, 108, 6).foreign).toBe(1);
});

test('a log that seems to shrink is no growth', () => {
  expect(growTo(startGrowth(100, 0), 90, 0).foreign).toBe(0);
});
