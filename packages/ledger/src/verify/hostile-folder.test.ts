import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { draftsOf, TestLog } from '../testing/test-log.ts';

/** What somebody who can write to the folder may put where a file was: it must be named, and never be waited for. */

let files: TestLog;

beforeEach(async () => {
  files = await TestLog.create();
  const log = await files.open();
  await log.append('ca', draftsOf(1, 300));
  await log.close();
});

afterEach(() => files.remove());

const FILES = [
  'checkpoint',
  'entries/000000.seg',
  'contents/000001.seg',
  'tiles/0',
  'offsets/000000',
  'producers/000000',
];

describe.skipIf(process.platform === 'win32').each([
  ['a folder', (path: string) => fs.mkdirSync(path)],
  ['an endless device', (path: string) => fs.symlinkSync('/dev/zero', path)],
  ['a pipe nobody writes to', (path: string) => void execFileSync('mkfifo', [path])],
  ['a link to itself', (path: string) => fs.symlinkSync(path, path)],
])('%s', (_, put) => {
  test.each(FILES)(
    'in the place of %s is found by verify, and nobody waits for it',
    async (name) => {
      const path = join(files.dir, name);
      fs.rmSync(path);
      put(path);
      const { ok, problems } = await files.verify();
      expect(ok).toBe(false);
      expect(problems.map(({ file }) => file)).toContain(name);
      const opened = await files.open().catch((error: unknown) => error);
      if (opened instanceof Error) {
        expect(['checkpoint_invalid', 'log_missing', 'log_truncated', 'log_unavailable']).toContain(
          (opened as Error & { code?: string }).code,
        );
      } else {
        // What is derived is derived anew, and full segments are not read when a log is opened.
        await (opened as Awaited<ReturnType<typeof files.open>>).close();
      }
    },
  );
});

test.each(FILES)('%s that claims to be endless is not read to its end', async (name) => {
  fs.truncateSync(join(files.dir, name), 2 ** 40);
  const { ok, problems } = await files.verify();
  expect(ok).toBe(false);
  expect(problems.map(({ file }) => file)).toContain(name);
});

test.each([2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'a checkpoint with the forged size %d costs no memory and no time',
  async (size) => {
    const path = join(files.dir, 'checkpoint');
    const lines = fs.readFileSync(path, 'utf8').split('\n');
    fs.writeFileSync(path, lines.with(1, String(size)).join('\n'));
    const { ok, problems } = await files.verify();
    expect(ok).toBe(false);
    expect(problems.map(({ kind }) => kind)).toContain('truncated');
    await expect(files.open()).rejects.toMatchObject({ code: 'checkpoint_invalid' });
  },
);
