import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatEstimate,
  groupsOfFour,
  plural,
  splitCapitals,
} from './format.ts';

test('counts carry separators', () => {
  expect(formatCount(12_481)).toBe('12,481');
  expect(plural(1, 'record')).toBe('1 record');
  expect(plural(1204, 'record')).toBe('1,204 records');
});

test('an estimate says so and an exact count does not', () => {
  expect(formatEstimate(3_240_000, true)).toBe('3,240,000');
  expect(formatEstimate(3_240_000, false)).toBe('≈ 3.2 M');
  expect(formatEstimate(31_000, false)).toBe('≈ 31 k');
  expect(formatEstimate(900, false)).toBe('≈ 900');
});

test('bytes use binary units', () => {
  expect(formatBytes(0)).toBe('0 bytes');
  expect(formatBytes(1536)).toBe('1.5 KiB');
  expect(formatBytes(3 * 1024 ** 3)).toBe('3 GiB');
});

test('hashes come in groups of four and lose nothing but separators', () => {
  expect(groupsOfFour('aabbccdde')).toEqual(['aabb', 'ccdd', 'e']);
  expect(groupsOfFour('0a:1B:2c')).toEqual(['0a1B', '2c']);
  expect(groupsOfFour('')).toEqual([]);
});

test('names of categories read as words', () => {
  expect(splitCapitals('AuthorizationFailure')).toBe('Authorization Failure');
  expect(splitCapitals('PAMProvider')).toBe('PAM Provider');
  expect(splitCapitals('SMTP')).toBe('SMTP');
});
