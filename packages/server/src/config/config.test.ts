import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/harness.ts';
import { ConfigError, loadConfig } from './config.ts';

describe('the state', () => {
  const at = (database?: string) =>
    loadConfig({}, { data: '/srv/cs', ...(database === undefined ? {} : { database }) }).database;

  test('is in the data folder, in a file, or in a database that does not show its password', () => {
    expect(at()).toEqual({ kind: 'sqlite', path: '/srv/cs/state.db' });
    expect(at('/var/lib/cs.db')).toEqual({ kind: 'sqlite', path: '/var/lib/cs.db' });
    const there = at('postgresql://cs:hunter2@db.example:5433/state?sslmode=verify-full');
    expect(there).toMatchObject({ kind: 'postgres', name: 'postgres://db.example:5433/state' });
    expect(`${inspect(there)} ${JSON.stringify(there)}`).not.toMatch(/hunter2/);
  });

  test.each([
    ['postgres://cs@/state?host=/run/postgresql', 'postgres:///run/postgresql/state'],
    ['postgres://cs@%2Frun%2Fpg/state', 'postgres:///run/pg/state'],
    ['postgres:///state', 'postgres://localhost/state'],
  ])('%s is %s', (text, name) => {
    expect(at(text)).toMatchObject({ kind: 'postgres', name });
  });

  test.each([
    'mysql://cs:hunter2@db/state',
    'postgres://cs:hunter2@db',
    'postgres://cs:hunter2@:x/y',
  ])('a faulty URL is refused without being shown: %s', (text) => {
    expect(() => at(text)).toThrow(
      'COUNTERSIGN_DATABASE: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, or the path of a SQLite file, got "something else"',
    );
  });
});

describe('the configuration', () => {
  test('has safe defaults', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      origin: null,
      publicUrl: null,
      logAccess: 'open',
      eventNames: 'current',
      session: { idleMs: 900_000, absoluteMs: 28_800_000 },
    });
    expect(config.dataDir).toMatch(/\/data$/);
  });

  test('takes arguments before the environment', () => {
    const env = { COUNTERSIGN_PORT: '9000', COUNTERSIGN_HOST: '::1' };
    expect(loadConfig(env)).toMatchObject({ port: 9000, host: '::1' });
    expect(loadConfig(env, { port: 9001 })).toMatchObject({ port: 9001, host: '::1' });
  });

  test('names every fault at once, by variable, with what was expected and what came', () => {
    const load = () =>
      loadConfig({
        COUNTERSIGN_PORT: '70000',
        COUNTERSIGN_LOG_ACCESS: 'friends',
        COUNTERSIGN_EVENT_NAMES: '9.0',
        COUNTERSIGN_PUBLIC_URL: 'ftp://x',
        COUNTERSIGN_ORIGIN: 'https://x y',
        COUNTERSIGN_TRUSTED_PROXIES: '10.0.0.1, proxy',
        COUNTERSIGN_SIGNING_MINUTES: '0',
      });
    expect(load).toThrow(ConfigError);
    try {
      load();
    } catch (error) {
      expect((error as ConfigError).code).toBe('config_invalid');
      expect((error as ConfigError).faults.map(({ name, got }) => [name, got])).toEqual([
        ['COUNTERSIGN_ORIGIN', 'https://x y'],
        ['COUNTERSIGN_LOG_ACCESS', 'friends'],
        ['COUNTERSIGN_EVENT_NAMES', '9.0'],
        ['COUNTERSIGN_PUBLIC_URL', 'ftp://x'],
        ['COUNTERSIGN_TRUSTED_PROXIES', 'proxy'],
        ['COUNTERSIGN_PORT', '70000'],
        ['COUNTERSIGN_SIGNING_MINUTES', '0'],
      ]);
    }
  });

  test('shows no secrets, and no faulty ones either', () => {
    const config = loadConfig({ COUNTERSIGN_ADMIN_PASSWORD: 'open sesame' });
    expect(config.secrets.adminPassword).toBe('open sesame');
    expect(inspect(config, { depth: 5, showHidden: true })).not.toContain('sesame');
    expect(JSON.stringify(config)).not.toContain('sesame');
    expect(() => loadConfig({ COUNTERSIGN_ADMIN_PASSWORD: 'short' })).toThrow(
      'COUNTERSIGN_ADMIN_PASSWORD: expected 8 to 256 characters, got "5 characters"',
    );
  });

  test('puts the HTTPS listener beside the other one, and any free port beside any free port', () => {
    expect(loadConfig({}).https).toMatchObject({ host: '127.0.0.1', port: 8443 });
    expect(loadConfig({}, { port: 0 }).https?.port).toBe(0);
    expect(loadConfig({}, { port: 0, httpsPort: 9443 }).https?.port).toBe(9443);
    expect(loadConfig({ COUNTERSIGN_HTTPS_PORT: 'off' }).https).toBeNull();
    expect(() => loadConfig({ COUNTERSIGN_HTTPS_PORT: 'on' })).toThrow(
      'COUNTERSIGN_HTTPS_PORT: expected a whole number from 0 to 65535, got "on"',
    );
    expect(() => loadConfig({ COUNTERSIGN_TLS_CERT: 'a.pem' })).toThrow(
      'COUNTERSIGN_TLS_KEY: expected a file, as COUNTERSIGN_TLS_CERT is set, got ""',
    );
  });

  test('knows no identity provider unless an issuer is named', () => {
    expect(loadConfig({}).oidc).toBeNull();
    const env = { COUNTERSIGN_OIDC_CLIENT_ID: 'cs' };
    expect(() => loadConfig(env)).toThrow(
      `COUNTERSIGN_OIDC_ISSUER: expected the provider's issuer, as COUNTERSIGN_OIDC_CLIENT_ID is set, got ""`,
    );
  });

  test('takes the identity provider with its defaults, its secret from a file', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'secret'), 'from the file\n');
    const env = {
      COUNTERSIGN_OIDC_ISSUER: 'https://login.corp.example/realms/pki',
      COUNTERSIGN_OIDC_CLIENT_ID: 'cs',
      COUNTERSIGN_OIDC_CLIENT_SECRET_FILE: join(dir, 'secret'),
    };
    const { oidc, secrets } = loadConfig(env);
    expect(oidc).toEqual({
      issuer: new URL('https://login.corp.example/realms/pki'),
      clientId: 'cs',
      name: 'login.corp.example',
      scopes: 'openid profile email',
      ca: null,
    });
    expect(secrets.oidcClientSecret).toBe('from the file');
    expect(JSON.stringify(loadConfig(env)) + inspect(loadConfig(env))).not.toContain(
      'from the file',
    );
    expect(() => loadConfig({ ...env, COUNTERSIGN_OIDC_CLIENT_SECRET: 'too' })).toThrow(
      'COUNTERSIGN_OIDC_CLIENT_SECRET_FILE: expected no file, as COUNTERSIGN_OIDC_CLIENT_SECRET is set',
    );
  });

  test('names every fault of the identity provider', () => {
    const faults = (env: Record<string, string>) => {
      try {
        loadConfig(env);
      } catch (error) {
        return (error as ConfigError).faults.map(({ name, got }) => [name, got]);
      }
      return [];
    };
    expect(
      faults({
        COUNTERSIGN_OIDC_ISSUER: 'http://login.corp.example',
        COUNTERSIGN_OIDC_NAME: '<b>',
        COUNTERSIGN_OIDC_SCOPES: 'profile',
        COUNTERSIGN_OIDC_CA: '/nowhere/ca.pem',
      }),
    ).toEqual([
      ['COUNTERSIGN_OIDC_ISSUER', 'http://login.corp.example'],
      ['COUNTERSIGN_OIDC_CLIENT_ID', ''],
      ['COUNTERSIGN_OIDC_CLIENT_SECRET', ''],
      ['COUNTERSIGN_OIDC_NAME', '<b>'],
      ['COUNTERSIGN_OIDC_SCOPES', 'profile'],
      ['COUNTERSIGN_OIDC_CA', '/nowhere/ca.pem (ENOENT)'],
    ]);
    const client = {
      COUNTERSIGN_OIDC_CLIENT_ID: 'cs',
      COUNTERSIGN_OIDC_CLIENT_SECRET_FILE: '/nowhere/secret',
    };
    for (const issuer of ['https://u@x.example', 'https://x.example?a', 'https://x.example#a'])
      expect(faults({ ...client, COUNTERSIGN_OIDC_ISSUER: issuer })).toEqual([
        ['COUNTERSIGN_OIDC_CLIENT_SECRET_FILE', '/nowhere/secret (ENOENT)'],
        ['COUNTERSIGN_OIDC_ISSUER', issuer],
      ]);
    const local = { COUNTERSIGN_OIDC_CLIENT_ID: 'cs', COUNTERSIGN_OIDC_CLIENT_SECRET: 'x' };
    expect(faults({ ...local, COUNTERSIGN_OIDC_ISSUER: 'http://127.0.0.1:9000' })).toEqual([]);
  });
});
