import { expect, test } from 'vitest';
import { stateOf, waysIn } from './identity-state.ts';

const now = new Date('2026-11-22T05:00:00.000Z');

test('a lock holds until its time, and a disabled account is disabled first', () => {
  const until = '2026-11-22T05:10:00.000Z';
  expect(stateOf({ disabled: false, lockedUntil: null }, now)).toEqual({ kind: 'active' });
  expect(stateOf({ disabled: false, lockedUntil: until }, now)).toEqual({ kind: 'locked', until });
  expect(stateOf({ disabled: false, lockedUntil: now.toISOString() }, now).kind).toBe('active');
  expect(stateOf({ disabled: true, lockedUntil: until }, now)).toEqual({ kind: 'disabled' });
});

test('the ways in are told in words', () => {
  expect(waysIn({ kind: 'person', provider: null, certificates: [] })).toBe('Password');
  expect(waysIn({ kind: 'application', provider: null, certificates: [] })).toBe('Key and secret');
  const certificate = {
    fingerprint: 'ab',
    subject: 'CN=jdoe',
    issuer: 'CN=ca',
    serial: '1',
    validTo: '',
    enrolledAt: '',
  };
  expect(waysIn({ kind: 'person', provider: 'Example', certificates: [certificate] })).toBe(
    'Example, 1 certificate',
  );
});
