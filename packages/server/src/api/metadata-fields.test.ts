import { expect, test } from 'vitest';
import { insertCertificateRows } from '../certificates/testing.ts';
import { startTestServer, type SeenRecord } from '../testing/harness.ts';

const system = await startTestServer();
const admin = await system.signIn('admin');
const operator = await system.signInAs('operator', ['CA Operations']);

async function ask(
  method: string,
  path: string,
  body?: unknown,
  cookie = admin,
): Promise<{ status: number; body: Record<string, unknown>; records: SeenRecord[] }> {
  let status = 0;
  let answered: Record<string, unknown> = {};
  const seen = await system.recordsOf(async () => {
    const answer = await system.request(`/api/v1/metadata-fields${path}`, { method, body, cookie });
    status = answer.status;
    const text = await answer.text();
    if (text !== '') answered = JSON.parse(text) as Record<string, unknown>;
  });
  expect(seen.filter(({ envelope }) => envelope.event === 'AUTHZ')).toHaveLength(1);
  const records = seen.filter(({ envelope }) => envelope.event !== 'AUTHZ');
  return { status, body: answered, records };
}

const OWNER = {
  name: 'Owner-Mail',
  description: 'Who is asked.',
  type: 'email',
  hint: 'somebody@example.com',
  validation: '.+@example\\.com',
  message: 'an address at example.com',
  options: [],
  defaultValue: null,
  enrollment: 'required',
};

test('a field is created, listed and recorded whole', async () => {
  const made = await ask('POST', '', OWNER);
  expect(made).toMatchObject({ status: 201, body: { ...OWNER, inUse: 0 } });
  expect(made.records).toHaveLength(1);
  expect(made.records[0]?.envelope).toMatchObject({
    event: 'CONFIG_METADATA_FIELD',
    category: 'MetadataField',
    operation: 'Created',
    level: 'Information',
    outcome: 'Success',
  });
  expect(made.records[0]?.content).toMatchObject({
    actor: { id: 'admin' },
    target: { type: 'metadata field', id: 'Owner-Mail', name: 'Owner-Mail' },
    after: OWNER,
  });
  expect((await ask('GET', '', undefined, operator)).body).toEqual({
    metadataFields: [{ ...OWNER, inUse: 0 }],
  });
});

test.each([
  [{ name: 'owner-mail', type: 'string' }, 409, 'already_exists', 'Owner-Mail'],
  [{ name: '1st', type: 'string' }, 422, 'request_invalid', 'beginning with a letter'],
  [{ name: 'constructor', type: 'string' }, 422, 'request_invalid', 'that no object has of itself'],
  [{ name: 'A', type: 'choice' }, 422, 'request_invalid', 'one option at least'],
  [{ name: 'A', type: 'string', options: ['x'] }, 422, 'request_invalid', 'no options for type'],
  [{ name: 'A', type: 'choice', options: ['x', 'X'] }, 422, 'request_invalid', 'each option once'],
  [{ name: 'A', type: 'string', validation: '(' }, 422, 'request_invalid', 'a regular expression'],
  [{ name: 'A', type: 'string', message: 'x' }, 422, 'request_invalid', 'only together with'],
  [
    { name: 'A', type: 'integer', defaultValue: '007' },
    422,
    'request_invalid',
    'defaultValue: expected a whole number of at most 15 digits, without leading zeros, got "007"',
  ],
] as const)('%j is refused', async (field, status, code, message) => {
  const refused = await ask('POST', '', field);
  expect(refused).toMatchObject({ status, body: { code }, records: [] });
  expect(JSON.stringify(refused.body)).toContain(message.replaceAll('"', '\\"'));
});

test('a field is changed with before and after; a change of nothing is none', async () => {
  const changed = await ask('PATCH', '/Owner-Mail', { enrollment: 'optional', hint: '' });
  expect(changed).toMatchObject({ status: 200, body: { enrollment: 'optional', hint: '' } });
  expect(changed.records.map(({ envelope }) => envelope.operation)).toEqual(['Updated']);
  expect(changed.records[0]?.content).toMatchObject({
    before: OWNER,
    after: { ...OWNER, enrollment: 'optional', hint: '' },
  });
  const again = await ask('PATCH', '/Owner-Mail', { enrollment: 'optional' });
  expect(again).toMatchObject({ status: 200, records: [] });
  expect(await ask('PATCH', '/None', {})).toMatchObject({
    status: 404,
    body: { code: 'not_found', detail: 'there is no metadata field "None"' },
  });
});

test('what is in use keeps its type and its options, and is deleted by force only', async () => {
  await ask('POST', '', { name: 'Stage', type: 'choice', options: ['Test', 'Live'] });
  await insertCertificateRows(system.behind, [{ subject: 'CN=a', metadata: { Stage: 'Live' } }]);
  expect(await ask('PATCH', '/Stage', { type: 'string', options: [] })).toMatchObject({
    status: 409,
    body: {
      code: 'in_use',
      detail: 'metadata field "Stage" cannot have another type: 1 certificates have a value in it',
    },
    records: [],
  });
  expect(await ask('PATCH', '/Stage', { options: ['Test'] })).toMatchObject({
    status: 409,
    body: {
      code: 'in_use',
      detail: 'metadata field "Stage" cannot do without the option "Live": certificates have it',
    },
  });
  expect(await ask('DELETE', '/Stage')).toMatchObject({ status: 409, body: { code: 'in_use' } });
  const deleted = await ask('DELETE', '/Stage?force=true');
  expect(deleted.status).toBe(204);
  expect(deleted.records.map(({ envelope }) => envelope.operation)).toEqual(['Deleted']);
  expect(deleted.records[0]?.content).toMatchObject({
    before: { name: 'Stage', inUse: 1 },
    reason: 'with the values of 1 certificates',
  });
  expect(await system.behind.selectFrom('certificate_metadata').selectAll().execute()).toEqual([]);
});

test('a field that a collection is made of stays, whatever force', async () => {
  await ask('POST', '', { name: 'Team', type: 'string' });
  const collection = await system.request('/api/v1/collections', {
    method: 'POST',
    cookie: admin,
    body: { name: 'My team', query: 'x OR NOT (Team -eq "A" AND CN -contains "b")' },
  });
  expect(collection.status).toBe(201);
  expect(await ask('DELETE', '/Team?force=true')).toMatchObject({
    status: 409,
    body: {
      code: 'in_use',
      detail: 'metadata field "Team" cannot be deleted: collection "My team" names it',
      usedBy: [{ type: 'collection', name: 'My team' }],
    },
    records: [],
  });
});

test('who may only read them changes none', async () => {
  const refused = await ask('POST', '', { name: 'Mine', type: 'string' }, operator);
  expect(refused).toMatchObject({ status: 403, body: { code: 'access_denied' }, records: [] });
});
