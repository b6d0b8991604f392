import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { openLog } from '@countersign/ledger';
import { createDataFolder } from '../packages/server/src/data-folder/create.ts';
import { dataPaths } from '../packages/server/src/data-folder/keys.ts';
import { PostgresLocation, type StateLocation } from '../packages/server/src/database/location.ts';
import { openState } from '../packages/server/src/database/open.ts';
import { silentLoggers } from '../packages/server/src/logger.ts';
import { Recorder } from '../packages/server/src/recording/recorder.ts';
import { noteOf } from '../packages/server/src/recording/testing.ts';
import { whyNoPostgres } from '../packages/server/src/testing/postgres/binaries.ts';
import {
  clusterFolder,
  databaseUrl,
  startCluster,
} from '../packages/server/src/testing/postgres/cluster.ts';
import { median } from './stats.ts';

/** Changes in one round. */
const CHANGES = 200;

export interface StateResult {
  readonly name: string;
  /** Changes a second, each committed with its record and the record in the log; median of the rounds. */
  readonly rate: number;
  /** Bare transactions a second on the same database. */
  readonly floor: number;
  readonly ratio: number;
}

/** Something that is done so many times; resolves when all of it is durable. */
type Work = (count: number) => Promise<void>;

/** Audited transactions a second over each database, beside bare ones on the same. */
export async function benchState(
  dir: string,
  rounds: number,
  onRound: (text: string) => void,
): Promise<StateResult[]> {
  const file = join(dir, 'state.db');
  const results = await benchDatabase(
    join(dir, 'sqlite'),
    'SQLite',
    { kind: 'sqlite', path: file },
    {
      rounds,
      onRound,
      bare: async () => bareSqlite(file),
    },
  );
  if (whyNoPostgres() !== null) return results;
  // PostgreSQL runs as another user, who has to get into the folder.
  await chmod(dir, 0o711);
  const data = join(dir, 'postgres');
  await mkdir(data);
  const cluster = await startCluster(await clusterFolder(), { durableIn: data });
  const url = databaseUrl(cluster.dir, 'postgres');
  results.push(
    ...(await benchDatabase(join(dir, 'over-postgres'), 'PostgreSQL', new PostgresLocation(url), {
      rounds,
      onRound,
      bare: async () => await barePostgres(url),
    })),
  );
  await cluster.stop();
  return results;
}

async function benchDatabase(
  dir: string,
  name: string,
  location: StateLocation,
  options: {
    readonly rounds: number;
    readonly onRound: (text: string) => void;
    readonly bare: () => Promise<{ work: Work; close: () => Promise<void> }>;
  },
): Promise<StateResult[]> {
  const { rounds, onRound } = options;
  const keys = await createDataFolder(dir);
  const logger = silentLoggers('bench:state');
  const log = await openLog({
    dir: dataPaths(dir).log,
    origin: keys.origin,
    signers: keys.signers,
  });
  const { state, writer } = await openState(location, { log: keys.origin, logger });
  const recorder = new Recorder({ state, writer, log, clock: () => new Date(), logger });
  await recorder.start();
  const bare = await options.bare();
  let next = 0;
  const change = async (): Promise<void> => {
    const key = `audited-${next++}`;
    await recorder.audited(async (tx) => {
      await tx.db.insertInto('settings').values({ key, value: 'set' }).execute();
      tx.record(noteOf(key));
    });
  };
  const cases: { name: string; work: Work }[] = [
    {
      name: `${name}, one after another`,
      work: async (count) => {
        for (let i = 0; i < count; i += 1) await change();
      },
    },
    {
      name: `${name}, 16 at once`,
      work: async (count) => {
        const part = async (): Promise<void> => {
          for (let i = 0; i < count / 16; i += 1) await change();
        };
        await Promise.all(Array.from({ length: 16 }, part));
      },
    },
  ];
  const results: StateResult[] = [];
  for (const testCase of cases) {
    const seen: { rate: number; floor: number }[] = [];
    // Round 0 warms up both.
    for (let round = 0; round <= rounds; round += 1) {
      onRound(`state: ${testCase.name}, round ${round} of ${rounds}`);
      const first = await perSecond(bare.work);
      const rate = await perSecond(testCase.work);
      const second = await perSecond(bare.work);
      if (round > 0) seen.push({ rate, floor: (first + second) / 2 });
    }
    results.push({
      name: testCase.name,
      rate: median(seen.map((s) => s.rate)),
      floor: median(seen.map((s) => s.floor)),
      ratio: median(seen.map((s) => s.rate / s.floor)),
    });
  }
  await bare.close();
  await recorder.close();
  await state.close();
  await log.close();
  return results;
}

async function perSecond(work: Work): Promise<number> {
  const began = performance.now();
  await work(CHANGES);
  return (CHANGES / (performance.now() - began)) * 1_000;
}

function bareSqlite(path: string): { work: Work; close: () => Promise<void> } {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  database.exec('pragma synchronous = full; pragma secure_delete = on');
  const insert = database.prepare('insert into settings (key, value) values (?, ?)');
  let next = 0;
  return {
    work: async (count) => {
      for (let i = 0; i < count; i += 1) {
        database.exec('begin immediate');
        insert.run(`bare-${next++}`, 'set');
        database.exec('commit');
      }
    },
    close: async () => database.close(),
  };
}

async function barePostgres(url: string): Promise<{ work: Work; close: () => Promise<void> }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  let next = 0;
  return {
    work: async (count) => {
      for (let i = 0; i < count; i += 1) {
        await client.query('begin');
        const text = 'insert into settings (key, value) values ($1, $2)';
        await client.query({ name: 'bare', text, values: [`bare-${next++}`, 'set'] });
        await client.query('commit');
      }
    },
    close: async () => await client.end(),
  };
}
