import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { NodeSqliteDialect } from './dialect.ts';
import type { StateLocation } from './location.ts';
import { connect } from './postgres/client.ts';
import { PostgresStateDialect, SingleDriver } from './postgres/dialect.ts';
import type { StateReader, StateSchema } from './schema.ts';

/**
 * Reads something from a state as it is: nothing is made or brought up to date. Null: no server has used it yet. What
 * opens it for writing would make what is not there.
 */
export async function readState<T>(
  location: StateLocation,
  work: (db: StateReader) => Promise<T>,
): Promise<T | null> {
  const dialect =
    location.kind === 'sqlite'
      ? new NodeSqliteDialect(new DatabaseSync(location.path, { readOnly: true, timeout: 5_000 }))
      : new PostgresStateDialect(
          new SingleDriver(await connect(location, { default_transaction_read_only: 'on' })),
        );
  const db = new Kysely<StateSchema>({ dialect });
  try {
    return await work(db);
  } catch (error) {
    if (isMissingTable(error)) return null;
    throw error;
  } finally {
    await db.destroy();
  }
}

/** In PostgreSQL's words: undefined_table. */
function isMissingTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42P01';
}
