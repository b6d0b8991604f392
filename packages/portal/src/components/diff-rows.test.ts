import { expect, test } from 'vitest';
import { diffRows } from './diff-rows.ts';

const shown = (before: string[] | null, after: string[]) =>
  diffRows(before, after).map(({ sign, text }) => `${sign}${text}`);

test('what stays stays in its place between what went and what came', () => {
  expect(shown(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([' a', '−b', '+x', ' c']);
  expect(shown(['a', 'b'], ['b'])).toEqual(['−a', ' b']);
  expect(shown(['a'], ['a', 'b'])).toEqual([' a', '+b']);
});

test('without a before everything is new', () => {
  expect(shown(null, ['a'])).toEqual(['+a']);
});

test('lines that are there twice are compared one by one', () => {
  expect(shown(['a', 'a'], ['a'])).toEqual([' a', '−a']);
});
