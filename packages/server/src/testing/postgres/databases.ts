import { createConnection } from 'node:net';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client, escapeIdentifier } from 'pg';
import { databaseUrl } from './cluster.ts';

/** The database that others are copies of. */
export const TEMPLATE = 'whole_schema';

/** The folder of the run's cluster. */
export function clusterOfRun(): string {
  const dir = process.env['COUNTERSIGN_TEST_POSTGRES'];
  if (dir === undefined) throw new Error('these tests run in the project "postgres"');
  return dir;
}

/** Whether the tests of this process have their state in PostgreSQL. */
export const OVER_POSTGRES = process.env['COUNTERSIGN_TEST_DATABASE'] === 'postgres';

/** The URL of the database that belongs to a folder of a test's. */
export function databaseOf(dir: string): string {
  return databaseUrl(clusterOfRun(), basename(dir));
}

let started: Promise<void> | null = null;

/** Makes a database without any rows that belongs to a folder, unless it is there. */
export async function createDatabase(dir: string): Promise<void> {
  await (started ??= start());
  await administer(clusterOfRun(), async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      basename(dir),
    ]);
    if (rowCount !== 0) return;
    const name = escapeIdentifier(basename(dir));
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
}

export async function dropDatabase(dir: string): Promise<void> {
  await administer(clusterOfRun(), async (client) => {
    await client.query(`drop database if exists ${escapeIdentifier(basename(dir))} with (force)`);
  });
}

async function start(): Promise<void> {
  const answer = await text(createConnection(join(clusterOfRun(), 'ask')));
  if (answer !== 'ready') throw new Error(answer);
}

/** Does something that is about databases as a whole. */
export async function administer(
  dir: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(dir, 'postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
