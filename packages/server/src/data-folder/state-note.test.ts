import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PostgresLocation } from '../database/location.ts';
import { createProducer } from '../producers/create-producer.ts';
import { listProducers } from '../producers/list-producers.ts';
import { createServer } from '../server.ts';
import { silentLoggers } from '../logger.ts';
import { temporaryFolder, testConfig } from '../testing/harness.ts';
import { noteState } from './state-note.ts';

const elsewhere = new PostgresLocation('postgres://cs:hunter2@db.example/state');

test('a folder whose state is in PostgreSQL does not begin a second one in a file', async () => {
  const dir = await temporaryFolder();
  const data = join(dir, 'data');
  await mkdir(data);
  await noteState(data, elsewhere);
  expect(await readFile(join(data, 'state.postgres'), 'utf8')).toBe(
    'postgres://db.example/state\n',
  );
  const refusal = {
    code: 'state_elsewhere',
    message: `the state of ${data} is in postgres://db.example/state: name it with COUNTERSIGN_DATABASE or --database`,
  };
  await expect(createProducer({ data, name: 'ca' })).rejects.toMatchObject(refusal);
  await expect(listProducers({ data })).rejects.toMatchObject(refusal);
  const config = testConfig(dir, { database: join(data, 'state.db') });
  await expect(createServer(config, { loggers: silentLoggers })).rejects.toMatchObject(refusal);
});

test('a folder that has a state does not begin another one in PostgreSQL', async () => {
  const data = await temporaryFolder();
  const state = join(data, 'state.db');
  await writeFile(state, '');
  await expect(createProducer({ data, database: elsewhere, name: 'ca' })).rejects.toMatchObject({
    code: 'state_elsewhere',
    message: `the state of ${data} is in ${state}; postgres://db.example/state would be another one`,
  });
});
