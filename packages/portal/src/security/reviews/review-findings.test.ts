import { expect, test } from 'vitest';
import type { ReviewedIdentity } from '../../api/security.ts';
import { findingsOf } from './review-findings.ts';

const at = new Date('2026-11-22T05:00:00.000Z');
const jdoe: ReviewedIdentity = {
  username: 'jdoe',
  name: 'J. Doe',
  kind: 'person',
  roles: ['RA'],
  disabled: false,
  provider: null,
  lastSignIn: '2026-11-01T00:00:00.000Z',
  certificates: 0,
  tokens: 0,
};

test('who signs in and holds a role does not stand out', () => {
  expect(findingsOf(jdoe, at)).toEqual([]);
});

test('dormant, unused and useless accounts stand out', () => {
  expect(findingsOf({ ...jdoe, lastSignIn: '2026-08-01T00:00:00.000Z' }, at)).toEqual(['dormant']);
  expect(findingsOf({ ...jdoe, lastSignIn: null, roles: [] }, at)).toEqual(['no-role', 'never']);
});

test('roles of an identity provider are not seen here, so that holding none is no finding', () => {
  expect(findingsOf({ ...jdoe, roles: [], provider: 'Example' }, at)).toEqual([]);
});

test('a disabled account stands out while it holds roles', () => {
  expect(findingsOf({ ...jdoe, disabled: true, lastSignIn: null }, at)).toEqual(['disabled']);
  expect(findingsOf({ ...jdoe, disabled: true, roles: [] }, at)).toEqual([]);
});
