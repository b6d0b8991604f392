import { expect, test } from 'vitest';
import { allowedPages, pageOf } from './pages.ts';

test('the navigation shows what the session names and nothing else', () => {
  expect(allowedPages(['catalogue', 'audit', 'nowhere']).map(({ id }) => id)).toEqual([
    'audit',
    'catalogue',
  ]);
  expect(allowedPages(['/portal/health']).map(({ id }) => id)).toEqual(['health']);
  expect(allowedPages(['/portal/security/roles', '/portal/security']).map(({ id }) => id)).toEqual([
    'security/roles',
  ]);
  expect(allowedPages([])).toEqual([]);
});

test('a record belongs to the log, an identity to the identities', () => {
  expect(pageOf('/certificates/12')?.id).toBe('certificates');
  expect(pageOf('/audit/41')?.id).toBe('audit');
  expect(pageOf('/security/identities/jdoe')?.id).toBe('security/identities');
  expect(pageOf('/audit-files')?.id).toBe('audit-files');
  expect(pageOf('/audits')).toBeNull();
  expect(pageOf('/')).toBeNull();
});
