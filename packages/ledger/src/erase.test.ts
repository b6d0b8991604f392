import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from './log.ts';
import { FaultyDisk, type Fault } from './testing/faulty-disk.ts';
import { draftOf, draftsOf, erasedDraft, TestLog } from './testing/test-log.ts';
import type { Verdict } from './verify/verdict.ts';

const CHILD = fileURLToPath(new URL('./testing/erasing-process.ts', import.meta.url));

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

/** Appends what says that a content is erased; returns its index. */
async function say(index: number): Promise<number> {
  const [added] = await log.append('countersign', [erasedDraft(log.nextSeq('countersign'), index)]);
  return added?.index ?? -1;
}

/** All bytes of the contents. */
function contents(): Buffer {
  const dir = join(files.dir, 'contents');
  return Buffer.concat(fs.readdirSync(dir).map((name) => fs.readFileSync(join(dir, name))));
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'nothing refused',
    (e: { code: string; message: string }) => `${e.code}: ${e.message}`,
  );
}

/** Verifies beside the writer, which may still be putting away what follows from a full segment. */
const verify = async () => await files.verify({ patienceMs: 10_000 });

const kindsOf = ({ problems }: Verdict) => problems.map(({ kind, index }) => `${kind} ${index}`);

describe('erasing', () => {
  test('leaves zeros where salt and content were, and every proof as it was', async () => {
    await log.append('ca', [
      ...draftsOf(1, 4),
      draftOf(5, { content: { ...draftOf(5).content, reason: 'only here: Aurelia' } }),
      ...draftsOf(6, 300),
    ]);
    const before = await log.reader.read(4);
    expect(contents().includes('Aurelia')).toBe(true);
    await log.erase(4, await say(4));

    const after = await log.reader.read(4);
    expect(after.contentBytes).toBeNull();
    expect(after.salt).toEqual(new Uint8Array(16));
    expect(after.envelopeBytes).toEqual(before.envelopeBytes);
    expect(contents().includes('Aurelia')).toBe(false);
    expect(contents().includes(before.salt)).toBe(false);
    await log.reader.prove(4);
    const verdict = await verify();
    expect(verdict.ok).toBe(true);
    expect(kindsOf(verdict)).toEqual(['erased 4']);
    expect(verdict.axes.integrity.summary).toBe(
      'Every record is as it was signed; 1 contents were erased, with record.',
    );
    // The others are as they were, the producer's repeat is still recognised, and the log goes on.
    expect((await log.reader.read(3)).contentBytes).not.toBeNull();
    expect((await log.reader.read(5)).contentBytes).not.toBeNull();
    expect(await log.append('ca', [draftOf(5)])).toEqual([{ seq: 5, index: 4, duplicate: true }]);
    await log.append('ca', draftsOf(301, 310));
    await log.close();
    await files.check(311);
    log = await files.open();
    expect((await log.reader.read(4)).contentBytes).toBeNull();
  });

  test('the first and the last record of a segment, and one not signed a moment ago', async () => {
    await log.append('ca', draftsOf(1, 260));
    for (const index of [0, 255, 256, 259]) await log.erase(index, await say(index));
    await log.erase(259, 263);
    const verdict = await verify();
    expect(verdict.ok).toBe(true);
    expect(kindsOf(verdict)).toEqual(['erased 0', 'erased 255', 'erased 256', 'erased 259']);
  });

  test('erases nothing without a later record of our own that names it', async () => {
    await log.append('ca', draftsOf(1, 10));
    const other = await say(3);
    const expected = 'expected a later record AUDIT_DATA_ERASED of countersign that names record 4';
    expect(await refusal(log.erase(4, other))).toBe(
      `erasure_unfounded: record ${other}: ${expected}, got AUDIT_DATA_ERASED of countersign`,
    );
    expect(await refusal(log.erase(4, 5))).toBe(
      `erasure_unfounded: record 5: ${expected}, got AUTHZ of ca`,
    );
    const [foreign] = await log.append('ca', [erasedDraft(11, 4)]);
    expect(await refusal(log.erase(4, foreign?.index ?? 0))).toContain('AUDIT_DATA_ERASED of ca');
    const [failed] = await log.append('countersign', [
      { ...erasedDraft(2, 4), outcome: 'Failure' },
    ]);
    expect(await refusal(log.erase(4, failed?.index ?? 0))).toContain('erasure_unfounded');
    const early = await say(log.size + 1);
    await log.append('ca', [draftOf(12)]);
    expect(await refusal(log.erase(early + 1, early))).toContain('erasure_unfounded');
    expect(await refusal(log.erase(4, 99))).toContain('record_missing');
    expect((await log.reader.read(4)).contentBytes).not.toBeNull();
  });

  test('refuses what the log says of itself, and what is kept for longer', async () => {
    await log.append('ca', [
      draftOf(1, { retention: 'extended' }),
      draftOf(2, { event: 'AUDIT_LOG_SEARCH', outcome: 'Success' }),
    ]);
    const erasure = await say(0);
    expect(await refusal(log.erase(0, erasure))).toBe(
      'record_kept: record 0 is never erased: its retention is extended, and no end of it is known',
    );
    expect(await refusal(log.erase(1, await say(1)))).toBe(
      'record_kept: record 1 is never erased: AUDIT_LOG_SEARCH is a record of the log about itself',
    );
    expect(await refusal(log.erase(erasure, await say(erasure)))).toBe(
      `record_kept: record ${erasure} is never erased: AUDIT_DATA_ERASED is a record of the log about itself`,
    );
  });

  test('a content that was changed is evidence and stays', async () => {
    await log.append('ca', draftsOf(1, 10));
    await log.published();
    const path = join(files.dir, 'contents/000000.seg');
    const at = contents().indexOf('user-5');
    const fd = fs.openSync(path, 'r+');
    fs.writeSync(fd, Buffer.from('user-6'), 0, 6, at);
    fs.closeSync(fd);
    const index = 4;
    expect(await refusal(log.erase(index, await say(index)))).toMatch(
      /^record_corrupt: record 4: its content does not have the digest \S{44} its envelope names$/,
    );
    expect(contents().includes('user-6')).toBe(true);
  });

  test('a wrong offset does not make a hole in another record', async () => {
    await log.append('ca', draftsOf(1, 10));
    const erasure = await say(4);
    await log.published();
    const path = join(files.dir, 'offsets/000000');
    const offsets = fs.readFileSync(path);
    offsets.copy(offsets, 3 * 12, 5 * 12, 7 * 12); // records 4 and 6 look the same
    fs.writeFileSync(path, offsets);
    const before = contents();
    expect(await refusal(log.erase(4, erasure))).toContain(
      "record_corrupt: record 4 can't be proven, its entry or the tree above it was changed",
    );
    expect(contents().equals(before)).toBe(true);
  });

  test('after the log is closed nothing is erased, and closing waits for what began', async () => {
    await log.append('ca', draftsOf(1, 10));
    const erasure = await say(4);
    const erasing = log.erase(4, erasure);
    const closing = log.close();
    expect(await refusal(log.erase(5, erasure))).toBe('log_closed: the log is closed');
    await Promise.all([erasing.catch(() => undefined), closing]);
  });
});

describe('an erasure that was cut short', () => {
  test('is said by the verification, and finished by asking again', async () => {
    await log.append('ca', draftsOf(1, 10));
    const erasure = await say(4);
    await log.published();
    const verdict = await verify();
    expect(verdict.ok).toBe(false);
    expect(verdict.problems).toEqual([
      {
        kind: 'unerased',
        file: 'contents/000000.seg',
        index: 4,
        message: 'record 4: a record says that its content was erased, and it is still there',
      },
    ]);
    expect(verdict.axes.integrity).toMatchObject({
      verdict: 'partial',
      summary:
        'Every record is as it was signed; 1 content is still there that a record says is erased.',
    });
    await log.erase(4, erasure);
    expect(kindsOf(await verify())).toEqual(['erased 4']);
  });

  /** Every step of an erasure × what of it happened all the same. */
  const FAULTS: readonly Fault[] = [
    { call: 'rename', path: 'checkpoint', effect: 'none', code: 'EIO' },
    { call: 'rename', path: 'checkpoint', effect: 'done', code: 'EIO' },
    { call: 'syncDirectory', path: 'log', effect: 'none', code: 'EIO' },
    { call: 'open', path: 'contents/', effect: 'none', code: 'EIO' },
    { call: 'write', path: 'contents/', effect: 'none', code: 'EIO', after: 1 },
    { call: 'write', path: 'contents/', effect: 'half', code: 'EIO', after: 1 },
    { call: 'write', path: 'contents/', effect: 'done', code: 'EIO', after: 1 },
    { call: 'datasync', path: 'contents/', effect: 'none', code: 'EIO', after: 1 },
  ];

  test.each(FAULTS)('by $call of $path ($effect) opens, and is finished', async (fault) => {
    await log.append('ca', draftsOf(1, 10));
    await log.close();
    const disk = new FaultyDisk();
    log = await files.open({ disk });
    disk.arm(fault);
    const erasing = say(4).then(async (record) => await log.erase(4, record));
    const told = await refusal(erasing);
    expect(disk.struck).toBe(true);
    // Only what is on the disk counts from here on.
    disk.arm(null);
    await log.close().catch(() => undefined);
    log = await files.open();
    expect(log.size).toBe(11);
    if (told !== 'nothing refused') await log.erase(4, 10);
    const verdict = await verify();
    expect(verdict.ok).toBe(true);
    expect(kindsOf(verdict)).toEqual(['erased 4']);
    expect((await log.reader.read(3)).contentBytes).not.toBeNull();
    expect((await log.reader.read(5)).contentBytes).not.toBeNull();
  });

  test.each(['before', 'after'])(
    'by a kill %s every single call of the disk opens, and is finished',
    async (when) => {
      const ends: string[] = [];
      let done = false;
      for (let call = 0; !done; call += 1) {
        const victim = await TestLog.create();
        const child = spawn(process.execPath, [CHILD, victim.dir, '4', String(call), when], {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, NODE_COMPILE_CACHE: join(files.root, 'compiled') },
        });
        let output = '';
        child.stdout.on('data', (data: Buffer) => (output += data.toString()));
        await new Promise((resolve) => child.on('close', resolve));
        done = output === 'done\n';

        // What was left verifies as it lies there, unless it is said to be erased and is not.
        const left = await victim.verify();
        const kinds = left.problems.map(({ kind }) => kind).filter((kind) => kind !== 'unsigned');
        ends.push(kinds.join());
        expect(['', 'unerased', 'erased']).toContain(kinds.join());
        const again = await victim.open();
        if (again.size === 21) await again.erase(4, 20);
        else expect(again.size).toBe(20);
        await again.close();
        const verdict = await victim.verify();
        expect(verdict.ok).toBe(true);
        expect(kindsOf(verdict)).toEqual(again.size === 21 ? ['erased 4'] : []);
        await victim.check(again.size);
        victim.remove();
      }
      // Each state was met, in this order: nothing said, said, erased.
      expect([...new Set(ends)]).toEqual(['', 'unerased', 'erased']);
    },
    60_000,
  );
});

test('what is erased while the log is being verified is explained by a later record', async () => {
  await log.append('ca', draftsOf(1, 600));
  await log.close();
  let erased = false;
  const verdict = await files.verify({
    onProgress: ({ records }) => {
      // The first segment was looked at; now a record of the second one is erased.
      if (records < 256 || erased) return;
      erased = true;
      const { stdout } = spawnSync(process.execPath, [CHILD, files.dir, '400']);
      expect(stdout.toString()).toBe('done\n');
    },
  });
  expect(erased).toBe(true);
  expect(kindsOf(verdict)).toEqual(['erased 400']);
  expect(verdict).toMatchObject({ ok: true, size: 601 });
});
