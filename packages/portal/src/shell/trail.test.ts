import { expect, test } from 'vitest';
import { decoded, trailOf } from './trail.ts';

test('a path says its page and what of it is shown', () => {
  expect(trailOf('/audit/41')).toMatchObject({ page: { id: 'audit' }, detail: 'Record 41' });
  expect(trailOf('/security/roles/CA%20Operations')).toMatchObject({
    page: { id: 'security/roles' },
    detail: 'CA Operations',
  });
  expect(trailOf('/stores/01a2036b-66d3-71ee-8137-e957fbd49fc5')).toMatchObject({
    detail: 'Store',
  });
  expect(trailOf('/security/roles')).toMatchObject({ detail: null });
  expect(trailOf('/')).toBeNull();
});

test('what is no part of a URL stays as it is', () => {
  expect(decoded('100%')).toBe('100%');
});
