import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Appended, Log } from './log.ts';
import { FaultyDisk, type Fault } from './testing/faulty-disk.ts';
import { draftsOf, TestLog } from './testing/test-log.ts';

/** Where it breaks × whether it happened all the same. */
const FAULTS: readonly Fault[] = [
  { call: 'write', path: 'entries/', effect: 'none', code: 'EIO' },
  { call: 'write', path: 'entries/', effect: 'half', code: 'EIO' },
  { call: 'write', path: 'entries/', effect: 'done', code: 'EIO' },
  { call: 'write', path: 'entries/', effect: 'done', code: 'EIO', after: 3 },
  { call: 'write', path: 'contents/', effect: 'none', code: 'EIO' },
  { call: 'write', path: 'contents/', effect: 'half', code: 'EIO' },
  { call: 'write', path: 'contents/', effect: 'done', code: 'EIO' },
  { call: 'write', path: 'contents/', effect: 'half', code: 'EIO', after: 3 },
  { call: 'write', path: 'tiles/0', effect: 'none', code: 'ENOSPC' },
  { call: 'write', path: 'tiles/0', effect: 'half', code: 'ENOSPC' },
  { call: 'write', path: 'tiles/1', effect: 'half', code: 'ENOSPC' },
  { call: 'write', path: 'offsets/', effect: 'half', code: 'ENOSPC' },
  { call: 'write', path: 'offsets/', effect: 'done', code: 'EIO', after: 2 },
  { call: 'open', path: 'offsets/', effect: 'none', code: 'ENOSPC' },
  { call: 'datasync', path: 'entries/', effect: 'none', code: 'EIO', after: 2 },
  { call: 'datasync', path: 'contents/', effect: 'none', code: 'EIO', after: 2 },
  { call: 'datasync', path: 'entries/', effect: 'none', code: 'EIO' },
  { call: 'datasync', path: 'contents/', effect: 'none', code: 'EIO' },
  { call: 'datasync', path: 'tiles/', effect: 'none', code: 'EIO' },
  { call: 'datasync', path: 'offsets/', effect: 'none', code: 'EIO' },
  { call: 'datasync', path: 'producers/', effect: 'none', code: 'EIO' },
  { call: 'rename', path: 'producers/', effect: 'none', code: 'EIO' },
  { call: 'rename', path: 'producers/', effect: 'done', code: 'EIO' },
  { call: 'open', path: 'checkpoint', effect: 'none', code: 'ENOSPC' },
  { call: 'write', path: 'checkpoint', effect: 'half', code: 'ENOSPC' },
  { call: 'datasync', path: 'checkpoint', effect: 'none', code: 'EIO' },
  { call: 'rename', path: 'checkpoint', effect: 'none', code: 'EIO' },
  { call: 'rename', path: 'checkpoint', effect: 'done', code: 'EIO' },
  { call: 'writeLater', path: 'entries/', effect: 'none', code: 'ENOSPC' },
  { call: 'writeLater', path: 'contents/', effect: 'half', code: 'ENOSPC' },
  { call: 'writeLater', path: 'entries/', effect: 'half', code: 'EIO', after: 2 },
  { call: 'open', path: 'entries/000001', effect: 'none', code: 'ENOSPC' },
  { call: 'open', path: 'contents/000001', effect: 'none', code: 'ENOSPC' },
  { call: 'open', path: 'contents/000002', effect: 'none', code: 'ENOSPC' },
  { call: 'syncDirectory', path: 'entries', effect: 'none', code: 'EIO' },
  { call: 'truncate', path: 'entries/', effect: 'done', code: 'EIO' },
  { call: 'truncate', path: 'contents/', effect: 'none', code: 'EIO' },
];

const nameOf = ({ call, path, effect, code, after = 0 }: Fault) =>
  `${call} ${path} fails with ${code} after ${after}, effect ${effect}`;

describe('when the disk fails', () => {
  test.each(FAULTS.map((fault) => ({ name: nameOf(fault), fault })))(
    '$name: nothing acknowledged is lost, nothing is stored twice',
    async ({ fault }) => {
      const files = await TestLog.create();
      const disk = new FaultyDisk();
      let log = await files.open({ disk });
      try {
        await log.append('before', draftsOf(1, 20));
        disk.arm(fault);
        const acknowledged = await appendUntilRefused(log);
        await log.published().catch(() => undefined);
        expect(disk.struck).toBe(true);

        // Reading goes on whatever happened.
        expect((await log.reader.read(19)).envelope.seq).toBe(20);
        await log.reader.prove(log.size - 1);
        const { state } = log.status();

        // Once the disk is well again: a log that had no room goes on; one that failed is opened anew.
        disk.arm(null);
        if (state === 'failed') {
          assert.match(log.status().reason ?? '', new RegExp(fault.code));
          await assert.rejects(log.append('ca', draftsOf(1, 1)), { code: 'log_unavailable' });
          await log.close();
          log = await files.open();
        }
        const sizeBefore = log.size;
        expect(sizeBefore).toBeGreaterThanOrEqual(acknowledged.length + 20);

        // The producer sends everything again, as it must after an unknown outcome.
        const again = await log.append('ca', draftsOf(1, 900));
        expect(again.slice(0, acknowledged.length).map(({ index }) => index)).toEqual(
          acknowledged.map(({ index }) => index),
        );
        expect(again.map(({ seq }) => seq)).toEqual(Array.from({ length: 900 }, (_, i) => i + 1));
        expect(log.size).toBe(920);
        await log.close();
        await files.check(920);
      } finally {
        await log.close();
        files.remove();
      }
    },
    20_000,
  );
});

test('a disk that is nearly full is a pause: nothing is written, and the log goes on when there is room', async () => {
  const files = await TestLog.create();
  const disk = new FaultyDisk();
  const log = await files.open({ disk });
  await log.append('ca', draftsOf(1, 3));
  disk.freeBytes = 1 << 20;
  await expect(log.append('ca', [...draftsOf(4, 4)])).rejects.toMatchObject({
    code: 'log_unavailable',
    retryAfterMs: 5000,
    message: expect.stringContaining('no space left on device: expected 4194304 bytes') as string,
  });
  expect(log.status().state).toBe('full');
  expect(log.nextSeq('ca')).toBe(4);
  disk.freeBytes = null;
  expect(await log.append('ca', [...draftsOf(4, 4)])).toMatchObject([
    { index: 3, duplicate: false },
  ]);
  expect(log.status().state).toBe('running');
  await log.close();
  await files.check(4);
  files.remove();
});

test('a full disk at opening is said as such, and the lock is free afterwards', async () => {
  const files = await TestLog.create();
  const disk = new FaultyDisk();
  disk.arm({ call: 'syncDirectory', path: 'entries', effect: 'none', code: 'ENOSPC' });
  await expect(files.open({ disk })).rejects.toMatchObject({
    code: 'log_unavailable',
    message: expect.stringContaining('ENOSPC: no space left on device') as string,
  });
  const log = await files.open();
  await log.close();
  files.remove();
});

test('an open that fails while it publishes what it found leaves a log that opens', async () => {
  const files = await TestLog.create();
  const disk = new FaultyDisk();
  let log = await files.open({ disk });
  await log.append('ca', draftsOf(1, 5));
  await log.published();
  disk.arm({ call: 'rename', path: 'checkpoint', effect: 'none', code: 'EIO' });
  await log.append('ca', draftsOf(6, 9));
  await expect(log.close()).rejects.toMatchObject({ code: 'log_unavailable' });
  await expect(files.open({ disk })).rejects.toMatchObject({ code: 'log_unavailable' });
  log = await files.open();
  expect(log.size).toBe(9);
  await log.close();
  await files.check(9);
  files.remove();
});

/** Appends batches of different sizes; returns what was acknowledged. */
async function appendUntilRefused(log: Log): Promise<Appended[]> {
  const acknowledged: Appended[] = [];
  for (let seq = 1, round = 0; seq <= 800; round += 1) {
    const count = Math.min(1 + ((round * 37) % 90), 801 - seq);
    try {
      acknowledged.push(...(await log.append('ca', draftsOf(seq, seq + count - 1))));
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'log_unavailable');
      return acknowledged;
    }
    seq += count;
  }
  return acknowledged;
}
