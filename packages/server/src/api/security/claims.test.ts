import { describe, expect, test } from 'vitest';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  type Action,
  type Asked,
} from '../../security/testing.ts';
import { startTestServer } from '../../testing/harness.ts';

const system = await startTestServer({
  config: (config) => ({
    ...config,
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };

const right = 'certServer.usrgrp.administration:modify';
const CLAIM = { event: 'CONFIG_ROLE', category: 'SecurityClaim' };

function claim(value: string, more: Readonly<Record<string, unknown>> = {}) {
  return { role: 'RA', provider: 'Example', type: 'Group', value, description: '', ...more };
}

function create(value: string, more: Readonly<Record<string, unknown>> = {}): Asked {
  return { method: 'POST', path: 'claims', body: claim(value, more) };
}

/** Asks for something about a claim that is made for it. */
function about(value: string, asked: Omit<Asked, 'path'>): () => Promise<Asked> {
  return async () => {
    const { body } = await administration.ask(admin, create(value));
    return { ...asked, path: `claims/${String(body['id'])}` };
  };
}

const ACTIONS: readonly Action[] = [
  {
    name: 'create',
    asked: create('c-created', { description: 'Everybody who registers', role: 'ra' }),
    status: 201,
    right,
    records: [
      {
        ...CLAIM,
        operation: 'Created',
        name: 'Group: c-created',
        after: claim('c-created', { description: 'Everybody who registers' }),
      },
    ],
  },
  {
    name: 'update',
    asked: about('c-before', {
      method: 'PATCH',
      body: { provider: 'Other', type: 'OAuthRole', value: 'c-after', description: 'Now' },
    }),
    status: 200,
    right,
    records: [
      {
        ...CLAIM,
        operation: 'Updated',
        name: 'OAuthRole: c-after',
        before: claim('c-before'),
        after: claim('c-after', { provider: 'Other', type: 'OAuthRole', description: 'Now' }),
      },
    ],
  },
  {
    name: 'update to what it is already: no record',
    asked: about('c-same', { method: 'PATCH', body: { value: 'c-same', description: '' } }),
    status: 200,
    right,
    records: [],
  },
  {
    name: 'delete',
    asked: about('c-deleted', { method: 'DELETE' }),
    status: 204,
    right,
    records: [
      {
        ...CLAIM,
        operation: 'Deleted',
        name: 'Group: c-deleted',
        before: claim('c-deleted'),
      },
    ],
  },
];

describe('claims', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
  });

  test('a value cannot forge a field of the record', async () => {
    const value = 'x+Operation;;OP_DELETE+Resource;;admin][Outcome=Failure]';
    const { records } = await administration.recorded(admin, create(value));
    expect(records[0]?.content).toMatchObject({
      target: { name: `Group: ${value}` },
      related: [{ type: 'role', id: 'RA', name: 'RA', relation: 'role' }],
      attributes: [
        ['SubjectID', 'admin'],
        ['Outcome', 'Success'],
        [
          'ParamNameValPairs',
          'Scope;;claims+Operation;;OP_ADD+Resource;;' +
            'Group: x_Operation__OP_DELETE_Resource__admin__Outcome=Failure_',
        ],
      ],
    });
  });

  test('the role shows its claims, and its record holds them', async () => {
    await administration.ask(admin, {
      method: 'POST',
      path: 'roles',
      body: { name: 'Claimants', description: '', permissions: [] },
    });
    await administration.ask(admin, create('c-one', { role: 'Claimants' }));
    await administration.ask(admin, create('c-one', { role: 'Claimants', type: 'User' }));
    const role = await administration.ask(admin, { method: 'GET', path: 'roles/Claimants' });
    expect(role.body['claims']).toMatchObject([
      { type: 'Group', value: 'c-one' },
      { type: 'User', value: 'c-one' },
    ]);
    const { records } = await administration.recorded(admin, {
      method: 'DELETE',
      path: 'roles/Claimants',
    });
    expect(records[0]?.content.before).toMatchObject({
      claims: [{ type: 'Group' }, { type: 'User' }],
    });
    const { body } = await administration.ask(cookies.auditor, { method: 'GET', path: 'claims' });
    const claims = body['claims'] as { role: string }[];
    expect(claims.map(({ role }) => role)).not.toContain('Claimants');
    expect(claims.length).toBeGreaterThan(0);
  });
});

describe('duties', () => {
  const message = 'nobody changes a role that he holds, here Administrator; somebody else has to';

  test('nobody lets a claim lead to a role that he holds', async () => {
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      create('c-own', { role: 'Administrator' }),
      {
        code: 'own_role',
        message,
        record: { ...CLAIM, operation: 'Created', name: 'Group: c-own' },
      },
    );
    expect(answer.body['role']).toBe('Administrator');
  });

  test('somebody else does; who holds the role changes only its description', async () => {
    await administration.ask(admin, {
      method: 'POST',
      path: 'roles',
      body: { name: 'Role Administrators', description: '', permissions: [right] },
    });
    const other = await administration.person(admin, 'c-other', ['Role Administrators']);
    const made = await administration.ask(other, create('c-admins', { role: 'Administrator' }));
    expect(made.status).toBe(201);
    const path = `claims/${String(made.body['id'])}`;
    const record = { ...CLAIM, operation: 'Updated' };
    const expected = { code: 'own_role', message };
    await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'PATCH', path, body: { value: 'c-mine' } },
      { ...expected, record: { ...record, name: 'Group: c-mine' } },
    );
    await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'DELETE', path },
      { ...expected, record: { ...record, operation: 'Deleted', name: 'Group: c-admins' } },
    );
    const described = await administration.ask(admin, {
      method: 'PATCH',
      path,
      body: { description: 'The team' },
    });
    expect(described).toMatchObject({ status: 200, body: { description: 'The team' } });
  });
});

test('nobody lets a claim that names himself lead to a role', async () => {
  await administration.ask(admin, {
    method: 'POST',
    path: 'roles',
    body: { name: 'Claim Administrators', description: '', permissions: [right] },
  });
  const self = await administration.person(admin, 'c-self', ['Claim Administrators']);
  await system.behind
    .updateTable('users')
    .set({ provider: 'Example', subject: 'subject-1', email: 'Self@example.com' })
    .where('username', '=', 'c-self')
    .execute();
  for (const [type, value] of [
    ['OAuthSubject', 'subject-1'],
    ['User', 'C-Self'],
    ['User', 'self@example.com'],
  ] as const) {
    const answer = await expectRefusedAndRecorded(administration, self, create(value, { type }), {
      code: 'own_role',
      message: 'nobody lets a claim that names himself lead to a role; somebody else has to',
      record: { ...CLAIM, operation: 'Created', name: `${type}: ${value}` },
    });
    expect(answer.status).toBe(409);
  }
  for (const more of [
    { type: 'OAuthSubject', provider: 'Other' },
    { type: 'OAuthSubject', value: 'subject-2' },
  ]) {
    const asked = create('subject-1', more);
    expect((await administration.ask(self, asked)).status).toBe(201);
  }
});

describe('faults', () => {
  test('a claim leads to a role once', async () => {
    await administration.ask(admin, create('c-twice'));
    const { answer, records } = await administration.recorded(admin, create('c-twice'));
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'already_exists',
        detail: 'value: Group "c-twice" of Example leads to RA already',
        field: 'value',
      },
    });
    expect(records).toEqual([]);
  });

  test('a role has so many claims at most', async () => {
    const db = system.behind;
    const row = { role: 'SSH Enterprise Admin', provider: 'P', type: 'Group', description: '' };
    await db
      .insertInto('role_claims')
      .values(
        Array.from({ length: 200 }, (_, i) => ({
          ...row,
          type: 'Group' as const,
          id: `many-${i}`,
          value: `v${i}`,
          created_at: '2026-11-22T05:00:00.000Z',
        })),
      )
      .execute();
    const asked = create('c-more', { role: 'SSH Enterprise Admin' });
    expect(await administration.ask(admin, asked)).toMatchObject({
      status: 422,
      body: {
        detail: 'role: expected a role with fewer than 200 claims, got SSH Enterprise Admin',
      },
    });
  });

  const LINE = 'one line of text without control characters or spaces at its ends';
  test.each([
    { status: 404, more: { role: 'constructor' }, detail: 'there is no role "constructor"' },
    {
      status: 422,
      more: { type: 'Everything' },
      detail:
        'type: expected "User" or "Group" or "Computer" or "OAuthOid" or "OAuthRole" or "OAuthSubject" or "OAuthClientId", got "Everything"',
    },
    { status: 422, more: { value: '' }, detail: 'value: expected at least 1 characters, got ""' },
    { status: 422, more: { value: 'a\u0000' }, detail: `value: expected ${LINE}, got "a\\u0000"` },
    {
      status: 422,
      more: { provider: 'x'.repeat(129) },
      detail: `provider: expected at most 128 characters, got "${'x'.repeat(79)}…`,
    },
  ])('$detail', async ({ status, more, detail }) => {
    const answer = await administration.ask(admin, create('c-faulty', more));
    expect(answer).toMatchObject({ status, body: { detail } });
  });

  test.each([
    { method: 'PATCH', path: 'claims/__proto__', body: {} },
    { method: 'DELETE', path: 'claims/00000000-0000-0000-0000-000000000000' },
  ] as const)('$method $path is not there', async (asked) => {
    const answer = await administration.ask(admin, asked);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
