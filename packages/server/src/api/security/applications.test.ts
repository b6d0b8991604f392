import { describe, expect, test } from 'vitest';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  told,
  type Action,
} from '../../security/testing.ts';
import { createFirstApplication } from '../../security/first-application.ts';
import { attribute, startTestServer } from '../../testing/harness.ts';

const system = await startTestServer({
  config: (config) => ({
    ...config,
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };

const right = 'certServer.security.applications:modify';
const APPLICATION = { event: 'CONFIG_APPLICATION', category: 'ApiApplication' };
const KEY = expect.stringMatching(/^csa_[A-Za-z0-9_-]{24}$/);

function model(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return { name, description: '', key: KEY, roles: [], disabled: false, ...more };
}

function create(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return { method: 'POST', path: 'applications', body: { name, roles: [], ...more } } as const;
}

/** Asks for one's own session, as a program with key and secret. */
async function statusAs(key: string, secret: string): Promise<[number, unknown]> {
  const answer = await system.request('/api/v1/security/roles', {
    headers: { authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` },
  });
  const body = (await answer.json()) as Record<string, unknown>;
  return [answer.status, body['code']];
}

const ACTIONS: readonly Action[] = [
  {
    name: 'create',
    asked: create('Created', { description: 'What it is for' }),
    status: 201,
    right,
    records: [
      {
        ...APPLICATION,
        operation: 'Created',
        name: 'Created',
        after: model('Created', { description: 'What it is for' }),
      },
    ],
  },
  {
    name: 'change, disable',
    prepare: [create('Changed')],
    asked: {
      method: 'PATCH',
      path: 'applications/changed',
      body: { description: 'Now', disabled: true },
    },
    status: 200,
    right,
    records: [
      {
        ...APPLICATION,
        operation: 'Updated',
        name: 'Changed',
        before: model('Changed'),
        after: model('Changed', { description: 'Now', disabled: true }),
      },
    ],
  },
  {
    name: 'change to what it is already: no record',
    prepare: [create('Same')],
    asked: {
      method: 'PATCH',
      path: 'applications/Same',
      body: { description: '', disabled: false },
    },
    status: 200,
    right,
    records: [],
  },
  {
    name: 'a new secret',
    prepare: [create('Renewed')],
    asked: { method: 'POST', path: 'applications/Renewed/secret' },
    status: 200,
    right,
    records: [
      {
        ...APPLICATION,
        operation: 'Updated',
        name: 'Renewed',
        before: model('Renewed'),
        after: model('Renewed'),
        reason: 'a new secret was made up',
      },
    ],
  },
  {
    name: 'delete',
    prepare: [create('Deleted', { roles: ['RA'] })],
    asked: { method: 'DELETE', path: 'applications/Deleted' },
    status: 204,
    right,
    records: [
      {
        ...APPLICATION,
        operation: 'Deleted',
        name: 'Deleted',
        before: model('Deleted', { roles: ['RA'] }),
      },
    ],
  },
];

describe('API applications', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
  });

  test('roles are given as to people: each is changed, and the right to do so checked', async () => {
    const { checks, records } = await administration.recorded(
      admin,
      create('Robot', { roles: ['SSH Server Admin', 'ra'] }),
    );
    expect(checks.map((check) => attribute(check, 'aclResource'))).toEqual([
      'certServer.security.applications',
      'certServer.usrgrp.administration',
    ]);
    const role = { event: 'CONFIG_ROLE', category: 'SecurityRole', operation: 'Updated' };
    const withRobot = expect.objectContaining({ members: expect.arrayContaining(['robot']) });
    expect(records.map(told)).toMatchObject([
      { ...APPLICATION, after: { roles: ['RA', 'SSH Server Admin'] } },
      { ...role, name: 'RA', after: withRobot },
      { ...role, name: 'SSH Server Admin', after: withRobot },
    ]);
    const put = { method: 'PUT', path: 'identities/robot/roles' } as const;
    const { answer } = await administration.recorded(admin, { ...put, body: { roles: ['RA'] } });
    expect(answer.body).toMatchObject({ username: 'robot', kind: 'application', roles: ['RA'] });
    const patch = { method: 'PATCH', path: 'applications/Robot' } as const;
    const patched = await administration.recorded(admin, { ...patch, body: { roles: [] } });
    expect(patched.answer.body).toMatchObject({ roles: [] });
    expect(patched.records.map(told)).toMatchObject([{ ...role, name: 'RA' }]);
  });

  test('who may change applications alone gives them no roles', async () => {
    await administration.ask(admin, {
      method: 'POST',
      path: 'roles',
      body: { name: 'Operators', description: '', permissions: [right] },
    });
    const cookie = await administration.person(admin, 'a-operator', ['Operators']);
    expect((await administration.ask(cookie, create('Harmless'))).status).toBe(201);
    const before = await administration.state();
    for (const asked of [
      create('Powerful', { roles: ['Administrator'] }),
      { method: 'PATCH', path: 'applications/Harmless', body: { roles: ['RA'] } } as const,
    ]) {
      const { answer, checks, records } = await administration.recorded(cookie, asked);
      expect(answer).toMatchObject({
        status: 403,
        body: {
          code: 'access_denied',
          resource: 'certServer.usrgrp.administration',
          operation: 'modify',
          recordIndex: checks[1]?.index,
        },
      });
      expect(checks.map(({ envelope }) => envelope.outcome)).toEqual(['Success', 'Failure']);
      expect(records).toEqual([]);
    }
    expect(await administration.state()).toEqual(before);
  });

  test('key and secret let it in; the secret is told once and nowhere else', async () => {
    const { answer, records } = await administration.recorded(
      admin,
      create('Client', { roles: ['Administrator'] }),
    );
    const { application, secret } = answer.body as { application: { key: string }; secret: string };
    expect(secret).toMatch(/^css_[\w-]{43}$/);
    expect(JSON.stringify(records)).not.toContain(secret);
    expect(JSON.stringify(await administration.state())).not.toContain(secret);
    expect(await statusAs(application.key, secret)).toEqual([200, undefined]);
    const users = system.server.platform.state.db.selectFrom('users').select('last_sign_in_at');
    expect(await users.where('username', '=', 'client').executeTakeFirst()).toEqual({
      last_sign_in_at: '2026-11-22T05:00:00.000Z',
    });

    const renew = { method: 'POST', path: 'applications/client/secret' } as const;
    const renewed = await administration.recorded(admin, renew);
    const { secret: next } = renewed.answer.body as { secret: string };
    expect(JSON.stringify(renewed.records)).not.toContain(next);
    expect(await statusAs(application.key, secret)).toEqual([401, 'secret_invalid']);
    expect(await statusAs(application.key, next)).toEqual([200, undefined]);

    const patch = { method: 'PATCH', path: 'applications/Client' } as const;
    await administration.ask(admin, { ...patch, body: { disabled: true } });
    expect(await statusAs(application.key, next)).toEqual([401, 'secret_invalid']);
    await administration.ask(admin, { ...patch, body: { disabled: false } });
    expect(await statusAs(application.key, next)).toEqual([200, undefined]);
    await administration.ask(admin, { method: 'DELETE', path: 'applications/Client' });
    expect(await statusAs(application.key, next)).toEqual([401, 'secret_invalid']);
  });

  test('no password opens it, none is made up for it, and it is no person', async () => {
    await administration.ask(admin, create('Machine', { roles: ['RA'] }));
    await expect(administration.signIn('machine', '')).rejects.toThrow('request_invalid');
    await expect(administration.signIn('machine', 'anything')).rejects.toThrow(
      'credentials_invalid',
    );
    for (const asked of [
      { method: 'POST', path: 'identities/machine/password' },
      { method: 'PATCH', path: 'identities/machine', body: { name: 'N' } },
      { method: 'DELETE', path: 'identities/machine' },
    ] as const) {
      expect(await administration.ask(admin, asked)).toMatchObject({
        status: 404,
        body: { detail: '"machine" is an API application, which is changed as such' },
      });
    }
  });

  test('the list is for auditors, too', async () => {
    const asked = { method: 'GET', path: 'applications' } as const;
    const { body } = await administration.ask(cookies.auditor, asked);
    const { applications } = body as { applications: { name: string }[] };
    expect(applications.find(({ name }) => name === 'Machine')).toEqual({
      name: 'Machine',
      description: '',
      key: KEY,
      roles: ['RA'],
      disabled: false,
      createdAt: '2026-11-22T05:00:00.000Z',
      createdBy: 'admin',
    });
    expect(JSON.stringify(applications)).not.toMatch(/secret|hash/i);
  });
});

describe('the first start', () => {
  test('makes one that enrolls, disabled, once, with a record of it and of its role', async () => {
    const ofStart = (await system.records()).filter(
      ({ content }) => content.actor.id === '$System$',
    );
    expect(ofStart.map(told)).toContainEqual({
      ...APPLICATION,
      operation: 'Created',
      level: 'Information',
      outcome: 'Success',
      actor: '$System$',
      name: 'enrollment',
      after: model('enrollment', {
        description: expect.any(String),
        roles: ['RA'],
        disabled: true,
      }),
    });
    const ra = ofStart.filter(
      ({ envelope, content }) => envelope.operation === 'Updated' && content.target?.name === 'RA',
    );
    expect(ra.map(({ content }) => content.related)).toEqual([
      [expect.objectContaining({ id: 'enrollment', relation: 'member' })],
    ]);
    await administration.ask(admin, { method: 'DELETE', path: 'applications/enrollment' });
    const { platform } = system.server;
    const left = await system.recordsOf(async () => await createFirstApplication(platform));
    expect(left).toEqual([]);
  });
});

describe('duties', () => {
  test('an application holds no roles that exclude each other', async () => {
    const answer = await expectRefusedAndRecorded(
      administration,
      admin,
      create('Both', { roles: ['RA', 'CA Operations'] }),
      {
        code: 'role_conflict',
        message: 'nobody may hold CA Operations together with RA',
        record: { ...APPLICATION, operation: 'Created', name: 'Both' },
        checks: 2,
      },
    );
    expect(answer.body['role']).toBe('RA');
  });

  test('an application neither disables nor deletes itself', async () => {
    const { body } = await administration.ask(admin, create('Self', { roles: ['Administrator'] }));
    const { application, secret } = body as { application: { key: string }; secret: string };
    const authorization = `Basic ${Buffer.from(`${application.key}:${secret}`).toString('base64')}`;
    for (const [method, message] of [
      ['PATCH', 'nobody disables or enables himself; somebody else has to'],
      ['DELETE', 'nobody deletes himself; somebody else has to'],
    ] as const) {
      const answer = await system.request('/api/v1/security/applications/self', {
        method,
        headers: { authorization },
        ...(method === 'PATCH' ? { body: { disabled: true } } : {}),
      });
      expect([answer.status, await answer.json()]).toMatchObject([
        409,
        { code: 'own_role', detail: `${message}; the attempt was recorded` },
      ]);
    }
  });
});

describe('faults', () => {
  const NAME = '1 to 64 letters, digits and ". _ -", beginning with a letter or digit';
  test.each([
    { name: '__proto__', expected: NAME },
    { name: 'a b', expected: NAME },
    { name: 'a\u0000', expected: NAME },
    { name: 'x'.repeat(65), expected: NAME },
    { name: 'Everybody', expected: 'a name that does not mean everybody in access rules' },
  ])('name $name', async ({ name, expected }) => {
    expect(await administration.ask(admin, create(name))).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ field: 'name', expected }] },
    });
  });

  test.each([
    ['Auditor', 'name: "auditor" is "auditor" already'],
    ['CAadmin', 'name: "caadmin" is "admin" already'],
  ])('%s is somebody already', async (name, detail) => {
    expect(await administration.ask(admin, create(name))).toMatchObject({
      status: 409,
      body: { code: 'already_exists', detail, field: 'name' },
    });
  });

  test.each([
    { method: 'PATCH', path: 'applications/constructor', body: {} },
    { method: 'DELETE', path: 'applications/admin' },
    { method: 'POST', path: 'applications/__proto__/secret' },
  ] as const)('$method $path is not there', async (asked) => {
    const answer = await administration.ask(admin, asked);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
