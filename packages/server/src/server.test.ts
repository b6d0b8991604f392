import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openLogReader, verifyLog } from '@countersign/ledger';
import { parseContent } from '@countersign/records';
import { loadConfig } from './config/config.ts';
import { createDataFolder } from './data-folder/create.ts';
import { dataPaths, loadLogKeys } from './data-folder/keys.ts';
import { silentLoggers } from './logger.ts';
import { SETTING_NAMES } from './settings/definitions.ts';
import { createServer } from './server.ts';
import {
  attribute,
  PASSWORDS,
  startTestServer,
  temporaryFolder,
  testConfig,
} from './testing/harness.ts';

const MAIN = fileURLToPath(new URL('./testing/main.ts', import.meta.url));

/** A server in a process of its own. */
class ServerProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<number | null>;
  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  static async start(dir: string): Promise<ServerProcess> {
    const child = spawn(process.execPath, [MAIN, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('http://')) return new ServerProcess(child, line);
    }
    throw new Error('the server did not start');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

async function eventsOf(dir: string): Promise<string[]> {
  const reader = await openLogReader({ dir: dataPaths(join(dir, 'data')).log });
  const events: string[] = [];
  for await (const batch of reader.readRange(0, await reader.size())) {
    for (const { envelope, contentBytes } of batch) {
      const { attributes } = parseContent(contentBytes ?? new Uint8Array());
      const occasion = attributes?.find(([name]) => name === 'Occasion')?.[1];
      events.push(
        occasion === undefined || occasion === null
          ? envelope.event
          : `${envelope.event} ${occasion}`,
      );
    }
  }
  reader.close();
  return events;
}

const twice = (...events: string[]) => [...events, ...events];

describe('a first start', () => {
  test('makes keys that only the owner can read, and two accounts whose passwords are told once', async () => {
    const dir = await temporaryFolder();
    const config = testConfig(dir);
    const chosen = loadConfig(
      { COUNTERSIGN_AUDITOR_PASSWORD: PASSWORDS.auditor },
      { data: config.dataDir },
    );
    const server = await createServer(chosen, { loggers: silentLoggers });
    expect(server.firstStart?.accounts).toEqual([
      {
        username: 'admin',
        role: 'Administrator',
        password: expect.stringMatching(/^(?:\w{5}-){3}\w{5}$/),
      },
      { username: 'auditor', role: 'Auditor', password: null },
    ]);
    const paths = dataPaths(config.dataDir);
    expect((await stat(paths.keys)).mode & 0o777).toBe(0o700);
    expect((await stat(paths.signerKey)).mode & 0o777).toBe(0o600);
    await server.close();

    const again = await createServer(config, { loggers: silentLoggers });
    expect(again.firstStart).toBeNull();
    await again.close();
    expect(await eventsOf(dir)).toEqual([
      'AUDIT_LOG_STARTUP',
      'AUDIT_LOG_SIGNING startup',
      ...Array.from({ length: 6 }, () => 'CONFIG_ROLE'),
      ...SETTING_NAMES.map(() => 'CONFIG_SETTING'),
      // Each account, and its role that has gained it.
      ...Array.from({ length: 4 }, () => 'CONFIG_ROLE'),
      'CREDENTIAL_CHANGED',
      'CREDENTIAL_CHANGED',
      // The API application that enrolls, and its role.
      'CONFIG_APPLICATION',
      'CONFIG_ROLE',
      ...Array.from({ length: 6 }, () => 'CONFIG_CERT_PROFILE'),
      // A root and an issuing authority; then for each its responder and its first list.
      ...twice(
        'AUTHORITY_CONFIG',
        'CERT_REQUEST_PROCESSED',
        'CERT_SIGNING_INFO',
        'CRL_SIGNING_INFO',
      ),
      ...twice('CERT_REQUEST_PROCESSED', 'OCSP_SIGNING_INFO', 'FULL_CRL_GENERATION'),
      'AUDIT_LOG_SHUTDOWN',
      'AUDIT_LOG_SIGNING shutdown',
      'AUDIT_LOG_STARTUP',
      'AUDIT_LOG_SIGNING startup',
      ...twice('CERT_SIGNING_INFO', 'CRL_SIGNING_INFO', 'OCSP_SIGNING_INFO'),
      'AUDIT_LOG_SHUTDOWN',
      'AUDIT_LOG_SIGNING shutdown',
    ]);
  });

  test('never makes a new key for a log that is there', async () => {
    const dir = join(await temporaryFolder(), 'data');
    await createDataFolder(dir);
    await rm(dataPaths(dir).signerKey);
    await expect(createDataFolder(dir)).rejects.toMatchObject({ code: 'key_missing' });
  });

  test('refuses keys that others can read', async () => {
    const dir = join(await temporaryFolder(), 'data');
    await createDataFolder(dir);
    const { signerKey } = dataPaths(dir);
    const key = await readFile(signerKey, 'utf8');
    await rm(signerKey);
    await writeFile(signerKey, key, { mode: 0o644 });
    await expect(loadLogKeys(dir)).rejects.toMatchObject({ code: 'key_exposed' });
  });

  test('a second server in the same folder is refused', async () => {
    const { dir } = await startTestServer();
    await expect(createServer(testConfig(dir), { loggers: silentLoggers })).rejects.toMatchObject({
      code: 'log_locked',
    });
  });
});

describe('signing records', () => {
  test('hold the checkpoint before them, and come after so many minutes or records', async () => {
    const system = await startTestServer();
    const { log } = system.server;
    const before = log.checkpoint;
    const [, signing] = await system.records();
    expect(attribute(signing, 'Occasion')).toBe('startup');
    expect(attribute(signing, 'TreeSize')).toBe('1');
    expect(attribute(signing, 'PreviousCheckpoint')).toContain(system.server.platform.keys.origin);
    expect(before).not.toBe(attribute(signing, 'PreviousCheckpoint'));
  });
});

describe('when the log takes no records', () => {
  test('what must be recorded is refused with the reason, nothing hangs, and health says so', async () => {
    const system = await startTestServer();
    const cookie = await system.signIn('auditor');
    const admin = await system.signIn('admin');
    await system.server.log.close();
    const refused = [
      await system.request('/api/v1/audit/records', { cookie }),
      await system.request('/portal/audit', { cookie: admin }),
      await system.request('/api/v1/producers', {
        method: 'POST',
        body: { name: 'x' },
        cookie: admin,
      }),
      await system.request('/api/v1/session', {
        method: 'POST',
        body: { username: 'auditor', password: PASSWORDS.auditor },
      }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    expect(await refused[0]!.json()).toMatchObject({
      code: 'log_unavailable',
      reason: expect.any(String),
    });
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    const health = await system.request('/api/v1/audit/health');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'failing' });
    // Nothing was half-done: the producer is not there.
    const db = system.behind;
    expect(await db.selectFrom('producers').selectAll().execute()).toEqual([]);
  });
});

describe('a server process', () => {
  async function signIn(url: string): Promise<{ status: number; cookie: string }> {
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'auditor', password: PASSWORDS.auditor }),
    });
    return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  }

  test('ends in order on SIGTERM: last records written, exit code 0', async () => {
    const dir = await temporaryFolder();
    const server = await ServerProcess.start(dir);
    expect((await signIn(server.url)).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    const events = await eventsOf(dir);
    expect(events.slice(-2)).toEqual(['AUDIT_LOG_SHUTDOWN', 'AUDIT_LOG_SIGNING shutdown']);
  });

  test('killed while people sign in loses nothing it has answered, and its session survives', async () => {
    const dir = await temporaryFolder();
    let expected = 0;
    for (let round = 0; round < 3; round += 1) {
      const server = await ServerProcess.start(dir);
      let last = '';
      const people = Array.from({ length: 3 }, async () => {
        for (;;) {
          const { status, cookie } = await signIn(server.url).catch(() => ({
            status: 0,
            cookie: '',
          }));
          if (status !== 200) return;
          expected += 1;
          last = cookie;
        }
      });
      await new Promise((resolve) => {
        setTimeout(resolve, 700 + round * 150);
      });
      server.signal('SIGKILL');
      await server.exited;
      await Promise.all(people);

      const next = await ServerProcess.start(dir);
      if (last !== '') {
        const session = await fetch(`${next.url}/api/v1/session`, { headers: { cookie: last } });
        expect(session.status).toBe(200);
      }
      next.signal('SIGTERM');
      await next.exited;
    }
    const assumed = (await eventsOf(dir)).filter((event) => event === 'ROLE_ASSUME').length;
    // Each answered sign-in has its record; one that was committed but not answered has it, too.
    expect(assumed).toBeGreaterThanOrEqual(expected);
    expect(assumed).toBeLessThanOrEqual(expected + 9);
    const { log } = dataPaths(join(dir, 'data'));
    const { verifiers } = await loadLogKeys(join(dir, 'data'));
    const verdict = await verifyLog({ dir: log, verifiers });
    expect(verdict.problems).toEqual([]);
    expect(verdict.ok).toBe(true);
  });

  test('records an export whose client goes away', async () => {
    const dir = await temporaryFolder();
    await mkdir(dir, { recursive: true });
    const server = await createServer(testConfig(dir), { loggers: silentLoggers });
    const { url } = await server.listen();
    const token = await createToken(server.app);
    // Enough to fill every buffer on the way.
    for (let batch = 0; batch < 10; batch += 1) {
      await fetch(`${url}/api/v1/producers/ca1/records`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          records: Array.from({ length: 200 }, (_, i) => bulky(batch * 200 + i + 1)),
        }),
      });
    }
    const { cookie } = await signIn(url);
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(`${url}/api/v1/audit/export`, { headers: { cookie } }, (answer) => {
        answer.once('data', () => {
          answer.destroy();
          resolve();
        });
      });
      sent.on('error', reject);
      sent.end();
    });
    for (let tries = 0; tries < 100; tries += 1) {
      const events = (await eventsOf(dir)).filter((event) => event === 'AUDIT_LOG_EXPORT');
      if (events.length === 2) break;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    await server.close();
    expect((await eventsOf(dir)).filter((event) => event === 'AUDIT_LOG_EXPORT')).toHaveLength(2);
  });
});

function bulky(seq: number): object {
  return {
    seq,
    time: '2026-11-22T05:00:00.000Z',
    event: 'AUTH',
    outcome: 'Success',
    content: {
      actor: { id: 'a', kind: 'user' },
      source: { system: 'ca1' },
      reason: 'long '.repeat(1_000),
    },
  };
}

async function createToken(app: Awaited<ReturnType<typeof createServer>>['app']): Promise<string> {
  const json = { 'content-type': 'application/json' };
  const session = await app.request('/api/v1/session', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ username: 'admin', password: PASSWORDS.admin }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = await app.request('/api/v1/producers', {
    method: 'POST',
    headers: { ...json, cookie },
    body: JSON.stringify({ name: 'ca1' }),
  });
  return ((await answer.json()) as { token: string }).token;
}
