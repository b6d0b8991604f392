import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLogReader } from './reader.ts';
import { draftOf, draftsOf, TestLog } from './testing/test-log.ts';
import type { Log } from './log.ts';

let files: TestLog;
let log: Log;

beforeEach(async () => {
  files = await TestLog.create();
  log = await files.open();
});

afterEach(async () => {
  await log.close();
  files.remove();
});

async function reopen(): Promise<void> {
  await log.close();
  log = await files.open();
}

describe('append', () => {
  test('keeps everything right after every batch, over segment ends and reopening', async () => {
    await files.check(0);
    let size = 0;
    for (const count of [1, 2, 7, 100, 145, 1, 1, 300, 256, 700, 3]) {
      const added = await log.append('ca', draftsOf(size + 1, size + count));
      expect(added.map(({ index }) => index)).toEqual(
        Array.from({ length: count }, (_, i) => size + i),
      );
      expect(added.every(({ duplicate }) => !duplicate)).toBe(true);
      size += count;
      expect(log.size).toBe(size);
      expect(log.nextSeq('ca')).toBe(size + 1);
      await log.published();
      await files.check(size, { whole: false });
      if (count % 2 === 1) await reopen();
      expect(log.size).toBe(size);
    }
    await log.close();
    await files.check(size);
  });

  test('gives producers that append at the same time their own numbers and one order', async () => {
    const producers = Array.from({ length: 16 }, (_, i) => `producer-${i}`);
    const indexes = new Set<number>();
    await Promise.all(
      producers.map(async (producer) => {
        for (let seq = 1; seq <= 30; seq += 1) {
          const [added] = await log.append(producer, [draftOf(seq)]);
          indexes.add(added?.index ?? -1);
        }
      }),
    );
    expect(indexes.size).toBe(480);
    expect(log.status().producers).toHaveLength(16);
    await log.close();
    await files.check(480);
  });

  test("takes one producer's calls in the order they were made without waiting for each other", async () => {
    const added = await Promise.all([
      log.append('ca', draftsOf(1, 3)),
      log.append('ca', draftsOf(4, 4)),
      log.append('ca', draftsOf(5, 9)),
    ]);
    expect(added.flat().map(({ seq, index }) => seq - index)).toEqual(Array(9).fill(1));
  });

  test('does nothing for no records', async () => {
    expect(await log.append('ca', [])).toEqual([]);
    expect(log.size).toBe(0);
  });

  test('answers repeats with the indexes they have, from any segment and after reopening', async () => {
    await log.append('other', draftsOf(1, 5));
    for (let seq = 1; seq <= 900; seq += 100) await log.append('ca', draftsOf(seq, seq + 99));
    await reopen();
    await log.append('ca', draftsOf(901, 910));
    for (const seq of [1, 2, 251, 252, 256, 257, 500, 511, 512, 767, 768, 900, 910]) {
      expect(await log.append('ca', [draftOf(seq)])).toEqual([
        { seq, index: seq + 4, duplicate: true },
      ]);
    }
    expect(log.size).toBe(915);
    const mixed = await log.append('ca', draftsOf(905, 915));
    expect(mixed.map(({ duplicate }) => duplicate)).toEqual([
      ...Array<boolean>(6).fill(true),
      ...Array<boolean>(5).fill(false),
    ]);
    expect(mixed.map(({ index }) => index)).toEqual(Array.from({ length: 11 }, (_, i) => 909 + i));
    await log.close();
    await files.check(920);
  });

  test('answers a repeat of records that are still on their way', async () => {
    const first = log.append('ca', draftsOf(1, 10));
    const again = log.append('ca', draftsOf(1, 12));
    expect(await first).toHaveLength(10);
    expect((await again).map(({ duplicate }) => duplicate)).toEqual([
      ...Array<boolean>(10).fill(true),
      false,
      false,
    ]);
    expect(log.size).toBe(12);
  });

  test('refuses another record under a number that is taken, and adds nothing', async () => {
    await log.append('ca', draftsOf(1, 3));
    const other = draftOf(2, { time: '2026-11-22T05:00:00.001Z' });
    await expect(
      log.append('ca', [draftOf(1), other, draftOf(3), draftOf(4)]),
    ).rejects.toMatchObject({
      code: 'sequence_conflict',
      message:
        'producer "ca": number 2 is record 1 (AUTHZ at 2026-11-22T05:00:00.000Z), got another record (AUTHZ at 2026-11-22T05:00:00.001Z)',
      index: 1,
    });
    const content = { ...draftOf(3).content, reason: 'changed' };
    await expect(log.append('ca', [draftOf(3, { content })])).rejects.toMatchObject({
      code: 'sequence_conflict',
    });
    expect(log.size).toBe(3);
  });

  test('refuses gaps and says which number it expects', async () => {
    await expect(log.append('ca', [draftOf(2)])).rejects.toMatchObject({
      code: 'sequence_gap',
      message: 'producer "ca": expected sequence number 1, got 2',
      expected: 1,
      got: 2,
      producer: 'ca',
    });
    await expect(log.append('ca', [draftOf(1), draftOf(3)])).rejects.toMatchObject({
      code: 'sequence_gap',
      expected: 2,
      got: 3,
    });
    expect(log.nextSeq('ca')).toBe(1);
    expect(log.size).toBe(0);
  });

  test('adds nothing of a batch when one record of it can not be sealed', async () => {
    const bad = draftOf(2, { event: 'not an event' });
    await expect(log.append('ca', [draftOf(1), bad, draftOf(3)])).rejects.toMatchObject({
      code: 'record_invalid',
    });
    expect(log.size).toBe(0);
    expect(await log.append('ca', [draftOf(1)])).toEqual([{ seq: 1, index: 0, duplicate: false }]);
  });

  test('refuses names that are none and batches that are too large', async () => {
    await expect(log.append('Not A Name', [draftOf(1)])).rejects.toMatchObject({
      code: 'producer_invalid',
      message:
        'producer: expected lower-case letters, digits, ".", "_" and "-", 64 at most, got "Not A Name"',
    });
    await expect(log.append('ca', draftsOf(1, 10_001))).rejects.toMatchObject({
      code: 'batch_too_large',
      message: 'records: expected 10000 at most, got 10001',
    });
  });

  test('refuses more when too much is waiting, and goes on when it has been written', async () => {
    await log.close();
    const limits = { maxRecords: 50, maxBytes: 1 << 20, groupRecords: 10, groupBytes: 1 << 20 };
    log = await files.open({ limits });
    const calls = Array.from({ length: 100 }, (_, i) => log.append(`p${i}`, [draftOf(1)]));
    const results = await Promise.allSettled(calls);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ reason: { code: 'overloaded', retryAfterMs: 250 } });
    expect(log.size).toBe(50);
    await log.append('p99', [draftOf(1)]);
    expect(log.size).toBe(51);
  });

  test('stores contents up to their limit and larger than a chunk', async () => {
    const content = { ...draftOf(1).content, reason: 'x'.repeat(1_000_000) };
    await log.append('ca', [draftOf(1, { content }), draftOf(2), draftOf(3, { content })]);
    expect((await log.reader.read(2)).contentBytes?.length).toBeGreaterThan(1_000_000);
    await log.close();
    await files.check(3);
  });

  test('is refused when somebody has removed the file it writes to', async () => {
    await log.append('ca', draftsOf(1, 3));
    await log.reader.read(0);
    rmSync(`${files.dir}/contents/000000.seg`);
    await expect(log.append('ca', [draftOf(4)])).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(log.status()).toMatchObject({ state: 'failed', size: 3 });
    expect(log.status().reason).toContain('was removed while the log was open');
    expect((await log.reader.read(2)).envelope.seq).toBe(3);
  });

  test('is refused once closed', async () => {
    await log.close();
    await expect(log.append('ca', [draftOf(1)])).rejects.toMatchObject({
      code: 'log_closed',
      message: 'the log is closed',
    });
  });
});

describe('the log', () => {
  test('has one writer at a time', async () => {
    await expect(files.open()).rejects.toMatchObject({ code: 'log_locked' });
    await log.close();
    log = await files.open();
  });

  test('is not created over another', async () => {
    const { dir, origin, signers } = files;
    const { createLog } = await import('./create-log.ts');
    await expect(createLog({ dir, origin, signers })).rejects.toMatchObject({ code: 'log_exists' });
  });

  test('shows readers elsewhere what is published, and says when', async () => {
    const reader = await openLogReader({ dir: files.dir, layout: files.layout });
    const sizes: number[] = [];
    const stop = log.onCommit((size) => sizes.push(size));
    await log.append('ca', draftsOf(1, 300));
    await log.published();
    expect(await reader.size()).toBe(300);
    expect(sizes.at(-1)).toBe(300);
    stop();
    await log.append('ca', draftsOf(301, 310));
    await log.published();
    expect(sizes.at(-1)).toBe(300);
    const record = await reader.read(309);
    expect(record).toMatchObject({ index: 309, envelope: { producer: 'ca', seq: 310 } });
    await expect(reader.read(310)).rejects.toMatchObject({
      code: 'record_missing',
      message: "record: expected an index less than the log's size 310, got 310",
    });
    reader.close();
  });

  test('proves to older checkpoints, too', async () => {
    await log.append('ca', draftsOf(1, 5));
    const older = log.checkpoint;
    await log.append('ca', draftsOf(6, 600));
    expect((await log.reader.prove(4, older)).hashes).toHaveLength(1);
    await expect(log.reader.prove(5, older)).rejects.toMatchObject({ code: 'record_missing' });
  });
});

test('a writer whose lock was removed stops before it writes: another one may be at work', async () => {
  await log.append('ca', draftsOf(1, 3));
  await log.published();
  rmSync(`${files.dir}.lock`);
  const other = await files.open();
  await other.append('ca', draftsOf(4, 5));
  await expect(log.append('ca', [draftOf(4)])).rejects.toMatchObject({
    code: 'log_unavailable',
    message: expect.stringContaining(
      "the lock's file was removed while the log was open",
    ) as string,
  });
  await other.close();
  await files.check(5);
});
