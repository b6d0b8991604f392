import { QueryError } from '@countersign/records';
import { allOf, type CertificateCondition } from '../certificates/query/condition.ts';
import { queryReader } from '../certificates/query/read-query.ts';
import { findStoredCollection } from '../collections/collections.ts';
import type { State } from '../database/open.ts';
import { ServerError } from '../errors.ts';
import type { Recorder } from '../recording/recorder.ts';
import { firstDue, nextDue } from '../stores/schedule.ts';
import { listAlerts, type Alert } from './alert.ts';
import { composeMessage, queueMessage } from './deliveries.ts';
import { alertSent } from './records.ts';
import { readSchedule } from './schedules.ts';
import { certificateSubjects, requestSubjects } from './subjects.ts';

/** What looking for things to tell of takes. */
interface Parts {
  readonly state: State;
  readonly recorder: Recorder;
  readonly clock: () => Date;
}

/** What is looked for by the clock. */
type LookedFor = 'expiration' | 'pending';

/** So many are queued in one transaction. */
const BATCH = 200;
const DAY_MS = 86_400_000;

/** Looks for what is due to be told by schedules, and queues it: each certificate once for an alert and its number of days, each request once for an alert. */
export async function queueScheduled(parts: Parts): Promise<void> {
  for (const kind of ['expiration', 'pending'] as const)
    if (await isDue(parts, kind)) await lookFor(parts, kind);
}

/** Whether it is time, and if so, when it is time again is written down. A schedule that was changed begins anew. */
async function isDue({ state, recorder, clock }: Parts, kind: LookedFor): Promise<boolean> {
  const now = clock();
  const schedule = await readSchedule(state.db, kind);
  const text = JSON.stringify(schedule);
  const run = await state.db
    .selectFrom('alert_runs')
    .selectAll()
    .where('kind', '=', kind)
    .executeTakeFirst();
  const begins = run?.schedule !== text;
  if (!begins && (run.due_at === null || Date.parse(run.due_at) > now.getTime())) return false;
  const next = schedule === null ? null : begins ? firstDue(schedule, now) : nextDue(schedule, now);
  const row = { schedule: text, due_at: next?.toISOString() ?? null };
  await recorder.audited(async (tx) => {
    await tx.db
      .insertInto('alert_runs')
      .values({ kind, ...row })
      .onConflict((conflict) => conflict.column('kind').doUpdateSet(row))
      .execute();
  });
  return !begins;
}

/** Queues what alerts of a kind have to say now. One that cannot be looked for is a recorded failure of its own. */
export async function lookFor(parts: Parts, kind: LookedFor): Promise<void> {
  const now = parts.clock();
  for (const alert of await listAlerts(parts.state.db, kind)) {
    if (!alert.enabled) continue;
    try {
      const ids =
        kind === 'expiration'
          ? await expiringCertificates(parts.state, alert, now)
          : await pendingRequests(parts.state, alert);
      for (let at = 0; at < ids.length; at += BATCH)
        await queueAbout(parts, alert, ids.slice(at, at + BATCH), now);
    } catch (error) {
      const gone = error instanceof ServerError && error.code === 'not_found';
      if (!gone && !(error instanceof QueryError)) throw error;
      await parts.recorder.record(
        alertSent(
          {
            alert,
            delivery: 'none',
            attempt: 1,
            recipients: [],
            webhook: null,
            refused: [],
            reason: `what it is about cannot be found: ${error.message}`,
            related: [],
          },
          'Failure',
        ),
      );
    }
  }
}

async function queueAbout(
  { recorder }: Parts,
  alert: Alert,
  ids: readonly number[],
  now: Date,
): Promise<void> {
  await recorder.audited(async (tx) => {
    const subjects =
      alert.kind === 'expiration'
        ? await certificateSubjects(tx.db, ids, now)
        : await requestSubjects(tx.db, ids);
    for (const subject of subjects) {
      const warned = {
        alert: alert.id,
        object: subject.object,
        days_before: alert.daysBefore ?? 0,
        warned_at: now.toISOString(),
      };
      await tx.db.insertInto('alert_warnings').values(warned).execute();
      const message = composeMessage(alert, subject);
      await queueMessage(tx.db, alert, subject, message, { now, dueAt: now });
    }
  });
}

/** Which certificates an alert is about, whenever they expire. */
async function conditionOf(
  { db }: State,
  { query, collection }: Alert,
  now: Date,
): Promise<CertificateCondition> {
  const read = await queryReader(db, { now, me: null });
  const texts = query === null ? [] : [query];
  if (collection !== null) texts.push((await findStoredCollection(db, collection)).query);
  return allOf(await Promise.all(texts.map(async (text) => await read(text))));
}

/** Certificates that are valid, expire within the alert's days, and have not been told of. */
async function expiringCertificates(state: State, alert: Alert, now: Date): Promise<number[]> {
  const { db } = state;
  const holds = await conditionOf(state, alert, now);
  const days = alert.daysBefore ?? 0;
  const until = new Date(now.getTime() + days * DAY_MS).toISOString();
  const told = await toldObjects(db, alert, 'certificate:');
  const rows = await db
    .selectFrom('certificates')
    .select('id')
    .where(holds)
    .where('state', '!=', 'revoked')
    .where('not_after', '>', now.toISOString())
    .where('not_after', '<=', until)
    .orderBy('not_after')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id).filter((id) => !told.has(id));
}

/** Requests that wait for somebody's decision and have not been told of. */
async function pendingRequests({ db }: State, alert: Alert): Promise<number[]> {
  const told = await toldObjects(db, alert, 'request:');
  let waiting = db.selectFrom('certificate_requests').select('id').where('state', '=', 'pending');
  if (alert.template !== null) waiting = waiting.where('template', '=', alert.template);
  const rows = await waiting.orderBy('id').execute();
  return rows.map(({ id }) => id).filter((id) => !told.has(id));
}

async function toldObjects(
  db: State['db'],
  { id, daysBefore }: Alert,
  prefix: string,
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('alert_warnings')
    .select('object')
    .where('alert', '=', id)
    .where('days_before', '=', daysBefore ?? 0)
    .execute();
  return new Set(rows.map(({ object }) => Number(object.slice(prefix.length))));
}
