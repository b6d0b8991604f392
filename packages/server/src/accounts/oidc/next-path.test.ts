import { expect, test } from 'vitest';
import { checkedNext } from './next-path.ts';

test('a page of the portal is where one goes on', () => {
  for (const next of ['/portal/', '/portal/audit', '/portal/audit?q=a%20b&page=2#x'])
    expect(checkedNext(next)).toBe(next);
});

test('anything else is the portal', () => {
  for (const next of [
    undefined,
    '',
    'portal/audit',
    '//evil.example/portal/',
    'https://evil.example/portal/',
    '/\\evil.example',
    '/portal/../../\\evil.example',
    '/portal/../api/v1/session',
    '/portal/\n',
    '/api/v1/session/oidc',
    '/portal/sign-in?next=/portal/audit',
    `/portal/${'a'.repeat(2_050)}`,
    'javascript:alert(1)',
  ])
    expect(checkedNext(next)).toBe('/portal/');
});
