import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProducer } from './create-producer.ts';
import { listProducers } from './list-producers.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'countersign-producers-'));
});
afterAll(() => rm(data, { recursive: true }));

test('a folder that was never used has no producers, and is left as it is', async () => {
  expect(await listProducers({ data })).toEqual([]);
  expect(await readdir(data)).toEqual([]);
});

test('producers are listed by name, without their tokens', async () => {
  const clock = () => new Date('2026-11-22T05:00:00.000Z');
  const { token } = await createProducer({ data, name: 'ra', clock });
  await createProducer({ data, name: 'ca', clock });
  const made = { createdAt: '2026-11-22T05:00:00.000Z', createdBy: '$System$', disabled: false };
  expect(await listProducers({ data })).toEqual([
    { name: 'ca', ...made },
    { name: 'ra', ...made },
  ]);
  expect(JSON.stringify(await listProducers({ data }))).not.toContain(token);
});
