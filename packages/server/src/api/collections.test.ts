import { describe, expect, test } from 'vitest';
import { insertCertificateRows } from '../certificates/testing.ts';
import { attribute, startTestServer, type SeenRecord } from '../testing/harness.ts';

const system = await startTestServer();
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');
const operator = await system.signInAs('operator', ['CA Operations']);
await insertCertificateRows(system.behind, [
  { subject: 'CN=web1', template: 'Web' },
  { subject: 'CN=web2', template: 'Web' },
  { subject: 'CN=mine', template: 'VPN', requester: 'operator' },
]);
for (const name of ['Web Team', 'VPN Team'])
  await system.request('/api/v1/security/roles', {
    method: 'POST',
    cookie: admin,
    body: { name, description: '', permissions: [] },
  });

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly records: SeenRecord[];
  readonly checks: SeenRecord[];
}

async function ask(method: string, path: string, body?: unknown, cookie = admin): Promise<Answer> {
  let status = 0;
  let answered: Record<string, unknown> = {};
  const seen = await system.recordsOf(async () => {
    const answer = await system.request(`/api/v1/collections${path}`, { method, body, cookie });
    status = answer.status;
    const text = await answer.text();
    if (text !== '') answered = JSON.parse(text) as Record<string, unknown>;
  });
  const checks = seen.filter(({ envelope }) => envelope.event === 'AUTHZ');
  const records = seen.filter(({ envelope }) => envelope.event !== 'AUTHZ');
  expect(checks).toHaveLength(1);
  return { status, body: answered, records, checks };
}

const CONFIG = {
  event: 'CONFIG_COLLECTION',
  category: 'CertificateQuery',
  level: 'Information',
  outcome: 'Success',
};
let id = 0;

describe('a collection', () => {
  test('is created with its query, counted, and recorded', async () => {
    const made = await ask('POST', '', {
      name: 'Web servers',
      query: 'Template -eq "web"',
      onDashboard: true,
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'Web servers',
        description: '',
        query: 'Template -eq "web"',
        onDashboard: true,
        count: 2,
        problem: null,
        permissions: [],
      },
    });
    id = Number(made.body['id']);
    expect(made.records).toHaveLength(1);
    expect(made.records[0]?.envelope).toMatchObject({ ...CONFIG, operation: 'Created' });
    expect(made.records[0]?.content).toMatchObject({
      target: { type: 'collection', id: String(id), name: 'Web servers' },
      after: { id, name: 'Web servers', query: 'Template -eq "web"', permissions: [] },
    });
    expect(made.records[0]?.content.before).toBeUndefined();
  });

  test.each([
    [{ name: 'web SERVERS', query: '' }, 409, 'already_exists'],
    [{ name: 'New', query: 'Nothing -eq 1' }, 400, 'query_syntax'],
    [{ name: 'New', query: 'CN -eq' }, 400, 'query_syntax'],
    [{ name: '', query: '' }, 422, 'request_invalid'],
    [{ name: 'New', query: 'x', collection: 1 }, 422, 'request_invalid'],
  ])('is not created of %j', async (body, status, code) => {
    expect(await ask('POST', '', body)).toMatchObject({ status, body: { code }, records: [] });
  });

  test('is changed with before and after; a change of nothing is none', async () => {
    const changed = await ask('PATCH', `/${id}`, { query: 'CN -startswith "web"' });
    expect(changed).toMatchObject({ status: 200, body: { count: 2 } });
    expect(changed.records.map(({ envelope }) => envelope.operation)).toEqual(['Updated']);
    expect(changed.records[0]?.content).toMatchObject({
      before: { query: 'Template -eq "web"' },
      after: { query: 'CN -startswith "web"' },
    });
    const again = await ask('PATCH', `/${id}`, { name: 'Web servers' });
    expect(again).toMatchObject({ status: 200, records: [] });
    expect(await ask('PATCH', '/99', {})).toMatchObject({
      status: 404,
      body: { detail: 'there is no collection 99' },
    });
  });

  test('with %ME% holds for everybody his own', async () => {
    const made = await ask('POST', '', { name: 'Own', query: 'Requester -eq %ME%' });
    const path = `/${Number(made.body['id'])}`;
    expect(made.body).toMatchObject({ count: 0 });
    expect((await ask('GET', path, undefined, operator)).body).toMatchObject({ count: 1 });
    await ask('DELETE', path);
  });

  test('is read by auditors, and changed by administrators alone', async () => {
    const { body } = await ask('GET', '', undefined, auditor);
    expect(body).toMatchObject({ collections: [{ id, count: 2 }] });
    for (const cookie of [auditor, operator])
      expect(await ask('PATCH', `/${id}`, { query: '' }, cookie)).toMatchObject({
        status: 403,
        records: [],
      });
  });
});

describe('permissions on a collection', () => {
  test('are given to roles as one record with the whole before and after', async () => {
    const set = await ask('PUT', `/${id}/permissions`, {
      permissions: [{ role: 'web team', operations: ['revoke', 'read', 'read'] }],
    });
    expect(set).toMatchObject({
      status: 200,
      body: { permissions: [{ role: 'Web Team', operations: ['read', 'revoke'] }] },
    });
    expect(set.records).toHaveLength(1);
    expect(set.records[0]?.envelope).toMatchObject({ ...CONFIG, operation: 'Updated' });
    expect(set.records[0]?.content).toMatchObject({
      before: { permissions: [] },
      after: { permissions: [{ role: 'Web Team', operations: ['read', 'revoke'] }] },
      related: [{ type: 'role', id: 'Web Team', relation: 'role' }],
    });
    const rows = await system.behind
      .selectFrom('role_permissions')
      .selectAll()
      .where('role', '=', 'Web Team')
      .orderBy('operation')
      .execute();
    const resource = `certServer.certificate.collections.${id}`;
    expect(rows).toEqual([
      { role: 'Web Team', resource, operation: 'read' },
      { role: 'Web Team', resource, operation: 'revoke' },
    ]);
  });

  test('hold at once, for what the collection holds alone', async () => {
    const guest = await system.signInAs('guest', ['Web Team']);
    const listed = await system.request('/api/v1/certificates', { cookie: guest });
    expect(await listed.json()).toMatchObject({ total: 2 });
    const seen = await ask('GET', '', undefined, guest);
    expect(seen.body).toMatchObject({ collections: [{ id, count: 2, permissions: [] }] });
    expect(attribute(seen.checks[0], 'aclResource')).toBe(
      `certServer.certificate.collections.${id}`,
    );
    await ask('PUT', `/${id}/permissions`, { permissions: [] });
    const after = await system.request('/api/v1/certificates', { cookie: guest });
    expect(after.status).toBe(403);
    await ask('PUT', `/${id}/permissions`, {
      permissions: [{ role: 'Web Team', operations: ['read'] }],
    });
  });

  test.each([
    [[{ role: 'Nobody', operations: ['read'] }], 422, 'request_invalid'],
    [[{ role: 'Web Team', operations: ['modify'] }], 422, 'request_invalid'],
  ])('%j are refused', async (permissions, status, code) => {
    const refused = await ask('PUT', `/${id}/permissions`, { permissions });
    expect(refused).toMatchObject({ status, body: { code }, records: [] });
  });

  test('are not given to roles of the product, nor to one’s own, and the attempt is recorded', async () => {
    const builtIn = await ask('PUT', `/${id}/permissions`, {
      permissions: [
        { role: 'Web Team', operations: ['read'] },
        { role: 'RA', operations: ['revoke'] },
      ],
    });
    expect(builtIn).toMatchObject({ status: 409, body: { code: 'built_in' } });
    const both = await system.signInAs('both', ['Administrator', 'VPN Team']);
    const own = await ask(
      'PUT',
      `/${id}/permissions`,
      { permissions: [{ role: 'VPN Team', operations: ['read'] }] },
      both,
    );
    expect(own).toMatchObject({ status: 409, body: { code: 'own_role' } });
    expect(own.records).toHaveLength(1);
    expect(own.records[0]?.envelope).toMatchObject({
      event: 'CONFIG_COLLECTION',
      outcome: 'Failure',
      level: 'Failure',
    });
    expect(own.records[0]?.content.reason).toBe(
      'nobody changes a role that he holds, here VPN Team; somebody else has to',
    );
  });

  test('keep their holders from changing the query they reach by', async () => {
    const mixed = await system.signInAs('mixed', ['Administrator', 'Web Team']);
    const refused = await ask('PATCH', `/${id}`, { query: '' }, mixed);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'own_role',
        detail:
          'nobody changes the query of a collection on which he has rights, here read; somebody else has to; the attempt was recorded',
      },
    });
    expect(refused.records.map(({ envelope }) => envelope.outcome)).toEqual(['Failure']);
    const renamed = await ask('PATCH', `/${id}`, { description: 'All of them' }, mixed);
    expect(renamed.status).toBe(200);
  });

  test('go with the collection', async () => {
    const deleted = await ask('DELETE', `/${id}`);
    expect(deleted.status).toBe(204);
    expect(deleted.records.map(({ envelope }) => envelope.operation)).toEqual(['Deleted']);
    expect(deleted.records[0]?.content.before).toMatchObject({
      permissions: [{ role: 'Web Team', operations: ['read'] }],
    });
    const rows = await system.behind
      .selectFrom('role_permissions')
      .selectAll()
      .where('resource', 'like', '%collections%')
      .execute();
    expect(rows).toEqual([]);
  });

  test('an alert about a collection keeps it', async () => {
    const made = await ask('POST', '', { name: 'Watched', query: '' });
    const watched = Number(made.body['id']);
    await system.behind
      .insertInto('alerts')
      .values({
        kind: 'expiration',
        display_name: 'Soon',
        subject: 's',
        message: 'm',
        recipients: '[]',
        webhook: null,
        enabled: 1,
        days_before: 30,
        query: null,
        collection: watched,
        template: null,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      })
      .execute();
    expect(await ask('DELETE', `/${watched}`)).toMatchObject({
      status: 409,
      body: { code: 'in_use', detail: 'collection "Watched": alert "Soon" is about it' },
      records: [],
    });
  });
});
