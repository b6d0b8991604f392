import { describe, expect, test } from 'vitest';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  told,
  type Action,
} from '../../security/testing.ts';
import { PASSWORDS, startTestServer } from '../../testing/harness.ts';

const system = await startTestServer({
  config: (config) => ({
    ...config,
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };

const MODIFY = 'certServer.usrgrp.administration:modify';
const IDENTITY = { event: 'CONFIG_ROLE', category: 'ADIdentityModel' };
const ROLE = { event: 'CONFIG_ROLE', category: 'SecurityRole', operation: 'Updated' };

function model(username: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    username,
    name: `Name of ${username}`,
    kind: 'person',
    alias: null,
    email: null,
    provider: null,
    roles: [],
    disabled: false,
    certificates: [],
    ...more,
  };
}

function create(username: string, roles: readonly string[] = []) {
  const body = { username, name: `Name of ${username}`, roles, password: 'long enough' };
  return { method: 'POST', path: 'identities', body } as const;
}

const withMember = (name: string) =>
  expect.objectContaining({ members: expect.arrayContaining([name]) });
const withoutMember = (name: string) =>
  expect.not.objectContaining({ members: expect.arrayContaining([name]) });

const ACTIONS: readonly Action[] = [
  {
    name: 'create',
    asked: create('i-create'),
    status: 201,
    right: MODIFY,
    records: [{ ...IDENTITY, operation: 'Created', name: 'i-create', after: model('i-create') }],
  },
  {
    name: 'create with roles, e-mail address and alias',
    asked: {
      method: 'POST',
      path: 'identities',
      body: {
        username: 'I-Roles',
        name: 'Name of i-roles',
        email: 'i-roles@example.com',
        alias: 'caroles',
        roles: ['ra', 'SSH Server Admin'],
      },
    },
    status: 201,
    right: MODIFY,
    records: [
      {
        ...IDENTITY,
        operation: 'Created',
        name: 'i-roles',
        after: model('i-roles', {
          email: 'i-roles@example.com',
          alias: 'caroles',
          roles: ['RA', 'SSH Server Admin'],
        }),
      },
      { ...ROLE, name: 'RA', before: withoutMember('i-roles'), after: withMember('i-roles') },
      {
        ...ROLE,
        name: 'SSH Server Admin',
        before: withoutMember('i-roles'),
        after: withMember('i-roles'),
      },
    ],
  },
  {
    name: 'update',
    prepare: [create('i-update', ['RA'])],
    asked: {
      method: 'PATCH',
      path: 'identities/i-update',
      body: { name: 'Another Name', email: 'a@example.com', alias: 'other' },
    },
    status: 200,
    right: MODIFY,
    records: [
      {
        ...IDENTITY,
        operation: 'Updated',
        name: 'i-update',
        before: model('i-update', { roles: ['RA'] }),
        after: model('i-update', {
          roles: ['RA'],
          name: 'Another Name',
          email: 'a@example.com',
          alias: 'other',
        }),
      },
    ],
  },
  {
    name: 'update to what it is already: no record',
    prepare: [create('i-same')],
    asked: {
      method: 'PATCH',
      path: 'identities/i-same',
      body: { name: 'Name of i-same', email: null, alias: null, disabled: false },
    },
    status: 200,
    right: MODIFY,
    records: [],
  },
  {
    name: 'disable',
    prepare: [create('i-disable')],
    asked: { method: 'PATCH', path: 'identities/i-disable', body: { disabled: true } },
    status: 200,
    right: MODIFY,
    records: [
      {
        ...IDENTITY,
        operation: 'Updated',
        name: 'i-disable',
        before: model('i-disable'),
        after: model('i-disable', { disabled: true }),
      },
    ],
  },
  {
    name: 'delete',
    prepare: [create('i-delete', ['RA'])],
    asked: { method: 'DELETE', path: 'identities/i-delete' },
    status: 204,
    right: MODIFY,
    records: [
      {
        ...IDENTITY,
        operation: 'Deleted',
        name: 'i-delete',
        before: model('i-delete', { roles: ['RA'] }),
      },
    ],
  },
  {
    name: 'assign and withdraw roles: an update of each role',
    prepare: [create('i-assign', ['RA', 'SSH Server Admin'])],
    asked: {
      method: 'PUT',
      path: 'identities/i-assign/roles',
      body: { roles: ['SSH Enterprise Admin', 'RA', 'RA'] },
    },
    status: 200,
    right: MODIFY,
    records: [
      {
        ...ROLE,
        name: 'SSH Enterprise Admin',
        before: withoutMember('i-assign'),
        after: withMember('i-assign'),
      },
      {
        ...ROLE,
        name: 'SSH Server Admin',
        before: withMember('i-assign'),
        after: withoutMember('i-assign'),
      },
    ],
  },
  {
    name: 'assign the roles somebody holds: no record',
    prepare: [create('i-held', ['RA'])],
    asked: { method: 'PUT', path: 'identities/i-held/roles', body: { roles: ['RA'] } },
    status: 200,
    right: MODIFY,
    records: [],
  },
  {
    name: 'exchange an exclusive role for another',
    prepare: [create('i-exchange', ['Auditor'])],
    asked: { method: 'PUT', path: 'identities/i-exchange/roles', body: { roles: ['RA'] } },
    status: 200,
    right: MODIFY,
    records: [
      { ...ROLE, name: 'Auditor', before: withMember('i-exchange'), after: expect.anything() },
      { ...ROLE, name: 'RA', before: expect.anything(), after: withMember('i-exchange') },
    ],
  },
  {
    name: 'unlock somebody who is not locked: no record',
    prepare: [create('i-open')],
    asked: { method: 'POST', path: 'identities/i-open/unlock' },
    status: 204,
    right: MODIFY,
    records: [],
  },
  {
    name: 'reset a password',
    prepare: [create('i-reset')],
    asked: { method: 'POST', path: 'identities/i-reset/password' },
    status: 200,
    right: MODIFY,
    records: [
      {
        event: 'CREDENTIAL_CHANGED',
        category: 'Account',
        operation: 'Updated',
        name: 'i-reset',
        reason: 'a new password was made up',
      },
    ],
  },
];

describe('identities', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
  });

  test('records have Dogtag’s attributes', async () => {
    const { records } = await administration.recorded(admin, create('i-dogtag', ['RA']));
    expect(records.map(({ content }) => content.attributes)).toEqual([
      [
        ['SubjectID', 'admin'],
        ['Outcome', 'Success'],
        ['ParamNameValPairs', 'Scope;;users+Operation;;OP_ADD+Resource;;i-dogtag'],
      ],
      [
        ['SubjectID', 'admin'],
        ['Outcome', 'Success'],
        ['ParamNameValPairs', 'Scope;;groups+Operation;;OP_MODIFY+Resource;;RA'],
      ],
    ]);
    expect(records[0]?.content.target).toEqual({
      type: 'account',
      id: 'i-dogtag',
      name: 'i-dogtag',
    });
    expect(records[1]?.content.related).toEqual([
      { type: 'account', id: 'i-dogtag', name: 'i-dogtag', relation: 'member' },
    ]);
  });

  test('an answer tells a made-up password once, and no record does', async () => {
    const { answer, records } = await administration.recorded(admin, {
      method: 'POST',
      path: 'identities',
      body: { username: 'i-made', name: 'Made Up', roles: ['RA'] },
    });
    const { password, identity } = answer.body as { password: string; identity: object };
    expect(password).toMatch(/^(?:\w{5}-){3}\w{5}$/);
    expect(identity).toMatchObject({ username: 'i-made', passwordGenerated: true });
    expect(JSON.stringify(records)).not.toContain(password);
    await administration.signIn('I-Made', password);

    const chosen = await administration.ask(admin, create('i-chosen'));
    expect(chosen.body).toMatchObject({
      password: null,
      identity: { passwordGenerated: false, createdAt: '2026-11-22T05:00:00.000Z' },
    });
  });

  test('a password that was reset opens the account, the one before does not; sessions end', async () => {
    const cookie = await administration.person(admin, 'i-forgot', ['RA']);
    const reset = { method: 'POST', path: 'identities/i-forgot/password' } as const;
    const { answer, records } = await administration.recorded(admin, reset);
    const { password } = answer.body as { password: string };
    expect(JSON.stringify(records)).not.toContain(password);
    const session = await system.request('/api/v1/session', { cookie });
    expect([session.status, await session.json()]).toMatchObject([
      401,
      { code: 'session_expired' },
    ]);
    await expect(administration.signIn('i-forgot', 'i-forgot has a long password')).rejects.toThrow(
      'credentials_invalid',
    );
    await administration.signIn('i-forgot', password);
  });

  test.each([
    ['disabled', { method: 'PATCH', path: 'identities/NAME', body: { disabled: true } }],
    ['deleted', { method: 'DELETE', path: 'identities/NAME' }],
  ] as const)('who is %s is out at once', async (how, asked) => {
    const username = `i-out-${how}`;
    const cookie = await administration.person(admin, username, ['RA']);
    const { status } = await administration.ask(admin, {
      ...asked,
      path: asked.path.replace('NAME', username),
    });
    expect(status).toBeLessThan(300);
    const session = await system.request('/api/v1/session', { cookie });
    expect([session.status, await session.json()]).toMatchObject([
      401,
      { code: 'session_expired' },
    ]);
    const db = system.behind;
    const rows = await db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .where('username', '=', username)
      .selectAll()
      .execute();
    expect(rows).toEqual([]);
    const password = `${username} has a long password`;
    await expect(administration.signIn(username, password)).rejects.toThrow('credentials_invalid');
  });

  test('new roles hold from the next request on', async () => {
    const cookie = await administration.person(admin, 'i-promoted', ['RA']);
    const asked = { method: 'GET', path: 'identities?limit=1' } as const;
    expect((await administration.ask(cookie, asked)).status).toBe(403);
    const roles = { method: 'PUT', path: 'identities/i-promoted/roles' } as const;
    await administration.ask(admin, { ...roles, body: { roles: ['Administrator'] } });
    expect((await administration.ask(cookie, asked)).status).toBe(200);
    await administration.ask(admin, { ...roles, body: { roles: ['RA'] } });
    expect((await administration.ask(cookie, asked)).status).toBe(403);
  });

  test('a lock is ended, and that is recorded', async () => {
    await administration.ask(admin, create('i-locked', ['RA']));
    for (let i = 0; i < 5; i += 1)
      await expect(administration.signIn('i-locked', 'wrong password')).rejects.toThrow(
        'credentials_invalid',
      );
    const locked = await administration.ask(admin, { method: 'GET', path: 'identities/i-locked' });
    expect(locked.body['lockedUntil']).toBe('2026-11-22T05:15:00.000Z');
    const asked = { method: 'POST', path: 'identities/i-locked/unlock' } as const;
    const { records } = await administration.recorded(admin, asked);
    expect(records.map(told)).toEqual([
      {
        event: 'ACCOUNT_UNLOCKED',
        category: 'Account',
        operation: 'Unlocked',
        level: 'Information',
        outcome: 'Success',
        actor: 'admin',
        name: 'i-locked',
        before: { lockedUntil: '2026-11-22T05:15:00.000Z' },
        after: { lockedUntil: null },
      },
    ]);
    await administration.signIn('i-locked', 'long enough');
  });
});

describe('duties', () => {
  const own = { code: 'own_role', category: 'ADIdentityModel' };
  test.each([
    {
      name: 'nobody disables himself',
      asked: { method: 'PATCH', path: 'identities/admin', body: { disabled: true } },
      message: 'nobody disables or enables himself; somebody else has to',
      record: { ...IDENTITY, operation: 'Updated', name: 'admin' },
      ...own,
    },
    {
      name: 'nobody changes the name by which rules know him',
      asked: { method: 'PATCH', path: 'identities/admin', body: { alias: 'caother' } },
      message: 'nobody changes the name by which access rules know him; somebody else has to',
      record: { ...IDENTITY, operation: 'Updated', name: 'admin' },
      ...own,
    },
    {
      name: 'nobody deletes himself',
      asked: { method: 'DELETE', path: 'identities/ADMIN' },
      message: 'nobody deletes himself; somebody else has to',
      record: { ...IDENTITY, operation: 'Deleted', name: 'admin' },
      ...own,
    },
    {
      name: 'nobody changes his own roles',
      asked: {
        method: 'PUT',
        path: 'identities/admin/roles',
        body: { roles: ['Administrator', 'RA'] },
      },
      message: 'nobody changes his own roles; somebody else has to',
      record: { ...ROLE, name: 'RA' },
      ...own,
    },
    {
      name: 'nobody resets his own password',
      asked: { method: 'POST', path: 'identities/admin/password' },
      message:
        'nobody resets his own password, which he changes by showing the present one; somebody else has to',
      record: {
        event: 'CREDENTIAL_CHANGED',
        category: 'Account',
        operation: 'Updated',
        level: 'Warning',
        name: 'admin',
      },
      ...own,
    },
    {
      name: 'nobody holds Auditor together with another role',
      asked: {
        method: 'PUT',
        path: 'identities/registrar/roles',
        body: { roles: ['RA', 'Auditor'] },
      },
      code: 'role_conflict',
      message: 'nobody may hold Auditor together with RA',
      record: { ...ROLE, name: 'Auditor' },
    },
    {
      name: 'nobody holds CA Operations together with another role',
      asked: {
        method: 'PUT',
        path: 'identities/operator/roles',
        body: { roles: ['CA Operations', 'RA'] },
      },
      code: 'role_conflict',
      message: 'nobody may hold CA Operations together with RA',
      record: { ...ROLE, name: 'RA' },
    },
    {
      name: 'nobody begins with roles that exclude each other',
      asked: create('i-both', ['Auditor', 'Administrator']),
      code: 'role_conflict',
      message: 'nobody may hold Auditor together with Administrator',
      record: { ...IDENTITY, operation: 'Created', name: 'i-both' },
    },
  ] as const)('$name', async ({ asked, ...expected }) => {
    const answer = await expectRefusedAndRecorded(administration, admin, asked, expected);
    expect(answer.body['code']).toBe(expected.code);
  });

  test('somebody is left who may administer', async () => {
    // Somebody else may change users, by a role of his own, but not the access rules.
    await administration.ask(admin, {
      method: 'POST',
      path: 'roles',
      body: {
        name: 'User Administrators',
        description: '',
        permissions: ['certServer.usrgrp.administration:modify'],
      },
    });
    const other = await administration.person(admin, 'i-other', ['User Administrators']);
    const message = 'nobody would be left who may administer users and access rules';
    const expected = { code: 'last_administrator', message };
    await expectRefusedAndRecorded(
      administration,
      other,
      { method: 'PATCH', path: 'identities/admin', body: { disabled: true } },
      { ...expected, record: { ...IDENTITY, operation: 'Updated', name: 'admin' } },
    );
    await expectRefusedAndRecorded(
      administration,
      other,
      { method: 'DELETE', path: 'identities/admin' },
      { ...expected, record: { ...IDENTITY, operation: 'Deleted', name: 'admin' } },
    );
    await expectRefusedAndRecorded(
      administration,
      other,
      { method: 'PUT', path: 'identities/admin/roles', body: { roles: [] } },
      { ...expected, record: { ...ROLE, name: 'Administrator' } },
    );
    // A disabled administrator is none, an enabled one is.
    await administration.ask(admin, create('i-second', ['Administrator']));
    const disable = { method: 'PATCH', path: 'identities/i-second' } as const;
    await administration.ask(admin, { ...disable, body: { disabled: true } });
    await expectRefusedAndRecorded(
      administration,
      other,
      { method: 'DELETE', path: 'identities/admin' },
      { ...expected, record: { ...IDENTITY, operation: 'Deleted', name: 'admin' } },
    );
    await administration.ask(admin, { ...disable, body: { disabled: false } });
    const { status } = await administration.ask(other, {
      method: 'PUT',
      path: 'identities/admin/roles',
      body: { roles: [] },
    });
    expect(status).toBe(200);
    const back = await administration.signIn('i-second', 'long enough');
    const again = { method: 'PUT', path: 'identities/admin/roles' } as const;
    const restored = await administration.ask(back, {
      ...again,
      body: { roles: ['Administrator'] },
    });
    expect(restored.body).toMatchObject({ roles: ['Administrator'] });
  });

  test('two administrators who remove each other at once do not both succeed', async () => {
    const one = await administration.person(admin, 'i-one', ['Administrator']);
    const two = await administration.person(admin, 'i-two', ['Administrator']);
    const [first, second] = await Promise.all([
      administration.ask(one, { method: 'DELETE', path: 'identities/i-two' }),
      administration.ask(two, { method: 'DELETE', path: 'identities/i-one' }),
    ]);
    const statuses = [first.status, second.status].sort((a, b) => a - b);
    expect(statuses).toEqual([204, 401]);
    const refused = [first, second].find(({ status }) => status === 401);
    expect(refused?.body).toMatchObject({
      code: 'session_expired',
      detail: 'the account of this session is not there any more',
    });
  });

  test('who loses the right while the request waits is refused, and that is recorded', async () => {
    const loser = await administration.person(admin, 'i-loser', ['Administrator']);
    const answers: number[] = [];
    const records = await system.recordsOf(async () => {
      const [withdrawn, created] = await Promise.all([
        administration.ask(admin, {
          method: 'PUT',
          path: 'identities/i-loser/roles',
          body: { roles: ['RA'] },
        }),
        administration.ask(loser, {
          method: 'PUT',
          path: 'identities/i-update/roles',
          body: { roles: ['Administrator'] },
        }),
      ]);
      answers.push(withdrawn.status, created.status);
    });
    expect(answers).toEqual([200, 403]);
    expect(
      records
        .filter(({ envelope }) => envelope.outcome === 'Failure')
        .map(({ envelope, content }) => [envelope.event, content.actor.id, content.reason]),
    ).toEqual([['AUTHZ', 'i-loser', 'the right was lost since the request was let through']]);
    const { body } = await administration.ask(admin, {
      method: 'GET',
      path: 'identities/i-update',
    });
    expect(body['roles']).toEqual(['RA']);
  });

  test('one name is given once, however many ask for it at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => await administration.ask(admin, create('i-once'))),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });
});

describe('faults', () => {
  test.each([
    { username: 'admin', field: 'username', message: 'username: "admin" is "admin" already' },
    { username: 'caadmin', field: 'username', message: 'username: "caadmin" is "admin" already' },
    {
      username: 'i-alias',
      alias: 'Auditor',
      field: 'alias',
      message: 'alias: "auditor" is "auditor" already',
    },
  ])('$message', async ({ field, message, ...body }) => {
    const answer = await administration.ask(admin, {
      method: 'POST',
      path: 'identities',
      body: { ...body, name: 'N', roles: [] },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'already_exists', detail: message, field },
    });
  });

  const USERNAME =
    '1 to 64 of the letters a to z, digits and ". _ @ $ \\ -", beginning with a letter or digit';
  const LINE = 'one line of text without control characters or spaces at its ends';
  const MASKED = 'nothing that looks like a secret, which records would mask';
  test.each([
    { field: 'username', body: { username: '__proto__' }, expected: USERNAME },
    { field: 'username', body: { username: 'a b' }, expected: USERNAME },
    { field: 'username', body: { username: 'a\u0000b' }, expected: USERNAME },
    { field: 'username', body: { username: 'аdmin' }, expected: USERNAME },
    { field: 'username', body: { username: 'a"b' }, expected: USERNAME },
    { field: 'username', body: { username: 'x'.repeat(65) }, expected: USERNAME },
    {
      field: 'username',
      body: { username: 'x'.repeat(257) },
      expected: 'at most 256 characters',
    },
    {
      field: 'username',
      body: { username: 'Anybody' },
      expected: 'a name that does not mean everybody in access rules',
    },
    { field: 'username', body: { username: `csp_${'a'.repeat(43)}` }, expected: MASKED },
    { field: 'alias', body: { alias: `cst_${'a'.repeat(43)}` }, expected: MASKED },
    { field: 'name', body: { name: 'Basic YWRtaW46c2VjcmV0' }, expected: MASKED },
    { field: 'alias', body: { alias: 'everybody ' }, expected: expect.stringContaining('a name') },
    { field: 'name', body: { name: 'a\nb' }, expected: LINE },
    { field: 'name', body: { name: 'a\u202eb' }, expected: LINE },
    { field: 'name', body: { name: '\ud800' }, expected: LINE },
    { field: 'name', body: { name: ' a' }, expected: LINE },
    { field: 'name', body: { name: 'x'.repeat(129) }, expected: 'at most 128 characters' },
    { field: 'email', body: { email: 'nobody' }, expected: 'an e-mail address' },
    { field: 'roles.1', body: { roles: ['RA', 'constructor'] }, expected: 'the name of a role' },
    { field: 'roles.0', body: { roles: ['__proto__'] }, expected: 'the name of a role' },
    { field: 'password', body: { password: 'short' }, expected: '8 to 256 characters' },
    { field: 'admin', body: { admin: true }, expected: 'no such field' },
  ])('$field: expected $expected', async ({ field, body, expected }) => {
    const before = await administration.state();
    const { answer, records } = await administration.recorded(admin, {
      method: 'POST',
      path: 'identities',
      body: { username: 'i-faulty', name: 'N', roles: [], ...body },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ field, expected }] },
    });
    expect(records).toEqual([]);
    expect(await administration.state()).toEqual(before);
    expect(JSON.stringify(answer.body)).not.toContain('short');
  });

  test.each([
    { method: 'GET', path: 'identities/constructor' },
    { method: 'PATCH', path: 'identities/nobody-here', body: {} },
    { method: 'DELETE', path: 'identities/..%2Fadmin' },
    { method: 'PUT', path: 'identities/%7B%7D/roles', body: { roles: [] } },
    { method: 'POST', path: 'identities/__proto__/unlock' },
    { method: 'POST', path: 'identities/nobody-here/password' },
  ] as const)('$method $path is not there', async (asked) => {
    const answer = await administration.ask(admin, asked);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('a password is not set where an identity provider vouches', async () => {
    const db = system.behind;
    await administration.ask(admin, create('i-federated'));
    await db
      .updateTable('users')
      .set({ provider: 'Example', subject: 's1', password: '' })
      .where('username', '=', 'i-federated')
      .execute();
    const asked = { method: 'POST', path: 'identities/i-federated/password' } as const;
    expect(await administration.ask(admin, asked)).toMatchObject({
      status: 422,
      body: {
        detail:
          'username: expected an account with a password of its own, got one that Example vouches for',
      },
    });
  });
});

test('a role has so many members at most, and its record holds them all', async () => {
  const db = system.behind;
  const name = (i: number) => `member-${String(i).padStart(57, '0')}`;
  const created_at = '2026-11-22T05:00:00.000Z';
  await administration.ask(admin, {
    method: 'POST',
    path: 'roles',
    body: { name: 'Crowd', description: '', permissions: [] },
  });
  for (let at = 0; at < 4_999; at += 500) {
    const some = Array.from({ length: Math.min(500, 4_999 - at) }, (_, i) => name(at + i));
    await db
      .insertInto('users')
      .values(
        some.map((username) => ({
          id: username,
          username,
          name: 'Member',
          kind: 'person' as const,
          password: '',
          password_generated: 0,
          disabled: 0,
          created_at,
        })),
      )
      .execute();
    await db
      .insertInto('role_assignments')
      .values(some.map((user_id) => ({ user_id, role: 'Crowd', granted_at: created_at })))
      .execute();
  }
  const put = (username: string) =>
    ({ method: 'PUT', path: `identities/${username}/roles`, body: { roles: ['Crowd'] } }) as const;
  const { answer, records } = await administration.recorded(admin, put('i-made'));
  expect(answer.status).toBe(200);
  expect(records[0]?.content.after?.['members']).toHaveLength(5_000);
  const before = await administration.state();
  expect(await administration.ask(admin, put('i-roles'))).toMatchObject({
    status: 422,
    body: { detail: 'roles: expected at most 5000 members of Crowd, got 5001' },
  });
  expect(await administration.state()).toEqual(before);
  await db.deleteFrom('users').where('id', 'like', 'member-%').execute();
});

describe('the list', () => {
  test('comes in pages by user name, each user once', async () => {
    const seen: string[] = [];
    let after = '';
    let pages = 0;
    for (;;) {
      const { body } = await administration.ask(admin, {
        method: 'GET',
        path: `identities?limit=7&after=${encodeURIComponent(after)}`,
      });
      const { identities, total, next } = body as {
        identities: { username: string }[];
        total: number;
        next: string | null;
      };
      seen.push(...identities.map(({ username }) => username));
      pages += 1;
      if (next === null) {
        expect(seen).toHaveLength(total);
        break;
      }
      expect(identities).toHaveLength(7);
      after = next;
    }
    expect(pages).toBeGreaterThan(2);
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  test.each([
    ['I-ASSIGN', ['i-assign']],
    ['caroles', ['i-roles']],
    ['i-roles@EXAMPLE', ['i-roles']],
    ['Made Up', ['i-made']],
    ['%', []],
    ['_', []],
    ['\\', []],
    ["' or 1=1 --", []],
  ])('finds %s', async (search, expected) => {
    const path = `identities?search=${encodeURIComponent(search)}`;
    const { body } = await administration.ask(admin, { method: 'GET', path });
    const found = (body as { identities: { username: string }[] }).identities;
    expect(found.map(({ username }) => username)).toEqual(expected);
    expect(body['total']).toBe(expected.length);
  });

  test.each(['caroles', 'CAROLES', 'i-roles'])('one user is found by %s', async (name) => {
    const { status, body } = await administration.ask(admin, {
      method: 'GET',
      path: `identities/${name}`,
    });
    expect({ status, username: body['username'] }).toEqual({ status: 200, username: 'i-roles' });
  });

  test('auditors may see it, and nobody sees a password', async () => {
    const { answer } = await administration.recorded(cookies.auditor, {
      method: 'GET',
      path: 'identities',
    });
    expect(answer.status).toBe(200);
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain('argon2');
    expect(text).not.toContain(PASSWORDS.admin);
  });
});
