import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import type { JobKind, JobState, StoreTables } from '../database/store-schema.ts';
import { ServerError } from '../errors.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import {
  JOB_PHRASES,
  jobScheduled,
  machineRef,
  storeChange,
  storeRef,
  type By,
  type JobFacts,
  type Place,
} from './records.ts';
import { firstDue, formatSchedule, parseSchedule, type Schedule } from './schedule.ts';
import type { Page } from './store-view.ts';

/** What a job is about; each kind has its part of it. */
export interface JobDetails {
  /** Number of the certificate that is added. */
  readonly certificate?: number;
  /** Of the certificate that is added, or removed. */
  readonly fingerprint?: string;
  readonly subject?: string;
  readonly alias?: string | null;
  readonly overwrite?: boolean;
  readonly includePrivateKey?: boolean;
  /** Fingerprint of the certificate whose place it takes. */
  readonly replaces?: string;
  /** The request whose certificate is waited for. */
  readonly request?: number;
  /** Discovery: where, and for which types. */
  readonly path?: string;
  readonly types?: readonly string[];
}

/** Work at a store, scheduled, under way or ended. */
export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly store: { readonly id: string; readonly displayName: string } | null;
  readonly clientMachine: string;
  readonly schedule: Schedule;
  readonly dueAt: string;
  readonly attempts: number;
  readonly details: JobDetails;
  readonly error: string | null;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

type JobRow = Selectable<StoreTables['store_jobs']>;

/** Jobs, the latest first. */
export async function listJobs(
  db: StateReader,
  filter: { readonly state?: JobState | undefined; readonly store?: string | undefined },
  { after, limit }: { readonly after?: number | undefined; readonly limit: number },
): Promise<Page<Job>> {
  const { state, store } = filter;
  let matching = db.selectFrom('store_jobs');
  if (state !== undefined) matching = matching.where('state', '=', state);
  if (store !== undefined) matching = matching.where('store', '=', store);
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow();
  let query = matching.selectAll();
  if (after !== undefined) query = query.where('id', '<', after);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = await toJobs(db, rows.slice(0, limit));
  const next = rows.length > limit ? String(items.at(-1)?.id) : null;
  return { items, total: Number(total), next };
}

/** One job. Throws `not_found`. */
export async function findJob(db: StateReader, id: number): Promise<Job> {
  const rows = await db.selectFrom('store_jobs').selectAll().where('id', '=', id).execute();
  const [job] = await toJobs(db, rows);
  if (job === undefined) throw new ServerError('not_found', `there is no job ${id}`);
  return job;
}

/** Work that is to be done at a store, or on a machine. */
export interface NewJob {
  readonly kind: JobKind;
  readonly store: Place | null;
  readonly machine: string;
  readonly schedule: Schedule;
  readonly details: JobDetails;
  /** What the vault keeps for it: a password, a key. */
  readonly secret?: Uint8Array | string | null;
  readonly related?: JobFacts['related'];
}

/** Schedules work and records it; returns the job's number. */
export async function scheduleJob(tx: ChangeTransaction, job: NewJob): Promise<number> {
  const id = await insertJob(tx, job, { by: tx.caller, now: tx.now });
  if (job.secret !== undefined && job.secret !== null)
    await tx.db
      .updateTable('store_jobs')
      .set({ sealed: tx.platform.vault.seal(job.secret, aboutJob(id)) })
      .where('id', '=', id)
      .execute();
  const target = job.store === null ? machineRef(job.machine) : storeRef(job.store);
  const { kind, schedule, details, related = [] } = job;
  const after = jobModel({ ...job, id });
  tx.record(
    jobScheduled(
      { kind, target, alias: details.alias ?? null, related, schedule, after },
      tx.caller,
    ),
  );
  return id;
}

/** The schedule of a store's inventories: the old one's job goes, the new one's comes. Recorded by whoever calls. */
export async function replaceInventorySchedule(
  tx: AuditedTransaction & { readonly now: Date },
  store: Place,
  schedule: Schedule | null,
  by: By,
): Promise<void> {
  const jobs = await tx.db
    .selectFrom('store_jobs')
    .select(['id', 'schedule', 'state'])
    .where('store', '=', store.id)
    .where('kind', '=', 'inventory')
    .where('state', 'in', ['scheduled', 'running'])
    .execute();
  const planned = jobs.filter((job) => !('immediate' in (parseSchedule(job.schedule) ?? {})));
  for (const { id, state } of planned)
    // One that is under way ends, and does not come again.
    await (state === 'scheduled'
      ? tx.db.deleteFrom('store_jobs').where('id', '=', id).execute()
      : tx.db
          .updateTable('store_jobs')
          .set({ schedule: JSON.stringify({ immediate: true }) })
          .where('id', '=', id)
          .execute());
  await tx.db
    .updateTable('stores')
    .set({ inventory_schedule: formatSchedule(schedule), updated_at: tx.now.toISOString() })
    .where('id', '=', store.id)
    .execute();
  if (schedule === null) return;
  const { machine } = store;
  const job: NewJob = { kind: 'inventory', store, machine, schedule, details: {} };
  await insertJob(tx, job, { by, now: tx.now });
}

async function insertJob(
  { db }: AuditedTransaction,
  { kind, store, machine, schedule, details }: NewJob,
  { by, now }: { by: By; now: Date },
): Promise<number> {
  const { id } = await db
    .insertInto('store_jobs')
    .values({
      kind,
      state: 'scheduled',
      store: store?.id ?? null,
      machine,
      schedule: JSON.stringify(schedule),
      due_at: firstDue(schedule, now).toISOString(),
      attempts: 0,
      details: JSON.stringify(details),
      sealed: null,
      error: null,
      requested_by: by?.session.user.username ?? '$System$',
      created_at: now.toISOString(),
      ended_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Has a job that failed done once more, or one that waits done now. Throws `not_found`, `job_running`, `job_ended`. */
export async function retryJob(tx: ChangeTransaction, id: number): Promise<Job> {
  const job = await findJob(tx.db, id);
  assertNotRunning(job);
  if (job.state === 'done')
    throw new ServerError('job_ended', `job ${id} is done: there is nothing to try again`);
  await tx.db
    .updateTable('store_jobs')
    .set({ state: 'scheduled', due_at: tx.now.toISOString(), attempts: 0, ended_at: null })
    .where('id', '=', id)
    .execute();
  const again = await findJob(tx.db, id);
  const models = { before: shownModel(job), after: shownModel(again) };
  const target = jobRef(job);
  tx.record(storeChange({ area: 'job', operation: 'Updated', target, ...models }, tx.caller));
  return again;
}

/** Takes a job off the list; what it has done stays done. Throws `not_found`, `job_running`. */
export async function deleteJob(tx: ChangeTransaction, id: number): Promise<void> {
  const job = await findJob(tx.db, id);
  assertNotRunning(job);
  await tx.db.deleteFrom('store_jobs').where('id', '=', id).execute();
  if (job.kind === 'inventory' && job.store !== null && !('immediate' in job.schedule))
    await tx.db
      .updateTable('stores')
      .set({ inventory_schedule: null, updated_at: tx.now.toISOString() })
      .where('id', '=', job.store.id)
      .execute();
  const target = jobRef(job);
  const before = shownModel(job);
  tx.record(storeChange({ area: 'job', operation: 'Deleted', target, before }, tx.caller));
}

/** What the vault seals a job's secret about. */
export function aboutJob(id: number): string {
  return `store-job:${id}`;
}

/** A job as records hold it. */
export function jobModel(job: NewJob & { readonly id: number }): JsonObject {
  const { id, kind, store, machine, schedule, details } = job;
  const model = {
    id,
    kind,
    store: store?.id ?? null,
    clientMachine: machine,
    schedule,
    ...details,
  };
  return JSON.parse(JSON.stringify(model)) as JsonObject;
}

function shownModel(job: Job): JsonObject {
  const { id, kind, state, clientMachine, schedule, dueAt, details } = job;
  const store = job.store?.id ?? null;
  const model = { id, kind, state, store, clientMachine, schedule, dueAt, ...details };
  return JSON.parse(JSON.stringify(model)) as JsonObject;
}

function jobRef({ id, kind, clientMachine, store }: Job) {
  const where = store === null ? clientMachine : `${store.displayName} on ${clientMachine}`;
  return { type: 'store job', id: String(id), name: `${JOB_PHRASES[kind]} at ${where}` };
}

function assertNotRunning({ id, state }: Job): void {
  if (state === 'running')
    throw new ServerError('job_running', `job ${id} is being done at this moment`);
}

async function toJobs(db: StateReader, rows: readonly JobRow[]): Promise<Job[]> {
  const ids = [...new Set(rows.map(({ store }) => store).filter((id) => id !== null))];
  const stores =
    ids.length === 0
      ? []
      : await db
          .selectFrom('stores')
          .select(['id', 'display_name'])
          .where('id', 'in', ids)
          .execute();
  const names = new Map(stores.map(({ id, display_name }) => [id, display_name]));
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    store:
      row.store === null ? null : { id: row.store, displayName: names.get(row.store) ?? row.store },
    clientMachine: row.machine,
    schedule: JSON.parse(row.schedule) as Schedule,
    dueAt: row.due_at,
    attempts: row.attempts,
    details: JSON.parse(row.details) as JobDetails,
    error: row.error,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }));
}
