import { expect, test } from 'vitest';
import { told } from '../security/testing.ts';
import { INITIAL_TEMPLATES } from '../templates/initial.ts';
import { DEFAULT_GLOBAL_POLICY, DEFAULT_POLICY } from '../templates/policy.ts';
import { attribute, startTestServer, type SeenRecord } from '../testing/harness.ts';

const system = await startTestServer();
const admin = await system.signIn('admin');
const operator = await system.signInAs('operator', ['CA Operations']);

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly cookie?: string;
}

/** Asks, as the administrator unless said otherwise; the records it left, the check of the right apart. */
async function ask({ path, cookie = admin, ...rest }: Asked): Promise<{
  status: number;
  body: Record<string, unknown>;
  records: SeenRecord[];
}> {
  let status = 0;
  let body: Record<string, unknown> = {};
  const seen = await system.recordsOf(async () => {
    const answer = await system.request(`/api/v1/${path}`, { ...rest, cookie });
    status = answer.status;
    const text = await answer.text();
    if (text !== '') body = JSON.parse(text) as Record<string, unknown>;
  });
  expect(seen.filter(({ envelope }) => envelope.event === 'AUTHZ')).toHaveLength(1);
  return { status, body, records: seen.filter(({ envelope }) => envelope.event !== 'AUTHZ') };
}

const PROFILE = {
  event: 'CONFIG_CERT_PROFILE',
  category: 'Template',
  level: 'Information',
  outcome: 'Success',
};

function model(name: string, policy: object = {}) {
  return {
    name,
    displayName: name,
    description: '',
    enabled: true,
    policy: { ...DEFAULT_POLICY, ...policy },
  };
}

test('the first start makes the templates, each with its record, and the next one makes none', async () => {
  const dir = system.dir;
  const made = (await system.records()).filter(
    ({ envelope }) => envelope.event === 'CONFIG_CERT_PROFILE',
  );
  expect(made.map(told)).toEqual(
    INITIAL_TEMPLATES.map((template) => ({
      ...PROFILE,
      operation: 'Created',
      actor: '$System$',
      name: template.name,
      after: template,
    })),
  );
  expect(dir).not.toBe('');
  const { body } = await ask({ method: 'GET', path: 'templates' });
  const templates = body['templates'] as { name: string }[];
  expect(templates.map(({ name }) => name)).toEqual(
    INITIAL_TEMPLATES.map(({ name }) => name).sort(),
  );
});

test('create: one record with the template as it is', async () => {
  const { status, body, records } = await ask({
    method: 'POST',
    path: 'templates',
    body: { name: 'Created', displayName: 'Created', policy: { validityDays: 30, renewalDays: 7 } },
  });
  expect(status).toBe(201);
  const after = model('Created', { validityDays: 30, renewalDays: 7 });
  expect(body).toMatchObject(after);
  expect(records.map(told)).toEqual([
    { ...PROFILE, operation: 'Created', actor: 'admin', name: 'Created', after },
  ]);
  expect(attribute(records[0], 'ParamNameValPairs')).toBe(
    'Scope;;rules+Operation;;OP_ADD+Resource;;Created',
  );
});

test('update: one record with before and after; no change, no record', async () => {
  await ask({ method: 'POST', path: 'templates', body: { name: 'Upd', displayName: 'Upd' } });
  const change = { policy: { keyRetention: 'from-issuance', keyRetentionDays: 7 } };
  const { status, records } = await ask({ method: 'PATCH', path: 'templates/Upd', body: change });
  expect(status).toBe(200);
  expect(records.map(told)).toEqual([
    {
      ...PROFILE,
      operation: 'Updated',
      actor: 'admin',
      name: 'Upd',
      before: model('Upd'),
      after: model('Upd', change.policy),
    },
  ]);
  const again = await ask({ method: 'PATCH', path: 'templates/Upd', body: change });
  expect(again).toMatchObject({ status: 200, records: [] });
});

test('import: one record for each, replaced ones with what they were', async () => {
  await ask({ method: 'POST', path: 'templates', body: { name: 'Known', displayName: 'Known' } });
  const known = model('Known', { validityDays: 90 });
  const { status, records } = await ask({
    method: 'POST',
    path: 'templates/import',
    body: { templates: [known, { ...model('Fresh'), createdAt: '2026-01-01T00:00:00.000Z' }] },
  });
  expect(status).toBe(200);
  expect(records.map(told)).toEqual([
    {
      ...PROFILE,
      operation: 'Imported',
      actor: 'admin',
      name: 'Known',
      before: model('Known'),
      after: known,
    },
    { ...PROFILE, operation: 'Imported', actor: 'admin', name: 'Fresh', after: model('Fresh') },
  ]);
});

test('global settings: one record, by their name', async () => {
  const after = { ...DEFAULT_GLOBAL_POLICY, maximumDays: 398, allowWildcards: false };
  const { status, records } = await ask({ method: 'PUT', path: 'templates-settings', body: after });
  expect(status).toBe(200);
  expect(records.map(told)).toEqual([
    {
      ...PROFILE,
      operation: 'Updated',
      actor: 'admin',
      name: 'Global Template Settings',
      before: DEFAULT_GLOBAL_POLICY,
      after,
    },
  ]);
  expect((await ask({ method: 'GET', path: 'templates-settings', cookie: operator })).body).toEqual(
    after,
  );
});

test('delete: one record with what it was; certificates keep the name', async () => {
  await ask({ method: 'POST', path: 'templates', body: { name: 'Del', displayName: 'Del' } });
  const { status, records } = await ask({ method: 'DELETE', path: 'templates/Del' });
  expect(status).toBe(204);
  expect(records.map(told)).toEqual([
    { ...PROFILE, operation: 'Deleted', actor: 'admin', name: 'Del', before: model('Del') },
  ]);
  expect(await ask({ method: 'GET', path: 'templates/Del' })).toMatchObject({
    status: 404,
    body: { code: 'not_found', detail: 'there is no template "Del"' },
  });
});

const REFUSED: readonly [
  name: string,
  asked: Asked,
  status: number,
  code: string,
  detail: string,
][] = [
  [
    'a name that is taken, whatever its case',
    { method: 'POST', path: 'templates', body: { name: 'webserver', displayName: 'x' } },
    409,
    'already_exists',
    'name: "WebServer" is a template already',
  ],
  [
    'a pattern that is none',
    {
      method: 'PATCH',
      path: 'templates/WebServer',
      body: { policy: { subjectRegexes: [{ part: 'CN', regex: '(', error: '' }] } },
    },
    422,
    'request_invalid',
    'policy.subjectRegexes.0.regex: expected a regular expression (Invalid regular expression: /(/u: Unterminated group), got (',
  ],
  [
    'an unknown usage',
    {
      method: 'PATCH',
      path: 'templates/WebServer',
      body: { policy: { extendedKeyUsage: ['everything'] } },
    },
    422,
    'request_invalid',
    'policy.extendedKeyUsage.0: expected a name like serverAuth or an object identifier, got everything',
  ],
  [
    'a default that is not allowed',
    {
      method: 'PATCH',
      path: 'templates/WebServer',
      body: { policy: { keyAlgorithms: ['RSA-4096'] } },
    },
    422,
    'request_invalid',
    'policy.defaultKeyAlgorithm: expected one of RSA-4096, got P-256',
  ],
  [
    'a role that nobody knows',
    {
      method: 'PATCH',
      path: 'templates/WebServer',
      body: { policy: { allowedRequesters: ['Nobody'] } },
    },
    422,
    'request_invalid',
    'policy.allowedRequesters.0: expected a role that is there, got Nobody',
  ],
  [
    'a template twice in an import',
    {
      method: 'POST',
      path: 'templates/import',
      body: { templates: [model('Twice'), model('Twice')] },
    },
    422,
    'request_invalid',
    'templates: "Twice" is there twice',
  ],
];
test.each(REFUSED)(
  'refuses %s, and nothing is changed or recorded',
  async (_name, asked, status, code, detail) => {
    const before = await system.behind.selectFrom('templates').selectAll().execute();
    expect(await ask(asked)).toMatchObject({ status, body: { code, detail }, records: [] });
    expect(await system.behind.selectFrom('templates').selectAll().execute()).toEqual(before);
  },
);

test('who may not change templates leaves the denial and nothing else', async () => {
  const asked: readonly Asked[] = [
    { method: 'POST', path: 'templates', body: { name: 'Sneaky', displayName: 'Sneaky' } },
    { method: 'PATCH', path: 'templates/WebServer', body: { enabled: false } },
    { method: 'DELETE', path: 'templates/WebServer' },
    { method: 'PUT', path: 'templates-settings', body: DEFAULT_GLOBAL_POLICY },
    { method: 'POST', path: 'templates/import', body: { templates: [model('Sneaky')] } },
  ];
  for (const one of asked)
    expect(await ask({ ...one, cookie: operator })).toMatchObject({
      status: 403,
      body: { code: 'access_denied' },
      records: [],
    });
});
