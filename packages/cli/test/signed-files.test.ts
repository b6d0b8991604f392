import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCli, temporaryFolder, type CliResult } from '@countersign/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, stopAll } from './start-server.ts';

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

let work: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  work = await temporaryFolder('signed-files');
});
afterEach(stopAll);
afterAll(() => work.remove());

interface Fresh {
  readonly data: string;
  /** Runs a command as somebody whose certificate the store has. */
  as(nickname: string, ...args: string[]): Promise<CliResult>;
  /** Stops the server, which signs what is left, and returns the lines of its audit file. */
  stop(): Promise<string[]>;
}

async function fresh(name: string, ...args: string[]): Promise<Fresh> {
  const server = await startServer(work.path, 'start', name, '--https-port', '0', ...args);
  const store = `${name}-clients`;
  const inStore = async (...command: string[]) =>
    await runCli(['-d', store, ...command], { cwd: work.path });
  expect((await inStore('client-cert-import', '--data', name)).code).toBe(0);
  const data = join(work.path, name);
  return {
    data,
    as: async (nickname, ...command) =>
      await inStore('-n', nickname, '-U', server.httpsUrl ?? '', ...command),
    async stop() {
      expect(await server.stop()).toBe(0);
      const text = await readFile(join(data, 'logs', 'signedAudit', 'ca_audit'), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      return text.split('\n').slice(0, -1);
    },
  };
}

const LINE =
  /^0\.[^ ]+ - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d UTC\] \[14\] \[6\] \[AuditEvent=(\w+)\](.*)$/;

/** What the lines say from the first session on: event, outcome, and what tells most. Signatures are left out. */
function told(lines: readonly string[]): string[] {
  const events = lines.map((line) => {
    const [, event = line, rest = ''] = LINE.exec(line) ?? [];
    const field = (name: string) => new RegExp(`\\[${name}=([^\\]]*)\\]`).exec(rest)?.[1];
    const values = event.startsWith('ACCESS_SESSION')
      ? []
      : ['SubjectID', 'AuthMgr', 'aclResource', 'Op', 'Role'].map(field);
    const info = field('Info') === 'Authorization Error' ? field('Info') : undefined;
    return [event, field('Outcome'), ...values, info].filter((v) => v !== undefined).join(' ');
  });
  const first = events.findIndex((event) => event.startsWith('ACCESS_SESSION'));
  return events.slice(first).filter((event) => /^(?:ACCESS|AUTH|ROLE)/.test(event));
}

/** The events of one command that signs in, asks once, and signs out. */
function session(asked: string[]): string[] {
  const login = 'AUTHZ Success caadmin certServer.ca.account login';
  const logout = 'AUTHZ Success caadmin certServer.ca.account logout';
  const begin = 'ACCESS_SESSION_ESTABLISH Success';
  const end = 'ACCESS_SESSION_TERMINATED Success';
  const roles = 'ROLE_ASSUME Success caadmin Administrator';
  const auth = 'AUTH Success caadmin certUserDBAuthMgr';
  return [begin, auth, login, roles, end, begin, ...asked, end, begin, logout, roles, end];
}

describe('the signed audit file of a fresh server', () => {
  let lines: string[];
  let data: string;
  beforeAll(async () => {
    const server = await fresh('fresh');
    ({ data } = server);
    expect((await server.as('caadmin', 'ca-user-find')).code).toBe(0);
    const refused = await server.as('caadmin', 'ca-audit-file-find');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('certServer.log.content.signedAudit');
    lines = await server.stop();
  });

  test('has the events that Dogtag leaves for the same commands, in their order', () => {
    expect(told(lines)).toEqual([
      ...session([
        'AUTHZ Success caadmin certServer.ca.users execute',
        'ROLE_ASSUME Success caadmin Administrator',
      ]),
      ...session([
        'AUTHZ Failure caadmin certServer.log.content.signedAudit read Authorization Error',
      ]),
    ]);
  });

  test('is a file that Dogtag might have written: every line, mode, signatures first and last', async () => {
    for (const line of lines) expect(line).toMatch(LINE);
    expect(lines[0]).toContain('[AuditEvent=AUDIT_LOG_SIGNING]');
    expect(lines[1]).toContain('[AuditEvent=AUDIT_LOG_STARTUP]');
    expect(lines.at(-1)).toContain('[AuditEvent=AUDIT_LOG_SIGNING]');
    const { mode } = await stat(join(data, 'logs', 'signedAudit', 'ca_audit'));
    expect(mode & 0o777).toBe(0o640);
  });

  test('verifies with countersign dogtag verify, and fails after any change', async () => {
    const file = join(data, 'logs', 'signedAudit', 'ca_audit');
    const cert = join(data, 'keys', 'audit-signing.crt');
    const good = await runCli(['dogtag', 'verify', file, '--cert', cert, '--json']);
    expect(good.stderr).toBe('');
    expect(good.code).toBe(0);
    const forged = join(work.path, 'ca_audit_forged');
    await writeFile(forged, `${lines.join('\n').replace('[Op=execute]', '[Op=modify]')}\n`);
    expect((await runCli(['dogtag', 'verify', forged, '--cert', cert])).code).toBe(2);
  });

  test.skipIf(!hasOpenssl)(
    `verifies with openssl, signature by signature${hasOpenssl ? '' : ' (openssl is not here)'}`,
    async () => {
      expect(await checkWithOpenssl(data, lines)).toBeGreaterThan(3);
      const forged = lines.map((line) => line.replace('[Op=execute]', '[Op=modify]'));
      await expect(checkWithOpenssl(data, forged)).rejects.toThrow(/Verification failure/);
    },
  );
});

test('--event-names 10.4 writes the names of that time', async () => {
  const server = await fresh('old', '--event-names', '10.4');
  await server.as('caadmin', 'ca-user-find');
  await server.as('caadmin', 'ca-audit-file-find');
  const names = told(await server.stop()).map((line) => line.split(' ')[0]);
  expect(new Set(names)).toEqual(
    new Set([
      'ACCESS_SESSION_ESTABLISH_SUCCESS',
      'AUTH_SUCCESS',
      'AUTHZ_SUCCESS',
      'ROLE_ASSUME',
      'ACCESS_SESSION_TERMINATED',
      'AUTHZ_FAIL',
    ]),
  );
});

/** Checks every signature but the first with the openssl program alone; how many there were. */
async function checkWithOpenssl(data: string, lines: readonly string[]): Promise<number> {
  const key = join(work.path, 'audit-key.pem');
  const certificate = join(data, 'keys', 'audit-signing.crt');
  await writeFile(
    key,
    (await run('openssl', ['x509', '-in', certificate, '-noout', '-pubkey'])).stdout,
  );
  const signatures = lines.flatMap((line, i) =>
    line.includes('[AuditEvent=AUDIT_LOG_SIGNING]') ? [i] : [],
  );
  for (const [n, at] of signatures.slice(1).entries()) {
    // From the signature before, that line included, up to this one: each line with its end.
    const span = lines.slice(signatures[n], at).map((line) => `${line}\n`);
    const encoded = / sig: ([A-Za-z0-9+/=]+)$/.exec(lines[at] ?? '')?.[1] ?? '';
    const [text, signature] = [join(work.path, 'span'), join(work.path, 'span.sig')];
    await writeFile(text, span.join(''));
    await writeFile(signature, Buffer.from(encoded, 'base64'));
    const args = ['dgst', '-sha256', '-verify', key, '-signature', signature, text];
    const checked = await run('openssl', args).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    if (!checked.stdout.includes('Verified OK')) throw new Error(checked.stdout + checked.stderr);
  }
  expect(await readdir(join(data, 'logs', 'signedAudit'))).toContain('ca_audit');
  return signatures.length - 1;
}
