import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCli, SystemClient, temporaryFolder } from '@countersign/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, stopAll } from './start-server.ts';

let work: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  work = await temporaryFolder('start');
});
afterEach(stopAll);
afterAll(() => work.remove());

const start = async (...args: [command: string, data: string, ...rest: string[]]) =>
  await startServer(work.path, ...args);

async function signIn(url: string, username: string, password: string): Promise<number> {
  return (await new SystemClient(url).signIn(username, password)).status;
}

test('the first start makes keys and accounts and says the passwords once; a signal stops it in order', async () => {
  const first = await start('start', 'data');
  expect(first.accounts.map(({ username, role }) => [username, role])).toEqual([
    ['admin', 'Administrator'],
    ['auditor', 'Auditor'],
  ]);
  for (const { username, password } of first.accounts) {
    expect(await signIn(first.url, username, password ?? '')).toBe(200);
  }
  expect((await stat(join(work.path, 'data', 'keys'))).mode & 0o777).toBe(0o700);
  expect(await readFile(join(work.path, 'data', 'keys', 'log.vkey'), 'utf8')).toMatch(
    /^[^+]+\+[0-9a-f]{8}\+/,
  );
  expect(await first.stop()).toBe(0);

  const second = await start('start', 'data');
  expect(second.accounts).toEqual([]);
  const password = first.accounts[1]?.password ?? '';
  expect(await signIn(second.url, 'auditor', password)).toBe(200);
  expect(await second.stop()).toBe(0);
  expect((await runCli(['verify', '--data', 'data'], { cwd: work.path })).code).toBe(0);
});

test('for people it prints the portal, the passwords and where the public key is', async () => {
  const abort = new AbortController();
  const { stdout } = await runCli(['start', '--data', 'people', '--port', '0'], {
    cwd: work.path,
    signal: abort.signal,
    onStderr: (text) => text.includes('Ctrl-C') && abort.abort(),
  });
  expect(stdout).toMatch(/^ {2}admin {4}\S+ {2}Administrator$/m);
  expect(stdout).toMatch(/^ {2}auditor {2}\S+ {2}Auditor$/m);
  expect(stdout).toMatch(/^portal: +http:\/\/127\.0\.0\.1:\d+\/portal\/$/m);
  expect(stdout).toMatch(/^public key: .*people\/keys\/log\.vkey/m);
});

test('ends in order when a service manager signals it several times at once', async () => {
  const data = join(work.path, 'signalled');
  const server = await start('start', data);
  const ended = server.stop();
  void server.stop();
  expect(await Promise.all([ended, server.stop()])).toEqual([0, 0]);
  const { stdout } = await runCli(['search', 'AUDIT_LOG_SHUTDOWN', '--data', data, '--json']);
  expect(stdout).toContain('"event":"AUDIT_LOG_SHUTDOWN"');
});

test('without a port named for HTTPS, one that is taken is told and done without', async () => {
  const [taken, free] = [createServer(), createServer()];
  // Where something else listens already, that will do.
  await new Promise((resolve) =>
    taken.once('error', resolve).listen(8443, '127.0.0.1', () => resolve(null)),
  );
  await new Promise((resolve) => free.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  try {
    const server = await start('start', join(work.path, 'no-https'), '--port', String(port));
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    expect(server.stderr()).toContain(
      'HTTPS is off: port 8443 is in use; --https-port names another\n',
    );
  } finally {
    taken.close();
  }
});

describe('what stands in the way is named', () => {
  test('a folder that another process writes, and its port', async () => {
    const { url } = await start('start', 'busy');
    const locked = await runCli(['start', '--data', 'busy', '--port', '0'], { cwd: work.path });
    expect(locked.stderr).toContain(
      'error: --data "busy" is in use by another process: a log has one writer',
    );
    expect(locked.code).toBe(1);
    const { port } = new URL(url);
    const taken = await runCli(['start', '--data', 'other', '--port', port, '--json'], {
      cwd: work.path,
    });
    expect(JSON.parse(taken.stderr)).toMatchObject({
      error: {
        code: 'port_in_use',
        port: Number(port),
        message: expect.stringContaining(`--port ${port} is in use on 127.0.0.1`),
      },
    });
    expect(taken.code).toBe(1);
    // Nothing was made, so no password was lost.
    expect(existsSync(join(work.path, 'other'))).toBe(false);
  });

  test('a data folder that cannot be one', async () => {
    await writeFile(join(work.path, 'file'), 'x');
    const { code, stderr } = await runCli(['start', '--data', 'file', '--port', '0'], {
      cwd: work.path,
    });
    expect(stderr).toContain('error: --data "file" cannot be written: ');
    expect(code).toBe(1);
  });

  test('an address that is not of this machine', async () => {
    const { code, stderr } = await runCli(
      ['start', '--data', 'address', '--port', '0', '--host', '192.0.2.1'],
      { cwd: work.path },
    );
    expect(stderr).toContain('error: --host "192.0.2.1" is no address of this machine');
    expect(code).toBe(1);
  });

  test('a setting of the environment', async () => {
    const { code, stderr } = await runCli(['start', '--data', 'environment'], {
      cwd: work.path,
      env: { COUNTERSIGN_LOG_ACCESS: 'everyone' },
    });
    expect(stderr).toContain(
      'error: COUNTERSIGN_LOG_ACCESS: expected "open" or "auditors", got "everyone"',
    );
    expect(code).toBe(1);
  });
});

describe('producer', () => {
  test('create prints a token once, beside the running server, and it is recorded', async () => {
    const { url, accounts } = await start('start', 'producers');
    const made = await runCli(['producer', 'create', 'ca1', '--data', 'producers'], {
      cwd: work.path,
    });
    expect(made.stdout).toMatch(/^csp_\S+\n$/);
    expect(made.stderr).toContain('its token is printed this once');
    const again = await runCli(['producer', 'create', 'ca1', '--data', 'producers'], {
      cwd: work.path,
    });
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('error: NAME "ca1": producer "ca1" exists already');
    const faulty = await runCli(['producer', 'create', 'No Spaces', '--data', 'producers'], {
      cwd: work.path,
    });
    expect(faulty.stderr).toContain('got "No Spaces"');

    const list = await runCli(['producer', 'list', '--data', 'producers', '--json'], {
      cwd: work.path,
    });
    expect(JSON.parse(list.stdout)).toMatchObject({ name: 'ca1', disabled: false });

    const state = await fetch(`${url}/api/v1/producers/ca1`, {
      headers: { authorization: `Bearer ${made.stdout.trim()}` },
    });
    expect(await state.json()).toMatchObject({ name: 'ca1', nextSeq: 1 });

    const password = accounts[1]?.password ?? '';
    await expect
      .poll(
        async () => {
          const where = ['--server', url, '--user', 'auditor'];
          const found = await runCli(
            ['search', 'Event -eq "PRODUCER_CREATED"', '--json', ...where],
            { env: { COUNTERSIGN_PASSWORD: password } },
          );
          return found.stdout.split('\n').length - 1;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(1);
  });

  test('list says when there is none', async () => {
    await start('start', 'nobody');
    const { code, stdout, stderr } = await runCli(['producer', 'list', '--data', 'nobody'], {
      cwd: work.path,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no producer is admitted');
  });
});

describe('demo', () => {
  test('fills every view, and makes its folder anew', async () => {
    for (let round = 0; round < 2; round++) {
      const { url, accounts, stop } = await start('demo', 'demo');
      const auditor = new SystemClient(url);
      expect((await auditor.signIn('auditor', accounts[1]?.password ?? '')).status).toBe(200);
      const count = async (query: string): Promise<number> => {
        const parameters = new URLSearchParams({ query, limit: '500' });
        const { records } = await auditor.json<{ records: unknown[] }>(
          `/api/v1/audit/records?${parameters.toString()}`,
        );
        return records.length;
      };
      expect(await count('Producer -eq "rsa2048-rotation-restart"')).toBe(220);
      expect(
        await count(
          'Category -eq "AuthorizationFailure" AND Level -eq "Warning" AND Producer -eq "countersign"',
        ),
      ).toBeGreaterThan(3);
      expect(await count('Property -eq "KeySize"')).toBeGreaterThan(0);
      expect(await count('Event -eq "AUDIT_LOG_EXPORT"')).toBe(1);
      const second = await runCli(['demo', '--data', 'demo', '--port', '0'], { cwd: work.path });
      expect(second.stderr).toContain('is in use by a running server: stop it first');
      expect(await stop()).toBe(0);
    }
  });

  test('never removes a folder that is not a demo', async () => {
    await mkdir(join(work.path, 'precious'));
    await writeFile(join(work.path, 'precious', 'thesis'), 'x');
    const { code, stderr } = await runCli(['demo', '--data', 'precious', '--port', '0'], {
      cwd: work.path,
    });
    expect(stderr).toContain(
      'error: --data "precious" holds something that is not an earlier demo\'s',
    );
    expect(code).toBe(1);
    expect(await readFile(join(work.path, 'precious', 'thesis'), 'utf8')).toBe('x');
  });
});
