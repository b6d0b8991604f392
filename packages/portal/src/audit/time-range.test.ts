import { expect, test } from 'vitest';
import { boundsOf, isPresetId, withBounds } from './time-range.ts';

const asOf = new Date('2026-11-22T05:00:00.000Z');

test('a preset counts back from the moment of asking and leaves the newest end open', () => {
  expect(boundsOf({ kind: 'preset', id: '15m' }, asOf)).toEqual({
    from: '2026-11-22T04:45:00.000Z',
  });
  expect(boundsOf({ kind: 'preset', id: '90d' }, asOf)).toEqual({
    from: '2026-08-24T05:00:00.000Z',
  });
});

test('all of time has no bounds', () => {
  expect(boundsOf({ kind: 'all' }, asOf)).toEqual({});
});

test('bounds are joined to the query as one more condition', () => {
  expect(withBounds('', {})).toBe('');
  expect(withBounds(' Level -eq 1 OR Level -eq 2 ', {})).toBe('Level -eq 1 OR Level -eq 2');
  expect(withBounds('a OR b', { from: 'F', to: 'T' })).toBe(
    '(a OR b) AND Timestamp -ge "F" AND Timestamp -lt "T"',
  );
  expect(withBounds('', { from: 'F' })).toBe('Timestamp -ge "F"');
});

test('only known presets are presets', () => {
  expect(isPresetId('24h')).toBe(true);
  expect(isPresetId('25h')).toBe(false);
  expect(isPresetId(undefined)).toBe(false);
});
