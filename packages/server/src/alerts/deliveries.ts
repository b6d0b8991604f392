import { randomUUID } from 'node:crypto';
import type { ObjectRef } from '@countersign/records';
import type { StateTransaction } from '../database/schema.ts';
import type { Alert, AlertKind } from './alert.ts';
import { fillPlaceholders, type PlaceholderValues } from './placeholders.ts';
import type { AlertSubject } from './subjects.ts';
import { isMailbox } from '../settings/definitions.ts';

/** A message as it was made when its cause happened, and who is still to get it. */
export interface AlertMessage {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly text: string;
  readonly recipients: readonly string[];
  /** Recipients that became no address: why, for the record. */
  readonly unresolved: readonly string[];
  readonly webhook: string | null;
  readonly values: PlaceholderValues;
  readonly related: readonly ObjectRef[];
}

/** Longest subject line. */
const MAX_SUBJECT = 250;

/** What an alert says of a certificate or a request, and to whom. */
export function composeMessage(
  alert: Pick<Alert, 'kind' | 'subject' | 'message' | 'recipients' | 'webhook'>,
  { values, requesterEmail, related }: AlertSubject,
): AlertMessage {
  const recipients: string[] = [];
  const unresolved: string[] = [];
  for (const written of alert.recipients) {
    const address =
      written === '{requester}' ? (requesterEmail ?? '') : fillPlaceholders(written, values).trim();
    if (!isMailbox(address)) unresolved.push(written);
    else if (!recipients.includes(address)) recipients.push(address);
  }
  return {
    kind: alert.kind,
    subject: fillPlaceholders(alert.subject, values).slice(0, MAX_SUBJECT).toWellFormed(),
    text: fillPlaceholders(alert.message, values),
    recipients,
    unresolved,
    webhook: alert.webhook,
    values,
    related,
  };
}

/** Writes a message into the queue: it is sent once the transaction has committed, at `dueAt` or later. */
export async function queueMessage(
  tx: StateTransaction,
  alert: Pick<Alert, 'id'>,
  { object }: Pick<AlertSubject, 'object'>,
  message: AlertMessage,
  { now, dueAt }: { readonly now: Date; readonly dueAt: Date },
): Promise<void> {
  await tx
    .insertInto('alert_deliveries')
    .values({
      id: randomUUID(),
      alert: alert.id,
      object,
      message: JSON.stringify(message),
      queued_at: now.toISOString(),
      due_at: dueAt.toISOString(),
      attempts: 0,
      begun_at: null,
    })
    .execute();
}
