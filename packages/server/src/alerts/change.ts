import { QueryError } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { readCertificateQuery } from '../certificates/query/read-query.ts';
import { faultyField, ServerError } from '../errors.ts';
import { hostList, isMailbox } from '../settings/definitions.ts';
import { configurationChanged } from '../settings/records.ts';
import { describeSchedule, type Schedule } from '../stores/schedule.ts';
import { webhookFault } from './addresses.ts';
import {
  ALERT_CATEGORIES,
  alertModel,
  alertRef,
  findAlert,
  type Alert,
  type AlertKind,
} from './alert.ts';
import { unknownPlaceholders } from './placeholders.ts';
import { readSchedule, type ScheduledKind } from './schedules.ts';

/** An alert to be made. */
export type NewAlert = Omit<Alert, 'id' | 'kind' | 'createdAt' | 'updatedAt'>;
/** What can be changed of an alert; left out: stays as it is. */
export type AlertChange = { readonly [K in keyof NewAlert]?: NewAlert[K] | undefined };

/** Creates an alert. Throws `request_invalid`, `already_exists`. */
export async function createAlert(
  tx: ChangeTransaction,
  kind: AlertKind,
  wanted: NewAlert,
): Promise<Alert> {
  await assertGood(tx, kind, wanted, null);
  const now = tx.now.toISOString();
  const { id } = await tx.db
    .insertInto('alerts')
    .values({ kind, ...rowOf(wanted), created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  const alert = await findAlert(tx.db, kind, id);
  tx.record(
    configurationChanged(tx.caller, {
      event: 'CONFIG_ALERT',
      category: ALERT_CATEGORIES[kind],
      operation: 'Created',
      target: alertRef(alert),
      after: alertModel(alert),
    }),
  );
  return alert;
}

/**
 * Changes an alert; what is on its way is sent as it was made. With another number of days or another selection it tells
 * of what it has told of before only where the number of days is another. Throws `not_found`, `request_invalid`,
 * `already_exists`.
 */
export async function updateAlert(
  tx: ChangeTransaction,
  kind: AlertKind,
  id: number,
  change: AlertChange,
): Promise<Alert> {
  const alert = await findAlert(tx.db, kind, id);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted: NewAlert = { ...alert, ...Object.fromEntries(given) };
  await assertGood(tx, kind, wanted, id);
  if (JSON.stringify(rowOf(wanted)) === JSON.stringify(rowOf(alert))) return alert;
  await tx.db
    .updateTable('alerts')
    .set({ ...rowOf(wanted), updated_at: tx.now.toISOString() })
    .where('id', '=', id)
    .execute();
  const changed = await findAlert(tx.db, kind, id);
  tx.record(
    configurationChanged(tx.caller, {
      event: 'CONFIG_ALERT',
      category: ALERT_CATEGORIES[kind],
      operation: 'Updated',
      target: alertRef(changed),
      before: alertModel(alert),
      after: alertModel(changed),
    }),
  );
  return changed;
}

/** Deletes an alert, and what of it is not sent yet. Throws `not_found`. */
export async function deleteAlert(
  tx: ChangeTransaction,
  kind: AlertKind,
  id: number,
): Promise<void> {
  const alert = await findAlert(tx.db, kind, id);
  const waiting = await tx.db
    .selectFrom('alert_deliveries')
    .select('id')
    .where('alert', '=', id)
    .execute();
  await tx.db.deleteFrom('alerts').where('id', '=', id).execute();
  tx.record(
    configurationChanged(tx.caller, {
      event: 'CONFIG_ALERT',
      category: ALERT_CATEGORIES[kind],
      operation: 'Deleted',
      target: alertRef(alert),
      before: alertModel(alert),
      reason: waiting.length === 0 ? undefined : `${waiting.length} messages were not sent yet`,
    }),
  );
}

/** Says when alerts of a kind are sent; null: never. Throws `request_invalid`. */
export async function changeSchedule(
  tx: ChangeTransaction,
  kind: ScheduledKind,
  schedule: Schedule | null,
): Promise<void> {
  assertFits(kind, schedule);
  const before = await readSchedule(tx.db, kind);
  if (JSON.stringify(before) === JSON.stringify(schedule)) return;
  const row = { schedule: schedule === null ? null : JSON.stringify(schedule) };
  await tx.db
    .insertInto('alert_schedules')
    .values({ kind, ...row })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(row))
    .execute();
  tx.record(
    configurationChanged(tx.caller, {
      event: 'CONFIG_ALERT',
      category: ALERT_CATEGORIES[kind],
      operation: 'Updated',
      target: { type: 'alert schedule', id: kind, name: describeSchedule(schedule) },
      before: { kind, schedule: describeSchedule(before) },
      after: { kind, schedule: describeSchedule(schedule) },
    }),
  );
}

/** What is looked for comes again; what is told at once may be told at once. */
function assertFits(kind: ScheduledKind, schedule: Schedule | null): void {
  if (schedule === null) return;
  const repeated = !('immediate' in schedule || 'exactlyOnce' in schedule);
  if (repeated || (kind === 'issued' && 'immediate' in schedule)) return;
  const expected =
    kind === 'issued'
      ? 'immediate, an interval, or times of days or weeks'
      : 'an interval, or times of days or weeks';
  throw faultyField('schedule', expected, describeSchedule(schedule));
}

function rowOf(alert: NewAlert) {
  return {
    display_name: alert.displayName,
    subject: alert.subject,
    message: alert.message,
    recipients: JSON.stringify(alert.recipients),
    webhook: alert.webhook,
    enabled: alert.enabled ? 1 : 0,
    days_before: alert.daysBefore,
    query: alert.query,
    collection: alert.collection,
    template: alert.template,
  };
}

async function assertGood(
  tx: ChangeTransaction,
  kind: AlertKind,
  wanted: NewAlert,
  id: number | null,
): Promise<void> {
  assertTexts(wanted);
  assertAddresses(tx, wanted);
  assertKind(kind, wanted);
  if (wanted.query !== null) await assertQuery(tx, wanted.query);
  if (wanted.collection !== null) {
    const found = await tx.db
      .selectFrom('collections')
      .select('id')
      .where('id', '=', wanted.collection)
      .executeTakeFirst();
    if (found === undefined)
      throw faultyField('collection', 'the number of a collection', String(wanted.collection));
  }
  const sameName = await tx.db
    .selectFrom('alerts')
    .select('id')
    .where('kind', '=', kind)
    .where('display_name', '=', wanted.displayName)
    .executeTakeFirst();
  if (sameName === undefined || sameName.id === id) return;
  throw new ServerError(
    'already_exists',
    `displayName: there is a ${kind} alert "${wanted.displayName}" already`,
    { members: { field: 'displayName' } },
  );
}

/** Nobody asks when it is looked for: `%ME%` is nobody then. */
async function assertQuery(tx: ChangeTransaction, query: string): Promise<void> {
  try {
    await readCertificateQuery(tx.db, query, { now: tx.now, me: null });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw faultyField('query', 'a query of certificates', error.message);
  }
}

/** Placeholders that nothing stands for would go out as they are. */
function assertTexts({ subject, message }: NewAlert): void {
  for (const [field, text] of Object.entries({ subject, message })) {
    const [unknown] = unknownPlaceholders(text);
    if (unknown !== undefined) throw faultyField(field, 'known placeholders', `{${unknown}}`);
  }
}

function assertAddresses(tx: ChangeTransaction, { recipients, webhook }: NewAlert): void {
  if (recipients.length === 0 && webhook === null)
    throw faultyField('recipients', 'a recipient or a webhook', 'neither');
  recipients.forEach((recipient, i) => {
    const field = `recipients.${i}`;
    // A placeholder becomes an address when the message is made.
    if (/^\{(requester|metadata:[^{}]{1,100})\}$/u.test(recipient) || isMailbox(recipient)) return;
    throw faultyField(
      field,
      'an e-mail address, {requester} or {metadata:<field>}',
      recipient.slice(0, 100),
    );
  });
  if (webhook === null) return;
  const listed = hostList(tx.platform.settings.get('alerts.webhookHosts'));
  const fault = webhookFault(webhook, listed);
  if (fault !== null) throw faultyField('webhook', fault, webhook.slice(0, 100));
}

/** Each kind has what chooses what it is about. */
function assertKind(kind: AlertKind, wanted: NewAlert): void {
  const { daysBefore, query, collection, template } = wanted;
  if (kind === 'expiration') {
    if (daysBefore === null) throw faultyField('daysBefore', 'a number of days', 'nothing');
    if (query !== null && collection !== null)
      throw faultyField('query', 'a query or a collection', 'both');
    if (template !== null)
      throw faultyField('template', 'nothing for an expiration alert', template);
    return;
  }
  const given = Object.entries({ daysBefore, query, collection }).find(
    ([, value]) => value !== null,
  );
  if (given !== undefined)
    throw faultyField(given[0], `nothing for ${kind} alerts`, String(given[1]));
}
