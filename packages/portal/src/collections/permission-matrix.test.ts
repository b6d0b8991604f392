import { expect, test } from 'vitest';
import { grantChanges, grantsOf, permissionsOf, toggled } from './permission-matrix.ts';

const permissions = [{ role: 'Web Team', operations: ['read', 'revoke'] }];

test('rights are read and written alike', () => {
  expect(permissionsOf(grantsOf(permissions))).toEqual(permissions);
  expect(permissionsOf(grantsOf([{ role: 'Nobody', operations: [] }]))).toEqual([]);
});

test('whoever may do something sees it, and whoever does not see it may do nothing', () => {
  const none = grantsOf([]);
  expect(permissionsOf(toggled(none, 'RA', 'delete'))).toEqual([
    { role: 'RA', operations: ['delete', 'read'] },
  ]);
  expect(permissionsOf(toggled(grantsOf(permissions), 'Web Team', 'read'))).toEqual([]);
  expect(permissionsOf(toggled(grantsOf(permissions), 'Web Team', 'revoke'))).toEqual([
    { role: 'Web Team', operations: ['read'] },
  ]);
});

test('what is not saved yet is told', () => {
  expect(grantChanges(grantsOf(permissions), toggled(grantsOf([]), 'Web Team', 'read'))).toEqual([
    { sign: '−', text: 'Web Team: Revoke' },
  ]);
});
