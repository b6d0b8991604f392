import { randomUUIDv7 } from 'node:crypto';
import type { AuditedTransaction } from '../recording/recorder.ts';
import type { Discovered } from './discovery.ts';
import { importUnknown, replaceInventory } from './inventory.ts';
import type { JobParts, TakenJob } from './job-loop.ts';
import type { Outcome } from './job-work.ts';
import { jobModel } from './jobs.ts';
import { jobEnded, machineRef, storeRef, type Place } from './records.ts';
import { certificateRef } from '../certificates/refs.ts';
import { nextDue, parseSchedule } from './schedule.ts';
import { findStore, placeOfStore, storeModel } from './store-view.ts';
import { insertStore, recordStore } from './stores.ts';
import { ServerError } from '../errors.ts';

/** Writes what has come of a job, with its record: what the store holds now, the stores that were found. */
export async function finishJob(parts: JobParts, job: TakenJob, outcome: Outcome): Promise<void> {
  const { recorder, clock, state } = parts;
  const place = job.store === null ? null : placeOfStore(await findStore(state.db, job.store));
  const { found, discovered } = outcome;
  const imported =
    found === undefined || place === null ? 0 : await importUnknown(parts, state.db, place, found);
  await recorder.audited(async (tx) => {
    const now = clock();
    if (found !== undefined && job.store !== null)
      await replaceInventory(tx.db, job.store, found, now);
    const fresh = discovered === undefined ? 0 : await takeUpStores(tx, job, discovered, now);
    await endJob(tx, job, 'done', null, now);
    const reason =
      discovered === undefined
        ? `${counted(found?.length ?? 0, 'certificate')}, ${imported} of them new here`
        : `${counted(discovered.length, 'store')}, ${fresh} of them new`;
    recordEnd(tx, job, place, 'Success', reason);
  });
}

/** Gives a job up, with its record; one with a schedule comes again when it is due. */
export async function giveUpJob(
  { recorder, clock }: Pick<JobParts, 'recorder' | 'clock'>,
  job: TakenJob,
  reason: string,
): Promise<void> {
  await recorder.audited(async (tx) => {
    const place = job.store === null ? null : placeOfStore(await findStore(tx.db, job.store));
    await endJob(tx, job, 'failed', reason, clock());
    recordEnd(tx, job, place, 'Failure', reason);
  });
}

async function endJob(
  { db }: AuditedTransaction,
  job: TakenJob,
  state: 'done' | 'failed',
  error: string | null,
  now: Date,
): Promise<void> {
  // The schedule may have been taken away while it was being done.
  const row = await db
    .selectFrom('store_jobs')
    .select('schedule')
    .where('id', '=', job.id)
    .executeTakeFirstOrThrow();
  const schedule = parseSchedule(row.schedule) ?? job.schedule;
  const again = nextDue(schedule, now)?.toISOString() ?? null;
  const ended = now.toISOString();
  // What failed keeps what it needs, so that it can be tried again.
  const sealed = state === 'done' ? { sealed: null } : {};
  await db
    .updateTable('store_jobs')
    .set(
      again === null
        ? { state, error, ended_at: ended, ...sealed }
        : { state: 'scheduled', due_at: again, attempts: 0, error, ended_at: ended },
    )
    .where('id', '=', job.id)
    .execute();
}

function recordEnd(
  tx: AuditedTransaction,
  job: TakenJob,
  place: Place | null,
  outcome: 'Success' | 'Failure',
  reason: string,
): void {
  const { kind, details, machine } = job;
  const { fingerprint, subject = '', alias = null } = details;
  const target = place === null ? machineRef(machine) : storeRef(place);
  const related = fingerprint === undefined ? [] : [certificateRef({ fingerprint, subject })];
  const after = jobModel({ ...job, store: place });
  tx.record(jobEnded({ kind, target, alias, related, outcome, reason, after }));
}

/** Stores that were found and are not known yet; somebody has to approve each. */
async function takeUpStores(
  tx: AuditedTransaction,
  job: TakenJob,
  discovered: readonly Discovered[],
  now: Date,
): Promise<number> {
  let fresh = 0;
  for (const { path, type } of discovered) {
    const id = randomUUIDv7();
    const place = { clientMachine: job.machine, path, type, id, approved: false, now };
    const plain = { displayName: null, container: null, createIfMissing: false, properties: {} };
    try {
      await insertStore(tx, { ...plain, ...place });
    } catch (error) {
      if (error instanceof ServerError && error.code === 'already_exists') continue;
      throw error;
    }
    fresh += 1;
    const store = await findStore(tx.db, id);
    recordStore(
      tx,
      'Created',
      store,
      { after: storeModel(store), reason: 'it was discovered' },
      null,
    );
  }
  return fresh;
}

function counted(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
