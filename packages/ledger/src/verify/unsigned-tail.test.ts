import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LAYOUT } from '../layout.ts';
import type { Log } from '../log.ts';
import { draftsOf, TestLog } from '../testing/test-log.ts';

/** A log as a killed writer leaves it: 300 records, the checkpoint of the first 250, and no orderly end. */
describe('what a killed writer leaves', () => {
  let files: TestLog;
  let log: Log;
  beforeEach(async () => {
    files = await TestLog.create(LAYOUT);
    log = await files.open();
    await log.append('ca', draftsOf(1, 250));
    await log.published();
    const checkpoint = fs.readFileSync(join(files.dir, 'checkpoint'));
    await log.append('ca', draftsOf(251, 300));
    await log.close();
    fs.writeFileSync(join(files.dir, 'checkpoint'), checkpoint);
  });
  afterEach(() => files.remove());

  const at = (file: string) => join(files.dir, file);
  const kindsOf = async () => {
    const { ok, problems } = await files.verify();
    return { ok, kinds: problems.map(({ kind }) => kind) };
  };

  test('verifies, and is told', async () => {
    const { ok, size, problems, axes } = await files.verify();
    const message =
      '50 records written behind the checkpoint and not signed yet: the writer was stopped before; opening the log completes that';
    expect({ ok, size, problems }).toEqual({
      ok: true,
      size: 250,
      problems: [{ kind: 'unsigned', index: 250, message }],
    });
    expect(axes.integrity.evidence).toContain(message);
  });

  test('verifies over the ends of segments', async () => {
    files.remove();
    files = await TestLog.create();
    log = await files.open();
    await log.append('ca', draftsOf(1, 200));
    await log.published();
    const checkpoint = fs.readFileSync(at('checkpoint'));
    await log.append('ca', draftsOf(201, 600));
    await log.close();
    fs.writeFileSync(at('checkpoint'), checkpoint);
    expect(await kindsOf()).toEqual({ ok: true, kinds: ['unsigned'] });
    fs.rmSync(at('producers/000001'));
    fs.copyFileSync(at('producers/000000'), at('producers/000001.next'));
    expect(await kindsOf()).toEqual({ ok: true, kinds: ['unsigned', 'unsigned'] });
    const snapshot = fs.readFileSync(at('producers/000000'));
    snapshot[40] = (snapshot[40] as number) ^ 1;
    fs.writeFileSync(at('producers/000000'), snapshot);
    expect((await kindsOf()).ok).toBe(false);
  });

  test('verifies with contents whose entries were not written', async () => {
    const entries = fs.readFileSync(at('entries/000000.seg'));
    const offsets = fs.readFileSync(at('offsets/000000'));
    entries.fill(0, offsets.readUInt32BE(249 * 12));
    fs.writeFileSync(at('entries/000000.seg'), entries);
    fs.truncateSync(at('offsets/000000'), 250 * 12);
    fs.truncateSync(at('tiles/0'), 250 * 32);
    fs.rmSync(at('tiles/1'));
    expect(await kindsOf()).toEqual({ ok: true, kinds: ['unsigned'] });
  });

  test('verifies with derived files that were written in part', async () => {
    fs.truncateSync(at('tiles/0'), 270 * 32);
    fs.rmSync(at('tiles/1'));
    fs.truncateSync(at('offsets/000000'), 250 * 12);
    expect(await kindsOf()).toEqual({ ok: true, kinds: ['unsigned'] });
  });

  test('verifies with a checkpoint on its way to being published, and not with anything else there', async () => {
    fs.writeFileSync(at('checkpoint.next'), '');
    expect((await kindsOf()).ok).toBe(true);
    fs.writeFileSync(at('checkpoint.next'), log.checkpoint);
    expect(await kindsOf()).toEqual({ ok: true, kinds: ['unsigned', 'unsigned'] });
    fs.writeFileSync(at('checkpoint.next'), log.checkpoint.replace('300', '299'));
    expect(await kindsOf()).toEqual({ ok: false, kinds: ['unsigned', 'unverifiable'] });
    fs.rmSync(at('checkpoint.next'));
    fs.mkdirSync(at('checkpoint.next'));
    expect((await kindsOf()).ok).toBe(false);
  });

  test('does not verify when a byte of the tail is changed', async () => {
    const offsets = fs.readFileSync(at('offsets/000000'));
    const entry = offsets.readUInt32BE(260 * 12);
    const content = Number(offsets.readBigUInt64BE(260 * 12 + 4));
    const places: [string, number][] = [
      ['tiles/0', 290 * 32],
      ['tiles/1', 5],
      ['offsets/000000', 299 * 12],
      ...[0, 1, 2, 30, 100, 250].map((i): [string, number] => ['entries/000000.seg', entry + i]),
      ...[0, 3, 4, 19, 20, 90].map((i): [string, number] => ['contents/000000.seg', content + i]),
      ['entries/000000.seg', offsets.readUInt32BE(299 * 12) + 1],
      ['contents/000000.seg', Number(offsets.readBigUInt64BE(299 * 12 + 4)) + 3],
    ];
    for (const [file, offset] of places) {
      const whole = fs.readFileSync(at(file));
      const changed = Buffer.from(whole);
      changed[offset] = (changed[offset] as number) ^ 1;
      fs.writeFileSync(at(file), changed);
      expect({ file, offset, ok: (await kindsOf()).ok }).toEqual({ file, offset, ok: false });
      fs.writeFileSync(at(file), whole);
    }
    expect((await kindsOf()).ok).toBe(true);
  });
});
