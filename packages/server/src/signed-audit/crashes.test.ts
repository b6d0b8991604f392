import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/harness.ts';
import { DISK, type Disk } from './disk.ts';
import { Bench } from './testing/bench.ts';
import { FaultyDisk, type Crash } from './testing/faulty-disk.ts';
import { expectWhole, linesOfLog, readFiles, recordLines } from './testing/files.ts';

/** Sizes of the log at which the files are brought up to date; a new process begins at each list. */
const LIVES = [[0, 2, 12], [13, 24], [24]];
const SETTINGS = { maxFileSize: 2 };

const root = await temporaryFolder();
let bench: Bench;
let lines: string[];

beforeAll(async () => {
  bench = await Bench.create(root);
  // Ours, those of another producer, and signings: only the first have lines.
  for (let i = 0; i < 24; i += 1) {
    await bench.say({
      ...(i % 5 === 3 ? { producer: 'pki1' } : {}),
      ...(i % 11 === 6 ? { event: 'AUDIT_LOG_SIGNING' } : {}),
      user: `user${i} ä\n]`,
    });
  }
  lines = await linesOfLog(bench.log);
});
afterAll(async () => {
  await bench.log.close();
});

/** One process after another brings the files up to date; one that is killed has a successor that goes on. */
async function live(folder: string, disks: readonly Disk[]): Promise<void> {
  let killed = 0;
  const view = { size: 0, reader: bench.log.reader, onCommit: () => () => undefined };
  const begin = (disk: Disk = DISK) => bench.begin(folder, { view, disk, settings: SETTINGS });
  for (const sizes of LIVES) {
    view.size = sizes[0] ?? 0;
    let audit = begin(disks[killed]);
    for (const size of sizes) {
      view.size = size;
      await audit.idle();
      while (audit.failure !== null) {
        expect(audit.failure).toBe('the process was killed');
        await checkRemains(folder);
        killed += 1;
        audit = begin(disks[killed]);
        await audit.idle();
      }
    }
    await audit.close();
  }
}

/** By file: what was in it when a process was killed. A file only ever grows, whatever it is called later. */
let remains = new Map<string, string>();

async function checkRemains(folder: string): Promise<void> {
  const found = await readFolder(folder);
  for (const [inode, text] of remains) expect(found.get(inode)?.startsWith(text)).toBe(true);
  remains = found;
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  const dir = join(folder, 'signedAudit');
  const names = await readdir(dir).catch(() => []);
  const found = names.map(async (name): Promise<[string, string]> => {
    const path = join(dir, name);
    return [String((await stat(path)).ino), await readFile(path, 'utf8')];
  });
  return new Map(await Promise.all(found));
}

async function expectWholeAfter(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(root, 'life-'));
  remains = new Map();
  try {
    await work(folder);
    await checkRemains(folder);
    const files = await readFiles(join(folder, 'signedAudit'));
    expectWhole(files, lines, bench.keys.publicKey);
    for (const { name } of files) {
      const { mode, nlink } = await stat(join(folder, 'signedAudit', name));
      expect({ name, mode: mode & 0o777, nlink }).toEqual({ name, mode: 0o640, nlink: 1 });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('signed audit files', () => {
  test('have each line once over several lives, and several files', async () => {
    await expectWholeAfter(async (folder) => {
      await live(folder, []);
      const files = await readFiles(join(folder, 'signedAudit'));
      expect(files.length).toBe(3);
      expect(recordLines(files)).toHaveLength(17);
      // One after the other although no second passes.
      expect(files[0]?.name).toBe('ca_audit.20261122050000');
      expect(files[1]?.name).toBe('ca_audit.20261122050001');
      expect(files.at(-1)?.name).toBe('ca_audit');
    });
  });

  test('are whole when the process is killed before any step, or in the middle of a write', async () => {
    const whole = new FaultyDisk({ step: 0, when: 'before' });
    await expectWholeAfter(async (folder) => await live(folder, [whole]));
    expect(new Set(whole.taken).size).toBe(12);
    for (const [i, name] of whole.taken.entries()) {
      const isWrite = ['append', 'create', 'replace'].includes(name);
      for (const when of isWrite ? (['before', 'during'] as const) : (['before'] as const)) {
        const disk = new FaultyDisk({ step: i + 1, when });
        await expectWholeAfter(async (folder) => await live(folder, [disk]));
        expect(disk.crashed).toBe(true);
      }
    }
  }, 120_000);

  test('are whole when processes are killed again and again, while they recover, too', async () => {
    const crash: fc.Arbitrary<Crash> = fc.record({
      step: fc.nat({ max: 40 }).map((n) => n + 1),
      when: fc.constantFrom('before' as const, 'during' as const, 'after' as const),
    });
    let crashed = 0;
    for (const crashes of fc.sample(fc.array(crash, { minLength: 1, maxLength: 12 }), 40)) {
      const disks = crashes.map((at) => new FaultyDisk(at));
      await expectWholeAfter(async (folder) => await live(folder, disks));
      crashed += disks.filter((disk) => disk.crashed).length;
    }
    expect(crashed).toBeGreaterThan(40);
  }, 120_000);
});
