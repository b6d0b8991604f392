import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { NodeSqliteDialect } from './dialect.ts';
import { MIGRATIONS } from './migrations.ts';
import type { StateSchema } from './schema.ts';
import type { OpenState } from './state.ts';

/** How long a statement waits for another process's short write, in milliseconds. */
const BUSY_TIMEOUT = 2_000;

/**
 * Opens `<data>/state.db` and brings its schema up to date. WAL with synchronous=FULL: a committed transaction
 * survives power loss. Throws when the file is not a database or a migration fails.
 */
export async function openSqlite(path: string): Promise<OpenState> {
  const database = new DatabaseSync(path, {
    timeout: BUSY_TIMEOUT,
    enableForeignKeyConstraints: true,
  });
  const opened = [database];
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off',
    );
    // The outbox holds contents on their way to the log; once they are there, no trace of them stays here.
    database.exec('pragma secure_delete = on');
    const writer = new Kysely<StateSchema>({ dialect: new NodeSqliteDialect(database) });
    const migrator = new Migrator({
      db: writer,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw new Error(`couldn't bring ${path} up to date`, { cause: error });
    const reading = new DatabaseSync(path, { timeout: BUSY_TIMEOUT, readOnly: true });
    opened.push(reading);
    const reader = new Kysely<StateSchema>({ dialect: new NodeSqliteDialect(reading) });
    // Asked on the writing connection, for which our own commits are not those of another.
    const version = database.prepare('pragma data_version');
    return {
      writer,
      state: {
        db: reader,
        dataVersion: async () => Number(version.get()?.['data_version'] ?? 0),
        // A file does not go away; a write that fails says so itself.
        trouble: () => null,
        onTrouble: () => undefined,
        giveUp: () => undefined,
        close: async () => {
          await reader.destroy();
          await writer.destroy();
          closeAll(opened);
        },
      },
    };
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function closeAll(databases: readonly DatabaseSync[]): void {
  for (const database of databases) if (database.isOpen) database.close();
}
