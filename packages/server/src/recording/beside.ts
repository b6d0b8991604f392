import type { StateDatabase } from '../database/schema.ts';
import { completeDraft, type Unnumbered } from './draft.ts';
import type { AuditedTransaction } from './recorder.ts';
import { assertRecorded, watchChanges } from './watch-changes.ts';

/**
 * Makes a change from another process than the server: at the console, beside a running server or without one. Change
 * and records commit in one transaction, as `Recorder.audited` has it; the records get their numbers from the server
 * that runs, or from the next one that starts.
 */
export async function auditedBeside<T>(
  writer: StateDatabase,
  clock: () => Date,
  work: (tx: AuditedTransaction) => Promise<T>,
): Promise<T> {
  const afterwards: (() => void)[] = [];
  const result = await writer.transaction().execute(async (transaction) => {
    const { db, changed } = watchChanges(transaction);
    const drafts: Unnumbered[] = [];
    let follows = false;
    const done = await work({
      db,
      record: (draft) => void drafts.push(completeDraft(draft, clock())),
      follows: () => void (follows = true),
      committed: (task) => void afterwards.push(task),
    });
    assertRecorded(changed, follows || drafts.length > 0);
    for (const draft of drafts) {
      const row = { seq: null, draft: JSON.stringify(draft) };
      await transaction.insertInto('outbox').values(row).execute();
    }
    return done;
  });
  for (const task of afterwards) task();
  return result;
}
