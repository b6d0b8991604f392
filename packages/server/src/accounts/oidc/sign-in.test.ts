import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeToken, IdentityProvider, type Lie } from '../../testing/identity-provider.ts';
import {
  attribute,
  cookieOf,
  startTestServer,
  type SeenRecord,
  type TestServer,
} from '../../testing/harness.ts';
import { findOidcAccount } from './account.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml' } as const;
let provider: IdentityProvider;
let system: TestServer;
let ahead = 0;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  await provider.register('http://localhost');
  system = await startTestServer({
    now: () => new Date(Date.now() + ahead),
    settings: { ...provider.settings, COUNTERSIGN_OIDC_NAME: 'Corp SSO' },
    config: (config) => ({
      ...config,
      oidc: config.oidc === null ? null : { ...config.oidc, ca: provider.ca },
      limits: { ...config.limits, signInsPerMinute: 1_000, anonymousDenialsPerMinute: 1_000 },
    }),
  });
  const db = system.behind;
  const claims = [
    ['Auditor', 'Group', 'auditors'],
    ['Administrator', 'OAuthRole', 'administrators'],
  ] as const;
  for (const [i, [role, type, value]] of claims.entries()) {
    await db
      .insertInto('role_claims')
      .values({
        id: `claim-${i}`,
        role,
        provider: 'Corp SSO',
        type,
        value,
        description: '',
        created_at: '2026-11-22T05:00:00.000Z',
      })
      .execute();
  }
});

afterAll(async () => await provider.close());

beforeEach(() => {
  provider.lies.clear();
  provider.brokenWith = null;
});

let people = 0;
/** Somebody new at the provider, who is signed in there from now on. */
function arrive(claims: Record<string, unknown>, subject = `subject-${(people += 1)}`): string {
  provider.person = { subject, claims };
  return subject;
}

/** Leaves for the provider: where to, and with which cookie. */
async function leave(
  path = '/api/v1/session/oidc',
  headers: Record<string, string> = {},
): Promise<{ location: string; browser: string }> {
  const answer = await system.request(path, { headers });
  if (answer.status !== 302) throw new Error(`${answer.status} ${await answer.text()}`);
  return { location: answer.headers.get('location') ?? '', browser: cookieOf(answer) };
}

/** Comes back from the provider to the address it names. */
async function comeBack(
  callback: string,
  browser: string | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { pathname, search } = new URL(callback);
  return await system.request(pathname + search, {
    headers,
    ...(browser === null ? {} : { cookie: browser }),
  });
}

/** The whole way. */
async function goThrough(headers: Record<string, string> = {}): Promise<Response> {
  const { location, browser } = await leave();
  return await comeBack(await provider.visit(location), browser, headers);
}

/** What a piece of work leaves in the log, without the connections to the provider. */
async function recordsOf(work: () => Promise<unknown>): Promise<SeenRecord[]> {
  const records = await system.recordsOf(work);
  return records.filter(({ envelope }) => !envelope.event.startsWith('CLIENT_ACCESS_SESSION_'));
}

/** Records that are told by event and outcome. */
function told(records: readonly SeenRecord[]): string[] {
  return records.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`);
}

/** Expects the refusal of work, with one AUTH Failure and nothing else; returns its reason. */
async function refusalOf(
  work: () => Promise<Response>,
  expected: { status: number; code: string; credential?: string } = {
    status: 401,
    code: 'sign_in_failed',
  },
): Promise<string | undefined> {
  let answer: Response | null = null;
  const records = await recordsOf(async () => (answer = await work()));
  expect(answer!.status).toBe(expected.status);
  expect(answer!.headers.get('set-cookie')).toBeNull();
  expect(await answer!.json()).toMatchObject({ code: expected.code });
  expect(told(records)).toEqual(['AUTH Failure']);
  expect(records[0]?.content.attributes).toEqual([
    ['SubjectID', '$Unidentified$'],
    ['Outcome', 'Failure'],
    ['AuthMgr', 'oidcAuthMgr'],
    ['AttemptedCred', expected.credential ?? '--'],
  ]);
  return records[0]?.content.reason;
}

describe('signing in by an identity provider', () => {
  test('leads to the provider with PKCE, state and nonce, and a cookie that comes back with the browser', async () => {
    const answer = await system.request('/api/v1/session/oidc?next=/portal/audit');
    expect(answer.status).toBe(302);
    const url = new URL(answer.headers.get('location') ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'countersign',
      response_type: 'code',
      redirect_uri: 'http://localhost/api/v1/session/oidc/callback',
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^countersign-sign-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
  });

  test('answers with a page that goes on by itself, with a strict session cookie', async () => {
    arrive({ name: 'Ada Auditor', preferred_username: 'ada', groups: ['auditors'] });
    const { location, browser } = await leave('/api/v1/session/oidc?next=/portal/audit?q=%22a%22');
    const answer = await comeBack(await provider.visit(location), browser, BROWSER);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^countersign=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(await answer.text()).toContain(
      '<meta http-equiv="refresh" content="0;url=/portal/audit?q=%22a%22">',
    );
    const session = await system.request('/api/v1/session', { cookie: cookieOf(answer) });
    expect(await session.json()).toMatchObject({
      user: { username: 'ada', name: 'Ada Auditor', roles: ['Auditor'] },
    });
    const read = '/api/v1/audit/records?limit=1';
    expect((await system.request(read, { cookie: cookieOf(answer) })).status).toBe(200);
  });

  test('makes the account at the first sign-in, and records it, AUTH, AUTHZ and ROLE_ASSUME once each', async () => {
    const subject = arrive({
      name: 'Bob',
      preferred_username: 'Bob',
      email: 'bob@corp.example',
      groups: ['auditors'],
    });
    const first = await recordsOf(async () => await goThrough());
    expect(told(first)).toEqual([
      'CONFIG_ROLE Success',
      'AUTH Success',
      'AUTHZ Success',
      'ROLE_ASSUME Success',
    ]);
    const [created, auth, authz, role] = first;
    expect(created?.envelope).toMatchObject({ category: 'ADIdentityModel', operation: 'Created' });
    expect(created?.content).toMatchObject({
      actor: { kind: 'system' },
      target: { type: 'account', id: 'bob', name: 'bob' },
      after: {
        username: 'bob',
        name: 'Bob',
        kind: 'person',
        email: 'bob@corp.example',
        provider: 'Corp SSO',
        roles: [],
        disabled: false,
      },
      reason: `first sign-in by Corp SSO, as ${subject}`,
    });
    expect(attribute(created, 'ParamNameValPairs')).toBe(
      'Scope;;users+Operation;;OP_ADD+Resource;;bob',
    );
    expect(auth?.content.attributes).toEqual([
      ['SubjectID', 'bob'],
      ['Outcome', 'Success'],
      ['AuthMgr', 'oidcAuthMgr'],
    ]);
    expect(auth?.content.actor).toMatchObject({
      id: 'bob',
      roles: ['Auditor'],
      authentication: { method: 'oidc', credential: `${provider.issuer} ${subject}` },
    });
    expect(attribute(authz, 'Op')).toBe('login');
    expect(attribute(role, 'Role')).toBe('Auditor');

    const second = await recordsOf(async () => await goThrough());
    expect(told(second)).toEqual(['AUTH Success', 'AUTHZ Success', 'ROLE_ASSUME Success']);
  });

  test('takes nobody for another because of his name', async () => {
    // The administrator is known to Dogtag's tools as caadmin; anybody is a word of access rules.
    for (const [name, subject, username] of [
      ['admin', 'first', 'admin@corp-sso'],
      ['Admin', 'second', 'second@corp-sso'],
      ['caadmin', 'third', 'caadmin@corp-sso'],
      ['anybody', 'fourth', 'fourth'],
      ['admin', '§', /^oidc-[0-9a-f]{24}$/],
    ] as const) {
      arrive({ preferred_username: name, groups: ['auditors'] }, subject);
      const answer = await goThrough();
      const session = await system.request('/api/v1/session', { cookie: cookieOf(answer) });
      const { user } = (await session.json()) as { user: { username: string; roles: string[] } };
      expect(user.username).toMatch(username);
      expect(user.roles).toEqual(['Auditor']);
    }
    const db = system.behind;
    expect(await findOidcAccount(db, 'Corp SSO', 'first')).toMatchObject({
      username: 'admin@corp-sso',
    });
  });

  test('passes over names that say nothing here', async () => {
    const subject = arrive({ preferred_username: '管理者', email: 'kana@corp.example' });
    await goThrough();
    const db = system.behind;
    expect(await findOidcAccount(db, 'Corp SSO', subject)).toMatchObject({
      username: 'kana@corp.example',
      name: 'kana@corp.example',
    });
  });

  test('opens nothing by a password', async () => {
    arrive({ preferred_username: 'nopassword', groups: ['auditors'] });
    await goThrough();
    for (const password of ['', 'a password that nobody has']) {
      const answer = await system.request('/api/v1/session', {
        method: 'POST',
        body: { username: 'nopassword', password },
      });
      expect(await answer.json()).toMatchObject({
        code: password === '' ? 'request_invalid' : 'credentials_invalid',
      });
    }
  });

  test('proves itself with PKCE, without which the provider gives nothing for a code', async () => {
    arrive({ preferred_username: 'pkce', groups: ['auditors'] });
    const { location, browser } = await leave();
    const challenge = new URL(location).searchParams.get('code_challenge');
    const callback = await provider.visit(location);
    provider.seen.length = 0;
    expect((await comeBack(callback, browser)).status).toBe(200);
    const sent = new URLSearchParams(provider.seen.find(({ path }) => path === '/token')?.body);
    const verifier = new TextEncoder().encode(sent.get('code_verifier') ?? '');
    const digest = await crypto.subtle.digest('SHA-256', verifier);
    expect(Buffer.from(digest).toString('base64url')).toBe(challenge);

    // A code that was stolen on its way back is worth nothing in a sign-in of the thief's.
    const stolen = new URL(await provider.visit((await leave()).location));
    const own = await leave();
    const mine = new URL(await provider.visit(own.location));
    mine.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect(await refusalOf(async () => await comeBack(mine.href, own.browser))).toBe(
      'the provider answered invalid_grant',
    );
    await expect(provider.visit(withoutPkce(location))).resolves.toMatch(/error=invalid_request/);
  });

  test('ends the session the browser had', async () => {
    const before = await system.signIn('auditor');
    arrive({ preferred_username: 'newcomer', groups: ['auditors'] });
    const left = await system.request('/api/v1/session/oidc', { cookie: before });
    const callback = await provider.visit(left.headers.get('location') ?? '');
    // The strict cookie stays at home when the browser comes back from another site.
    expect((await comeBack(callback, cookieOf(left))).status).toBe(200);
    expect((await system.request('/api/v1/session', { cookie: before })).status).toBe(401);
  });

  test('lets two tabs of a browser sign in beside each other', async () => {
    arrive({ preferred_username: 'tabs', groups: ['auditors'] });
    const one = await leave();
    const other = await leave('/api/v1/session/oidc', { cookie: one.browser });
    expect(other.browser).toBe(one.browser);
    for (const { location } of [one, other])
      expect((await comeBack(await provider.visit(location), one.browser)).status).toBe(200);
  });

  test('begins nothing because another site leads there', async () => {
    const answer = await system.request('/api/v1/session/oidc?next=/portal/audit', {
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/portal/sign-in?next=%2Fportal%2Faudit');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('is not begun or ended by a request that only looks', async () => {
    for (const path of ['/api/v1/session/oidc', '/api/v1/session/oidc/callback?state=x'])
      expect((await system.request(path, { method: 'HEAD' })).status).toBe(405);
  });

  test('says how one can sign in', async () => {
    const answer = await system.request('/api/v1/session/options');
    expect(await answer.json()).toEqual({
      password: true,
      certificate: false,
      oidc: { name: 'Corp SSO' },
    });
  });
});

/** Expects that the roles of who arrives exclude each other; returns them. */
async function conflict(): Promise<string | null | undefined> {
  let answer: Response | null = null;
  const records = await recordsOf(async () => (answer = await goThrough()));
  expect(answer!.status).toBe(409);
  expect(await answer!.json()).toMatchObject({
    code: 'role_conflict',
    detail: 'Auditor may not be held together with another role',
  });
  expect(told(records)).toEqual(['AUTH Success', 'AUTHZ Failure']);
  return attribute(records[1], "User's Roles");
}

describe('roles', () => {
  test('come from claims and from what is assigned to the account, for the session', async () => {
    const subject = arrive({
      preferred_username: 'carol',
      realm_access: { roles: ['administrators'] },
    });
    const cookie = cookieOf(await goThrough());
    const session = await system.request('/api/v1/session', { cookie });
    expect(await session.json()).toMatchObject({ user: { roles: ['Administrator'] } });
    const { state, sessions } = system.server.platform;
    const account = await findOidcAccount(state.db, 'Corp SSO', subject);
    expect(account).toMatchObject({ roles: [] });
    await sessions.refresh(state.db, account?.id ?? '');
    expect(
      (
        await system.request('/api/v1/producers', {
          cookie,
          method: 'POST',
          body: { name: 'by-carol' },
        })
      ).status,
    ).toBe(201);
  });

  test('that are assigned anew end the session, so that the next one looks at both', async () => {
    arrive({ preferred_username: 'dora', roles: 'administrators' });
    const cookie = cookieOf(await goThrough());
    const admin = await system.signIn('admin');
    const put = await system.request('/api/v1/security/identities/dora/roles', {
      method: 'PUT',
      cookie: admin,
      body: { roles: ['Auditor'] },
    });
    expect(put.status).toBe(200);
    expect((await system.request('/api/v1/session', { cookie })).status).toBe(401);
    expect(await conflict()).toBe('Administrator,Auditor');
  });

  test('that are none open nothing: AUTH Success, then AUTHZ Failure', async () => {
    const subject = arrive({ preferred_username: 'stranger' });
    await goThrough();
    let answer: Response | null = null;
    const records = await recordsOf(async () => (answer = await goThrough()));
    expect(answer!.status).toBe(403);
    expect(answer!.headers.get('set-cookie')).toBeNull();
    expect(await answer!.json()).toMatchObject({
      code: 'access_denied',
      detail: 'no role that may sign in',
    });
    expect(told(records)).toEqual(['AUTH Success', 'AUTHZ Failure']);
    expect(records[1]?.content).toMatchObject({
      actor: { id: 'stranger', authentication: { credential: `${provider.issuer} ${subject}` } },
      reason: 'no role that may sign in',
    });
    expect(attribute(records[1], "User's Roles")).toBe('');
  });

  test('that exclude each other open nothing', async () => {
    arrive({ preferred_username: 'both', groups: ['auditors'], roles: ['administrators'] });
    await goThrough();
    expect(await conflict()).toBe('Administrator,Auditor');
  });
});

describe('what is refused, and recorded once', () => {
  test('a state that was used before', async () => {
    arrive({ preferred_username: 'replay', groups: ['auditors'] });
    const { location, browser } = await leave();
    const callback = await provider.visit(location);
    expect((await comeBack(callback, browser)).status).toBe(200);
    expect(await refusalOf(async () => await comeBack(callback, browser))).toBe(
      'the state was used before',
    );
  });

  test('a state of another browser, which is then good for nobody', async () => {
    arrive({ preferred_username: 'foreign', groups: ['auditors'] });
    const victim = await leave();
    const { location, browser } = await leave();
    const callback = await provider.visit(location);
    expect(await refusalOf(async () => await comeBack(callback, victim.browser))).toBe(
      'the state is that of another browser',
    );
    expect(await refusalOf(async () => await comeBack(callback, browser))).toBe(
      'the state was used before',
    );
    const another = await provider.visit((await leave()).location);
    expect(await refusalOf(async () => await comeBack(another, null))).toBe(
      'the state is that of another browser',
    );
  });

  test('a state that nobody has given, or two of them', async () => {
    const path = 'http://localhost/api/v1/session/oidc/callback';
    const { browser } = await leave();
    for (const search of ['', '?code=x', `?code=x&state=${'x'.repeat(43)}`, '?state=a&state=b'])
      expect(await refusalOf(async () => await comeBack(path + search, browser))).toBe(
        'the state is not one of ours',
      );
  });

  test('a state that is more than ten minutes old', async () => {
    arrive({ preferred_username: 'late', groups: ['auditors'] });
    const { location, browser } = await leave();
    const callback = await provider.visit(location);
    ahead += 600_001;
    expect(await refusalOf(async () => await comeBack(callback, browser))).toBe(
      'the state has expired',
    );
  });

  test('an answer that names another issuer (RFC 9207), or none', async () => {
    for (const iss of ['https://attacker.example', null]) {
      const { location, browser } = await leave();
      const callback = new URL(await provider.visit(location));
      expect(callback.searchParams.get('iss')).toBe(provider.issuer);
      if (iss === null) callback.searchParams.delete('iss');
      else callback.searchParams.set('iss', iss);
      const reason = await refusalOf(async () => await comeBack(callback.href, browser));
      expect(reason).toMatch(
        /^response parameter "iss" \(issuer\) missing|unexpected "iss" \(issuer\) response parameter value$/,
      );
    }
  });

  test('the provider says no', async () => {
    const { location, browser } = await leave();
    const { state } = Object.fromEntries(new URL(location).searchParams);
    const { issuer } = provider;
    const text = '<script>alert(1)</script>';
    const search = {
      error: 'access_denied',
      error_description: text,
      iss: issuer,
      state: state ?? '',
    };
    const callback = `http://localhost/api/v1/session/oidc/callback?${new URLSearchParams(search).toString()}`;
    let answer: Response | null = null;
    const records = await recordsOf(
      async () => (answer = await comeBack(callback, browser, BROWSER)),
    );
    expect(answer!.status).toBe(302);
    expect(answer!.headers.get('location')).toBe(
      '/portal/sign-in?failed=sign_in_failed&next=%2Fportal%2F',
    );
    expect(told(records)).toEqual(['AUTH Failure']);
    expect(records[0]?.content.reason).toBe('the provider answered access_denied');
  });

  test('an id token that is not what the provider has signed for this sign-in', async () => {
    const now = Math.floor(Date.now() / 1000);
    const lies: [string, (claims: Record<string, unknown>) => string, RegExp][] = [
      ['another signature', (claims) => tampered(claims), /^JWT signature verification failed$/],
      ['an unknown key', (claims) => provider.signToken(claims, { kid: 'unknown' }), /key/],
      ['no signature', (claims) => provider.signToken(claims, { alg: 'none' }), /"alg"/],
      ['a symmetric one', (claims) => provider.signToken(claims, { alg: 'HS256' }), /"alg"/],
      ['a nonce', (claims) => provider.signToken({ ...claims, nonce: 'other' }), /"nonce"/],
      ['no nonce', ({ nonce: _nonce, ...claims }) => provider.signToken(claims), /"nonce"/],
      [
        'an issuer',
        (claims) => provider.signToken({ ...claims, iss: 'https://x.example' }),
        /"iss"/,
      ],
      ['an audience', (claims) => provider.signToken({ ...claims, aud: 'other' }), /"aud"/],
      [
        'audiences',
        (claims) => provider.signToken({ ...claims, aud: ['countersign', 'b'] }),
        /"aud"/,
      ],
      ['a party', (claims) => provider.signToken({ ...claims, azp: 'other' }), /"azp"/],
      ['its end', (claims) => provider.signToken({ ...claims, exp: now - 61 }), /"exp"/],
      [
        'its time',
        (claims) => provider.signToken({ ...claims, iat: now + ahead / 1000 + 90 }),
        /"iat"/,
      ],
    ];
    for (const [what, forge, reason] of lies) {
      arrive({ preferred_username: 'forged', groups: ['auditors'] });
      provider.lies.set('/token', (answer) => ({
        ...answer,
        id_token: forge(decodeToken(answer['id_token'])),
      }));
      const told = await refusalOf(async () => await goThrough());
      expect(told, `another ${what}`).toMatch(reason);
    }
  });

  test('answers of another shape than they should have', async () => {
    const shapes: [string, Lie][] = [
      ['/token', () => ({})],
      ['/token', ({ id_token: _idToken, ...answer }) => answer],
      ['/token', (answer) => ({ ...answer, id_token: 7 })],
      ['/token', (answer) => ({ ...answer, id_token: 'a.b.c' })],
      ['/token', (answer) => ({ ...answer, id_token: provider.signToken({}) })],
      ['/token', (answer) => ({ ...answer, token_type: null })],
      ['/token', (answer) => ({ ...answer, access_token: ['x'] })],
      ['/me', () => ({})],
      ['/me', (answer) => ({ ...answer, sub: { toString: 'x' } })],
    ];
    for (const [path, lie] of shapes) {
      arrive({ preferred_username: 'shapeless', groups: ['auditors'] });
      provider.lies.clear();
      provider.lies.set(path, lie);
      let answer: Response | null = null;
      const records = await recordsOf(async () => (answer = await goThrough()));
      expect([401, 503]).toContain(answer!.status);
      expect(told(records)).toEqual(['AUTH Failure']);
    }
  });

  test('claims about somebody else', async () => {
    arrive({ preferred_username: 'swapped', groups: ['auditors'] });
    provider.lies.set('/me', (answer) => ({ ...answer, sub: 'somebody else' }));
    expect(await refusalOf(async () => await goThrough())).toMatch(/"sub"/);
  });

  test('an account that is disabled', async () => {
    const subject = arrive({ preferred_username: 'gone', groups: ['auditors'] });
    await goThrough();
    const db = system.behind;
    await db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'gone').execute();
    const expected = { status: 401, code: 'sign_in_failed', credential: subject };
    expect(await refusalOf(async () => await goThrough(), expected)).toBe(
      'the account is disabled',
    );
  });

  test('a provider that breaks on the way', async () => {
    const { location, browser } = await leave();
    const callback = await provider.visit(location);
    provider.brokenWith = 502;
    const expected = { status: 503, code: 'provider_unavailable' };
    const reason = await refusalOf(async () => await comeBack(callback, browser), expected);
    expect(reason).toBe('the provider answered with status 502');
  });
});

describe('signing out', () => {
  test('says where the provider ends its session, and shows it its own token', async () => {
    const subject = arrive({ preferred_username: 'leaving', groups: ['auditors'] });
    const cookie = cookieOf(await goThrough());
    let answer: Response | null = null;
    const records = await recordsOf(
      async () => (answer = await system.request('/api/v1/session', { method: 'DELETE', cookie })),
    );
    expect(answer!.status).toBe(200);
    expect(answer!.headers.get('set-cookie')).toContain('countersign=; ');
    const { signOutUrl } = (await answer!.json()) as { signOutUrl: string };
    const url = new URL(signOutUrl);
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/session/end`);
    expect(url.searchParams.get('client_id')).toBe('countersign');
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(
      'http://localhost/portal/sign-in',
    );
    expect(decodeToken(url.searchParams.get('id_token_hint'))).toMatchObject({ sub: subject });
    expect(told(records)).toEqual(['AUTHZ Success']);
    expect((await system.request('/api/v1/session', { cookie })).status).toBe(401);
  });

  test('of a session with a password stays as it is', async () => {
    const cookie = await system.signIn('auditor');
    const answer = await system.request('/api/v1/session', { method: 'DELETE', cookie });
    expect(answer.status).toBe(204);
  });
});

test('no token, code, state or secret of all this is in any record', async () => {
  arrive({ preferred_username: 'discreet', groups: ['auditors'] });
  let tokens: Record<string, unknown> = {};
  provider.lies.set('/token', (answer) => (tokens = answer));
  const { location, browser } = await leave();
  const callback = new URL(await provider.visit(location));
  provider.seen.length = 0;
  const cookie = cookieOf(await comeBack(callback.href, browser));
  const sent = new URLSearchParams(provider.seen.find(({ path }) => path === '/token')?.body);
  const secrets = [
    tokens['id_token'],
    tokens['access_token'],
    callback.searchParams.get('code'),
    callback.searchParams.get('state'),
    new URL(location).searchParams.get('nonce'),
    sent.get('code_verifier'),
    provider.clientSecret,
    browser.split('=')[1],
    cookie.split('=')[1],
  ];
  const records = JSON.stringify(await system.records());
  for (const secret of secrets) {
    expect(secret).toMatch(/^.{20,}$/);
    expect(records).not.toContain(secret);
  }
  expect(records).not.toMatch(/eyJ[\w-]{10,}\./);
});

test('every connection to the provider has begun and ended in the log', async () => {
  await system.server.platform.outgoing.close();
  const records = await system.records();
  const count = (line: string) => told(records).filter((one) => one === line).length;
  const established = count('CLIENT_ACCESS_SESSION_ESTABLISH Success');
  expect(established).toBeGreaterThan(50);
  expect(count('CLIENT_ACCESS_SESSION_TERMINATED Success')).toBe(established);
  const one = records.find(({ envelope }) => envelope.event === 'CLIENT_ACCESS_SESSION_ESTABLISH');
  expect(one?.content.target).toMatchObject({ type: 'identity provider' });
});

function withoutPkce(location: string): string {
  const url = new URL(location);
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  return url.href;
}

/** A token whose claims are others than those that were signed. */
function tampered(claims: Record<string, unknown>): string {
  const [head, , signature] = provider.signToken(claims).split('.');
  const changed = { ...claims, groups: ['auditors', 'administrators'] };
  return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
}
