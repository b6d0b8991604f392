import type { StateDatabase, StateReader, StateTransaction } from '../database/schema.ts';
import type { Unnumbered } from './draft.ts';

/** A record of a change, committed with it and on its way to the log. */
export interface OutboxRow {
  readonly seq: number;
  readonly draft: Unnumbered;
}

/** The numbered rows, in order. */
export async function readOutbox(db: StateReader): Promise<OutboxRow[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['seq', 'draft'])
    .where('seq', 'is not', null)
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({ seq: row.seq ?? 0, draft: JSON.parse(row.draft) as Unnumbered }));
}

/** Puts rows into the transaction of the change they are the records of. */
export async function insertRows(tx: StateTransaction, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ seq, draft }) => ({ seq, draft: JSON.stringify(draft) }));
  await tx.insertInto('outbox').values(values).execute();
}

/** Forgets the rows below a number: the log has them. */
export async function sweepRows(
  db: StateDatabase | StateTransaction,
  below: number,
): Promise<void> {
  await db.deleteFrom('outbox').where('seq', '<', below).execute();
}

/** Whether another process has left rows that have no number yet. */
export async function hasForeignRows(db: StateReader): Promise<boolean> {
  const row = await db
    .selectFrom('outbox')
    .select('position')
    .where('seq', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives the rows of other processes the numbers from `first` on, in the order they came; drops those not `wanted`. */
export async function numberForeignRows(
  db: StateDatabase,
  first: number,
  wanted: (draft: Unnumbered) => boolean,
): Promise<OutboxRow[]> {
  return await db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('outbox')
      .select(['position', 'draft'])
      .where('seq', 'is', null)
      .orderBy('position')
      .execute();
    const numbered: OutboxRow[] = [];
    for (const { position, draft: text } of rows) {
      const draft = JSON.parse(text) as Unnumbered;
      if (!wanted(draft)) {
        await tx.deleteFrom('outbox').where('position', '=', position).execute();
        continue;
      }
      const seq = first + numbered.length;
      await tx.updateTable('outbox').set({ seq }).where('position', '=', position).execute();
      numbered.push({ seq, draft });
    }
    return numbered;
  });
}
