import { expect, test } from 'vitest';
import { nextPath } from './next-path.ts';

test('a page of the portal is kept with its query', () => {
  expect(nextPath('/portal/audit?q=Level+-eq+1&open=5')).toBe('/portal/audit?q=Level+-eq+1&open=5');
});

test.each([
  undefined,
  '',
  'https://elsewhere.example/portal/',
  '//elsewhere.example/portal/',
  '/\\elsewhere.example',
  '/portal/\\elsewhere.example',
  '/portal/../api/v1/session',
  '/api/v1/session',
  'javascript:alert(1)',
  '/portal/sign-in?next=/portal/sign-in',
  '/portal/\nfoo',
])('%j leads to the start', (next) => {
  expect(nextPath(next)).toBe('/portal/');
});
