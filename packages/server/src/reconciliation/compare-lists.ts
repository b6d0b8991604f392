import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { readList } from '../authorities/lists.ts';
import type { StateReader } from '../database/schema.ts';
import type { LogFacts } from './log-facts.ts';
import { recordName, withIndex, type Report } from './problem.ts';

/** Rows that are read at once. */
const BATCH = 1_000;

/** Compares every revocation list that was made with its record, and finds those that are not there. */
export async function compareLists(
  db: StateReader,
  facts: LogFacts,
  report: Report,
): Promise<number> {
  let count = 0;
  for (const { id: authority } of await db.selectFrom('authorities').select('id').execute()) {
    for (let last = -1; ;) {
      const rows = await db
        .selectFrom('crls')
        .select(['number', 'base_number', 'fingerprint'])
        .where('authority', '=', authority)
        .where('number', '>', last)
        .orderBy('number')
        .limit(BATCH)
        .execute();
      for (const row of rows) compareList({ authority, ...row }, facts, report);
      count += rows.length;
      last = rows.at(-1)?.number ?? last;
      if (rows.length < BATCH) break;
      await setImmediate();
    }
    await comparePublished(db, authority, report);
  }
  for (const { authority, number, index } of facts.store.unseenLists())
    report(
      withIndex(
        {
          kind: 'crl_missing',
          object: `crl ${authority} ${number}`,
          message: `${recordName(index)} says that list ${number} of authority ${authority} was made; there is none`,
        },
        index,
      ),
    );
  return count;
}

/** What is handed out are the bytes, not their fingerprint. */
async function comparePublished(db: StateReader, authority: string, report: Report): Promise<void> {
  const kept = await db
    .selectFrom('crls')
    .select(['number', 'fingerprint'])
    .where('authority', '=', authority)
    .where('der', '!=', '')
    .orderBy('number')
    .execute();
  for (const { number, fingerprint } of kept) {
    const der = await readList(db, authority, number);
    if (der === null || createHash('sha256').update(der).digest('hex') === fingerprint) continue;
    report({
      kind: 'crl_content',
      object: `crl ${authority} ${number}`,
      message: `list ${number} of authority ${authority}: the bytes kept of it do not have its fingerprint`,
    });
  }
}

function compareList(
  row: {
    readonly authority: string;
    readonly number: number;
    readonly base_number: number | null;
    readonly fingerprint: string;
  },
  facts: LogFacts,
  report: Report,
): void {
  const { authority, number, fingerprint } = row;
  const object = `crl ${authority} ${number}`;
  const fact = facts.store.list(authority, number);
  facts.store.seenList(authority, number);
  if (fact === null) {
    report({
      kind: 'crl_unrecorded',
      object,
      message: `list ${number} of authority ${authority} is there, and no record says that it was made`,
    });
    return;
  }
  const kind = row.base_number === null ? 'full' : 'delta';
  const differences = [
    ...(fact.fingerprint === fingerprint
      ? []
      : [`its fingerprint is ${fingerprint}, and was ${fact.fingerprint}`]),
    ...(fact.kind === kind ? [] : [`it is a ${kind} list, and was a ${fact.kind} one`]),
  ];
  if (differences.length === 0) return;
  const message = `list ${number} of authority ${authority}: ${differences.join('; ')}, by ${recordName(fact.index)}`;
  report(withIndex({ kind: 'crl_changed', object, message }, fact.index));
}
