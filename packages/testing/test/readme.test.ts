import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  CLI,
  readmeBlocks,
  type ReadmeBlock,
  ROOT,
  startSystem,
  temporaryFolder,
  type System,
} from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Runs what the documents tell people to type. A block fenced as `sh test` runs with `sh -e` in a copy of the
 * repository's top folder that it may write to; the blocks of one document run one after the other in the same place.
 * There, a server is running: `http://127.0.0.1:8080` in a block stands for its address, `./data` is its data folder,
 * COUNTERSIGN_PASSWORD holds the auditor's password and `$TOKEN` the token of the producer `ca`. Commands that begin with
 * `-n` find it at its HTTPS address, as if that were the default; the store of client certificates is in HOME, here, too.
 */
const DOCUMENTS = (
  await Promise.all(
    [
      'README.md',
      'CONTRIBUTING.md',
      'docs/ARCHITECTURE.md',
      'docs/formats.md',
      'packages/cli/README.md',
    ].map(readDocument),
  )
).filter(({ blocks }) => blocks.length > 0);
const WRITTEN_ADDRESS = 'http://127.0.0.1:8080';

let system: System;
let token: string;
beforeAll(async () => {
  system = await startSystem({ settings: { COUNTERSIGN_HTTPS_PORT: '0' } });
  token = await system.createProducer('ca');
});
afterAll(() => system.close());

describe.for(DOCUMENTS)('$name', ({ blocks }) => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    place = await temporaryFolder('readme');
    await layOut(place.path);
  });
  afterAll(() => place.remove());

  test.for(blocks)('the commands in line $line work', async ({ commands }) => {
    const { code, said } = await runShell(
      commands.replaceAll(WRITTEN_ADDRESS, system.url),
      place.path,
    );
    expect(code, `${commands}\n\n${said}`).toBe(0);
  });
});

async function readDocument(name: string): Promise<{ name: string; blocks: ReadmeBlock[] }> {
  const path = join(ROOT, name);
  return { name, blocks: existsSync(path) ? readmeBlocks(await readFile(path, 'utf8')) : [] };
}

test('documents are found', () => {
  expect(existsSync(join(ROOT, 'docs/ARCHITECTURE.md'))).toBe(true);
});

/** What a reader has in front of them after cloning, without a way to change the real thing by accident. */
async function layOut(dir: string): Promise<void> {
  for (const name of ['packages', 'testdata', 'docs', 'package.json']) {
    if (existsSync(join(ROOT, name))) await symlink(join(ROOT, name), join(dir, name));
  }
  await symlink(system.dataDir, join(dir, 'data'));
  const bin = join(dir, 'bin');
  await mkdir(bin);
  // `npx countersign` is this command; going through the real npx would only add seconds.
  await writeFile(
    join(bin, 'npx'),
    `#!/bin/sh\n[ "$1" = countersign ] || { echo "npx $1: not expected here" >&2; exit 1; }\nshift\n[ "$1" = -n ] && set -- -U '${system.httpsUrl}' "$@"\nexec '${process.execPath}' '${CLI}' "$@"\n`,
    {
      mode: 0o755,
    },
  );
}

function runShell(commands: string, dir: string): Promise<{ code: number | null; said: string }> {
  const env = {
    ...process.env,
    ...system.passwordOf('auditor'),
    TOKEN: token,
    HOME: dir,
    NO_COLOR: '1',
    PATH: [join(dir, 'bin'), process.env['PATH']].join(delimiter),
  };
  const child = spawn('sh', ['-e'], { cwd: dir, env });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(commands);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}
