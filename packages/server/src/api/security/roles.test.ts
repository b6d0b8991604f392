import { describe, expect, test } from 'vitest';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  type Action,
} from '../../security/testing.ts';
import { noteOf } from '../../recording/testing.ts';
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

const MODIFY = 'certServer.usrgrp.administration:modify';
const ROLE = { event: 'CONFIG_ROLE', category: 'SecurityRole' };
const READ_USERS = 'certServer.usrgrp.administration:read';

function model(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    name,
    description: '',
    exclusive: false,
    groups: [],
    permissions: [],
    members: [],
    claims: [],
    ...more,
  };
}

function create(name: string, more: Readonly<Record<string, unknown>> = {}) {
  const body = { name, description: '', permissions: [], ...more };
  return { method: 'POST', path: 'roles', body } as const;
}

function person(username: string, roles: readonly string[]) {
  const body = { username, name: username, roles, password: 'long enough' };
  return { method: 'POST', path: 'identities', body } as const;
}

const ACTIONS: readonly Action[] = [
  {
    name: 'create',
    asked: create('R Created', {
      description: 'What it is for',
      exclusive: true,
      groups: ['R Agents', 'R Agents'],
      permissions: [READ_USERS, READ_USERS, 'certServer.ca.certs:execute'],
    }),
    status: 201,
    right: MODIFY,
    records: [
      {
        ...ROLE,
        operation: 'Created',
        name: 'R Created',
        after: model('R Created', {
          description: 'What it is for',
          exclusive: true,
          groups: ['R Agents'],
          permissions: ['certServer.ca.certs:execute', READ_USERS],
        }),
      },
    ],
  },
  {
    name: 'grant and withdraw rights: an update of the role',
    prepare: [
      create('R Granted', { permissions: [READ_USERS] }),
      person('r-granted', ['R Granted']),
    ],
    asked: {
      method: 'PATCH',
      path: 'roles/r granted',
      body: { permissions: ['certServer.ca.certs:execute'] },
    },
    status: 200,
    right: MODIFY,
    records: [
      {
        ...ROLE,
        operation: 'Updated',
        name: 'R Granted',
        before: model('R Granted', { permissions: [READ_USERS], members: ['r-granted'] }),
        after: model('R Granted', {
          permissions: ['certServer.ca.certs:execute'],
          members: ['r-granted'],
        }),
      },
    ],
  },
  {
    name: 'change everything else',
    prepare: [create('R Before', { permissions: [READ_USERS] }), person('r-before', ['R Before'])],
    asked: {
      method: 'PATCH',
      path: 'roles/R%20Before',
      body: { name: 'R After', description: 'Now', exclusive: true, groups: ['R After Agents'] },
    },
    status: 200,
    right: MODIFY,
    records: [
      {
        ...ROLE,
        operation: 'Updated',
        name: 'R After',
        before: model('R Before', { permissions: [READ_USERS], members: ['r-before'] }),
        after: model('R After', {
          description: 'Now',
          exclusive: true,
          groups: ['R After Agents'],
          permissions: [READ_USERS],
          members: ['r-before'],
        }),
      },
    ],
  },
  {
    name: 'change to what it is already: no record',
    prepare: [create('R Same', { permissions: [READ_USERS], groups: ['R Same Agents'] })],
    asked: {
      method: 'PATCH',
      path: 'roles/R Same',
      body: {
        name: 'R Same',
        description: '',
        exclusive: false,
        groups: ['R Same Agents'],
        permissions: [READ_USERS],
      },
    },
    status: 200,
    right: MODIFY,
    records: [],
  },
  {
    name: 'delete',
    prepare: [create('R Deleted'), person('r-deleted', ['R Deleted', 'RA'])],
    asked: { method: 'DELETE', path: 'roles/R Deleted' },
    status: 204,
    right: MODIFY,
    records: [
      {
        ...ROLE,
        operation: 'Deleted',
        name: 'R Deleted',
        before: model('R Deleted', { members: ['r-deleted'] }),
      },
    ],
  },
];

describe('roles', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
  });

  test('a rename is related to the name before', async () => {
    await administration.ask(admin, create('R Old'));
    const asked = { method: 'PATCH', path: 'roles/R Old', body: { name: 'R New' } } as const;
    const { records } = await administration.recorded(admin, asked);
    expect(records[0]?.content).toMatchObject({
      target: { type: 'role', id: 'R New', name: 'R New' },
      related: [{ type: 'role', id: 'R Old', name: 'R Old', relation: 'formerly' }],
      attributes: [
        ['SubjectID', 'admin'],
        ['Outcome', 'Success'],
        ['ParamNameValPairs', 'Scope;;groups+Operation;;OP_MODIFY+Resource;;R New'],
      ],
    });
  });

  test('what a role is granted holds from the next request on, and so does what it loses', async () => {
    await administration.ask(admin, create('R Effect'));
    const cookie = await administration.person(admin, 'r-effect', ['R Effect']);
    const list = { method: 'GET', path: 'identities?limit=1' } as const;
    const statuses: number[] = [];
    const tryIt = async () => statuses.push((await administration.ask(cookie, list)).status);
    const change = { method: 'PATCH', path: 'roles/R Effect' } as const;
    await tryIt();
    await administration.ask(admin, { ...change, body: { permissions: [READ_USERS] } });
    await tryIt();
    await administration.ask(admin, { ...change, body: { name: 'R Effective' } });
    await tryIt();
    await administration.ask(admin, { method: 'DELETE', path: 'roles/R Effective' });
    await tryIt();
    expect(statuses).toEqual([403, 200, 200, 403]);
    const read = { method: 'GET', path: 'identities/r-effect' } as const;
    expect((await administration.ask(admin, read)).body).toMatchObject({ roles: [] });
  });

  test('sessions that have a role by a claim end when the role is renamed or deleted', async () => {
    const { state, sessions, recorder } = system.server.platform;
    await administration.ask(admin, create('R Claimed'));
    await administration.ask(admin, person('r-claimed', []));
    const user = await state.db
      .selectFrom('users')
      .selectAll()
      .where('username', '=', 'r-claimed')
      .executeTakeFirstOrThrow();
    const claimant = {
      id: user.id,
      username: user.username,
      name: user.name,
      kind: 'person' as const,
      alias: null,
      roles: ['R Claimed'],
      passwordGenerated: false,
    };
    const { result } = await recorder.audited(async (tx) => {
      tx.record(noteOf('a session'));
      return await sessions.create(tx.db, {
        user: claimant,
        address: '127.0.0.1',
        method: 'oidc',
        claimed: true,
      });
    });
    result.begin();
    expect(sessions.use(result.id)).toMatchObject({ user: { roles: ['R Claimed'] } });
    const change = { method: 'PATCH', path: 'roles/R Claimed', body: { name: 'R Reclaimed' } };
    await administration.ask(admin, { ...change, method: 'PATCH' });
    expect(sessions.use(result.id)).toBe('unknown');
    const rows = await state.db
      .selectFrom('sessions')
      .selectAll()
      .where('user_id', '=', user.id)
      .execute();
    expect(rows).toEqual([]);
  });
});

describe('duties', () => {
  const builtIn = (role: string) =>
    `${role} belongs to the product: only its members and claims can be changed`;
  const administrators = { ...ROLE, name: 'Administrator' };

  test.each([
    { body: { description: 'Other' } },
    { body: { name: 'Other' } },
    { body: { permissions: [READ_USERS] } },
    { body: { groups: [] } },
    { body: { exclusive: true } },
  ])('a role of the product is not changed: $body', async ({ body }) => {
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'PATCH', path: 'roles/RA', body },
      {
        code: 'built_in',
        message: builtIn('RA'),
        record: { ...ROLE, operation: 'Updated', name: 'RA' },
      },
    );
    expect(answer.body['role']).toBe('RA');
  });

  test('a role of the product is not deleted', async () => {
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'DELETE', path: 'roles/administrator' },
      {
        code: 'built_in',
        message: builtIn('Administrator'),
        record: { ...administrators, operation: 'Deleted' },
      },
    );
    expect(answer.status).toBe(409);
  });

  test('nobody changes a role that he holds, but its description', async () => {
    const power = {
      permissions: [MODIFY, READ_USERS, 'certServer.acl.configuration:modify'],
    };
    await administration.ask(admin, create('R Own', power));
    const holder = await administration.person(admin, 'r-own', ['R Own']);
    const message = 'nobody changes a role that he holds, here R Own; somebody else has to';
    const record = { ...ROLE, name: 'R Own' };
    for (const body of [
      { permissions: [] },
      { permissions: [...power.permissions, 'certServer.ca.certs:execute'] },
      { name: 'R Mine' },
      { exclusive: true },
      { groups: ['R Own Agents'] },
    ]) {
      await expectRefusedAndRecorded(
        administration,
        holder,
        { method: 'PATCH', path: 'roles/R Own', body },
        { code: 'own_role', message, record: { ...record, operation: 'Updated' } },
      );
    }
    await expectRefusedAndRecorded(
      administration,
      holder,
      { method: 'DELETE', path: 'roles/R Own' },
      { code: 'own_role', message, record: { ...record, operation: 'Deleted' } },
    );
    const body = { description: 'Those who say who may do what' };
    const { answer, records } = await administration.recorded(holder, {
      method: 'PATCH',
      path: 'roles/R Own',
      body,
    });
    expect(answer).toMatchObject({ status: 200, body });
    expect(records[0]?.content.after).toMatchObject(body);
  });

  test('a role that somebody holds beside another cannot become exclusive', async () => {
    await administration.ask(admin, create('R Shared'));
    await administration.ask(admin, person('r-shared', ['R Shared', 'RA']));
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'PATCH', path: 'roles/R Shared', body: { exclusive: true } },
      {
        code: 'role_conflict',
        message: 'r-shared holds R Shared together with RA, so R Shared cannot be exclusive',
        record: { ...ROLE, operation: 'Updated', name: 'R Shared' },
      },
    );
    expect(answer.body['held']).toEqual(['R Shared', 'RA']);
  });

  test('an exclusive role of one’s own making is held alone', async () => {
    await administration.ask(admin, create('R Alone', { exclusive: true }));
    await administration.ask(admin, person('r-alone', ['R Alone']));
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'PUT', path: 'identities/r-alone/roles', body: { roles: ['R Alone', 'RA'] } },
      {
        code: 'role_conflict',
        message: 'nobody may hold R Alone together with RA',
        record: { ...ROLE, operation: 'Updated', name: 'RA' },
      },
    );
    expect(answer.body['role']).toBe('RA');
  });

  test.each([
    'certServer.log.content.signedAudit:read',
    'certServer.log.content:read',
    'certServer.log.content.signedAudit.contents:erase',
    'certServer.log:read',
    'certServer:read',
  ])('%s is kept for exclusive roles', async (right) => {
    const message = `${right} is kept for exclusive roles, and R Reader is none`;
    await expectRefusedAndRecorded(
      administration,
      admin,
      create('R Reader', { permissions: [right] }),
      {
        code: 'reserved_right',
        message,
        record: { ...ROLE, operation: 'Created', name: 'R Reader' },
      },
    );
    const name = `R Watch ${right.replaceAll(/[^a-z]/gi, '')}`.slice(0, 60);
    const made = create(name, { permissions: [right], exclusive: true });
    expect((await administration.ask(admin, made)).status).toBe(201);
    await expectRefusedAndRecorded(
      administration,
      admin,
      { method: 'PATCH', path: `roles/${name}`, body: { exclusive: false } },
      {
        code: 'reserved_right',
        message: `${right} is kept for exclusive roles, and ${name} is none`,
        record: { ...ROLE, operation: 'Updated', name },
      },
    );
  });

  test('the last who may administer do not lose the right with their role', async () => {
    const alone = await startTestServer();
    const other = new Administration(alone);
    const first = await alone.signIn('admin');
    const rights = [MODIFY, READ_USERS, 'certServer.acl.configuration:modify'];
    await other.ask(first, create('R Last', { permissions: rights }));
    await other.ask(first, create('R Users', { permissions: [MODIFY] }));
    await other.ask(first, person('r-last', ['R Last']));
    const users = await other.person(first, 'r-users', ['R Users']);
    const remove = { method: 'DELETE', path: 'identities/admin' } as const;
    expect((await other.ask(users, remove)).status).toBe(204);
    const expected = {
      code: 'last_administrator',
      message: 'nobody would be left who may administer users and access rules',
    };
    await expectRefusedAndRecorded(
      other,
      users,
      { method: 'PATCH', path: 'roles/R Last', body: { permissions: [MODIFY] } },
      { ...expected, record: { ...ROLE, operation: 'Updated', name: 'R Last' } },
    );
    await expectRefusedAndRecorded(
      other,
      users,
      { method: 'DELETE', path: 'roles/R Last' },
      { ...expected, record: { ...ROLE, operation: 'Deleted', name: 'R Last' } },
    );
  });
});

describe('faults', () => {
  test.each([
    [{ name: 'auditor' }, 'name', 'name: "auditor" is a role already'],
    [
      { name: 'administrators' },
      'name',
      'name: "administrators" is a group of role Administrator already',
    ],
    [
      { groups: ['R Fine', 'Auditors'] },
      'groups.1',
      'groups.1: "Auditors" is a group of role Auditor already',
    ],
    [{ groups: ['RA'] }, 'groups.0', 'groups.0: "RA" is a role already'],
  ])('%j: %s', async (more, field, detail) => {
    const before = await administration.state();
    const { answer, records } = await administration.recorded(admin, create('R Taken', more));
    expect(answer).toMatchObject({ status: 409, body: { code: 'already_exists', field, detail } });
    expect(records).toEqual([]);
    expect(await administration.state()).toEqual(before);
  });

  const DISTINCT = 'single spaces and letters of one alphabet';
  const MASKED = 'nothing that looks like a secret, which records would mask';
  const NAME =
    '1 to 64 letters, digits, spaces and ". _ ( ) \' / -", beginning with a letter or digit';
  test.each([
    { field: 'name', body: { name: '__proto__' }, expected: NAME },
    { field: 'name', body: { name: 'a"b' }, expected: NAME },
    { field: 'name', body: { name: 'a || b' }, expected: NAME },
    { field: 'name', body: { name: 'a\nb' }, expected: NAME },
    { field: 'name', body: { name: 'a+Resource;;b' }, expected: NAME },
    { field: 'name', body: { name: 'x'.repeat(65) }, expected: NAME },
    { field: 'groups.0', body: { groups: ['a;b'] }, expected: NAME },
    { field: 'name', body: { name: 'CA  Operations' }, expected: DISTINCT },
    { field: 'name', body: { name: 'Аuditor' }, expected: DISTINCT },
    { field: 'groups.0', body: { groups: ['Auditοrs'] }, expected: DISTINCT },
    { field: 'name', body: { name: `csp_${'a'.repeat(43)}` }, expected: MASKED },
    {
      field: 'description',
      body: { description: '-----BEGIN PRIVATE KEY-----' },
      expected: MASKED,
    },
    { field: 'description', body: { description: 'a\u0000' }, expected: expect.any(String) },
    {
      field: 'description',
      body: { description: 'x'.repeat(1_025) },
      expected: 'at most 1024 characters',
    },
    {
      field: 'permissions.0',
      body: { permissions: ['constructor'] },
      expected: expect.any(String),
    },
    { field: 'permissions.0', body: { permissions: ['a:b:c'] }, expected: expect.any(String) },
    {
      field: 'permissions',
      body: { permissions: Array(501).fill(READ_USERS) },
      expected: 'at most 500',
    },
    { field: 'builtIn', body: { builtIn: true }, expected: 'no such field' },
  ])('$field: expected $expected', async ({ field, body, expected }) => {
    const { answer, records } = await administration.recorded(admin, create('R Faulty', body));
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ field, expected }] },
    });
    expect(records).toEqual([]);
  });

  test('rights go by Keyfactor’s names, too, and are told with them, those of access rules beside them', async () => {
    const permissions = [
      'Certificates: Revoke',
      '/ssh/user/',
      '/certificates/collections/read/17/',
    ];
    const asked = create('R Named', { permissions, groups: ['R Named Agents'] });
    const { status, body } = await administration.ask(admin, asked);
    expect(status).toBe(201);
    expect(body['permissions']).toEqual([
      {
        resource: 'certServer.certificate.collections.17',
        operation: 'read',
        from: 'role',
        names: ['/certificates/collections/read/17/'],
      },
      {
        resource: 'certServer.certificate.collections',
        operation: 'revoke',
        from: 'role',
        names: ['Certificates:Revoke', '/certificates/collections/revoke/'],
      },
      ...['modify', 'read'].map((operation) => ({
        resource: 'certServer.ssh.mykey',
        operation,
        from: 'role',
        names: [
          'SSH:User',
          'SSH:ServerAdmin',
          'SSH:EnterpriseAdmin',
          '/ssh/enterprise_admin/',
          '/ssh/server_admin/',
          '/ssh/user/',
        ],
      })),
    ]);
    const auditor = await administration.ask(admin, { method: 'GET', path: 'roles/Auditor' });
    expect(auditor.body['permissions']).toContainEqual({
      resource: 'certServer.log.content.signedAudit',
      operation: 'read',
      from: 'rule',
      names: ['Auditing:Read', '/auditing/read/'],
    });
    expect(
      await administration.ask(admin, create('R Misnamed', { permissions: ['Auditing:Write'] })),
    ).toMatchObject({
      status: 422,
      body: {
        code: 'request_invalid',
        errors: [
          {
            field: 'permissions.0',
            expected:
              'a permission such as certServer.log.content.signedAudit:read, Auditing:Read or /auditing/read/',
            got: '"Auditing:Write"',
          },
        ],
      },
    });
  });

  test.each([
    { method: 'GET', path: 'roles/constructor' },
    { method: 'PATCH', path: 'roles/__proto__', body: { description: '' } },
    { method: 'DELETE', path: 'roles/nothing%2Fhere' },
  ] as const)('$method $path is not there', async (asked) => {
    const answer = await administration.ask(admin, asked);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

test('the list has every role with who holds it and what it may, for auditors, too', async () => {
  const asked = { method: 'GET', path: 'roles' } as const;
  const { body } = await administration.ask(cookies.auditor, asked);
  const { roles } = body as { roles: { name: string; permissions: unknown[] }[] };
  const auditor = roles.find(({ name }) => name === 'Auditor');
  expect(auditor).toMatchObject({
    builtIn: true,
    exclusive: true,
    groups: ['Auditors'],
    members: ['auditor'],
    claims: [],
  });
  const one = await administration.ask(admin, { method: 'GET', path: 'roles/AUDITOR' });
  expect(one.body).toEqual(auditor);
});
