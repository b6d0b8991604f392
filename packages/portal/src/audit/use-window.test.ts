import { expect, test } from 'vitest';
import { rowsInView } from './use-window.ts';

test('draws what is in view and some more', () => {
  expect(rowsInView(0, 360, 36, 1000, 5)).toEqual({ first: 0, end: 15 });
  expect(rowsInView(3600, 360, 36, 1000, 5)).toEqual({ first: 95, end: 115 });
});

test('stays within the list', () => {
  expect(rowsInView(0, 900, 36, 3, 5)).toEqual({ first: 0, end: 3 });
  expect(rowsInView(90_000, 360, 36, 100, 5)).toEqual({ first: 100, end: 100 });
  expect(rowsInView(0, 360, 36, 0, 5)).toEqual({ first: 0, end: 0 });
});
