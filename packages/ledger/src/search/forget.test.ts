import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseQuery, resolveQuery, type CompleteDraft } from '@countersign/records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTENT_HEADER, LAYOUT } from '../layout.ts';
import type { Log } from '../log.ts';
import { draftOf, erasedDraft, TestLog } from '../testing/test-log.ts';
import { checkIndex, FACET_FIELDS, openIndex } from './index.ts';
import type { LogIndex } from './index.ts';
import { KINDS } from './dictionary.ts';
import { syntheticDraft } from './testing/synthetic.ts';

const COUNT = 400;
/** The record that is erased, and words nobody else has. */
const VICTIM = 137;
const UNIQUE = ['Aurelia', 'Quintessa', '203.0.113.77', 'Vexillary', 'Zanzibar', 'Ombudsman'];

let files: TestLog;
let log: Log;
let dir: string;
let index: LogIndex;

beforeEach(async () => {
  files = await TestLog.create(LAYOUT);
  log = await files.open();
  await log.append('ca', drafts());
  dir = mkdtempSync(join(tmpdir(), 'countersign-forget-'));
  index = await openAt('index.db');
});
afterEach(async () => {
  await index.close();
  await log.close();
  files.remove();
  rmSync(dir, { recursive: true });
});

function drafts(): CompleteDraft[] {
  const list = Array.from({ length: COUNT }, (_, i) => syntheticDraft(i, { count: COUNT }));
  const { time, content } = list[VICTIM]!;
  list[VICTIM] = draftOf(VICTIM + 1, {
    time,
    content: {
      ...content,
      actor: { id: 'aurelia', name: 'Aurelia Quintessa', kind: 'user', roles: ['Ombudsman'] },
      origin: { address: '203.0.113.77', interface: 'portal' },
      source: { system: 'countersign', host: 'zanzibar' },
      target: { type: 'vexillary', id: 'aurelia-1', name: "Aurelia's flag" },
      before: { colour: 'red', vexillaryPole: 1 },
      after: { colour: 'green', vexillaryPole: 2 },
      reason: 'because Aurelia said so',
      correlation: 'aurelia-7',
    },
  });
  return list;
}

async function openAt(name: string): Promise<LogIndex> {
  const opened = await openIndex({ path: join(dir, name), logDir: files.dir });
  await log.published();
  opened.catchUp(log.size);
  await opened.whenIndexed(log.size);
  return opened;
}

async function erase(victim: number): Promise<void> {
  const [added] = await log.append('countersign', [
    erasedDraft(log.nextSeq('countersign'), victim),
  ]);
  await log.erase(victim, added!.index);
}

function query(text: string) {
  return resolveQuery(parseQuery(text), { now: new Date('2026-06-01T00:00:00Z') });
}

const QUERIES = [
  '*',
  'aurelia',
  'quint',
  'vexillary',
  'red',
  'vexillaryPole',
  'ActingUser -eq "aurelia"',
  'ActingUser -ne "aurelia"',
  'Address -eq "203.0.113.77"',
  'Role -eq "Ombudsman"',
  'TargetType -eq "vexillary"',
  'Host -eq "zanzibar"',
  'Property -eq "vexillaryPole"',
  'Level -eq "Warning"',
  'Event -eq "AUTHZ" AND Outcome -eq "Failure"',
  'ActingUser -eq NULL',
];

/** Everything an index answers. */
async function answers(of: LogIndex): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const text of QUERIES) {
    const asked = { query: query(text) };
    all.push(
      text,
      (await of.search({ ...asked, order: 'asc', limit: 1000 })).indexes,
      await of.count(asked),
      await of.facets({ ...asked, fields: FACET_FIELDS }),
      await of.histogram({ ...asked, buckets: 50 }),
    );
  }
  all.push(await of.related(VICTIM), await of.related(VICTIM - 1));
  return all;
}

async function found(text: string): Promise<readonly number[]> {
  return (await index.search({ query: query(text), order: 'asc', limit: 10 })).indexes;
}

function values(): string {
  const db = new DatabaseSync(join(dir, 'index.db'), { readOnly: true });
  const rows = db
    .prepare('SELECT kind, value, count FROM dictionary ORDER BY kind, value')
    .all() as unknown as { kind: number; value: string; count: number }[];
  db.close();
  return rows.map(({ kind, value, count }) => `${KINDS[kind]} ${value} ${count}`).join('\n');
}

/** All bytes of the index's files. */
function bytes(): string {
  const parts = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'latin1'));
  return parts.join('\n').toLowerCase();
}

describe('an index that forgets a content', () => {
  it('finds the record by nothing of it, at once, and answers like one made anew', async () => {
    // Asked before, so that whatever is kept in memory was.
    await answers(index);
    expect(await found('aurelia')).toEqual([VICTIM]);
    expect(await found('ActingUser -eq "aurelia"')).toEqual([VICTIM]);
    expect(bytes()).toContain('quintessa');
    expect(values()).toContain('Ombudsman');

    await index.forget(VICTIM);
    for (const text of [...QUERIES.slice(1, 4), ...QUERIES.slice(5, 7), ...QUERIES.slice(8, 13)])
      expect(`${text}: ${(await found(text)).join()}`).toBe(`${text}: `);
    expect(await found(`Index -eq ${VICTIM}`)).toEqual([VICTIM]);
    await erase(VICTIM);
    index.catchUp(log.size);
    await index.whenIndexed(log.size);

    const anew = await openAt('anew.db');
    expect(await answers(index)).toEqual(await answers(anew));
    await anew.close();
    const path = join(dir, 'index.db');
    expect(await checkIndex({ path, logDir: files.dir })).toMatchObject({ ok: true, problems: [] });
  });

  it('keeps no byte of what only that record had', async () => {
    await index.forget(VICTIM);
    await erase(VICTIM);
    for (const word of UNIQUE) expect(bytes()).not.toContain(word.toLowerCase());
    expect(values()).not.toContain('urelia');
    expect(values()).toContain('who [] 0');
  });

  it('goes on: the same values come back under new numbers, and it can be opened again', async () => {
    await index.forget(VICTIM);
    await erase(VICTIM);
    const { content, event } = drafts()[VICTIM]!;
    await log.append('ca', [draftOf(COUNT + 1, { content, event })]);
    await log.published();
    index.catchUp(log.size);
    await index.whenIndexed(log.size);
    expect(await found('aurelia')).toEqual([COUNT + 1]);
    expect(await found('ActingUser -eq "aurelia"')).toEqual([COUNT + 1]);
    await index.close();
    index = await openAt('index.db');
    expect(await found('Role -eq "Ombudsman"')).toEqual([COUNT + 1]);
    const anew = await openAt('anew.db');
    expect(await answers(index)).toEqual(await answers(anew));
    await anew.close();
    const path = join(dir, 'index.db');
    expect(await checkIndex({ path, logDir: files.dir })).toMatchObject({ ok: true, checked: 402 });
  });

  it('forgets all of many, one by one, and twice the same', async () => {
    for (const victim of [0, 2, VICTIM, 399]) {
      await Promise.all([index.forget(victim), index.forget(victim)]);
      await erase(victim);
      await index.forget(victim);
    }
    index.catchUp(log.size);
    await index.whenIndexed(log.size);
    const anew = await openAt('anew.db');
    expect(await answers(index)).toEqual(await answers(anew));
    await anew.close();
  });

  it('is made anew when the content is gone before it could forget', async () => {
    const notices: string[] = [];
    await index.close();
    index = await openIndex({
      path: join(dir, 'index.db'),
      logDir: files.dir,
      onNotice: (message) => notices.push(message),
    });
    await erase(VICTIM);
    await log.published();
    index.catchUp(log.size);
    const path = join(dir, 'index.db');
    await index.whenIndexed(log.size);
    expect((await checkIndex({ path, logDir: files.dir })).problems).toMatchObject([
      { kind: 'wrong', index: VICTIM },
    ]);
    await index.forget(VICTIM);
    await index.whenIndexed(log.size);
    expect(notices).toEqual([
      `the index is being made anew: the index holds words of the content of record ${VICTIM}, which was erased`,
    ]);
    expect(await found('aurelia')).toEqual([]);
    expect(await checkIndex({ path, logDir: files.dir })).toMatchObject({ ok: true });
  });

  it('has nothing to forget of a record it has not come to', async () => {
    const lagging = await openIndex({ path: join(dir, 'lagging.db'), logDir: files.dir });
    await lagging.forget(VICTIM);
    expect(lagging.indexedSize()).toBe(0);
    await lagging.close();
    await expect(lagging.forget(VICTIM)).rejects.toMatchObject({
      code: 'index_closed',
      message: 'the index is closed',
    });
  });
});

it('a comparison does not blame a record that is erased while it runs', async () => {
  await index.forget(VICTIM);
  const compare = async (onProgress: () => void) =>
    await checkIndex({ path: join(dir, 'index.db'), logDir: files.dir, onProgress });
  // The index has forgotten, the log has not erased.
  expect((await compare(() => undefined)).problems).toMatchObject([{ index: VICTIM }]);
  // All records were compared when the zeros come.
  const report = await compare(() => zero(VICTIM));
  expect(report.problems).toEqual([]);
});

/** Writes the zeros of a record at once. */
function zero(victim: number): void {
  const path = join(files.dir, 'contents/000000.seg');
  const stored = readFileSync(path);
  let at = 0;
  for (let i = 0; i < victim; i += 1) at += CONTENT_HEADER + stored.readUInt32BE(at);
  const fd = openSync(path, 'r+');
  writeSync(fd, new Uint8Array(16 + stored.readUInt32BE(at)), 0, undefined, at + 4);
  closeSync(fd);
}
