import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attribute, startTestServer, temporaryFolder } from '../testing/harness.ts';
import { RESOURCES } from './resources.ts';

const dir = await temporaryFolder();
await mkdir(join(dir, 'portal', 'assets'), { recursive: true });
await writeFile(
  join(dir, 'portal', 'index.html'),
  '<!doctype html><html><head><meta name="csp-nonce" content="__CSP_NONCE__"></head><body></body></html>',
);
await writeFile(join(dir, 'portal', 'assets', 'main-abc.js'), 'export {};');
const system = await startTestServer({ dir });
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');

describe('access denied', () => {
  test('a page asked for without the right is a 403 page that names its record', async () => {
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await system.request('/portal/audit?query=secret', { cookie: admin });
    });
    expect(answer!.status).toBe(403);
    const html = await answer!.text();
    const denial = JSON.parse(/id="denial">(.*?)<\/script>/.exec(html)?.[1] ?? 'null') as unknown;

    expect(records).toHaveLength(1);
    const record = records[0];
    expect(denial).toEqual({
      route: '/portal/audit',
      type: 'Portal Page',
      verb: 'GET',
      resource: 'certServer.log.content.signedAudit',
      operation: 'read',
      roles: ['Administrator'],
      recordIndex: record?.index,
      requestId: answer!.headers.get('x-request-id'),
    });
    expect(record?.envelope).toMatchObject({
      event: 'AUTHZ',
      outcome: 'Failure',
      category: 'AuthorizationFailure',
      operation: 'Encountered',
      level: 'Warning',
    });
    expect(record?.content.attributes).toEqual([
      ['SubjectID', 'admin'],
      ['Outcome', 'Failure'],
      ['aclResource', 'certServer.log.content.signedAudit'],
      ['Op', 'read'],
      ['Info', 'Authorization Error'],
      ['Username', 'admin'],
      ['Request Route', '/portal/audit'],
      ['Request Type', 'Portal Page'],
      ['HTTP Verb', 'GET'],
      ["User's Roles", 'Administrator'],
    ]);
    expect(record?.content.request).toEqual({
      id: answer!.headers.get('x-request-id'),
      route: '/portal/audit',
      type: 'Portal Page',
      verb: 'GET',
    });
    expect(record?.content.authorization).toEqual({
      resource: 'certServer.log.content.signedAudit',
      operation: 'read',
      roles: ['Administrator'],
    });
  });

  test('an endpoint asked for without the right is a 403 problem that names its record', async () => {
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await system.request('/api/v1/audit/records', { cookie: admin });
    });
    expect(answer!.status).toBe(403);
    expect(await answer!.json()).toMatchObject({
      code: 'access_denied',
      resource: 'certServer.log.content.signedAudit',
      operation: 'read',
      recordIndex: records[0]?.index,
      roles: ['Administrator'],
    });
    expect(records).toHaveLength(1);
    expect(attribute(records[0], 'Request Type')).toBe('API Endpoint');
  });

  test('faulty parameters do not hide a denial', async () => {
    const answer = await system.request('/api/v1/audit/records?limit=many', { cookie: admin });
    expect(answer.status).toBe(403);
  });

  test('a route cannot break out of the data block', async () => {
    const answer = await system.request('/portal/audit/%3C%2Fscript%3E%3Cscript%3Ealert(1)', {
      cookie: admin,
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toMatch(/<script>alert/);
  });

  test('an ended session is refused and recorded with an empty list of roles', async () => {
    const cookie = `countersign=${'A'.repeat(43)}`;
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await system.request('/api/v1/audit/records', { cookie });
    });
    expect(answer!.status).toBe(401);
    expect(await answer!.json()).toMatchObject({ code: 'session_expired' });
    expect(answer!.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(records).toHaveLength(1);
    expect(attribute(records[0], "User's Roles")).toBe('');
    expect(attribute(records[0], 'Username')).toBe('');
    expect(records[0]?.content.authorization?.roles).toEqual([]);
  });

  test('a page without a session leads to the sign-in page and back, and is no denial', async () => {
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await system.request('/portal/audit?query=x%20y');
    });
    expect(answer!.status).toBe(302);
    expect(answer!.headers.get('location')).toBe(
      `/portal/sign-in?next=${encodeURIComponent('/portal/audit?query=x%20y')}`,
    );
    expect(records).toEqual([]);
  });

  test('a flood of denials becomes a sum', async () => {
    const count = system.server.config.limits.denialsPerMinute;
    const cookie = await system.signIn('admin');
    await system.server.platform.refusals.turn();
    const records = await system.recordsOf(async () => {
      for (let i = 0; i < count + 5; i += 1)
        await system.request('/api/v1/audit/records', { cookie });
    });
    expect(records).toHaveLength(count);
    const limited = await system.request('/api/v1/audit/records', { cookie });
    expect(limited.status).toBe(429);
    const sums = await system.recordsOf(async () => await system.server.platform.refusals.turn());
    expect(sums).toHaveLength(1);
    expect(attribute(sums[0], 'Attempts')).toBe('6');
    expect(attribute(sums[0], 'Username')).toBe('admin');
  });
});

describe('every route', () => {
  const { routes, app } = system.server;

  test('is declared with a rule: the framework knows no handler that the table does not', () => {
    const declared = new Set(
      routes.all.map(
        ({ method, pattern }) => `${method} ${pattern.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    const reachable = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map((r) => `${r.method} ${r.path}`);
    expect([...new Set(reachable)].sort()).toEqual([...declared].sort());
    for (const { rule } of routes.all) {
      if (rule.kind === 'open') expect(rule.reason.length).toBeGreaterThan(10);
    }
  });

  test('asks for a right that the catalogue of resources has', () => {
    const unknown = routes.all
      .map(({ rule }) => rule)
      .filter((rule) => rule.kind !== 'open')
      .map(({ right }) => right)
      .filter(
        ({ resource, operation }) =>
          !RESOURCES.some(
            (known) => known.resource === resource && known.operations.includes(operation),
          ),
      );
    expect(unknown).toEqual([]);
  });

  test('that is added without a rule is not reachable', async () => {
    const other = await startTestServer();
    other.server.app.get('/api/v1/forgotten', (c) => c.text('reached'));
    expect((await other.request('/api/v1/forgotten', { cookie: auditor })).status).toBe(404);
  });
});
