import { expect, test } from 'vitest';
import {
  contextOf,
  parseAuditSearch,
  parseContext,
  parseIndex,
  rangeOf,
  rangeParams,
  searchOf,
} from './search-params.ts';

test('reads a whole state back', () => {
  expect(
    parseAuditSearch({
      q: 'Level -eq 1',
      range: '24h',
      order: 'asc',
      reading: 'shown',
      columns: 'seal,time',
      open: '41',
      tab: 'raw',
      proof: 'open',
      folded: 'actor,event',
    }),
  ).toEqual({
    q: 'Level -eq 1',
    range: '24h',
    order: 'asc',
    reading: 'shown',
    columns: 'time,seal',
    open: 41,
    tab: 'raw',
    proof: 'open',
    folded: 'actor,event',
  });
});

test('drops what it does not understand', () => {
  expect(
    parseAuditSearch({
      q: ' ',
      range: '5y',
      from: 'x',
      to: 'y',
      order: 'desc',
      reading: 'yes',
      columns: 'all',
      open: '-1',
      tab: 'overview',
      folded: '<b>',
      other: '1',
    }),
  ).toEqual({});
});

test('an index has one spelling', () => {
  expect(parseIndex('0')).toBe(0);
  expect(parseIndex('41')).toBe(41);
  for (const bad of ['', '01', '1.0', '1e3', '-1', ' 1', '99999999999999999', 41]) {
    expect(parseIndex(bad)).toBeUndefined();
  }
});

test('a preset wins over a custom range, and ranges go there and back', () => {
  const custom = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
  expect(rangeOf(parseAuditSearch({ ...custom, range: '1h' }))).toEqual({
    kind: 'preset',
    id: '1h',
  });
  expect(rangeOf(parseAuditSearch(custom))).toEqual({ kind: 'custom', ...custom });
  expect(rangeOf(parseAuditSearch({ from: custom.from }))).toEqual({ kind: 'all' });
  expect(rangeParams({ kind: 'custom', ...custom })).toEqual({ range: undefined, ...custom });
});

test('a search goes along with a record and leads back', () => {
  const search = parseAuditSearch({ q: 'Level -eq 1', range: '24h', open: '41', tab: 'raw' });
  const context = contextOf(search);
  expect(context).toEqual({ q: 'Level -eq 1', range: '24h', reading: 'hidden' });
  expect(parseContext({ ...context, tab: 'raw' })).toEqual(context);
  expect(searchOf(context)).toEqual({ q: 'Level -eq 1', range: '24h' });
  expect(searchOf(contextOf({ reading: 'shown' }))).toEqual({ reading: 'shown' });
});

test('a record that was opened by itself has no search', () => {
  expect(parseContext({ tab: 'raw', q: 'Level -eq 1' })).toBeNull();
  expect(contextOf({})).toEqual({ reading: 'hidden' });
});
