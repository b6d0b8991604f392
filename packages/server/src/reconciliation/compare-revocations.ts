import { setImmediate } from 'node:timers/promises';
import type { StateReader } from '../database/schema.ts';
import type { LogFacts } from './log-facts.ts';
import { recordName, withIndex, type Report } from './problem.ts';

/** Rows that are read at once. */
const BATCH = 1_000;

/** Compares what is on the lists of every authority with the records, and finds what is not there any more. */
export async function compareRevocations(
  db: StateReader,
  facts: LogFacts,
  report: Report,
): Promise<number> {
  let count = 0;
  for (const { id: authority } of await db.selectFrom('authorities').select('id').execute()) {
    for (let last = ''; ;) {
      const rows = await db
        .selectFrom('revoked_certificates')
        .select(['serial', 'reason', 'revoked_at', 'released_at'])
        .where('authority', '=', authority)
        .where('serial', '>', last)
        .orderBy('serial')
        .limit(BATCH)
        .execute();
      for (const row of rows) compareRow({ authority, ...row }, facts, report);
      count += rows.length;
      last = rows.at(-1)?.serial ?? last;
      if (rows.length < BATCH) break;
      await setImmediate();
    }
  }
  for (const { authority, serial, state, index } of facts.store.unseenRevocations())
    report(
      withIndex(
        {
          kind: 'revocation_missing',
          object: `revocation ${authority} ${serial}`,
          message: `${recordName(index)} says that serial 0x${serial} of authority ${authority} is ${state}; its lists do not know it`,
        },
        index,
      ),
    );
  return count;
}

function compareRow(
  row: {
    readonly authority: string;
    readonly serial: string;
    readonly reason: number;
    readonly revoked_at: string;
    readonly released_at: string | null;
  },
  facts: LogFacts,
  report: Report,
): void {
  const { authority, serial } = row;
  const object = `revocation ${authority} ${serial}`;
  const name = `serial 0x${serial} of authority ${authority}`;
  const fact = facts.store.revocation(authority, serial);
  facts.store.seenRevocation(authority, serial);
  if (fact === null) {
    report({
      kind: 'revocation_unrecorded',
      object,
      message: `${name} is on its lists, and no record says that it was revoked`,
    });
    return;
  }
  const is =
    row.released_at === null ? `revoked for reason ${row.reason} at ${row.revoked_at}` : 'released';
  const was =
    fact.state === 'active'
      ? 'released'
      : `revoked for reason ${fact.reason ?? 'none'} at ${fact.revokedAt ?? 'no time'}`;
  if (is === was) return;
  const message = `${name} is ${is}, and was ${was}, by ${recordName(fact.index)}`;
  report(withIndex({ kind: 'revocation_changed', object, message }, fact.index));
}
