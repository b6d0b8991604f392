import type { Client, QueryResult } from 'pg';
import type { PostgresLocation } from '../location.ts';

/** One run of a server over the database. */
export interface Run {
  /** Counts the runs. */
  readonly epoch: number;
  /** Number of the last transaction that has committed. */
  readonly turn: number;
}

type Ask = (text: string, values?: unknown[]) => Promise<QueryResult>;

/** The first of our advisory locks: the server's, for as long as its session lasts. */
const KEYS = { space: 1_129_532_487, server: 1 } as const;

/** Another server works with the database. */
export class StateLocked extends Error {
  override readonly name = 'StateLocked';
  readonly code = 'state_locked';
}

/** The database holds the state of another log. */
export class StateOfAnotherLog extends Error {
  override readonly name = 'StateOfAnotherLog';
  readonly code = 'state_foreign';
}

/** A session of PostgreSQL's, which is a process: numbers come again, with another time. */
export interface Session {
  readonly pid: number;
  readonly since: string;
}

const SINCE = 'extract(epoch from backend_start)::text';

/** The session of a connection. */
export async function sessionOf(client: Client): Promise<Session | null> {
  const { rows } = await client.query<Session>(
    `select pid, ${SINCE} as since from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return rows[0] ?? null;
}

/**
 * Ends a session of ours that we have lost, when PostgreSQL has not noticed yet that nobody is there. What it was just
 * committing, it commits first.
 */
export async function endSession(client: Client, { pid, since }: Session): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and ${SINCE} = $2`,
    [pid, since],
  );
}

/**
 * Takes the server's lock for the session; one that has just ended has two seconds to let go. Throws StateLocked, naming
 * the session that has it.
 */
export async function lockServer(client: Client, location: PostgresLocation): Promise<void> {
  const { space, server } = KEYS;
  try {
    await client.query('select pg_advisory_lock($1, $2)', [space, server]);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== '55P03') throw error;
    throw new StateLocked(
      `${location.name} is in use by another server (${await holder(client)}): a database has one server`,
      { cause: error },
    );
  }
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number; program: string; address: string | null }>(
    `select a.pid, a.application_name as program, host(a.client_addr) as address
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [KEYS.space, KEYS.server],
  );
  const [found] = rows;
  if (found === undefined) return 'it has just ended';
  return `"${found.program}" at ${found.address ?? 'this machine'}, PostgreSQL process ${found.pid}`;
}

const TABLE = `create table if not exists state_server (
  one boolean primary key default true check (one),
  log text not null,
  epoch bigint not null,
  turn bigint not null
)`;

/** Enters a new run of the server of a log; `name` is the database's. The caller has the server's lock. Throws StateOfAnotherLog. */
export async function claim(ask: Ask, log: string, name: string): Promise<Run> {
  await ask(TABLE);
  await ask(
    'insert into state_server (log, epoch, turn) values ($1, 0, 0) on conflict do nothing',
    [log],
  );
  const { rows } = await ask('select log from state_server');
  const known = (rows as { log: string }[])[0]?.log;
  if (known !== log) {
    throw new StateOfAnotherLog(
      `${name} holds the state of the log "${known}", the data folder has the log "${log}"`,
    );
  }
  await ask('update state_server set epoch = epoch + 1');
  const run = await findRun(ask);
  if (run === null) throw new Error('bad bookkeeping: state_server is empty');
  return run;
}

/** The run that the database knows as the last one. */
export async function findRun(ask: Ask): Promise<Run | null> {
  const { rows } = await ask('select epoch, turn from state_server');
  return (rows as Run[])[0] ?? null;
}
