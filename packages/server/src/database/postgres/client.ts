import { hostname } from 'node:os';
import { Client, types, type ClientConfig } from 'pg';
import type { PostgresLocation } from '../location.ts';

/** Longest time to connect, in milliseconds. */
const CONNECT_MS = 5_000;
/** Longer than this no statement takes; whoever does not answer is gone, in milliseconds. */
export const ANSWER_MS = 10_000;

const INT8 = 20;
const NUMERIC = 1700;

/** Counts and sums are numbers, as SQLite has them; none of ours comes near 2^53. */
const NUMBERS: ClientConfig['types'] = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? (text: string) => Number(text)
      : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/** How to connect. `settings` are PostgreSQL's, for the session. */
export function clientConfig(
  location: PostgresLocation,
  settings: Readonly<Record<string, string>>,
): ClientConfig {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return {
    connectionString: location.url,
    application_name: `countersign ${hostname()} ${process.pid}`,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: ANSWER_MS,
    types: NUMBERS,
    options: options.join(' '),
  };
}

/** Connects once. Throws StateUnreachable. */
export async function connect(
  location: PostgresLocation,
  settings: Readonly<Record<string, string>>,
  more: ClientConfig = {},
): Promise<Client> {
  const client = new Client({ ...clientConfig(location, settings), ...more });
  // A connection that breaks while nobody asks anything must not end the process; the next statement tells.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw new StateUnreachable(location, error);
  });
  return client;
}

/** The database cannot be had: nobody listens, nobody of that name may come in, there is none of that name. */
export class StateUnreachable extends Error {
  override readonly name = 'StateUnreachable';
  readonly code = 'state_unreachable';
  constructor(location: PostgresLocation, cause: unknown) {
    super(`${location.name}: ${whatHappened(cause)}`, { cause });
  }
}

/** PostgreSQL's error codes after which the statement may succeed another time: no connection, no resources, stopping. */
const PASSING = /^(?:08|53|57P|58|55P03)/;

/** Whether an error says something about the connection or the server, and nothing about the statement. */
export function isTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // What is no answer of the server's (class and condition: five characters) is the network's or the client's.
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return PASSING.test(code);
}

/** What an error says, in one line. */
export function whatHappened(error: unknown): string {
  // Node.js leaves the message empty when several addresses were tried.
  if (error instanceof AggregateError) return error.errors.map(whatHappened).join('; ');
  return error instanceof Error ? error.message : String(error);
}
