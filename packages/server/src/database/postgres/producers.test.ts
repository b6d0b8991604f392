import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProducer } from '../../producers/create-producer.ts';
import { listProducers } from '../../producers/list-producers.ts';
import { startTestServer, temporaryFolder } from '../../testing/harness.ts';
import { databaseUrl } from '../../testing/postgres/cluster.ts';
import { clusterOfRun } from '../../testing/postgres/databases.ts';
import { PostgresLocation } from '../location.ts';

test('a database that no server has used has no producers, and is left as it is', async () => {
  const dir = await temporaryFolder();
  // PostgreSQL's own, in which there are no tables of ours.
  const database = new PostgresLocation(databaseUrl(clusterOfRun(), 'postgres'));
  expect(await listProducers({ data: dir, database })).toEqual([]);
});

test('a producer created at the console is known to the running server, with its record', async () => {
  const system = await startTestServer();
  const { config, platform } = system.server;
  const at = { data: join(system.dir, 'data'), database: config.database };
  const records = await system.recordsOf(async () => {
    await createProducer({ ...at, name: 'ca' });
    await platform.recorder.adopt();
  });
  expect(records.map(({ envelope }) => envelope.event)).toEqual(['PRODUCER_CREATED']);
  await expect(createProducer({ ...at, name: 'ca' })).rejects.toMatchObject({
    code: 'already_exists',
    message: 'producer "ca" exists already',
  });
  expect(await listProducers(at)).toMatchObject([{ name: 'ca', disabled: false }]);
});
