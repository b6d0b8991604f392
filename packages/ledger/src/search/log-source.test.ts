import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQuery, resolveQuery } from '@countersign/records';
import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../create-log.ts';
import { openLog } from '../open-log.ts';
import { checkIndex, openIndex, rebuildIndex } from './index.ts';
import { deleteIndexFiles } from './schema.ts';
import { syntheticDraft } from './testing/synthetic.ts';

const ORIGIN = 'test.example/log';
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'countersign-log-source-'));
});
afterEach(() => rmSync(data, { recursive: true }));

it('an index follows a log while it grows, and is made again from it', async () => {
  const dir = join(data, 'log');
  const path = join(data, 'index.db');
  const signers = [parseSignerKey(generateSignerKey(ORIGIN))];
  await createLog({ dir, origin: ORIGIN, signers });
  const log = await openLog({ dir, origin: ORIGIN, signers });
  const index = await openIndex({ path, logDir: dir });
  log.onCommit((size) => index.catchUp(size));
  for (let from = 0; from < 2500; from += 500) {
    await log.append(
      'pki1',
      Array.from({ length: 500 }, (_, i) => syntheticDraft(from + i, { count: 2500 })),
    );
  }
  await index.whenIndexed(2500);

  const query = resolveQuery(parseQuery('revoked "key compromise suspected"'), { now: new Date() });
  const expected = Array.from({ length: 2500 }, (_, i) => 2499 - i).filter((i) =>
    syntheticDraft(i, { count: 2500 }).content.reason?.startsWith('key compromise suspected'),
  );
  const page = await index.search({ query, order: 'desc', limit: 500 });
  expect(page).toEqual({ indexes: expected, next: null, partial: false });
  expect(await checkIndex({ path, logDir: dir })).toMatchObject({
    ok: true,
    size: 2500,
    indexed: 2500,
    checked: 2500,
  });

  await index.close();
  deleteIndexFiles(path);
  await rebuildIndex({ path, logDir: dir });
  const again = await openIndex({ path, logDir: dir, readOnly: true });
  expect((await again.search({ query, order: 'desc', limit: 500 })).indexes).toEqual(expected);
  await again.close();
  await log.close();
});

it('an index can be checked while it grows', async () => {
  const dir = join(data, 'log');
  const path = join(data, 'index.db');
  const signers = [parseSignerKey(generateSignerKey(ORIGIN))];
  await createLog({ dir, origin: ORIGIN, signers });
  const log = await openLog({ dir, origin: ORIGIN, signers });
  const index = await openIndex({ path, logDir: dir });
  log.onCommit((size) => index.catchUp(size));
  const stop = new AbortController();
  const writing = (async () => {
    for (let seq = 0; !stop.signal.aborted; seq += 20) {
      const drafts = Array.from({ length: 20 }, (_, i) => syntheticDraft(seq + i, { count: 1e6 }));
      await log.append('pki1', drafts);
    }
  })();
  await index.whenIndexed(100);
  for (let i = 0; i < 200; i += 1) {
    const { problems } = await checkIndex({ path, logDir: dir, sample: 5 });
    expect(problems).toEqual([]);
  }
  stop.abort();
  await writing;
  await index.close();
  await log.close();
});
