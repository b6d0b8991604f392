import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseQuery, resolveQuery } from '@countersign/records';
import type { ResolvedQuery } from '@countersign/records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIndex, openIndex, rebuildIndex } from './index.ts';
import type { LogIndex, OpenIndexOptions } from './index.ts';
import { listSource } from './testing/list-source.ts';
import { syntheticDraft, syntheticSource } from './testing/synthetic.ts';

let dir: string;
let path: string;
const opened: LogIndex[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countersign-index-'));
  path = join(dir, 'index.db');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((i) => i.close()));
  rmSync(dir, { recursive: true });
});

async function open(options: Partial<OpenIndexOptions>): Promise<LogIndex> {
  const index = await openIndex({ path, logDir: '', ...options });
  opened.push(index);
  return index;
}

async function made(count: number, options: Partial<OpenIndexOptions> = {}): Promise<LogIndex> {
  const index = await open({ source: syntheticSource({ count }), ...options });
  index.catchUp(count);
  await index.whenIndexed(count);
  return index;
}

async function close(index: LogIndex): Promise<void> {
  opened.splice(opened.indexOf(index), 1);
  await index.close();
}

function query(text: string): ResolvedQuery {
  return resolveQuery(parseQuery(text), { now: new Date('2026-02-01T00:00:00Z') });
}

async function newest(index: LogIndex, text = '*'): Promise<readonly number[]> {
  return (await index.search({ query: query(text), order: 'desc', limit: 3 })).indexes;
}

/** What `promise` rejects with, as code and message. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'nothing refused',
    (e: { code: string; message: string }) => `${e.code}: ${e.message}`,
  );
}

describe('an index', () => {
  it('follows the log as it is told', async () => {
    const index = await open({ source: syntheticSource({ count: 12_000 }) });
    expect(index.indexedSize()).toBe(0);
    expect(await newest(index)).toEqual([]);
    index.catchUp(7000);
    await index.whenIndexed(7000);
    expect(await newest(index)).toEqual([6999, 6998, 6997]);
    index.catchUp(12_000);
    index.catchUp(100);
    await index.whenIndexed(12_000);
    expect(index.indexedSize()).toBe(12_000);
    expect(await newest(index)).toEqual([11_999, 11_998, 11_997]);
  });

  it('goes on where it was closed', async () => {
    await close(await made(3000));
    const notices: string[] = [];
    const index = await open({
      source: syntheticSource({ count: 5000 }),
      onNotice: (m) => notices.push(m),
    });
    expect(index.indexedSize()).toBe(3000);
    index.catchUp(5000);
    await index.whenIndexed(5000);
    expect(notices).toEqual([]);
    expect(
      await checkIndex({ path, logDir: '', source: syntheticSource({ count: 5000 }) }),
    ).toMatchObject({ ok: true, checked: 5000 });
  });

  it('takes a cursor for its own query and order only', async () => {
    const index = await made(500);
    const page = await index.search({ query: query('*'), order: 'desc', limit: 10 });
    const cursor = page.next!;
    const next = await index.search({ query: query('*'), order: 'desc', limit: 10, cursor });
    expect(next.indexes[0]).toBe(489);
    const other =
      'cursor_invalid: cursor: expected the cursor of an earlier page, it belongs to another query or order';
    expect(
      await refusal(index.search({ query: query('*'), order: 'asc', limit: 10, cursor })),
    ).toBe(other);
    expect(
      await refusal(index.search({ query: query('x'), order: 'desc', limit: 10, cursor })),
    ).toBe(other);
    const none =
      'cursor_invalid: cursor: expected the cursor of an earlier page, it is not one this index gave out';
    for (const forged of [
      '',
      'x',
      `${cursor}A`,
      Buffer.from('1:-5:aaaaaaaaaaaaaaaaaaaaaa').toString('base64url'),
    ]) {
      expect(
        (
          await refusal(
            index.search({ query: query('*'), order: 'desc', limit: 10, cursor: forged }),
          )
        ).startsWith(none.slice(0, 60)),
      ).toBe(true);
    }
  });

  it('refuses arguments that make no sense, and goes on', async () => {
    const index = await made(10);
    expect(await refusal(index.search({ query: query('*'), order: 'desc', limit: 0 }))).toBe(
      'argument_invalid: limit: expected a number from 1 to 10000, got 0',
    );
    expect(await refusal(index.facets({ query: query('*'), fields: ['Name'] }))).toContain(
      'field_unknown: fields: expected Category',
    );
    expect(await refusal(index.histogram({ query: query('*'), from: 'monday' }))).toBe(
      'argument_invalid: from: expected an RFC 3339 time, got "monday"',
    );
    expect(await refusal(index.related(10))).toBe(
      'record_missing: index: expected a record below 10, got 10',
    );
    expect(await newest(index)).toEqual([9, 8, 7]);
  });

  it('answers with what it found when its time is up, and goes on from there', async () => {
    const index = await made(6000);
    const asked = {
      query: query('reason -contains "key compromise"'),
      order: 'desc' as const,
      limit: 10_000,
      budgetMs: 0,
    };
    const found: number[] = [];
    let cursor: string | undefined;
    let partial = 0;
    do {
      const page = await index.search(
        cursor === undefined ? asked : { ...asked, budgetMs: 5, cursor },
      );
      found.push(...page.indexes);
      partial += page.partial ? 1 : 0;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const expected = Array.from({ length: 6000 }, (_, i) => 5999 - i).filter((i) =>
      syntheticDraft(i, { count: 6000 }).content.reason?.startsWith('key compromise'),
    );
    expect(found).toEqual(expected);
    expect(partial).toBeGreaterThan(0);
  });

  it('charts a week by the hour and says that a sample is one', async () => {
    const index = await made(20_000);
    const exact = await index.histogram({
      query: query('level -eq Warning time:2026-01-01..2026-01-02'),
      buckets: 48,
    });
    expect(exact).toMatchObject({
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-03T00:00:00.000Z',
      bucketMs: 3_600_000,
      exact: true,
    });
    const warnings = Array.from({ length: 20_000 }, (_, i) =>
      syntheticDraft(i, { count: 0 }),
    ).filter((d) => d.level === 'Warning');
    const first = warnings.filter((d) => d.time < '2026-01-01T01').length;
    expect(exact.buckets[0]).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      Information: 0,
      Warning: first,
      Failure: 0,
    });
    const sampled = await index.histogram({ query: query('reason -contains "e"'), budgetMs: 1 });
    expect(sampled.exact).toBe(false);
  });
});

describe('an index of something else is made anew', () => {
  it.each([
    [
      'another log',
      { count: 3000, origin: 'other.example/log' },
      'it belongs to the log synthetic.example/log, not to other.example/log',
    ],
    ['a log that was cut off', { count: 2000 }, 'it holds 3000 records, the log 2000'],
    ['a log with other records', { count: 3000, seed: 2 }, 'record 2999 is another one in the log'],
  ])('%s', async (_, options, reason) => {
    await close(await made(3000));
    const notices: string[] = [];
    const index = await open({
      source: syntheticSource(options),
      onNotice: (m) => notices.push(m),
    });
    expect(notices).toEqual([`the index is being made anew: ${reason}`]);
    expect(index.indexedSize()).toBe(0);
    index.catchUp(options.count);
    await index.whenIndexed(options.count);
    expect(await newest(index)).toEqual([1, 2, 3].map((i) => options.count - i));
  });

  it('a file that is no database', async () => {
    writeFileSync(path, 'not a database, but long enough to look at'.repeat(100));
    const notices: string[] = [];
    const index = await made(1000, { onNotice: (m) => notices.push(m) });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('the index is being made anew: the file is damaged');
    expect(await newest(index)).toEqual([999, 998, 997]);
  });

  it('a file cut in the middle', async () => {
    await close(await made(20_000));
    truncateSync(path, Math.floor(readFileSync(path).length / 16_384) * 8192);
    const index = await made(20_000);
    expect(await index.count({ query: query('keyexample'), budgetMs: 10_000 })).toMatchObject({
      exact: true,
    });
    await close(index);
    expect(
      await checkIndex({ path, logDir: '', source: syntheticSource({ count: 20_000 }) }),
    ).toMatchObject({ ok: true });
  });
});

describe('a fault', () => {
  it('in the log is told to whoever waits, and searches go on', async () => {
    const draft = (i: number) => syntheticDraft(i, { count: 0 });
    const records = Array.from({ length: 20 }, (_, i) => {
      const { content, ...envelope } = draft(i);
      return {
        envelope: { v: 1 as const, id: String(i), producer: 'p', digest: '', ...envelope },
        content,
      };
    });
    const failures: string[] = [];
    const index = await open({
      source: listSource({ records, broken: 12 }),
      onFailure: (e) => failures.push(e.message),
    });
    index.catchUp(10);
    await index.whenIndexed(10);
    index.catchUp(20);
    const told = "index_failed: index: record 12 can't be read";
    expect(await refusal(index.whenIndexed(20))).toBe(told);
    expect(await refusal(index.whenIndexed(15))).toBe(told);
    expect(failures).toHaveLength(1);
    expect(index.failure()?.code).toBe('index_failed');
    expect(await newest(index)).toEqual([9, 8, 7]);
  });

  it('when it is closed, too', async () => {
    const index = await open({ source: syntheticSource({ count: 10 }) });
    const waiting = refusal(index.whenIndexed(10));
    await close(index);
    expect(await waiting).toBe('index_closed: the index is closed');
    expect(await refusal(newest(index))).toBe('index_closed: the index is closed');
  });

  it('of a file that is not there, when it may only be read', async () => {
    expect(await refusal(open({ readOnly: true }))).toBe(
      `index_missing: there is no index at ${path}`,
    );
  });
});

it('a killed process leaves an index that is whole up to some record', async () => {
  const count = 60_000;
  const script = `
    import { openIndex } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const source = ${JSON.stringify(syntheticSource({ count }))};
    const index = await openIndex({ path: ${JSON.stringify(path)}, logDir: '', source, onIndexed: (n) => console.log(n) });
    index.catchUp(${count});`;
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const report = await checkIndex({
      path,
      logDir: '',
      source: syntheticSource({ count }),
      sample: 500,
    });
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(report.indexed).toBeGreaterThan(0);
  }
  const index = await made(count);
  expect((await index.count({ query: query('*') })).count).toBe(count);
});

it('rebuilding makes it anew from the log and says how far it is', async () => {
  await close(await made(100));
  const seen: number[] = [];
  const size = await rebuildIndex({
    path,
    logDir: '',
    source: syntheticSource({ count: 11_000 }),
    onProgress: ({ indexed }) => seen.push(indexed),
  });
  expect(size).toBe(11_000);
  expect(seen).toEqual([10_000, 11_000]);
  expect(existsSync(path)).toBe(true);
});

describe('checking finds', () => {
  const tampered = async (sql: string) => {
    await close(await made(400));
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
    const report = await checkIndex({ path, logDir: '', source: syntheticSource({ count: 400 }) });
    expect(report.ok).toBe(false);
    return report.problems.map((p) => `${p.kind}: ${p.message}`);
  };
  it('a row that is missing', async () => {
    expect(await tampered('DELETE FROM entry WHERE idx = 7')).toEqual(
      expect.arrayContaining([
        'missing: rows: expected 400, got 399',
        'missing: record 7 is not in the index',
      ]),
    );
  });
  it('a row too many', async () => {
    expect(await tampered('UPDATE entry SET idx = 5000 WHERE idx = 9')).toContain(
      'surplus: row 5000 is of no record in the log',
    );
  });
  it('a value that differs', async () => {
    expect(
      await tampered("UPDATE entry SET target_id = 'x', who = 1 + (who = 1) WHERE idx = 11"),
    ).toEqual(['wrong: record 11: who, target_id differ from the log']);
  });
  it('a dictionary that says something else', async () => {
    expect(
      (
        await tampered(
          `UPDATE dictionary SET value = '["nobody",null,null,"user"]' WHERE kind = 1 AND id = 1`,
        )
      )[0],
    ).toContain('who differ from the log');
  });
  it('words that are gone', async () => {
    expect(await tampered("INSERT INTO words(words) VALUES ('delete-all')")).toEqual(
      expect.arrayContaining([
        'missing: documents of words: expected 400, got 0',
        'wrong: record 0 is not found by all its words',
      ]),
    );
  });
  it('counts that do not add up', async () => {
    expect(
      await tampered(
        'UPDATE hour_count SET count = count + 1 WHERE rowid IS NOT NULL AND shape = 1'.replace(
          'rowid IS NOT NULL AND ',
          '',
        ),
      ),
    ).toHaveLength(1);
  });
  it('an index that is not there', async () => {
    expect(await refusal(checkIndex({ path, logDir: '' }))).toBe(
      `index_missing: there is no index at ${path}`,
    );
  });
});
