import { expect, test } from 'vitest';
import { CLAIM_VALUES, type Claims } from './claims.ts';

/** What each type of claim finds. */
function found(claims: Claims): Record<string, string[]> {
  const entries = Object.entries(CLAIM_VALUES).map(([type, read]) => [type, read(claims)] as const);
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

test('each type of claim has its place in what a provider says', () => {
  expect(
    found({
      sub: 's-1',
      preferred_username: 'ada',
      upn: 'ada@corp.example',
      groups: ['a', 'b'],
      roles: ['r1'],
      realm_access: { roles: ['r2'] },
      resource_access: { account: { roles: ['r3'] }, other: { roles: ['r4', 'r5'] } },
      azp: 'countersign',
      client_id: 'other',
      oid: '9f',
      email: 'not@asked.for',
    }),
  ).toEqual({
    User: ['ada', 'ada@corp.example'],
    Group: ['a', 'b'],
    OAuthRole: ['r1', 'r2', 'r3', 'r4', 'r5'],
    OAuthSubject: ['s-1'],
    OAuthClientId: ['countersign', 'other'],
    OAuthOid: ['9f'],
  });
});

test('one group or role may come without a list', () => {
  expect(found({ groups: 'a', roles: 'r' })).toEqual({ Group: ['a'], OAuthRole: ['r'] });
});

test('what has another shape says nothing', () => {
  const shapes = [null, 1, true, {}, [1, null, {}, ['a']], '', { roles: { roles: 'x' } }];
  for (const shape of shapes) {
    const claims = { preferred_username: shape, groups: shape, oid: shape, sub: shape };
    expect(found(claims)).toEqual({});
    expect(found({ roles: shape, realm_access: shape, resource_access: [shape] })).toEqual({});
  }
});
