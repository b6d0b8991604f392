import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attribute, startTestServer, temporaryFolder } from '../testing/harness.ts';

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

  test('that is added without a rule is not reachable', async () => {
    const other = await startTestServer();
    other.server.app.get('/api/v1/forgotten', (c) => c.text('reached'));
    expect((await other.request('/api/v1/forgotten', { cookie: auditor })).status).toBe(404);
  });

  /** One session for all routes; signing out is one of them. */
  const held = new Map<string, string>();
  async function sessionOf(who: 'admin' | 'auditor'): Promise<string> {
    const known = held.get(who);
    if (known !== undefined) {
      const answer = await system.request('/api/v1/session', { cookie: known });
      if (answer.status === 200) return known;
    }
    const cookie = await system.signIn(who);
    held.set(who, cookie);
    return cookie;
  }

  const cases = routes.all.flatMap((route) =>
    (['nobody', 'admin', 'auditor'] as const).map((who) => ({
      route,
      who,
      name: `${route.method} ${route.pattern}`,
    })),
  );
  test.each(cases)(
    '$name by $who leaves exactly the record its rule promises',
    async ({ route, who }) => {
      const cookie = who === 'nobody' ? undefined : await sessionOf(who);
      await system.server.platform.refusals.turn();
      const path = route.pattern
        .replace('{index}', '0')
        .replace('{name}', 'ca1')
        .replace('*', 'none');
      let status = 0;
      const records = await system.recordsOf(async () => {
        const answer = await system.request(path, {
          method: route.method,
          ...(route.method === 'POST' || route.method === 'PUT' ? { body: {} } : {}),
          ...(cookie === undefined ? {} : { cookie }),
        });
        status = answer.status;
        await answer.text();
      });
      const checks = records.filter(({ envelope }) => envelope.event === 'AUTHZ');
      const { rule } = route;
      switch (rule.kind) {
        case 'open': {
          expect(checks).toEqual([]);
          break;
        }
        case 'producer': {
          expect(status).toBe(401);
          expect(checks.map((c) => c.envelope.outcome)).toEqual(['Failure']);
          break;
        }
        case 'right': {
          const roles = { nobody: [], admin: ['Administrator'], auditor: ['Auditor'] }[who];
          const allowed = system.server.platform.engine.isAllowed(
            { user: who === 'nobody' ? null : who, roles, address: '127.0.0.1', scopes: null },
            rule.right,
          );
          if (who === 'nobody' && route.type === 'Portal Page') {
            expect(status).toBe(302);
            expect(checks).toEqual([]);
            break;
          }
          expect(checks.map((c) => c.envelope.outcome)).toEqual([allowed ? 'Success' : 'Failure']);
          expect(attribute(checks[0], 'aclResource')).toBe(rule.right.resource);
          expect(attribute(checks[0], 'Op')).toBe(rule.right.operation);
          if (!allowed) expect(status).toBe(who === 'nobody' ? 401 : 403);
          else expect(status).not.toBe(403);
          break;
        }
      }
    },
  );
});
