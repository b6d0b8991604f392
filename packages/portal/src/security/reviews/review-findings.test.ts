import { expect, test } from 'vitest';
import type { ReviewedIdentity } from '../../api/security.ts';
import { findingsOf, rightsByResource } from './review-findings.ts';

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
const report = { dormant: [] };

test('who signs in and holds a role does not stand out', () => {
  expect(findingsOf(jdoe, report)).toEqual([]);
});

test('dormant accounts and those without a role stand out', () => {
  expect(findingsOf({ ...jdoe, roles: [] }, { dormant: ['jdoe'] })).toEqual(['dormant', 'no-role']);
});

test('roles of an identity provider are not seen here, so that holding none is no finding', () => {
  expect(findingsOf({ ...jdoe, roles: [], provider: 'Example' }, report)).toEqual([]);
});

test('a disabled account stands out while it holds roles', () => {
  expect(findingsOf({ ...jdoe, disabled: true }, report)).toEqual(['disabled']);
  expect(findingsOf({ ...jdoe, disabled: true, roles: [] }, report)).toEqual([]);
});

test('rights stand together by their resource', () => {
  expect(rightsByResource(['a.b:read', 'c:execute', 'a.b:modify'])).toEqual([
    { resource: 'a.b', operations: ['read', 'modify'] },
    { resource: 'c', operations: ['execute'] },
  ]);
});
