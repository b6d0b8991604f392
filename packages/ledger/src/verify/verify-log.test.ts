import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  generateSignerKey,
  parseSignerKey,
  formatCheckpoint,
  signNote,
  EMPTY_ROOT,
} from '@countersign/tlog';
import type { Log } from '../log.ts';
import { CONTENT_HEADER, LAYOUT } from '../layout.ts';
import { openIndex } from '../search/index.ts';
import { draftOf, draftsOf, TestLog } from '../testing/test-log.ts';

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

function listFiles(dir: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const fd = fs.openSync(path, 'r+');
  fs.writeSync(fd, bytes, 0, bytes.length, offset);
  fs.closeSync(fd);
}

/** Offsets of a file to flip: all of the beginning, then samples of what was preallocated. */
function* offsetsOf(length: number, dense: number): Generator<number> {
  for (let at = 0; at < Math.min(length, dense); at += 1) yield at;
  for (let at = dense; at < length; at += 997) yield at;
  if (length > dense) yield length - 1;
}

async function flipEveryByte(dense: (path: string, length: number) => number): Promise<number> {
  let flips = 0;
  for (const path of listFiles(files.dir)) {
    const name = path.slice(files.dir.length + 1);
    const original = fs.readFileSync(path);
    for (const offset of offsetsOf(original.length, dense(name, original.length))) {
      const byte = original[offset] as number;
      overwrite(path, offset, Uint8Array.of(byte ^ (1 << (offset % 8))));
      const { ok, problems } = await files.verify();
      flips += 1;
      const place = problems.find(({ file }) => file === name);
      if (ok || place === undefined) {
        throw new Error(
          `byte ${offset} of ${name}: ok is ${ok}, problems ${JSON.stringify(problems)}`,
        );
      }
      overwrite(path, offset, Uint8Array.of(byte));
    }
  }
  return flips;
}

describe('verifyLog', () => {
  test('says of an untouched log that it is verified, on which axes, and why', async () => {
    await log.append('ca', draftsOf(1, 300));
    await log.append('ra', draftsOf(1, 5));
    await log.close();
    const { ok, size, axes, problems, origin } = await files.verify();
    expect({ ok, size, problems, origin }).toEqual({
      ok: true,
      size: 305,
      problems: [],
      origin: files.origin,
    });
    expect(axes.integrity).toMatchObject({
      verdict: 'verified',
      summary: 'Every record is as it was signed.',
    });
    expect(axes.completeness.verdict).toBe('partial');
    expect(axes.completeness.evidence).toContain('numbers without a gap by ca: 1 to 300');
    expect(axes.time.verdict).toBe('unverifiable');
    expect(axes.independence.verdict).toBe('unverifiable');
  });

  test('finds a flip of any byte in any file of a small log, and names the file', async () => {
    await log.append('ca', draftsOf(1, 3));
    await log.append('ra', draftsOf(1, 2));
    await log.close();
    const endOf = (name: string) =>
      fs.readFileSync(join(files.dir, name)).findLastIndex((byte) => byte !== 0) + 3;
    const used = { entries: endOf('entries/000000.seg'), contents: endOf('contents/000000.seg') };
    const flips = await flipEveryByte((name, length) =>
      name.startsWith('entries/')
        ? used.entries
        : name.startsWith('contents/')
          ? used.contents
          : length,
    );
    expect(flips).toBeGreaterThan(3000);
  }, 60_000);

  test('finds flips in any file of a log of several segments', async () => {
    for (let seq = 1; seq <= 520; seq += 40) await log.append('ca', draftsOf(seq, seq + 39));
    await log.close();
    expect(listFiles(files.dir).length).toBe(14);
    expect(await flipEveryByte(() => 3)).toBeGreaterThan(200);
  }, 60_000);

  test('names record, file and offset of a changed content and of a changed envelope', async () => {
    await log.append('ca', draftsOf(1, 10));
    await log.close();
    const contents = join(files.dir, 'contents/000000.seg');
    const text = fs.readFileSync(contents);
    const at = text.indexOf('user-3');
    overwrite(contents, at, Buffer.from('user-4'));
    const content = await files.verify();
    expect(content.problems).toHaveLength(1);
    expect(content.problems[0]).toMatchObject({
      kind: 'tampered',
      file: 'contents/000000.seg',
      index: 2,
    });
    expect(content.axes.integrity).toMatchObject({
      verdict: 'failed',
      summary: 'Tampered with: 1 place is not as signed.',
    });
    overwrite(contents, at, Buffer.from('user-3'));

    const entries = join(files.dir, 'entries/000000.seg');
    const failure = fs.readFileSync(entries).indexOf('"Failure"', 2500);
    overwrite(entries, failure, Buffer.from('"Success"'));
    const envelope = await files.verify();
    expect(envelope.ok).toBe(false);
    const changed = envelope.problems.find(({ file }) => file === 'entries/000000.seg');
    expect(changed?.kind).toBe('tampered');
    expect(changed?.index).toBeGreaterThan(4);
    expect(changed?.offset).toBeGreaterThan(2000);
    expect(envelope.problems.map(({ file }) => file)).not.toContain('tiles/0');
  });

  test('tells erased with record from erased without', async () => {
    await log.append('ca', draftsOf(1, 10));
    const contents = join(files.dir, 'contents/000000.seg');
    const bytes = fs.readFileSync(contents);
    let offset = 0;
    for (let i = 0; i < 4; i += 1) offset += CONTENT_HEADER + bytes.readUInt32BE(offset);
    const length = bytes.readUInt32BE(offset);
    overwrite(contents, offset + 4, new Uint8Array(16 + length));

    await log.published();
    const without = await files.verify();
    expect(without.ok).toBe(false);
    expect(without.problems).toEqual([
      {
        kind: 'tampered',
        file: 'contents/000000.seg',
        index: 4,
        message: 'the content is zero and no AUDIT_DATA_ERASED record names it',
      },
    ]);

    const content = { ...draftOf(1).content, attributes: [['Index', '4']] as [string, string][] };
    await log.append('countersign', [
      draftOf(1, { event: 'AUDIT_DATA_ERASED', outcome: 'Success', content }),
    ]);
    await log.published();
    const explained = await files.verify();
    expect(explained.ok).toBe(true);
    expect(explained.problems).toMatchObject([{ kind: 'erased', index: 4 }]);
    expect(explained.axes.integrity.summary).toBe(
      'Every record is as it was signed; 1 contents were erased, with record.',
    );

    // The log goes on with it: opening, reading and repeats.
    await log.close();
    log = await files.open();
    expect((await log.reader.read(4)).contentBytes).toBeNull();
    expect(await log.append('ca', [draftOf(5)])).toEqual([{ seq: 5, index: 4, duplicate: true }]);
  });

  test('finds by an older checkpoint that the end was cut off, or that history was rewritten', async () => {
    await log.append('ca', draftsOf(1, 100));
    await log.published();
    fs.cpSync(files.dir, join(files.root, 'backup'), { recursive: true });
    const early = log.checkpoint;
    await log.append('ca', draftsOf(101, 400));
    const since = log.checkpoint;
    await log.close();

    const extended = await files.verify({ since: early });
    expect(extended.ok).toBe(true);
    expect(extended.axes.completeness).toMatchObject({
      verdict: 'verified',
      summary: 'All 400 records are there, and all since the given checkpoint.',
    });
    expect(extended.axes.independence.verdict).toBe('partial');

    // The whole folder as it was before: nothing in it is wrong.
    fs.rmSync(files.dir, { recursive: true });
    fs.cpSync(join(files.root, 'backup'), files.dir, { recursive: true });
    expect((await files.verify()).ok).toBe(true);
    const cut = await files.verify({ since });
    expect(cut.ok).toBe(false);
    expect(cut.problems).toMatchObject([
      {
        kind: 'truncated',
        message:
          'the older checkpoint covers 400 records, the log has 100 now: its end was cut off',
      },
    ]);

    // And grown again, otherwise.
    log = await files.open();
    await log.append('ra', draftsOf(1, 300));
    await log.close();
    const forked = await files.verify({ since });
    expect(forked.problems[0]?.message).toMatch(
      /^the first 400 records had the root .*: history was rewritten$/,
    );
  });

  test('finds that signed records are missing at the end of a file', async () => {
    await log.append('ca', draftsOf(1, 300));
    await log.close();
    const path = join(files.dir, 'entries/000001.seg');
    const size = fs.statSync(path).size;
    overwrite(path, 1000, new Uint8Array(size - 1000));
    const verdict = await files.verify();
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.find(({ kind }) => kind === 'truncated')).toMatchObject({
      file: 'entries/000001.seg',
      index: 260,
    });
    expect(verdict.axes.completeness.summary).toBe(
      'Truncated: records that were signed are missing.',
    );

    fs.rmSync(path);
    expect((await files.verify()).problems[0]).toMatchObject({
      kind: 'truncated',
      file: 'entries/000001.seg',
      index: 256,
    });
  });

  test('checks the checkpoints that AUDIT_LOG_SIGNING records hold', async () => {
    const signing = (seq: number, note: string) => {
      const attributes = [['PreviousCheckpoint', note]] as [string, string][];
      return draftOf(seq, {
        event: 'AUDIT_LOG_SIGNING',
        outcome: 'Success',
        content: { ...draftOf(1).content, attributes },
      });
    };
    await log.append('ca', draftsOf(1, 50));
    await log.append('countersign', [signing(1, log.checkpoint)]);
    await log.published();
    const right = await files.verify();
    expect(right.ok).toBe(true);
    expect(right.axes.completeness.evidence).toContain(
      '1 earlier checkpoints kept in the log are beginnings of it',
    );

    const text = formatCheckpoint({
      origin: files.origin,
      size: 20,
      root: EMPTY_ROOT,
      extensions: [],
    });
    await log.append('countersign', [signing(2, signNote(text, files.signers))]);
    await log.published();
    const fork = await files.verify();
    expect(fork.problems).toMatchObject([{ kind: 'tampered', index: 51 }]);
    expect(fork.problems[0]?.message).toContain('history was rewritten');
  });

  test('tells another key, a stripped signature and a changed one apart', async () => {
    await log.append('ca', draftsOf(1, 2));
    await log.close();
    const stranger = parseSignerKey(
      generateSignerKey(files.origin, 'ed25519', new Uint8Array(32).fill(9)),
    );
    const other = await files.verify({ verifiers: [stranger.verifier] });
    expect(other.ok).toBe(false);
    expect(other.axes.integrity.verdict).toBe('unverifiable');
    const [signer] = files.signers;
    if (signer === undefined) throw new Error('no signer');
    const both = await files.verify({ verifiers: [signer.verifier, stranger.verifier] });
    expect(both.problems).toMatchObject([{ kind: 'tampered', file: 'checkpoint' }]);
    expect(both.problems[0]?.message).toContain('has not signed it');
  });

  test('finds files that do not belong there, and missing derived ones', async () => {
    await log.append('ca', draftsOf(1, 700));
    await log.close();
    fs.writeFileSync(join(files.dir, 'entries', 'notes.txt'), 'x');
    fs.writeFileSync(join(files.dir, 'extra'), 'x');
    const extra = await files.verify();
    expect(extra.problems.map(({ file }) => file)).toEqual(['entries/notes.txt', 'extra']);
    fs.rmSync(join(files.dir, 'entries', 'notes.txt'));
    fs.rmSync(join(files.dir, 'extra'));

    fs.rmSync(join(files.dir, 'tiles'), { recursive: true });
    fs.rmSync(join(files.dir, 'offsets', '000000'));
    const missing = await files.verify();
    expect(missing.ok).toBe(false);
    expect(new Set(missing.problems.map(({ kind }) => kind))).toEqual(new Set(['unverifiable']));
    log = await files.open();
    await log.close();
    await files.check(700);
  });

  test('gives the same verdict over threads, tells its progress, and can be stopped', async () => {
    await log.append('ca', draftsOf(1, 1000));
    await log.close();
    const seen: number[] = [];
    const verdict = await files.verify({
      workers: 2,
      onProgress: ({ records }) => seen.push(records),
    });
    expect(verdict).toMatchObject({ ok: true, size: 1000, problems: [], workers: 2 });
    expect(seen.at(-1)).toBe(1000);
    const controller = new AbortController();
    const stopped = files.verify({ workers: 2, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });

  test('compares the search index when told where it is', async () => {
    await log.close();
    files.remove();
    files = await TestLog.create(LAYOUT);
    log = await files.open();
    await log.append('ca', draftsOf(1, 20));
    await log.published();
    const indexPath = join(files.root, 'index.db');
    const none = await files.verify({ indexPath });
    expect(none.ok).toBe(true);
    expect(none.axes.integrity.evidence.at(-1)).toMatch(
      /there is no index at .*; it can be made anew/,
    );

    const index = await openIndex({ path: indexPath, logDir: files.dir });
    index.catchUp(20);
    await index.whenIndexed(20);
    await index.close();
    await log.append('ca', draftsOf(21, 25));
    await log.published();
    const behind = await files.verify({ indexPath });
    expect(behind.ok).toBe(true);
    expect(behind.axes.integrity.evidence).toContain(
      '20 records were compared with the search index; it has 5 records to come',
    );

    fs.writeFileSync(indexPath, 'not a database, but something else altogether');
    const damaged = await files.verify({ indexPath });
    expect(damaged.ok).toBe(false);
    expect(damaged.problems).toMatchObject([{ kind: 'index' }]);
    expect(damaged.axes.integrity.verdict).toBe('verified');
  });

  test('can run beside a writer', async () => {
    const stop = new AbortController();
    const writing = (async () => {
      for (let seq = 1; !stop.signal.aborted; seq += 10) {
        await log.append('ca', draftsOf(seq, seq + 9));
      }
    })();
    for (let i = 0; i < 10; i += 1) {
      const verdict = await files.verify({ patienceMs: 1000 });
      expect(verdict.problems).toEqual([]);
    }
    stop.abort();
    await writing;
    await log.close();
    await files.check(log.size);
  });
});
