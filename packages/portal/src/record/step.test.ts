import { expect, test } from 'vitest';
import { neighbourIn, stepQuery } from './step.ts';

test('one down a search from the newest is the next older record of it', () => {
  expect(stepQuery({ query: 'Level -eq "Warning"', order: 'desc' }, 41, 1)).toEqual({
    query: '(Level -eq "Warning") AND Index -lt 41',
    order: 'desc',
  });
  expect(stepQuery({ query: '', order: 'desc' }, 41, -1)).toEqual({
    query: 'Index -gt 41',
    order: 'asc',
  });
});

test('a search from the oldest goes the other way', () => {
  expect(stepQuery({ query: 'x', order: 'asc' }, 41, 1)).toEqual({
    query: '(x) AND Index -gt 41',
    order: 'asc',
  });
  expect(stepQuery({ query: 'x', order: 'asc' }, 41, -1)).toEqual({
    query: '(x) AND Index -lt 41',
    order: 'desc',
  });
});

test('rows at hand name the neighbour where they have it', () => {
  const rows = [{ index: 9 }, { index: 5 }, { index: 2 }];
  expect(neighbourIn(rows, 5, 1)).toBe(2);
  expect(neighbourIn(rows, 5, -1)).toBe(9);
  expect(neighbourIn(rows, 2, 1)).toBeUndefined();
  expect(neighbourIn(rows, 7, 1)).toBeUndefined();
});
