import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealRecord } from '@countersign/records';
import { EMPTY_ROOT, formatCheckpoint, signNote } from '@countersign/tlog';
import type { Log } from './log.ts';
import { contentSize, entrySize, writeContent, writeEntry } from './stored.ts';
import { draftOf, draftsOf, TestLog } from './testing/test-log.ts';

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

const path = (name: string) => join(files.dir, name);

function endOf(name: string): number {
  return fs.readFileSync(path(name)).findLastIndex((byte) => byte !== 0) + 1;
}

function write(name: string, offset: number, bytes: Uint8Array): void {
  const fd = fs.openSync(path(name), 'r+');
  fs.writeSync(fd, bytes, 0, bytes.length, offset);
  fs.closeSync(fd);
}

/** The folder as a crash leaves it that came before the newest checkpoint was published. */
async function crashBeforePublishing(append: () => Promise<unknown>): Promise<void> {
  await log.published();
  const checkpoint = fs.readFileSync(path('checkpoint'));
  await append();
  await log.close();
  fs.writeFileSync(path('checkpoint'), checkpoint);
}

describe('opening a log', () => {
  test('keeps and signs whole records that no checkpoint covers', async () => {
    await log.append('ca', draftsOf(1, 100));
    await crashBeforePublishing(() => log.append('ca', draftsOf(101, 400)));
    log = await files.open();
    expect(log.size).toBe(400);
    expect(log.status().recovery).toMatchObject({ checkpointSize: 100, kept: 300, cleared: [] });
    expect(await log.append('ca', [draftOf(400)])).toMatchObject([{ index: 399, duplicate: true }]);
    await log.close();
    await files.check(400);
  });

  test('clears a record that is not whole, and all behind it, wherever it was cut', async () => {
    await log.append('ca', draftsOf(1, 10));
    const entriesEnd = endOf('entries/000000.seg');
    await crashBeforePublishing(() => log.append('ca', draftsOf(11, 12)));
    const entries = fs.readFileSync(path('entries/000000.seg'));
    const contents = fs.readFileSync(path('contents/000000.seg'));
    const checkpoint = fs.readFileSync(path('checkpoint'));
    const length = entries.readUInt16BE(entriesEnd);

    for (let cut = 1; cut < length + 2; cut += 23) {
      // The first of the two is cut short; the second is whole, but nothing leads to it.
      fs.writeFileSync(path('entries/000000.seg'), entries);
      fs.writeFileSync(path('contents/000000.seg'), contents);
      fs.writeFileSync(path('checkpoint'), checkpoint);
      write('entries/000000.seg', entriesEnd + cut, new Uint8Array(length + 2 - cut));
      log = await files.open();
      expect(log.size).toBe(10);
      expect(log.status().recovery.cleared.length).toBeGreaterThan(0);
      expect(endOf('entries/000000.seg')).toBe(entriesEnd);
      await log.append('ca', draftsOf(11, 13));
      await log.close();
      await files.check(13);
    }
  });

  test('clears a record whose content did not arrive', async () => {
    await log.append('ca', draftsOf(1, 10));
    const contentsEnd = endOf('contents/000000.seg');
    await crashBeforePublishing(() => log.append('ca', draftsOf(11, 11)));
    write('contents/000000.seg', contentsEnd + 40, Buffer.from('?'));
    log = await files.open();
    expect(log.size).toBe(10);
    expect(log.status().recovery.cleared.join()).toContain('its content has another digest');
    await log.close();
    await files.check(10);
  });

  test('keeps all that was acknowledged when a loss of power loses any pages of what was not', async () => {
    const content = { ...draftOf(1).content, reason: 'r'.repeat(700) };
    const batch = (from: number) =>
      draftsOf(from, from + 19).map((draft) => Object.assign(draft, { content }));
    await log.append('ca', batch(1));
    const ends = new Map(
      ['entries/000000.seg', 'contents/000000.seg'].map((name) => [name, endOf(name)]),
    );
    await crashBeforePublishing(() => log.append('ca', batch(21)));
    const saved = join(files.root, 'saved');
    fs.cpSync(files.dir, saved, { recursive: true });
    const kept = new Set<number>();
    for (let round = 0; round < 60; round += 1) {
      fs.rmSync(files.dir, { recursive: true });
      fs.cpSync(saved, files.dir, { recursive: true });
      // Each page behind what was synced has arrived or not. Pages are small here, to have many of them.
      for (const [name, end] of ends) {
        const last = endOf(name);
        for (let page = Math.floor(end / 512); page * 512 < last; page += 1) {
          if ((round * 7919 + page * 104_729 + name.length * 31) % 23 < 22) continue;
          const from = Math.max(end, page * 512);
          write(name, from, new Uint8Array(page * 512 + 512 - from));
        }
      }
      log = await files.open();
      expect(log.size).toBeGreaterThanOrEqual(20);
      kept.add(log.size);
      await log.append('ca', batch(21));
      expect(log.size).toBe(40);
      await log.close();
      await files.check(40);
    }
    expect(kept.size).toBeGreaterThan(2);
  });

  test('refuses to sign a whole record behind the checkpoint that somebody else has written there', async () => {
    await log.append('ca', draftsOf(1, 5));
    await crashBeforePublishing(() => log.append('ca', [draftOf(6)]));
    const at = (name: string) => fs.readFileSync(path(name));
    const entriesEnd = endOf('entries/000000.seg');
    const contentsEnd = endOf('contents/000000.seg');
    // The attacker knows everything but the key: he follows the format and takes the salt of a record that is ours.
    const salt = at('contents/000000.seg').subarray(4, 20);
    const forged = sealRecord(draftOf(7, { event: 'AUDIT_DATA_ERASED', outcome: 'Success' }), {
      producer: 'ca',
      id: '019aa92b-5b20-7c6e-8d7a-3f6f5f0a9c11',
      salt,
    });
    const { envelopeBytes, contentBytes } = forged;
    const entry = new Uint8Array(entrySize(envelopeBytes));
    writeEntry(entry, 0, envelopeBytes);
    const content = new Uint8Array(contentSize(contentBytes));
    writeContent(content, 0, salt, contentBytes);
    write('entries/000000.seg', entriesEnd, entry);
    write('contents/000000.seg', contentsEnd, content);
    await expect(files.open()).rejects.toMatchObject({
      code: 'log_tampered',
      index: 6,
      message: expect.stringContaining('record 6 is whole and no checkpoint covers it'),
    });

    // Nor can he change a record of ours that is not signed yet.
    const pristine = { entries: at('entries/000000.seg'), contents: at('contents/000000.seg') };
    pristine.entries.fill(0, entriesEnd);
    pristine.contents.fill(0, contentsEnd);
    const from = pristine.entries.lastIndexOf('"Failure"');
    const changed = Buffer.from(pristine.entries);
    changed.write('"Success"', from);
    fs.writeFileSync(path('entries/000000.seg'), changed);
    fs.writeFileSync(path('contents/000000.seg'), pristine.contents);
    await expect(files.open()).rejects.toMatchObject({ code: 'log_tampered', index: 5 });

    fs.writeFileSync(path('entries/000000.seg'), pristine.entries);
    log = await files.open();
    expect(log.size).toBe(6);
  });

  test("does not keep a record behind the checkpoint that breaks its producer's numbering", async () => {
    await log.append('ca', draftsOf(1, 3));
    const [entriesEnd, contentsEnd] = [endOf('entries/000000.seg'), endOf('contents/000000.seg')];
    await log.close();
    // Record 1 once more, whole and valid.
    const entries = fs.readFileSync(path('entries/000000.seg'));
    const contents = fs.readFileSync(path('contents/000000.seg'));
    write('entries/000000.seg', entriesEnd, entries.subarray(0, 2 + entries.readUInt16BE(0)));
    write('contents/000000.seg', contentsEnd, contents.subarray(0, 20 + contents.readUInt32BE(0)));
    log = await files.open();
    expect(log.size).toBe(3);
    expect(log.status().recovery.cleared.join()).toContain(
      'producer "ca": expected number 4, got 1',
    );
  });

  test('refuses a log that is shorter than its checkpoint, names both sizes, and changes nothing', async () => {
    await log.append('ca', draftsOf(1, 300));
    await log.close();
    const name = 'entries/000001.seg';
    write(name, 700, new Uint8Array(fs.statSync(path(name)).size - 700));
    const before = fs.readdirSync(files.dir, { recursive: true }).map(String).sort();
    await expect(files.open()).rejects.toMatchObject({
      code: 'log_truncated',
      expected: 300,
      got: 259,
    });
    await expect(files.open()).rejects.toThrow(
      /^the checkpoint covers 300 records, but only 259 are there/,
    );
    expect(fs.readdirSync(files.dir, { recursive: true }).map(String).sort()).toEqual(before);
    fs.rmSync(path('contents/000001.seg'));
    await expect(files.open()).rejects.toMatchObject({ code: 'log_truncated' });
  });

  test('refuses a log whose entries were changed, and names both roots', async () => {
    await log.append('ca', draftsOf(1, 600));
    await log.close();
    const name = 'entries/000002.seg';
    const at = fs.readFileSync(path(name)).indexOf('"Failure"');
    write(name, at, Buffer.from('"Success"'));
    await expect(files.open()).rejects.toMatchObject({ code: 'log_tampered' });
    await expect(files.open()).rejects.toThrow(
      /^the root of the first 600 entries is \S+, but the checkpoint signs \S+: entries were changed$/,
    );
  });

  test('refuses a checkpoint that is not signed by its key, of another log, or no checkpoint', async () => {
    await log.append('ca', draftsOf(1, 3));
    await log.close();
    const note = fs.readFileSync(path('checkpoint'), 'utf8');
    for (const bad of [note.replace('\n3\n', '\n2\n'), '', note.slice(0, 60)]) {
      fs.writeFileSync(path('checkpoint'), bad);
      await expect(files.open()).rejects.toMatchObject({ code: 'checkpoint_invalid' });
    }
    const checkpoint = { origin: 'other', size: 0, root: EMPTY_ROOT, extensions: [] };
    fs.writeFileSync(path('checkpoint'), signNote(formatCheckpoint(checkpoint), files.signers));
    await expect(files.open()).rejects.toThrow(
      /checkpoint origin: expected "log.example.com\/test", got "other"/,
    );
    fs.rmSync(path('checkpoint'));
    await expect(files.open()).rejects.toMatchObject({ code: 'log_missing' });
    fs.writeFileSync(path('checkpoint'), note);
    log = await files.open();
    expect(log.size).toBe(3);
  });

  test('refuses to sign less than was signed, even when what is there is well-formed', async () => {
    await log.append('ca', draftsOf(1, 5));
    await log.close();
    const text = formatCheckpoint({
      origin: files.origin,
      size: 0,
      root: EMPTY_ROOT,
      extensions: [],
    });
    // An older checkpoint alone is no loss: all records are there and are signed again.
    fs.writeFileSync(path('checkpoint'), signNote(text, files.signers));
    log = await files.open();
    expect(log.size).toBe(5);
  });

  test('derives anew what is missing or damaged, and reads only the last segment otherwise', async () => {
    await log.append('ca', draftsOf(1, 1000));
    await log.close();
    log = await files.open();
    expect(log.status().recovery.derivedFrom).toBe(768);
    await log.close();

    const damages: readonly (() => void)[] = [
      () => fs.rmSync(path('tiles'), { recursive: true }),
      () => fs.rmSync(path('offsets'), { recursive: true }),
      () => fs.rmSync(path('producers'), { recursive: true }),
      () => write('producers/000002', 40, Buffer.from('?')),
      () => fs.truncateSync(path('tiles/0'), 320),
      () => write('tiles/1', 10, Buffer.from('?')),
      () => fs.rmSync(path('offsets/000001')),
      () => fs.writeFileSync(path('offsets/000003'), 'x'.repeat(100_000)),
      () => fs.writeFileSync(path('offsets/000007'), 'x'),
      () => fs.writeFileSync(path('producers/000003.next'), 'x'),
      () => fs.writeFileSync(path('checkpoint.next'), 'x'),
      () => fs.appendFileSync(path('tiles/0'), 'x'.repeat(64)),
      () => fs.truncateSync(path('contents/000003.seg'), endOf('contents/000003.seg')),
    ];
    for (const damage of damages) {
      damage();
      log = await files.open();
      expect(log.size).toBe(1000);
      expect(await log.append('ca', [draftOf(300)])).toMatchObject([{ index: 299 }]);
      await log.close();
      await files.check(1000);
    }
  });

  test('survives being stopped at the end of a segment, before the next one exists', async () => {
    await log.append('ca', draftsOf(1, 256));
    await log.close();
    for (const name of ['entries/000001.seg', 'contents/000001.seg'])
      fs.rmSync(path(name), { force: true });
    fs.rmSync(path('producers/000000'), { force: true });
    log = await files.open();
    expect(log.size).toBe(256);
    await log.append('ca', draftsOf(257, 300));
    await log.close();
    await files.check(300);
  });

  test('refuses data in a segment that is not in use yet', async () => {
    await log.append('ca', draftsOf(1, 200));
    await log.close();
    expect(fs.existsSync(path('entries/000001.seg'))).toBe(true);
    write('entries/000001.seg', 50, Buffer.from('?'));
    await expect(files.open()).rejects.toMatchObject({ code: 'log_tampered', offset: 50 });
  });
});
