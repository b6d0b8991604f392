import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OidcConfig } from '../../config/oidc.ts';
import { IdentityProvider } from '../../testing/identity-provider.ts';
import {
  attribute,
  cookieOf,
  startTestServer,
  type SeenRecord,
  type TestServer,
} from '../../testing/harness.ts';

const DISCOVERY = '/.well-known/openid-configuration';
const PATH = '/api/v1/session/oidc';
let provider: IdentityProvider;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  await provider.register('http://localhost', 'https://cs.example');
});
afterAll(async () => await provider.close());
beforeEach(() => {
  provider.lies.clear();
  provider.brokenWith = null;
});

/** A server that has not spoken to the provider yet, and its clock. */
async function start(
  change: Partial<OidcConfig> = {},
  settings: Record<string, string> = {},
): Promise<{ system: TestServer; clock: { ahead: number } }> {
  const clock = { ahead: 0 };
  const system = await startTestServer({
    now: () => new Date(Date.now() + clock.ahead),
    settings: { ...provider.settings, ...settings },
    config: (config) => ({
      ...config,
      oidc: config.oidc === null ? null : { ...config.oidc, ca: provider.ca, ...change },
    }),
  });
  return { system, clock };
}

/** Records as event, outcome and why. */
function told(records: readonly SeenRecord[]): string[] {
  return records.map((record) => {
    const { event, outcome } = record.envelope;
    return [event, outcome, record.content.reason ?? attribute(record, 'Info')]
      .filter((part) => part !== undefined)
      .join(' | ');
  });
}

/** Expects that the sign-in cannot begin, with one AUTH Failure besides the connections; returns its reason. */
async function unavailability(
  system: TestServer,
): Promise<{ reason: string | undefined; records: SeenRecord[] }> {
  let answer: Response | null = null;
  const records = await system.recordsOf(async () => (answer = await system.request(PATH)));
  expect(answer!.status).toBe(503);
  expect(answer!.headers.get('set-cookie')).toBeNull();
  expect(await answer!.json()).toMatchObject({
    code: 'provider_unavailable',
    detail: 'the identity provider "localhost" cannot be used now; the attempt was recorded',
  });
  const failures = records.filter(({ envelope }) => envelope.event === 'AUTH');
  expect(failures.map(({ envelope }) => envelope.outcome)).toEqual(['Failure']);
  return { reason: failures[0]?.content.reason, records };
}

describe('a provider that is down', () => {
  test('does not keep the server from starting, and is tried again after a while', async () => {
    await provider.stop();
    const { system, clock } = await start();
    const port = new URL(provider.issuer).port;
    const reason = `no connection to localhost:${port}: connection refused`;
    const { records } = await unavailability(system);
    expect(told(records)).toEqual([
      'CLIENT_ACCESS_SESSION_ESTABLISH | Failure | connect:connection refused',
      `AUTH | Failure | ${reason}`,
    ]);
    await provider.resume();
    // Within seconds nobody knocks again.
    expect(told((await unavailability(system)).records)).toEqual([`AUTH | Failure | ${reason}`]);
    clock.ahead += 5_000;
    expect((await system.request(PATH)).status).toBe(302);
  });

  test('leads a browser to the sign-in page, and back to where it wanted to go', async () => {
    provider.brokenWith = 500;
    const { system } = await start();
    const answer = await system.request(`${PATH}?next=/portal/audit`, {
      headers: { accept: 'text/html' },
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(
      '/portal/sign-in?failed=provider_unavailable&next=%2Fportal%2Faudit',
    );
  });

  test('is spoken to as it was known, when it cannot be asked anew', async () => {
    const { system, clock } = await start();
    expect((await system.request(PATH)).status).toBe(302);
    clock.ahead += 3_600_001;
    await provider.stop();
    expect((await system.request(PATH)).status).toBe(302);
    await provider.resume();
  });

  test('is asked once, however many want to sign in', async () => {
    const { system } = await start();
    provider.seen.length = 0;
    await Promise.all(Array.from({ length: 5 }, async () => await system.request(PATH)));
    expect(provider.seen.map(({ path }) => path)).toEqual([DISCOVERY]);
  });

  test('is hammered no more than so often by one address', async () => {
    provider.brokenWith = 500;
    const { system } = await start();
    const statuses = new Set<number>();
    for (let i = 0; i < 61; i += 1) statuses.add((await system.request(PATH)).status);
    expect([...statuses]).toEqual([503, 429]);
  });
});

describe('a provider that is not what it should be', () => {
  test('because its certificate is of an unknown authority', async () => {
    const { system } = await start({ ca: null });
    const port = new URL(provider.issuer).port;
    expect((await unavailability(system)).reason).toBe(
      `the certificate of localhost:${port}: UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
    );
  });

  test('because it calls itself by another issuer', async () => {
    provider.lies.set(DISCOVERY, (answer) => ({ ...answer, issuer: 'https://other.example' }));
    const { system } = await start();
    expect((await unavailability(system)).reason).toBe(
      'discovered metadata issuer does not match the expected issuer',
    );
  });

  test('because it signs id tokens only by secrets that others have, or not at all', async () => {
    provider.lies.set(DISCOVERY, (answer) => ({
      ...answer,
      id_token_signing_alg_values_supported: ['HS256', 'none'],
    }));
    const { system } = await start();
    expect((await unavailability(system)).reason).toBe(
      'it signs id tokens by no algorithm that can be verified',
    );
  });

  test('because it takes no client secret', async () => {
    provider.lies.set(DISCOVERY, (answer) => ({
      ...answer,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    }));
    const { system } = await start();
    expect((await unavailability(system)).reason).toBe(
      'it takes no client secret (client_secret_basic or _post)',
    );
  });

  test('because its description is no JSON', async () => {
    provider.brokenWith = 200;
    const { system } = await start();
    expect((await unavailability(system)).reason).toBe(
      'the provider answered with something that is no JSON',
    );
  });

  test('because it sends browsers to a page without TLS', async () => {
    provider.lies.set(DISCOVERY, (answer) => ({
      ...answer,
      authorization_endpoint: 'http://localhost/auth',
    }));
    const { system } = await start();
    expect((await unavailability(system)).reason).toBe(
      'it sends browsers to an address that is not https',
    );
  });
});

test('a provider on this machine may do without TLS, and has no sessions to record', async () => {
  const plain = createServer((_, answer) => {
    const { port } = plain.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const endpoints = {
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
    };
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ issuer, ...endpoints, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  const { system } = await start({ issuer: new URL(issuer) });
  let answer: Response | null = null;
  const records = await system.recordsOf(async () => (answer = await system.request(PATH)));
  expect(answer!.headers.get('location')).toMatch(new RegExp(`^${issuer}/auth\\?`));
  expect(records).toEqual([]);
  await new Promise<void>((resolve) => plain.close(() => resolve()));
});

describe('the way back', () => {
  test('is the public URL, where there is one', async () => {
    const { system } = await start({}, { COUNTERSIGN_PUBLIC_URL: 'https://cs.example' });
    provider.person = { subject: 'public', claims: { preferred_username: 'public' } };
    const left = await system.request(PATH);
    expect(left.headers.get('set-cookie')).toMatch(
      /^__Host-countersign-sign-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
    const callback = await provider.visit(left.headers.get('location') ?? '');
    expect(callback).toMatch(/^https:\/\/cs\.example\/api\/v1\/session\/oidc\/callback\?/);
    const { pathname, search } = new URL(callback);
    const answer = await system.request(pathname + search, { cookie: cookieOf(left) });
    // Nobody without a role comes in; but who it is was found out.
    expect(await answer.json()).toMatchObject({ code: 'access_denied' });
  });

  test('has nothing in it but a host of ours', async () => {
    const { system } = await start();
    for (const host of ['localhost:80@evil.example', 'localhost:x/evil', 'localhost:8080?']) {
      const answer = await system.request(PATH, { headers: { host } });
      expect(await answer.json()).toMatchObject({
        code: 'host_not_allowed',
        detail: `host: expected a name of this server, got "${host}"`,
      });
    }
  });
});

test('without a provider there is nothing to begin', async () => {
  const system = await startTestServer();
  for (const path of [PATH, `${PATH}/callback`]) {
    const answer = await system.request(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: 'not_found',
      detail: 'no identity provider is configured here',
    });
  }
  const options = await system.request('/api/v1/session/options');
  expect(await options.json()).toEqual({ password: true, certificate: false, oidc: null });
});
