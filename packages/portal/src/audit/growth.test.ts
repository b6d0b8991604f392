import { expect, test } from 'vitest';
import { growTo, startGrowth } from './growth.ts';

/** So many requests, all of them answered. */
const asked = (count: number) => ({ begun: count, ended: count });

test('counts records that come while nothing is asked', () => {
  const growth = growTo(startGrowth(100, asked(3)), 123, asked(3));
  expect(growth.foreign).toBe(23);
  expect(growTo(growth, 124, asked(3)).foreign).toBe(24);
});

test('does not count the records of our own reading', () => {
  const growth = growTo(startGrowth(100, asked(3)), 104, asked(5));
  expect(growth.foreign).toBe(0);
  expect(growTo(growth, 108, asked(6)).foreign).toBe(1);
});

test('a request on its way when the size was read may leave its records afterwards', () => {
  expect(growTo(startGrowth(100, { begun: 4, ended: 1 }), 107, asked(4)).foreign).toBe(0);
  expect(growTo(startGrowth(100, asked(4)), 107, asked(4)).foreign).toBe(7);
});

test('a log that seems to shrink is no growth', () => {
  expect(growTo(startGrowth(100, asked(0)), 90, asked(0)).foreign).toBe(0);
});
