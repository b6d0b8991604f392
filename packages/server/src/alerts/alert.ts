import type { CategoryName, JsonObject, ObjectRef } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { StateReader, StateSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { describeWebhook } from './webhook.ts';

export const ALERT_KINDS = ['expiration', 'pending', 'issued', 'denied'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** A message that goes out when something happens to certificates or requests. */
export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly displayName: string;
  /** Subject and message hold placeholders like `{cn}`. */
  readonly subject: string;
  readonly message: string;
  /** Addresses of mail, or placeholders that become some. */
  readonly recipients: readonly string[];
  readonly webhook: string | null;
  readonly enabled: boolean;
  /** Of expiration alerts: how many days before. */
  readonly daysBefore: number | null;
  /** Of expiration alerts: which certificates. */
  readonly query: string | null;
  readonly collection: number | null;
  /** Of the others: by which template; null: by any. */
  readonly template: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The category of everything about alerts of a kind. */
export const ALERT_CATEGORIES: Readonly<Record<AlertKind, CategoryName>> = {
  expiration: 'ExpirationAlert',
  pending: 'PendingAlert',
  issued: 'IssuedAlert',
  denied: 'DeniedAlert',
};

/** An alert in records. */
export function alertRef({ id, displayName }: Pick<Alert, 'id' | 'displayName'>): ObjectRef {
  return { type: 'alert', id: String(id), name: displayName };
}

/** An alert as records have it. */
export function alertModel(alert: Alert): JsonObject {
  const { createdAt: _created, updatedAt: _updated, recipients, webhook, ...model } = alert;
  const shown = webhook === null ? null : describeWebhook(webhook);
  return { ...model, recipients: [...recipients], webhook: shown };
}

/** The alerts of a kind, by name. */
export async function listAlerts(db: StateReader, kind: AlertKind): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('display_name')
    .execute();
  return rows.map(toAlert);
}

/** One alert. Throws `not_found`. */
export async function findAlert(db: StateReader, kind: AlertKind, id: number): Promise<Alert> {
  const row = await db
    .selectFrom('alerts')
    .selectAll()
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ServerError('not_found', `there is no ${kind} alert ${id}`);
  return toAlert(row);
}

function toAlert(row: Selectable<StateSchema['alerts']>): Alert {
  return {
    id: row.id,
    kind: row.kind,
    displayName: row.display_name,
    subject: row.subject,
    message: row.message,
    recipients: JSON.parse(row.recipients) as string[],
    webhook: row.webhook,
    enabled: row.enabled === 1,
    daysBefore: row.days_before,
    query: row.query,
    collection: row.collection,
    template: row.template,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
