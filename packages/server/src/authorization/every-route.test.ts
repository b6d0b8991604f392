import { noteOf } from '../recording/testing.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createAccount } from '../accounts/accounts.ts';
import type { User } from '../accounts/accounts.ts';
import { attribute, startTestServer } from '../testing/harness.ts';
import type { Right } from './engine.ts';
import { heldRight, type Rule } from './rule.ts';

/** Everybody who may come: one for each role, one without any, and nobody. */
const ROLES = [
  'Administrator',
  'Auditor',
  'CA Operations',
  'RA',
  'SSH Server Admin',
  'SSH Enterprise Admin',
] as const;
const VISITORS = ['nobody', 'no role', ...ROLES] as const;
type Visitor = (typeof VISITORS)[number];

const FILE = new URL('../../../../docs/access.md', import.meta.url);

const system = await startTestServer();
const { platform, routes } = system.server;
const users = new Map<Visitor, User>();
for (const visitor of VISITORS) {
  if (visitor === 'nobody') continue;
  const { result } = await platform.recorder.audited(async (tx) => {
    tx.record(noteOf('an account'));
    return await createAccount(tx.db, {
      username: `visitor-${visitor.toLowerCase().replaceAll(' ', '-')}`,
      name: visitor,
      passwordHash: '',
      passwordGenerated: false,
      roles: visitor === 'no role' ? [] : [visitor],
      now: system.clock.read(),
    });
  });
  users.set(visitor, result);
}

/** Signing out is one of the routes: a session is made anew where it has ended. */
const cookies = new Map<Visitor, string>();
async function cookieFor(visitor: Visitor): Promise<string | undefined> {
  const user = users.get(visitor);
  if (user === undefined) return undefined;
  const known = cookies.get(visitor);
  const id = platform.cookies.plain.read(known);
  if (id !== null && typeof platform.sessions.use(id) !== 'string') return known;
  const { result } = await platform.recorder.audited(async (tx) => {
    tx.record(noteOf('a session'));
    return await platform.sessions.create(tx.db, {
      user,
      address: '127.0.0.1',
      method: 'password',
    });
  });
  result.begin();
  const cookie = `${platform.cookies.plain.name}=${result.id}`;
  cookies.set(visitor, cookie);
  return cookie;
}

/** A path of the pattern whose objects are not there. */
function pathOf(pattern: string): string {
  return pattern
    .replace('{index}', '0')
    .replace('{id}', '00000000-0000-4000-8000-000000000000')
    .replace('{fingerprint}', 'a'.repeat(64))
    .replace('{period}', '1999-Q4')
    .replace('{resource}', 'certServer.none')
    .replaceAll(/\{\w+\}/g, 'not-there')
    .replace('*', 'none');
}

/** The right by which the rule lets the visitor through, or null. */
function mayUse(visitor: Visitor, rule: Rule & { kind: 'right' }): Right | null {
  const user = users.get(visitor);
  if (user === undefined) return null;
  const subject = { user: user.username, roles: user.roles, address: '127.0.0.1', scopes: null };
  return heldRight(platform.engine, subject, rule);
}

const cases = routes.all.flatMap((route) =>
  VISITORS.map((visitor) => ({ route, visitor, name: `${route.method} ${route.pattern}` })),
);

describe('every route and page', () => {
  test.each(cases)('$name for $visitor: one check, one record', async ({ route, visitor }) => {
    await platform.refusals.turn();
    const cookie = await cookieFor(visitor);
    let status = 0;
    const records = await system.recordsOf(async () => {
      const answer = await system.request(pathOf(route.pattern), {
        method: route.method,
        ...(['POST', 'PUT', 'PATCH'].includes(route.method) ? { body: {} } : {}),
        ...(cookie === undefined ? {} : { cookie }),
      });
      ({ status } = answer);
      await answer.text();
    });
    const checks = records.filter(({ envelope }) => envelope.event === 'AUTHZ');
    const { rule } = route;
    expect(status).not.toBe(500);
    if (rule.kind === 'open') {
      expect(checks).toEqual([]);
      return;
    }
    if (rule.kind === 'producer') {
      expect(status).toBe(401);
      expect(checks.map((check) => check.envelope.outcome)).toEqual(['Failure']);
      return;
    }
    if (visitor === 'nobody' && route.type === 'Portal Page') {
      // Not refused: led to the sign-in page.
      expect(status).toBe(302);
      expect(checks).toEqual([]);
      return;
    }
    const held = mayUse(visitor, rule);
    const allowed = held !== null;
    expect(checks.map((check) => check.envelope.outcome)).toEqual([
      allowed ? 'Success' : 'Failure',
    ]);
    expect(attribute(checks[0], 'aclResource')).toBe((held ?? rule.right).resource);
    expect(attribute(checks[0], 'Op')).toBe((held ?? rule.right).operation);
    if (allowed) expect([401, 403]).not.toContain(status);
    else expect(status).toBe(visitor === 'nobody' ? 401 : 403);
    if (!allowed) {
      expect(checks[0]?.envelope).toMatchObject({
        category: 'AuthorizationFailure',
        level: 'Warning',
      });
      expect(attribute(checks[0], 'Request Type')).toBe(route.type);
      expect(attribute(checks[0], "User's Roles")).toBe(users.get(visitor)?.roles.join(',') ?? '');
    }
  });

  // The engine decides above; what it decides is written here, so that a change of the rules is seen by who reads it.
  test('docs/access.md says who may use what (UPDATE_DOCS=1 writes it)', async () => {
    const text = formatAccess();
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(FILE, text);
    expect(await readFile(FILE, 'utf8')).toBe(text);
  });
});

/** What is asked for: the right, whether one on a part is enough, and what else is. */
function rightText(rule: Exclude<Rule, { kind: 'open' }>): string {
  const named = ({ resource, operation }: Right) => `\`${resource}\` ${operation}`;
  if (rule.kind === 'producer') return named(rule.right);
  const below = rule.below === true ? ', there or on one below' : '';
  const otherwise = rule.otherwise === undefined ? '' : `; or ${named(rule.otherwise)}`;
  return `${named(rule.right)}${below}${otherwise}`;
}

function formatAccess(): string {
  const rows = routes.all
    .map((route) => {
      const { method, pattern, rule } = route;
      const path = `| \`${method} ${pattern}\` |`;
      if (rule.kind === 'open') return `${path} open | ${rule.reason} |`;
      const right = rightText(rule);
      if (rule.kind === 'producer') return `${path} ${right} | the producer, by its token |`;
      const who = ROLES.filter((role) => mayUse(role, rule) !== null);
      const all = mayUse('no role', rule) !== null ? ['everybody signed in'] : who;
      return `${path} ${right} | ${all.join(', ') || 'nobody'} |`;
    })
    .sort();
  return [
    '# Who may use what',
    '',
    'Every route and page of the server with the right it asks for and the roles that have it as the product comes,',
    'before anybody changes access rules or gives roles permissions. Each attempt, allowed or not, is one AUTHZ record.',
    'This page is made from the route table by a test that tries every row as every role.',
    '',
    '| Route | Right | Roles |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
