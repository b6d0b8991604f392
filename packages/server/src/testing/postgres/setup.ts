import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PostgresLocation } from '../../database/location.ts';
import { openState } from '../../database/open.ts';
import { clusterFolder, databaseUrl, startCluster, type Cluster } from './cluster.ts';
import { administer, TEMPLATE } from './databases.ts';

/** A cluster with a database that has the whole schema: copied, it is there at once. */
async function start(dir: string): Promise<Cluster> {
  const cluster = await startCluster(dir);
  await administer(dir, async (client) => {
    await client.query(`create database ${TEMPLATE}`);
  });
  const { state } = await openState(new PostgresLocation(databaseUrl(dir, TEMPLATE)));
  await state.close();
  return cluster;
}

/**
 * vitest's global setup: one PostgreSQL for all files of a run, started when the first of them asks for it, by a
 * connection to the socket `ask` in its folder, which is answered when it runs.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const dir = await clusterFolder();
  let cluster: Promise<Cluster> | null = null;
  const asked = createServer((connection) => {
    cluster ??= start(dir);
    cluster.then(
      () => connection.end('ready'),
      (error: unknown) => connection.end(String(error)),
    );
  });
  asked.listen(join(dir, 'ask'));
  await once(asked, 'listening');
  process.env['COUNTERSIGN_TEST_POSTGRES'] = dir;
  return async () => {
    asked.close();
    await (await cluster?.catch(() => null))?.stop();
    await rm(dir, { recursive: true, force: true });
  };
}
