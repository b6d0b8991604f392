import { beforeEach, describe, expect, test } from 'vitest';
import { navigationFor, rightsFor } from '../portal/pages.ts';
import {
  attribute,
  cookieOf,
  PASSWORDS,
  startTestServer,
  type TestServer,
} from '../testing/harness.ts';

let system: TestServer;

async function attempt(username: string, password: string, address?: string): Promise<Response> {
  return await system.request('/api/v1/session', {
    method: 'POST',
    body: { username, password },
    ...(address === undefined ? {} : { address }),
  });
}

describe('signing in', async () => {
  system = await startTestServer();

  test('answers with the user, the pages and the key, and sets a strict cookie', async () => {
    const answer = await attempt('auditor', PASSWORDS.auditor);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as Record<string, unknown>;
    const subject = { user: 'auditor', roles: ['Auditor'], address: '127.0.0.1', scopes: null };
    expect(body['navigation']).toContain('/portal/audit');
    expect(body['rights']).toContain('certServer.log.content.signedAudit:read');
    expect(body).toEqual({
      user: { username: 'auditor', name: 'Auditor', roles: ['Auditor'] },
      navigation: navigationFor(system.server.platform.engine, subject),
      rights: rightsFor(system.server.platform.engine, subject),
      logKey: system.server.platform.keys.vkeys[0],
      origin: system.server.platform.keys.origin,
      passwordGenerated: false,
      expiringSoonDays: 30,
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^countersign=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('records AUTH, AUTHZ and ROLE_ASSUME, in this order and once each', async () => {
    const records = await system.recordsOf(
      async () => await attempt('Auditor ', PASSWORDS.auditor),
    );
    expect(records.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`)).toEqual([
      'AUTH Success',
      'AUTHZ Success',
      'ROLE_ASSUME Success',
    ]);
    const [auth, authz, role] = records;
    expect(auth?.content.attributes).toEqual([
      ['SubjectID', 'auditor'],
      ['Outcome', 'Success'],
      ['AuthMgr', 'passwdUserDBAuthMgr'],
    ]);
    expect(attribute(authz, 'aclResource')).toBe('certServer.ca.account');
    expect(attribute(authz, 'Op')).toBe('login');
    expect(attribute(role, 'Role')).toBe('Auditor');
    expect(role?.content.actor.session).toMatch(/^[0-9a-f]{16}$/);
  });

  test('a wrong password and an unknown user get the same answer and one AUTH Failure each', async () => {
    for (const username of ['auditor', 'nobody-of-ours']) {
      let answer: Response | null = null;
      const records = await system.recordsOf(async () => {
        answer = await attempt(username, 'not the password');
      });
      expect(answer!.status).toBe(401);
      expect(await answer!.json()).toMatchObject({
        code: 'credentials_invalid',
        detail: 'user name or password is wrong',
      });
      expect(records).toHaveLength(1);
      expect(records[0]?.envelope).toMatchObject({
        event: 'AUTH',
        outcome: 'Failure',
        level: 'Warning',
      });
      expect(records[0]?.content.attributes).toEqual([
        ['SubjectID', '$Unidentified$'],
        ['Outcome', 'Failure'],
        ['AuthMgr', 'passwdUserDBAuthMgr'],
        ['AttemptedCred', username],
      ]);
    }
  });

  test('never writes a password down', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    await attempt('auditor', secret);
    for (const record of await system.records())
      expect(JSON.stringify(record)).not.toContain(secret);
  });

  test('a new session ends the one the browser had', async () => {
    const first = await system.signIn('auditor');
    const second = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'auditor', password: PASSWORDS.auditor },
      cookie: first,
    });
    expect(cookieOf(second)).not.toBe(first);
    expect((await system.request('/api/v1/session', { cookie: first })).status).toBe(401);
    expect((await system.request('/api/v1/session', { cookie: cookieOf(second) })).status).toBe(
      200,
    );
  });

  test('signing out ends the session, clears the cookie and records the logout', async () => {
    const cookie = await system.signIn('auditor');
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await system.request('/api/v1/session', { method: 'DELETE', cookie });
    });
    expect(answer!.status).toBe(204);
    expect(answer!.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(records.map((r) => [r.envelope.event, attribute(r, 'Op')])).toEqual([
      ['AUTHZ', 'logout'],
    ]);
    expect((await system.request('/api/v1/session', { cookie })).status).toBe(401);
  });

  test('a hostile user name is masked and shortened, and the attempt is recorded all the same', async () => {
    const hostile = `-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\ud800`;
    const records = await system.recordsOf(async () => await attempt(hostile, 'x'));
    expect(records).toHaveLength(1);
    expect(attribute(records[0], 'AttemptedCred')).not.toContain('MIIEvQ');
  });
});

describe('the password', () => {
  test('is changed by who knows it; other sessions end, and both outcomes are recorded', async () => {
    system = await startTestServer();
    const other = await system.signIn('auditor');
    const cookie = await system.signIn('auditor');
    const put = async (body: unknown) =>
      await system.request('/api/v1/session/password', { method: 'PUT', body, cookie });

    const short = await put({ current: PASSWORDS.auditor, next: 'short' });
    expect(short.status).toBe(422);
    expect(await short.json()).toMatchObject({
      errors: [{ field: 'next', expected: '8 to 256 characters', got: '5 characters' }],
    });
    const records = await system.recordsOf(async () => {
      expect((await put({ current: 'wrong', next: 'a new password' })).status).toBe(401);
      expect((await put({ current: PASSWORDS.auditor, next: 'a new password' })).status).toBe(204);
    });
    expect(records.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`)).toEqual([
      'AUTHZ Success',
      'CREDENTIAL_CHANGED Failure',
      'AUTHZ Success',
      'CREDENTIAL_CHANGED Success',
    ]);
    expect(JSON.stringify(records)).not.toContain('a new password');
    expect((await system.request('/api/v1/session', { cookie })).status).toBe(200);
    expect((await system.request('/api/v1/session', { cookie: other })).status).toBe(401);
    expect((await attempt('auditor', PASSWORDS.auditor)).status).toBe(401);
    expect((await attempt('auditor', 'a new password')).status).toBe(200);
  });
});

describe('limits', () => {
  beforeEach(async () => {
    system = await startTestServer();
  });

  test('a session ends after 15 idle minutes, and after 8 hours however busy', async () => {
    const idle = await system.signIn('auditor');
    system.clock.advance(14 * 60_000);
    expect((await system.request('/api/v1/session', { cookie: idle })).status).toBe(200);
    system.clock.advance(15 * 60_000 + 1);
    const ended = await system.request('/api/v1/session', { cookie: idle });
    expect(ended.status).toBe(401);
    expect(await ended.json()).toMatchObject({ code: 'session_expired' });

    const busy = await system.signIn('auditor');
    for (let minutes = 0; minutes < 480; minutes += 10) {
      expect((await system.request('/api/v1/session', { cookie: busy })).status).toBe(200);
      system.clock.advance(10 * 60_000);
    }
    system.clock.advance(1);
    expect((await system.request('/api/v1/session', { cookie: busy })).status).toBe(401);
  });

  test('five wrong passwords lock the account for 15 minutes, which is recorded', async () => {
    const records = await system.recordsOf(async () => {
      for (let i = 0; i < 5; i += 1)
        expect((await attempt('admin', `wrong ${i}`)).status).toBe(401);
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual([
      ...Array.from({ length: 5 }, () => 'AUTH'),
      'ACCOUNT_LOCKED',
    ]);
    expect(attribute(records.at(-1), 'Attempts')).toBe('5');
    expect(records.at(-1)?.content.target).toEqual({ type: 'account', id: 'admin' });

    const locked = await attempt('admin', PASSWORDS.admin);
    expect(locked.status).toBe(403);
    expect(await locked.json()).toMatchObject({ code: 'account_locked' });
    expect(locked.headers.get('retry-after')).toBe('900');
    // Others are not locked out with it.
    expect((await attempt('auditor', PASSWORDS.auditor)).status).toBe(200);

    system.clock.advance(15 * 60_000);
    expect((await attempt('admin', PASSWORDS.admin)).status).toBe(200);
  });

  test('guesses made at the same time are five guesses, and the right one among the rest is not told from them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, async (_, i) => {
        const answer = await attempt(
          i % 2 === 0 ? 'admin' : ' ADMIN',
          i === 20 ? PASSWORDS.admin : `wrong ${i}`,
        );
        const { code } = (await answer.json()) as { code: string };
        return code;
      }),
    );
    expect(answers.filter((code) => code === 'credentials_invalid')).toHaveLength(5);
    expect(answers.filter((code) => code === 'account_locked')).toHaveLength(20);
    // The later ones have not lifted the lock either.
    expect((await attempt('admin', PASSWORDS.admin)).status).toBe(403);
    const locks = (await system.records()).filter((r) => r.envelope.event === 'ACCOUNT_LOCKED');
    expect(locks).toHaveLength(1);
  });

  test('a session left open is no way around the lock: its password cannot be guessed by changing it', async () => {
    const cookie = await system.signIn('auditor');
    const put = async (current: string) => {
      const body = { current, next: 'a password of the thief' };
      const answer = await system.request('/api/v1/session/password', {
        method: 'PUT',
        body,
        cookie,
      });
      return ((await answer.json()) as { code: string }).code;
    };
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => await put(`no ${i}`)),
    );
    expect(answers.filter((code) => code === 'credentials_invalid')).toHaveLength(5);
    expect(await put(PASSWORDS.auditor)).toBe('account_locked');
    expect(await put('another')).toBe('account_locked');
  });

  test('so many attempts a minute from one address are looked at; the rest is counted and recorded as a sum', async () => {
    const { signInsPerMinute } = system.server.config.limits;
    await Promise.all(
      Array.from(
        { length: signInsPerMinute },
        async (_, i) => await attempt(`guess-${i}`, 'x', '203.0.113.9'),
      ),
    );
    const records = await system.recordsOf(async () => {
      for (let i = 0; i < 7; i += 1) {
        const answer = await attempt(`more-${i}`, 'x', '203.0.113.9');
        expect(answer.status).toBe(429);
        expect(await answer.json()).toMatchObject({ code: 'too_many_requests' });
      }
      expect((await attempt('auditor', PASSWORDS.auditor, '203.0.113.10')).status).toBe(200);
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTH', 'AUTHZ', 'ROLE_ASSUME']);
    const sums = await system.recordsOf(async () => await system.server.platform.refusals.turn());
    expect(sums).toHaveLength(1);
    expect(sums[0]?.content.reason).toBe('too many sign-in attempts; 7 were not looked at');
  });
});
