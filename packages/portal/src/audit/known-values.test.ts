import { expect, test } from 'vitest';
import { knownValues } from './known-values.ts';

test('facets bring values for fields that have no vocabulary', () => {
  const known = knownValues([
    { field: 'ActingUser', exact: true, values: [{ value: 'ggant', label: 'ggant', count: 3 }] },
  ]);
  expect(known('ActingUser')).toEqual(['ggant']);
  expect(known('Name')).toEqual([]);
});

test('nothing is known before the facets came', () => {
  expect(knownValues(undefined)('ActingUser')).toEqual([]);
});
