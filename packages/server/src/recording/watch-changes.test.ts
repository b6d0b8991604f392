import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startTestServer } from '../testing/harness.ts';
import { noteOf } from './testing.ts';

const system = await startTestServer();
const { recorder, state } = system.server.platform;
/** In SQLite's words, and in PostgreSQL's. */
const READ_ONLY =
  /attempt to write a readonly database|cannot execute (?:INSERT|DELETE) in a read-only transaction/;
const row = { key: 'unaudited', value: 'x' };

async function settings(): Promise<string[]> {
  const rows = await state.db.selectFrom('settings').select('key').execute();
  return rows.map(({ key }) => key);
}

test('a change without a record is rolled back and named', async () => {
  const change = recorder.audited(async ({ db }) => {
    await db.insertInto('settings').values(row).execute();
    await db.updateTable('users').set({ name: 'x' }).execute();
  });
  await expect(change).rejects.toThrow('unaudited: settings, users changed without a record');
  expect(await settings()).not.toContain('unaudited');
});

test('inserting, updating, deleting, merging and raw statements all count as changes', async () => {
  const attempts: ((
    tx: Parameters<Parameters<typeof recorder.audited>[0]>[0],
  ) => Promise<unknown>)[] = [
    async ({ db }) => await db.insertInto('settings').values(row).execute(),
    async ({ db }) => await db.updateTable('settings').set({ value: 'x' }).execute(),
    async ({ db }) => await db.deleteFrom('settings').execute(),
    async ({ db }) => await db.replaceInto('settings').values(row).execute(),
    async ({ db }) => await sql`delete from settings`.execute(db),
    async ({ db }) => await db.schema.dropTable('producers').execute(),
    async ({ db }) =>
      await db
        .with('gone', (q) => q.deleteFrom('settings').returning('key'))
        .selectFrom('gone')
        .selectAll()
        .execute(),
  ];
  for (const attempt of attempts)
    await expect(recorder.audited(attempt)).rejects.toThrow(/unaudited: |syntax error/);
});

test('with its record the change is there, and so is the record', async () => {
  const records = await system.recordsOf(async () => {
    await recorder.audited(async (tx) => {
      await tx.db
        .insertInto('settings')
        .values({ ...row, key: 'audited' })
        .execute();
      tx.record(noteOf('audited'));
    });
  });
  expect(records.map(({ envelope }) => envelope.event)).toEqual(['ROLE_ASSUME']);
  expect(await settings()).toContain('audited');
});

test('what the rest of the server has can be read and nothing else', async () => {
  // @ts-expect-error the type has no way to write …
  const insert = state.db.insertInto.bind(state.db) as typeof system.behind.insertInto;
  // … and neither has the connection behind it.
  await expect(insert('settings').values(row).execute()).rejects.toThrow(READ_ONLY);
  // @ts-expect-error nor can raw statements be run on it
  const raw = sql`delete from settings`.execute(state.db);
  await expect(raw).rejects.toThrow(READ_ONLY);
});
