import { hash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAccount } from '../accounts/accounts.ts';
import { makeSecret } from '../security/applications.ts';
import { noteOf } from '../recording/testing.ts';
import { attribute, startTestServer, type SeenRecord } from '../testing/harness.ts';

const system = await startTestServer();
const db = system.behind;
const auditor = await system.signIn('auditor');
const admin = await system.signIn('admin');

interface Made {
  token: { id: string; name: string; scopes: string[] | null; expiresAt: string };
  secret: string;
}

async function make(body: unknown, cookie = auditor): Promise<{ status: number; made: Made }> {
  const answer = await system.request('/api/v1/account/tokens', { method: 'POST', body, cookie });
  return { status: answer.status, made: (await answer.json()) as Made };
}

async function get(path: string, authorization: string, address = '127.0.0.1'): Promise<Response> {
  return await system.request(path, { headers: { authorization }, address });
}

function told(records: readonly SeenRecord[]): string[] {
  return records.map((record) => {
    const { event, outcome, level } = record.envelope;
    const { attributes = [], reason = '' } = record.content;
    const values = ['AuthMgr', 'AttemptedCred', 'Op'].map(
      (name) => attributes.find(([key]) => key === name)?.[1] ?? '',
    );
    return [event, outcome, level, ...values, reason].join('|').replace(/\|+$/, '');
  });
}

describe('an API token', () => {
  test('is shown once, kept as a hash, and does what its owner may', async () => {
    let made: Made | null = null;
    const creation = await system.recordsOf(async () => {
      const answer = await make({ name: 'nightly export', days: 30 });
      expect(answer.status).toBe(201);
      ({ made } = answer);
    });
    const { secret, token } = made!;
    expect(secret).toMatch(/^cst_[A-Za-z0-9_-]{43}$/);
    expect(creation.map((r) => [r.envelope.event, r.envelope.operation])).toEqual([
      ['AUTHZ', 'Authorized'],
      ['CREDENTIAL_CHANGED', 'Created'],
    ]);
    expect(creation[1]?.content.after).toEqual({
      name: 'nightly export',
      owner: 'auditor',
      scopes: null,
      createdAt: '2026-11-22T05:00:00.000Z',
      expiresAt: '2026-12-22T05:00:00.000Z',
    });
    expect(JSON.stringify(creation)).not.toContain(secret);
    const row = await db
      .selectFrom('api_tokens')
      .selectAll()
      .where('id', '=', token.id)
      .executeTakeFirstOrThrow();
    expect(Object.values(row)).not.toContain(secret);

    const used = await system.recordsOf(async () => {
      expect((await get('/api/v1/audit/records', `Bearer ${secret}`)).status).toBe(200);
      expect((await get('/api/v1/audit/records', `bearer ${secret}`)).status).toBe(200);
    });
    expect(used.map((r) => r.envelope.event)).toEqual([
      'AUTH',
      'AUTHZ',
      'AUDIT_LOG_SEARCH',
      'AUTHZ',
      'AUDIT_LOG_SEARCH',
    ]);
    expect(used[0]?.content.actor).toMatchObject({
      id: 'auditor',
      authentication: { method: 'token', credential: 'nightly export' },
    });
    expect(attribute(used[0], 'AuthMgr')).toBe('apiTokenAuthMgr');
    const elsewhere = await system.recordsOf(async () => {
      await get('/api/v1/audit/records', `Bearer ${secret}`, '127.0.0.2');
    });
    expect(elsewhere[0]?.envelope.event).toBe('AUTH');
  });

  test('with scopes does no more than they say', async () => {
    const scopes = ['certServer.log.content:read'];
    const { made } = await make({ name: 'reader', days: 1, scopes });
    expect(made.token.scopes).toEqual(scopes);
    expect((await get('/api/v1/audit/records', `Bearer ${made.secret}`)).status).toBe(200);
    const records = await system.recordsOf(async () => {
      const answer = await get('/api/v1/audit/health/details', `Bearer ${made.secret}`);
      expect(answer.status).toBe(403);
    });
    expect(told(records)).toEqual(['AUTHZ|Failure|Warning|||read|Authorization Error']);
  });

  test.each([
    ['forged', () => `Bearer cst_${'A'.repeat(43)}`, '--', 'unknown API token'],
    ['of another shape', () => 'Bearer eyJhbGciOiJub25lIn0.e30.', '--', 'unknown API token'],
    [
      'of no scheme we know',
      () => 'Digest username="auditor"',
      '--',
      'expected "Bearer" with an API token or "Basic" with key and secret',
    ],
  ])('that is %s is refused, and recorded once', async (_what, header, claimed, why) => {
    const records = await system.recordsOf(async () => {
      const answer = await get('/api/v1/audit/records', header());
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({
        code: 'token_invalid',
        detail: `authorization: ${why}; the attempt was recorded`,
      });
    });
    expect(told(records)).toEqual([`AUTH|Failure|Warning|apiTokenAuthMgr|${claimed}||${why}`]);
  });

  test('that has expired, or whose owner is disabled, is refused by name', async () => {
    const { made } = await make({ name: 'short', days: 1 });
    const header = `Bearer ${made.secret}`;
    expect((await get('/api/v1/audit/records', header)).status).toBe(200);
    await db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'auditor').execute();
    const disabled = await system.recordsOf(async () => {
      expect((await get('/api/v1/audit/records', header)).status).toBe(401);
    });
    await db.updateTable('users').set({ disabled: 0 }).where('username', '=', 'auditor').execute();
    expect(told(disabled)).toEqual([
      'AUTH|Failure|Warning|apiTokenAuthMgr|auditor/short||the account is disabled',
    ]);
    await db
      .updateTable('api_tokens')
      .set({ expires_at: '2026-11-22T04:59:59.999Z' })
      .where('id', '=', made.token.id)
      .execute();
    const expired = await system.recordsOf(async () => {
      expect((await get('/api/v1/audit/records', header)).status).toBe(401);
    });
    expect(told(expired)).toEqual([
      'AUTH|Failure|Warning|apiTokenAuthMgr|auditor/short||the API token has expired',
    ]);
  });

  test('cannot make or revoke tokens; the refusal is about that object', async () => {
    const { made } = await make({ name: 'no mother', days: 1 });
    const records = await system.recordsOf(async () => {
      const answer = await system.request('/api/v1/account/tokens', {
        method: 'POST',
        body: { name: 'child', days: 300 },
        headers: { authorization: `Bearer ${made.secret}` },
      });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({
        code: 'access_denied',
        object: { type: 'api token', id: 'child' },
      });
    });
    expect(told(records)).toEqual([
      'AUTH|Success|Information|apiTokenAuthMgr',
      'AUTHZ|Failure|Failure|||modify|Authorization Error',
    ]);
  });

  test('of somebody else cannot be revoked: a denial of a single object, level Failure', async () => {
    const { made } = await make({ name: 'mine', days: 1 });
    const path = `/api/v1/account/tokens/${made.token.id}`;
    const denied = await system.recordsOf(async () => {
      const answer = await system.request(path, { method: 'DELETE', cookie: admin });
      expect(answer.status).toBe(403);
    });
    expect(told(denied)).toEqual(['AUTHZ|Failure|Failure|||modify|Authorization Error']);
    expect(denied[0]?.content.target).toEqual({
      type: 'api token',
      id: made.token.id,
      name: 'mine',
    });
    expect(attribute(denied[0], "User's Roles")).toBe('Administrator');

    const revoked = await system.recordsOf(async () => {
      const answer = await system.request(path, { method: 'DELETE', cookie: auditor });
      expect(answer.status).toBe(204);
    });
    expect(told(revoked)).toEqual([
      'AUTHZ|Success|Information|||modify',
      'CREDENTIAL_CHANGED|Success|Information',
    ]);
    expect(revoked[1]?.envelope.operation).toBe('Deleted');
    expect((await get('/api/v1/audit/records', `Bearer ${made.secret}`)).status).toBe(401);
    const gone = await system.recordsOf(async () => {
      const answer = await system.request(path, { method: 'DELETE', cookie: auditor });
      expect(answer.status).toBe(404);
    });
    expect(told(gone)).toEqual(['AUTHZ|Success|Information|||modify']);
  });

  test.each([
    [{ name: '', days: 1 }, 422],
    [{ name: 'x'.repeat(65), days: 1 }, 422],
    [{ name: 'ok', days: 0 }, 422],
    [{ name: 'ok', days: 400 }, 422],
    [{ name: 'ok', days: 1, scopes: [] }, 422],
    [{ name: 'ok', days: 1, scopes: ['everything'] }, 422],
    [{ name: 'ok', days: 1, extra: true }, 422],
  ])('is not made of %j, and the attempt leaves its AUTHZ', async (body, status) => {
    const records = await system.recordsOf(async () => {
      expect((await make(body)).status).toBe(status);
    });
    expect(records.map((r) => r.envelope.event)).toEqual(['AUTHZ']);
  });

  test('is listed without its secret, to its owner alone', async () => {
    const answer = await system.request('/api/v1/account/tokens', { cookie: auditor });
    const { tokens } = (await answer.json()) as { tokens: { name: string }[] };
    expect(tokens.map(({ name }) => name)).toContain('nightly export');
    expect(JSON.stringify(tokens)).not.toContain('cst_');
    const others = await system.request('/api/v1/account/tokens', { cookie: admin });
    expect(await others.json()).toEqual({ tokens: [] });
  });
});

describe('an API application', () => {
  const key = 'csa_0123456789abcdef';
  const secret = 'the-secret-of-the-application-0123456789';
  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  test('shows key and secret with every request and acts in its own name', async () => {
    await system.server.platform.recorder.audited(async (tx) => {
      tx.record(noteOf('an application'));
      const { id } = await createAccount(tx.db, {
        username: 'deploy-bot',
        name: 'deploys',
        passwordHash: '',
        passwordGenerated: false,
        kind: 'application',
        roles: ['Administrator'],
        now: system.clock.read(),
      });
      await tx.db
        .insertInto('applications')
        .values({
          user_id: id,
          key,
          secret_hash: hash('sha256', secret),
          created_at: system.clock.read().toISOString(),
          created_by: 'admin',
        })
        .execute();
    });
    const records = await system.recordsOf(async () => {
      expect((await get('/api/v1/account/tokens', basic(key, secret))).status).toBe(200);
    });
    expect(told(records)).toEqual([
      'AUTH|Success|Information|apiApplicationAuthMgr',
      'AUTHZ|Success|Information|||modify',
    ]);
    expect(records[1]?.content.actor).toMatchObject({
      id: 'deploy-bot',
      kind: 'service',
      authentication: { method: 'secret', credential: key },
    });
  });

  test.each([
    ['a wrong secret', basic(key, 'guess'), key],
    ['an unknown key', basic(`csa_${randomUUID()}`, secret), null],
    ['a user name and password', basic('auditor', 'whatever'), 'auditor'],
    ["a user's token in its place", basic(`cst_${'a'.repeat(43)}`, ''), '********'],
    ['its secret in place of the key', basic(makeSecret(), ''), '********'],
    ['nothing that can be read', 'Basic !!!!', '--'],
  ])('is refused with %s, recorded once without the secret', async (_what, header, claimed) => {
    const records = await system.recordsOf(async () => {
      const answer = await get('/api/v1/account/tokens', header);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'secret_invalid' });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    });
    expect(records).toHaveLength(1);
    expect(told(records)[0]).toMatch(/^AUTH\|Failure\|Warning\|apiApplicationAuthMgr\|/);
    if (claimed !== null) expect(attribute(records[0], 'AttemptedCred')).toBe(claimed);
    for (const word of ['guess', 'whatever', secret])
      expect(JSON.stringify(records)).not.toContain(word);
  });
});

test('a password that an administrator makes up revokes the tokens of its user, and the record says how many', async () => {
  const { made } = await make({ name: 'left behind', days: 30 });
  const header = `Bearer ${made.secret}`;
  expect((await get('/api/v1/audit/records', header)).status).toBe(200);
  const held = (await db.selectFrom('api_tokens').select('id').execute()).length;
  const records = await system.recordsOf(async () => {
    const answer = await system.request('/api/v1/security/identities/auditor/password', {
      method: 'POST',
      body: {},
      cookie: admin,
    });
    expect(answer.status).toBe(200);
  });
  const change = records.find((r) => r.envelope.event === 'CREDENTIAL_CHANGED');
  expect(change?.content.reason).toBe(`a new password was made up; API tokens revoked: ${held}`);
  expect((await get('/api/v1/audit/records', header)).status).toBe(401);
});

test('fifty tokens are enough for one user; one more is refused and named', async () => {
  for (let i = 0; i < 50; i += 1)
    expect((await make({ name: `token ${i}`, days: 1 }, admin)).status).toBe(201);
  const answer = await system.request('/api/v1/account/tokens', {
    method: 'POST',
    body: { name: 'one more', days: 1 },
    cookie: admin,
  });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({
    code: 'request_invalid',
    detail: 'name: expected at most 50 tokens of one user, got one more',
  });
});
