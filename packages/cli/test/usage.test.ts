import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, runCli } from '@countersign/testing';
import { formatCheckpoint, generateSignerKey, parseSignerKey, signNote } from '@countersign/tlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-usage-'));
});
afterAll(() => rm(dir, { recursive: true }));

const run = (...args: string[]) => runCli(args, { cwd: dir });

describe('help', () => {
  test('the overview names the commands and the exit codes, on stdout', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of [
      'start',
      'demo',
      'producer',
      'dogtag',
      'search',
      'show',
      'prove',
      'check',
      'verify',
      'log',
      'index',
      'events',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(stdout).toContain('2  verification failed');
  });

  test.for([
    'start',
    'search',
    'show',
    'prove',
    'check',
    'verify',
    'events',
    'producer create',
    'index rebuild',
    'log checkpoint',
  ])('%s --help says what it does and takes --json', async (command) => {
    const { code, stdout } = await run(...command.split(' '), '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: countersign ${command}`);
    expect(stdout).toContain('--json');
  });
});

describe('wrong usage ends with 1 and names the option and the value', () => {
  test.for([
    [['serch', 'x'], "error: unknown command 'serch'", 'Did you mean search?'],
    [['search', '--limt', '5'], "error: unknown option '--limt'", 'Did you mean --limit?'],
    [
      ['search', '--limit', '0'],
      "error: option '--limit <n>' argument '0' is invalid",
      'expected a whole number from 1 to 1000000',
    ],
    [
      ['search', '--order', 'up'],
      "error: option '--order <order>' argument 'up' is invalid",
      'desc, asc',
    ],
    [
      ['search', '--server', 'nonsense'],
      "argument 'nonsense' is invalid",
      'expected an http:// or https:// address',
    ],
    [
      ['show', 'seven'],
      "command-argument value 'seven' is invalid",
      'expected a whole number from 0',
    ],
    [
      ['start', '--port', '70000'],
      "argument '70000' is invalid",
      'expected a whole number from 0 to 65535',
    ],
    [['check', 'a.tlog-proof'], "required option '--record <file>' not specified", ''],
    [
      ['check', 'a', '--record', 'b', '--key', 'no-such-file'],
      'error: --key "no-such-file" cannot be read',
      'there is no such file',
    ],
    [
      ['verify', '--data', 'a', '--server', 'http://127.0.0.1:1'],
      'error: --data and --server exclude each other',
      '',
    ],
    [['verify', '--server', 'http://127.0.0.1:1'], 'error: --server needs --key', ''],
    [['search', '--server', 'http://127.0.0.1:1'], 'error: --server needs --user', ''],
    [['search', '--user', 'auditor'], 'error: --user goes with --server', ''],
    [
      ['search', '--server', 'http://127.0.0.1:1', '--user', 'auditor'],
      'set COUNTERSIGN_PASSWORD',
      'stdin is not a terminal',
    ],
    [['verify', '--data', ''], "argument '' is invalid", 'expected a path, got nothing'],
    [
      ['dogtag', 'import', '--cert', 'c', '--producer', 'A B', '--data', 'x', 'p'],
      'error: --producer: expected lower-case letters',
      'got "A B"',
    ],
    [['events', 'NO_SUCH_EVENT'], 'error: NAME "NO_SUCH_EVENT" is not in the catalogue', ''],
  ] as const)('%j', async ([args, message, more]) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain(more);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test.for(['search', 'show 1', 'prove 1', 'verify', 'index rebuild', 'log checkpoint'])(
    '%s: a data folder that is not there',
    async (command) => {
      const { code, stderr } = await run(...command.split(' '), '--data', 'nowhere');
      expect(stderr).toContain('error: --data "nowhere" is not a folder');
      expect(code).toBe(1);
    },
  );

  test('a folder that is not a data folder', async () => {
    await mkdir(join(dir, 'other'), { recursive: true });
    const { code, stderr } = await run('verify', '--data', 'other');
    expect(stderr).toContain(
      'error: --data "other" has no folder "log": it is not the data folder of a log',
    );
    expect(code).toBe(1);
  });

  test('a server that is not there', async () => {
    const { code, stderr } = await runCli(
      ['search', '--server', 'http://127.0.0.1:1', '--user', 'auditor'],
      {
        env: { COUNTERSIGN_PASSWORD: 'x' },
      },
    );
    expect(stderr).toContain('error: --server "http://127.0.0.1:1" cannot be reached');
    expect(code).toBe(1);
  });

  describe('an older checkpoint that is none is wrong usage, not a log that was tampered with', () => {
    const signer = (name: string) =>
      parseSignerKey(generateSignerKey(name, 'ed25519', new Uint8Array(32).fill(7)));
    const log = signer('log.example');
    const foreign = signNote(
      formatCheckpoint({
        origin: 'other.example',
        size: 1,
        root: new Uint8Array(32),
        extensions: [],
      }),
      [signer('other.example')],
    );
    test.for([
      ['', 'is empty: expected a checkpoint'],
      ['hello\n', 'is not a checkpoint: note: no blank line before the signatures'],
      [foreign, 'is of another log: expected "log.example", got "other.example"'],
    ])('%j', async ([text, message]) => {
      await writeFile(join(dir, 'old.checkpoint'), text!);
      const place = ['--server', 'http://127.0.0.1:1', '--key', log.verifier.vkey];
      const { code, stdout, stderr } = await run('verify', ...place, '--since', 'old.checkpoint');
      expect(stderr).toContain(`error: --since "old.checkpoint" ${message}`);
      expect(stdout).toBe('');
      expect(code).toBe(1);
    });
  });

  test('what is no certificate is named', async () => {
    for (const [text, got] of [
      ['', 'got an empty file'],
      ['hello\nworld\n', 'got "hello"'],
      ['\u0000\u0001\u0002', 'got 3 bytes of something else'],
    ] as const) {
      await writeFile(join(dir, 'cert'), text);
      const { code, stderr } = await run('dogtag', 'verify', '--cert', 'cert', dir);
      expect(stderr).toContain(
        `error: --cert "cert": expected an X.509 certificate in PEM or DER, ${got}`,
      );
      expect(code).toBe(1);
    }
  });

  test('a private key is not taken for a public one', async () => {
    await writeFile(join(dir, 'log.skey'), 'PRIVATE+KEY+test.example+00000000+AAAA\n');
    const { code, stderr } = await run('check', 'a', '--record', 'b', '--key', 'log.skey');
    expect(stderr).toContain('--key: file "log.skey" holds a private key');
    expect(code).toBe(1);
  });
});

test('with --json an error is one JSON document on stderr', async () => {
  const usage = await run('search', '--limit', '0', '--json');
  expect(usage).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(usage.stderr)).toMatchObject({
    error: { code: 'usage', message: expect.stringContaining("argument '0' is invalid") },
  });

  const missing = await run('verify', '--data', 'nowhere', '--json');
  expect(JSON.parse(missing.stderr)).toMatchObject({
    error: { code: 'data_missing', data: 'nowhere' },
  });
});

test('events prints the catalogue, one definition a line with --json', async () => {
  const { code, stdout } = await run('events', '--json');
  expect(code).toBe(0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; category: string });
  expect(events.length).toBeGreaterThan(20);
  expect(events.map((event) => event.name)).toContain('AUTHZ');
  const table = await run('events');
  expect(table.stdout).toMatch(/^EVENT +CATEGORY +OPERATION +LEVEL +TITLE$/m);
  expect(table.stdout).not.toContain('\u001b[');
});

test('a reader that goes away early is no failure', () => {
  const command = `'${process.execPath}' '${CLI}' events --json | head -n 1; exit "\${PIPESTATUS[0]}"`;
  const result = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  expect(result.stdout.split('\n')).toHaveLength(2);
});

/** A Node of the machine that is too old to run us itself. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].filter(existsSync).find((path) => {
  const major = Number(
    /^v(\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1],
  );
  return major >= 20 && major < 26;
});

describe.skipIf(oldNode === undefined)(
  'started by an older Node (skipped where the machine has none from 20 to 25)',
  () => {
    test('runs all the same, with its arguments, streams and exit code', () => {
      const node = oldNode ?? '';
      expect(spawnSync(node, [CLI, '--version'], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stdout: '0.1.0\n',
      });
      const failed = spawnSync(node, [CLI, 'serch'], { encoding: 'utf8' });
      expect(failed.status).toBe(1);
      expect(failed.stderr).toContain('Did you mean search?');
    });
  },
);
