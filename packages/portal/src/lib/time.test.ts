import { expect, test } from 'vitest';
import {
  formatDuration,
  formatRelative,
  formatShort,
  formatTime,
  formatTimeWithZone,
  fromInputValue,
  toInputValue,
} from './time.ts';

const iso = '2026-11-22T05:06:07.089Z';

test('shows all of a time, down to the millisecond', () => {
  expect(formatTime(iso, 'utc')).toBe('2026-11-22 05:06:07.089');
  expect(formatTimeWithZone(iso, 'utc')).toBe('2026-11-22 05:06:07.089 Z');
});

test('shows what is no time as it was', () => {
  expect(formatTime('yesterday', 'utc')).toBe('yesterday');
});

test('an axis shows only what its span needs', () => {
  expect(formatShort(iso, 'utc', 900 * 86_400_000, 90 * 86_400_000)).toBe('2026-11-22');
  expect(formatShort(iso, 'utc', 30 * 86_400_000, 3 * 86_400_000)).toBe('11-22');
  expect(formatShort(iso, 'utc', 6 * 86_400_000, 43_200_000)).toBe('11-22 05:06');
  expect(formatShort(iso, 'utc', 3_600_000, 600_000)).toBe('05:06');
  expect(formatShort(iso, 'utc', 60_000, 10_000)).toBe('05:06:07');
});

test('relative times count whole units', () => {
  const now = new Date('2026-11-22T05:10:00.000Z');
  expect(formatRelative(iso, now)).toBe('3 minutes ago');
  expect(formatRelative('2026-11-22T07:10:00.000Z', now)).toBe('in 2 hours');
  expect(formatRelative('2026-11-22T05:09:59.500Z', now)).toBe('just now');
});

test('durations use their two largest units', () => {
  expect(formatDuration(340)).toBe('340 ms');
  expect(formatDuration(12_000)).toBe('12 s');
  expect(formatDuration(3_840_000)).toBe('1 h 4 min');
  expect(formatDuration(86_400_000)).toBe('1 d');
});

test('input values go there and back', () => {
  expect(toInputValue(iso, 'utc')).toBe('2026-11-22T05:06:07');
  expect(fromInputValue('2026-11-22T05:06:07', 'utc')).toBe('2026-11-22T05:06:07.000Z');
  expect(fromInputValue('', 'utc')).toBeNull();
  expect(fromInputValue('soon', 'utc')).toBeNull();
  expect(fromInputValue(toInputValue(iso, 'local'), 'local')).toBe('2026-11-22T05:06:07.000Z');
});
