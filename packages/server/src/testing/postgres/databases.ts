import { createConnection } from 'node:net';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client, escapeIdentifier } from 'pg';
import { databaseUrl } from './cluster.ts';

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

/** Makes an empty database that belongs to a folder, unless it is there. */
export async function createDatabase(dir: string): Promise<void> {
  await (started ??= start());
  await administer(async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      basename(dir),
    ]);
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(basename(dir))}`);
  });
}

export async function dropDatabase(dir: string): Promise<void> {
  await administer(async (client) => {
    await client.query(`drop database if exists ${escapeIdentifier(basename(dir))} with (force)`);
  });
}

async function start(): Promise<void> {
  const answer = await text(createConnection(join(clusterOfRun(), 'ask')));
  if (answer !== 'ready') throw new Error(answer);
}

async function administer(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(clusterOfRun(), 'postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
