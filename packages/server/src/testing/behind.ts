import { DatabaseSync } from 'node:sqlite';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { NodeSqliteDialect } from '../database/dialect.ts';
import type { StateLocation } from '../database/location.ts';
import { clientConfig } from '../database/postgres/client.ts';
import type { StateDatabase, StateSchema } from '../database/schema.ts';

/** A connection to the state that may do everything, as somebody has it who goes behind the product's back. */
export function connectBehind(location: StateLocation): StateDatabase {
  if (location.kind === 'sqlite') {
    const database = new DatabaseSync(location.path, { timeout: 2_000 });
    return new Kysely<StateSchema>({ dialect: new NodeSqliteDialect(database) });
  }
  const pool = new Pool({ ...clientConfig(location, {}), max: 1, allowExitOnIdle: true });
  pool.on('error', () => undefined);
  return new Kysely<StateSchema>({ dialect: new PostgresDialect({ pool }) });
}
