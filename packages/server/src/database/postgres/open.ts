import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import type { PostgresLocation } from '../location.ts';
import { MIGRATIONS } from '../migrations.ts';
import type { StateSchema } from '../schema.ts';
import type { OpenState, StateOwner } from '../state.ts';
import { clientConfig, connect, StateUnreachable, whatHappened } from './client.ts';
import { SAME_COLUMNS } from './columns.ts';
import { PostgresStateDialect, ReadingDriver, SingleDriver, WritingDriver } from './dialect.ts';
import { WritingSession } from './writing-session.ts';

/** Connections that read. */
const READERS = 8;

/**
 * Opens a database of PostgreSQL's and brings its schema up to date. With an owner it is locked for that server first.
 * Throws when it cannot be reached, another server has it, it belongs to another log, or a migration fails.
 */
export async function openPostgres(
  location: PostgresLocation,
  owner: StateOwner | null,
): Promise<OpenState> {
  const session = new WritingSession(location, owner);
  try {
    await session.open();
    await migrate(location);
    await session.claim();
  } catch (error) {
    await session.close();
    throw describe(error, location);
  }
  const pool = new Pool({
    ...clientConfig(location, { default_transaction_read_only: 'on' }),
    max: READERS,
    allowExitOnIdle: true,
  });
  // A connection that breaks while it rests is dropped by the pool; there is nobody to tell.
  pool.on('error', () => undefined);
  const reader = new Kysely<StateSchema>({
    dialect: new PostgresStateDialect(new ReadingDriver(pool)),
  });
  const writer = new Kysely<StateSchema>({
    dialect: new PostgresStateDialect(new WritingDriver(session)),
  });
  const versions = { snapshot: '', count: 0 };
  return {
    writer,
    state: {
      db: reader,
      // Which transactions are committed, as a text. Asked by the session that writes: if it is lost, this notices.
      dataVersion: async () => {
        await session.acquire();
        try {
          const { rows } = await session.query('select pg_current_snapshot()::text as snapshot');
          const { snapshot } = (rows as { snapshot: string }[])[0] ?? { snapshot: '' };
          if (snapshot !== versions.snapshot) versions.count += 1;
          versions.snapshot = snapshot;
          return versions.count;
        } finally {
          session.release();
        }
      },
      trouble: () => session.trouble(),
      onTrouble: (listener) => session.onTrouble(listener),
      giveUp: () => session.giveUp(),
      close: async () => {
        await reader.destroy();
        await session.close();
      },
    },
  };
}

async function migrate(location: PostgresLocation): Promise<void> {
  const client = await connect(location, {}, { query_timeout: 0 });
  const db = new Kysely<unknown>({
    dialect: new PostgresStateDialect(new SingleDriver(client)),
    plugins: [SAME_COLUMNS],
  });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined)
      throw new Error(`couldn't bring ${location.name} up to date: ${whatHappened(error)}`, {
        cause: error,
      });
  } finally {
    await db.destroy();
  }
}

/** What happens says where. */
function describe(error: unknown, location: PostgresLocation): unknown {
  if (error instanceof Error && error.message.includes(location.name)) return error;
  return new StateUnreachable(location, error);
}
