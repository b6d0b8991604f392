import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLine, verifyFiles, type SeriesReport } from '@countersign/records';
import { temporaryFolder } from '../testing/harness.ts';
import { DISK, type Disk } from './disk.ts';
import type { OpenAuditFile } from './reading.ts';
import type { SignedAudit } from './signed-audit.ts';
import { Bench } from './testing/bench.ts';
import { expectWhole, linesOfLog, readFiles, recordLines, verifierOf } from './testing/files.ts';

const root = await temporaryFolder();
let bench: Bench;
let folder: string;
let dir: string;
let current: string;
let open: SignedAudit[] = [];

beforeAll(async () => {
  bench = await Bench.create(root);
  for (let i = 0; i < 5; i += 1) await bench.say();
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'));
  dir = join(folder, 'signedAudit');
  current = join(dir, 'ca_audit');
});
afterEach(async () => {
  for (const audit of open.splice(0)) await audit.close();
});

function begin(options: Parameters<Bench['begin']>[1] = {}): SignedAudit {
  const audit = bench.begin(folder, options);
  open = [...open, audit];
  return audit;
}

async function expectFilesOfLog(): Promise<SeriesReport> {
  return expectWhole(await readFiles(dir), await linesOfLog(bench.log), bench.keys.publicKey);
}

async function text(path = current): Promise<string> {
  return await readFile(path, 'utf8');
}

function isSignature(line: string | undefined): boolean {
  return line?.includes('[AuditEvent=AUDIT_LOG_SIGNING]') === true;
}

describe('signed audit files', () => {
  test('begin with a signature over nothing, and a restart with one over the signature before it', async () => {
    await begin().close();
    const first = (await text()).split('\n');
    expect(first).toHaveLength(9);
    expect(first.map(isSignature)).toEqual([
      true,
      ...Array.from({ length: 5 }, () => false),
      true,
      true,
      false,
    ]);
    expect(first[0]).toMatch(
      /^0\.signed-audit - \[22\/Nov\/2026:05:00:00 UTC\] \[14\] \[6\] \[AuditEvent=AUDIT_LOG_SIGNING\]\[SubjectID=\$System\$\]\[Outcome=Success\] signature of audit buffer just flushed: sig: [A-Za-z0-9+/]+=*$/,
    );
    await begin().close();
    const second = (await text()).split('\n');
    expect(second.slice(0, 8)).toEqual(first.slice(0, 8));
    expect(second.slice(8).map(isSignature)).toEqual([true, false]);
    expect(await expectFilesOfLog()).toMatchObject({ valid: 3, starts: 1 });
  });

  test('follow the log without being asked', async () => {
    const audit = begin({ settings: { bufferSize: 10_000, flushInterval: 1 } });
    await audit.idle();
    const before = (await stat(current)).size;
    await bench.say();
    await expect
      .poll(async () => (await stat(current)).size, { timeout: 5_000 })
      .toBeGreaterThan(before);
    await expectFilesOfLog();
  });

  test('are written at once when more waits than the buffer may hold', async () => {
    const audit = begin({ settings: { bufferSize: 1, flushInterval: 0 } });
    await audit.idle();
    const before = (await stat(current)).size;
    await bench.say();
    await expect
      .poll(async () => (await stat(current)).size, { timeout: 5_000 })
      .toBeGreaterThan(before);
    await expectFilesOfLog();
  });

  test('have one line for values that try to be more', async () => {
    const user =
      'x][Outcome=Success]\r\n0.main - [22/Nov/2026:05:00:00 UTC] [14] [6] [AuditEvent=AUDIT_LOG_SIGNING]';
    await bench.say({ event: 'AUTH', outcome: 'Failure', user });
    await begin().idle();
    const report = await expectFilesOfLog();
    const line =
      (await text()).split('\n').find((candidate) => candidate.includes('Failure')) ?? '';
    expect(readLine(line)?.fields).toContainEqual(['SubjectID', user]);
    // What Dogtag's own tool takes for signatures are signatures.
    const mentions = (await text())
      .split(/\r\n|\n|\r/)
      .filter((l) => l.includes('AUDIT_LOG_SIGNING'));
    expect(mentions).toHaveLength(report.valid + report.starts);
  });

  test('have the names of 10.4 when they are wanted', async () => {
    await begin({ eventNames: '10.4' }).idle();
    expect(await text()).toContain('[AuditEvent=AUTH_SUCCESS][SubjectID=user1][Outcome=Success]');
    expectWhole(await readFiles(dir), await linesOfLog(bench.log, '10.4'), bench.keys.publicKey);
  });

  test('leave out what is not ours, however much of it there is', async () => {
    for (let i = 0; i < 300; i += 1) {
      await bench.say({ producer: 'pki1' });
      if (i % 90 === 0) await bench.say();
    }
    await begin().idle();
    await expectFilesOfLog();
    // The next process does not look at them again.
    await begin().close();
    const journal = JSON.parse(await text(join(folder, 'signedAudit.journal'))) as { next: number };
    expect(journal.next).toBe(bench.log.size);
  });

  test('sign with an RSA key as with any', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const audit = bench.begin(folder, { key: rsa.privateKey });
    await audit.close();
    const lines = await linesOfLog(bench.log);
    expect(expectWhole(await readFiles(dir), lines, rsa.publicKey).valid).toBe(2);
  });
});

describe('a file is set aside', () => {
  test('when it is larger than it may be, and when it is older', async () => {
    const audit = begin({ settings: { maxFileSize: 1, rolloverInterval: 60 } });
    await audit.idle();
    const bySize = (await readFiles(dir)).length;
    expect(bySize).toBeGreaterThan(2);
    audit.configure({ ...audit.settings, maxFileSize: 0 });
    bench.clock.advance(59_000);
    await bench.say();
    await audit.idle();
    expect(await readFiles(dir)).toHaveLength(bySize);
    bench.clock.advance(2_000);
    await audit.idle();
    const files = await readFiles(dir);
    expect(files).toHaveLength(bySize + 1);
    // One with nothing but its signature is not: nothing would be in it.
    bench.clock.advance(600_000);
    await audit.idle();
    expect(await readFiles(dir)).toHaveLength(bySize + 1);
    expect((await text()).split('\n').map(isSignature)).toEqual([true, false]);
    await expectFilesOfLog();
  });

  test('under the next name when its second is taken, also by somebody else’s file', async () => {
    const at = bench.clock.read().getTime();
    const [stamp = '', next = ''] = [at, at + 1_000].map((time) =>
      new Date(time).toISOString().replaceAll(/\D/g, '').slice(0, 14),
    );
    const audit = begin();
    await audit.idle();
    const taken = join(dir, `ca_audit.${stamp}`);
    await writeFile(taken, 'keep me\n');
    audit.configure({ ...audit.settings, maxFileSize: 1 });
    await bench.say();
    await audit.idle();
    expect(await text(taken)).toBe('keep me\n');
    expect((await readFiles(dir)).map(({ name }) => name)).toEqual([
      `ca_audit.${stamp}`,
      `ca_audit.${next}`,
      'ca_audit',
    ]);
    await rm(taken);
    await expectFilesOfLog();
  });

  test('not at all where the file system has no links: writing goes on, and somebody is told', async () => {
    const refused = Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
    const disk: Disk = { ...DISK, link: async () => await Promise.reject(refused) };
    const audit = begin({ disk, settings: { maxFileSize: 1 } });
    await audit.idle();
    await bench.say();
    await audit.idle();
    expect(audit.failure).toBeNull();
    expect(audit.notice).toBe(
      'the file system has no links: the signed audit file is never set aside',
    );
    expect(await readFiles(dir)).toHaveLength(1);
    await expectFilesOfLog();
  });
});

describe('when the files cannot be written', () => {
  test('the lines come later, once, and what was half written is completed', async () => {
    let full: 'no' | 'journal' | 'file' = 'no';
    let room = 40;
    const error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const disk: Disk = {
      ...DISK,
      replace: async (path, given) => {
        if (full === 'journal') throw error;
        await DISK.replace(path, given);
      },
      append: async (path, bytes) => {
        if (full !== 'file') return await DISK.append(path, bytes);
        await DISK.append(path, bytes.subarray(0, room));
        room = 0;
        throw error;
      },
    };
    const audit = begin({ disk });
    await audit.idle();
    for (const what of ['journal', 'file'] as const) {
      full = what;
      await bench.say();
      await audit.idle();
      expect(audit.failure).toBe('no space left on device');
      await bench.say();
      await audit.idle();
      // Nobody is shown half a line.
      const [file] = await audit.list();
      const shown = await contentOf(await audit.openFile('ca_audit'));
      expect(shown).toHaveLength(file?.size ?? 0);
      expect(shown.endsWith('\n')).toBe(true);
      expect((await stat(current)).size - shown.length).toBe(what === 'file' ? 40 : 0);
      full = 'no';
      await audit.idle();
      expect(audit.failure).toBeNull();
      await expectFilesOfLog();
    }
  });

  test.each([
    { what: 'a FIFO', lay: async () => void execFileSync('mkfifo', [current]) },
    { what: 'a folder', lay: async () => await mkdir(current) },
    { what: 'a symbolic link', lay: async () => await symlink(join(folder, 'aside'), current) },
  ])('for $what stands there, nothing waits for it', async ({ lay }) => {
    const audit = begin();
    await audit.idle();
    await rename(current, join(folder, 'aside'));
    await lay();
    await bench.say();
    expect(await audit.list()).toEqual([]);
    expect(audit.failure).toMatch(/^E(?:NXIO|SPIPE|ISDIR|LOOP|EXIST): /);
    await rm(current, { recursive: true });
    await rename(join(folder, 'aside'), current);
    await audit.idle();
    expect(audit.failure).toBeNull();
    await expectFilesOfLog();
  });

  test('it is tried again without anybody asking', async () => {
    let failures = 1;
    const disk: Disk = {
      ...DISK,
      replace: async (path, given) => {
        failures -= 1;
        if (failures === 0) throw new Error('no space left on device');
        await DISK.replace(path, given);
      },
    };
    const audit = begin({ disk });
    await expect.poll(() => audit.failure, { timeout: 5_000 }).toBe('no space left on device');
    await expect.poll(() => audit.failure, { timeout: 5_000 }).toBeNull();
    await expectFilesOfLog();
  });
});

describe('when somebody else changes the current file, a new one is begun', () => {
  let audit: SignedAudit;
  let before: string;
  beforeEach(async () => {
    audit = begin();
    await audit.idle();
    before = await text();
  });

  async function verify(): Promise<SeriesReport> {
    return verifyFiles(await readFiles(dir), { keys: [verifierOf(bench.keys.publicKey)] });
  }

  test('cut: what is left of it stays as it is, and the chain shows what is missing', async () => {
    await truncate(current, before.length - 30);
    await bench.say();
    await audit.idle();
    expect(audit.notice).toBe(
      `ca_audit was changed by somebody else: expected ${before.length} bytes, got ${before.length - 30}; a new file was begun`,
    );
    const files = await readFiles(dir);
    expect(files).toHaveLength(2);
    expect(Buffer.from(files[0]!.bytes).toString()).toBe(before.slice(0, -30));
    expect((await verify()).ok).toBe(false);
    const last = (await linesOfLog(bench.log)).at(-1);
    expect(recordLines([files[1]!])).toEqual([last]);
  });

  test('written to: the foreign line is in the old file, and no line of ours is lost', async () => {
    await appendFile(current, '0.main - [forged]\n');
    await bench.say();
    await audit.idle();
    expect(audit.notice).toMatch(/^ca_audit was changed by somebody else: expected \d+ bytes, got/);
    expect((await text()).split('\n').filter((line) => !isSignature(line))).toHaveLength(2);
    const lines = recordLines(await readFiles(dir));
    expect(lines.filter((line) => !line.includes('forged'))).toEqual(await linesOfLog(bench.log));
    expect((await verify()).ok).toBe(false);
  });

  test('moved away, as log rotation does it: with it the chain is whole', async () => {
    await rename(current, join(folder, 'moved'));
    await bench.say();
    await audit.idle();
    expect(audit.notice).toMatch(
      /^ca_audit was changed by somebody else: expected \d+ bytes, got 0/,
    );
    expect((await verify()).verdict).toBe('beginning-missing');
    await rename(join(folder, 'moved'), join(dir, 'ca_audit.20260101000000'));
    await expectFilesOfLog();
  });

  test('while no process ran', async () => {
    await audit.close();
    await unlink(current);
    const next = begin();
    await next.idle();
    expect(next.notice).toMatch(/^ca_audit was changed by somebody else/);
    expect((await verify()).verdict).toBe('beginning-missing');
    await bench.say();
    await next.idle();
    expect(recordLines(await readFiles(dir))).toEqual([(await linesOfLog(bench.log)).at(-1)]);
  });

  test('not by us: a rotation that was interrupted between its links goes on', async () => {
    const disk: Disk = {
      ...DISK,
      unlink: async () => await Promise.reject(new Error('the process was killed')),
    };
    await audit.close();
    await bench.say();
    const killed = begin({ disk, settings: { maxFileSize: 1 } });
    await killed.idle();
    expect(killed.failure).toBe('the process was killed');
    await killed.close();
    const next = begin();
    await next.idle();
    expect(next.notice).toBeNull();
    await expectFilesOfLog();
  });
});

describe('without its journal', () => {
  test.each(['gone', 'unreadable'])(
    '(%s) all lines are written anew, into files of their own',
    async (how) => {
      await begin().close();
      const journal = join(folder, 'signedAudit.journal');
      if (how === 'gone') await unlink(journal);
      else await writeFile(journal, '{"v":1');
      const old = await text();
      const audit = begin();
      await audit.idle();
      const files = await readFiles(dir);
      expect(files).toHaveLength(2);
      expect(Buffer.from(files[0]!.bytes).toString()).toBe(old);
      expectWhole(files.slice(1), await linesOfLog(bench.log), bench.keys.publicKey);
      expect(audit.notice).toBe(how === 'gone' ? null : `${journal} could not be read`);
    },
  );
});

describe('a file that is read', () => {
  test('stays what it was when it was opened, whatever is written and set aside meanwhile', async () => {
    const audit = begin();
    const opened = await audit.openFile('ca_audit');
    const before = await text();
    audit.configure({ ...audit.settings, maxFileSize: 1 });
    await bench.say();
    await audit.idle();
    const bytes = await contentOf(opened);
    expect(opened?.size).toBe(bytes.length);
    expect(bytes).toBe(before);
    expect(isSignature(bytes.trimEnd().split('\n').at(-1))).toBe(true);
    expect(await text()).not.toBe(before);
  });

  test('is one of ours', async () => {
    const audit = begin();
    await audit.idle();
    await copyFile(current, join(dir, 'other'));
    await link(current, join(dir, 'ca_audit.bak'));
    expect(await audit.openFile('other')).toBeNull();
    expect(await audit.openFile('ca_audit.bak')).toBeNull();
    expect(await audit.openFile('../signedAudit.journal')).toBeNull();
    expect((await audit.list()).map(({ name }) => name)).toEqual(['ca_audit']);
  });
});

async function contentOf(file: OpenAuditFile | null): Promise<string> {
  const parts: Uint8Array[] = [];
  if (file !== null) for await (const part of file.read()) parts.push(part);
  return Buffer.concat(parts).toString();
}
