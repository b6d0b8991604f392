import { expect, test } from 'vitest';
import { fittingColumns, leastWidth, parseColumns } from './columns.ts';

test('the usual columns beside the facets of a window of 1440 are all but the origin', () => {
  expect(fittingColumns(1440 - 208 - 220)).toEqual([
    'time',
    'level',
    'category',
    'message',
    'actor',
    'target',
    'seal',
  ]);
});

test('the origin comes with a window of 1680', () => {
  expect(fittingColumns(1680 - 208 - 220)).toContain('origin');
  expect(fittingColumns(1600 - 208 - 220)).not.toContain('origin');
});

test('where room runs out the least important columns go, and what is left fits', () => {
  expect(fittingColumns(672)).toEqual(['time', 'level', 'message', 'seal']);
  expect(fittingColumns(200)).toEqual(['time', 'message']);
  for (let width = 480; width < 1600; width += 7) {
    expect(leastWidth(fittingColumns(width))).toBeLessThanOrEqual(width);
  }
});

test('chosen columns are read in the order in which they stand, always with the time', () => {
  expect(parseColumns('seal,event,message')).toEqual(['time', 'message', 'event', 'seal']);
  expect(parseColumns('time,nonsense')).toEqual(['time']);
  expect(parseColumns('nonsense')).toBeUndefined();
  expect(parseColumns('')).toBeUndefined();
  expect(parseColumns(undefined)).toBeUndefined();
});
