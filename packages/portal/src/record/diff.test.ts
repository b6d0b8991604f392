import { expect, test } from 'vitest';
import { listChange, changedFields, countFields, showValue } from './diff.ts';

test('finds only what changed, however deep', () => {
  const before = { Name: 'WebServer', Retention: { Days: 4, Policy: 3 }, Types: ['PFX', 'CSR'] };
  const after = { Name: 'WebServer', Retention: { Days: 7, Policy: 3 }, Types: ['PFX'] };
  expect(changedFields(before, after)).toEqual([
    { path: ['Retention', 'Days'], before: 4, after: 7 },
    { path: ['Types'], before: ['PFX', 'CSR'], after: ['PFX'] },
  ]);
});

test('what was added and what was removed has one side only', () => {
  expect(changedFields({ a: 1 }, { b: 2 })).toEqual([
    { path: ['a'], before: 1, after: undefined },
    { path: ['b'], before: undefined, after: 2 },
  ]);
});

test('a created object shows all its fields as new', () => {
  expect(changedFields(undefined, { a: { b: null }, c: {} })).toEqual([
    { path: ['a', 'b'], before: undefined, after: null },
    { path: ['c'], before: undefined, after: {} },
  ]);
});

test('null, an absent field and an empty text are three things', () => {
  expect(changedFields({ a: null }, { a: '' })).toHaveLength(1);
  expect(changedFields({ a: null }, {})).toHaveLength(1);
  expect(changedFields({ a: null }, { a: null })).toEqual([]);
});

test('an object that became a text is one change', () => {
  expect(changedFields({ a: { b: 1 } }, { a: 'x' })).toEqual([
    { path: ['a'], before: { b: 1 }, after: 'x' },
  ]);
});

test('names that objects inherit are fields like any other', () => {
  expect(changedFields({}, { constructor: 1 })).toEqual([
    { path: ['constructor'], before: undefined, after: 1 },
  ]);
});

test('counts leaves and shows values as text', () => {
  expect(countFields({ a: 1, b: { c: 2, d: 3 }, e: {} })).toBe(4);
  expect(countFields(undefined)).toBe(0);
  expect(showValue('')).toBe('(empty)');
  expect(showValue(['a', 1])).toBe('a\n1');
  expect(showValue([])).toBe('(empty list)');
  expect(showValue(false)).toBe('false');
});

test('of two lists only what one has for itself is left', () => {
  expect(listChange(['a', 'b', 'c'], ['c', 'a', 'd'])).toEqual({
    removed: ['b'],
    added: ['d'],
    same: 2,
  });
  expect(listChange([], ['d'])).toEqual({ removed: [], added: ['d'], same: 0 });
  expect(listChange(['a', 'a'], ['a'])).toEqual({ removed: ['a'], added: [], same: 1 });
});

test('lists that differ in order alone, and what is no list, are shown whole', () => {
  expect(listChange(['a', 'b'], ['b', 'a'])).toBeNull();
  expect(listChange('a', ['a'])).toBeNull();
  expect(listChange(undefined, ['a'])).toBeNull();
});
