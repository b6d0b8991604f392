import { Client } from 'pg';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/harness.ts';
import { clusterFolder, databaseUrl, startCluster } from '../../testing/postgres/cluster.ts';
import { RecorderBench, said } from '../../testing/recorder-bench.ts';
import { PostgresLocation } from '../location.ts';

/** How often PostgreSQL is killed. */
const KILLS = 4;

/** The process that serves the connection by which the state is changed: the one with the server's lock. */
async function writingProcess(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_locks where locktype = 'advisory' and objid = 1 and granted",
    );
    return rows[0]?.pid ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

test('PostgreSQL killed at work: each change has its record, and each record its change', async () => {
  // A cluster of its own: whoever kills one of its processes makes PostgreSQL end all of them.
  const cluster = await startCluster(await clusterFolder());
  const url = databaseUrl(cluster.dir, 'postgres');
  const b = await new RecorderBench(await temporaryFolder(), new PostgresLocation(url)).open();
  const done: string[] = [];
  const refused: string[] = [];
  let kills = 0;
  for (let i = 0; kills < KILLS || done.length < 40; i += 1) {
    await b.restored();
    // The next change is under way when it happens; where it is by then nobody knows.
    if (kills < KILLS && done.length > 8 * kills) {
      const pid = await writingProcess(url);
      kills += 1;
      setImmediate(() => process.kill(pid, 'SIGKILL'));
    }
    const key = `c${String(i).padStart(5, '0')}`;
    const [change] = await Promise.allSettled([b.change(key), b.recorder.record(said('$System$'))]);
    (change.status === 'fulfilled' ? done : refused).push(key);
  }
  expect(refused.length).toBeGreaterThan(0);
  expect(await b.settings()).toEqual(done);
  expect((await b.said()).filter((who) => who !== '$System$')).toEqual(done);
  await b.crash();
  await cluster.stop();
});
