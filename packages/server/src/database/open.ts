import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { NodeSqliteDialect } from './dialect.ts';
import { MIGRATIONS } from './migrations.ts';
import type { StateDatabase, StateSchema } from './schema.ts';

/** An open state database. */
export interface State {
  readonly db: StateDatabase;
  /** Counts up when another process has committed something (SQLite's data_version). */
  dataVersion(): number;
  close(): Promise<void>;
}

/** How long a statement waits for another process's short write, in milliseconds. */
const BUSY_TIMEOUT = 2_000;

/**
 * Opens `<data>/state.db` and brings its schema up to date. WAL with synchronous=FULL: a committed transaction
 * survives power loss. Throws when the file is not a database or a migration fails.
 */
export async function openState(path: string): Promise<State> {
  const database = new DatabaseSync(path, {
    timeout: BUSY_TIMEOUT,
    enableForeignKeyConstraints: true,
  });
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off',
    );
    // The outbox holds contents on their way to the log; once they are there, no trace of them stays here.
    database.exec('pragma secure_delete = on');
    const db = new Kysely<StateSchema>({ dialect: new NodeSqliteDialect(database) });
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw new Error(`couldn't bring ${path} up to date`, { cause: error });
    const version = database.prepare('pragma data_version');
    return {
      db,
      dataVersion: () => Number(version.get()?.['data_version'] ?? 0),
      close: async () => {
        await db.destroy();
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}
