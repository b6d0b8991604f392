import type { Actor, Attribute, Content, ObjectRef } from '@countersign/records';
import type { OwnDraft } from '../recording/draft.ts';
import { foreign, ownSource, SYSTEM_ACTOR } from '../recording/facts.ts';
import { VERSION } from '../version.ts';
import { ALERT_CATEGORIES, alertRef, type Alert } from './alert.ts';
import { describeWebhook } from './webhook.ts';

const source = ownSource('alerts', VERSION);

/** An attempt to send a message, and what it came to. */
export interface Attempted {
  readonly alert: Pick<Alert, 'id' | 'kind' | 'displayName'>;
  /** Message-ID of the mail, id of the call. */
  readonly delivery: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** Whose mail the mail server has taken. */
  readonly recipients: readonly string[];
  /** The webhook that was called with success. */
  readonly webhook: string | null;
  /** Whom it did not reach, with the reasons. */
  readonly refused: readonly string[];
  /** Why something was not sent, or what else is to be said. */
  readonly reason: string | null;
  readonly related: readonly ObjectRef[];
}

/** ALERT_SENT: Success when everything has gone out that was left, Failure else; by the clock, or by somebody's test. */
export function alertSent(
  what: Attempted,
  outcome: 'Success' | 'Failure',
  by: { readonly actor: Actor } & Pick<Content, 'origin' | 'request'> = {
    actor: SYSTEM_ACTOR,
    origin: { interface: 'timer' },
  },
): OwnDraft {
  const { alert, delivery, attempt, recipients, webhook, refused, reason, related } = what;
  const attributes: Attribute[] = [
    ['Outcome', outcome],
    ['Delivery', delivery],
  ];
  if (recipients.length > 0) attributes.push(['Recipients', recipients.join(', ')]);
  if (webhook !== null) attributes.push(['Webhook', describeWebhook(webhook)]);
  if (refused.length > 0) attributes.push(['Refused', foreign(refused.join('; '), 4_096)]);
  if (attempt > 1) attributes.push(['Attempt', String(attempt)]);
  return {
    event: 'ALERT_SENT',
    outcome,
    category: ALERT_CATEGORIES[alert.kind],
    content: {
      ...by,
      source,
      target: alertRef(alert),
      after: {
        delivery,
        recipients: [...recipients],
        webhook: webhook === null ? null : describeWebhook(webhook),
      },
      related,
      ...(reason === null ? {} : { reason: foreign(reason, 2_048) }),
      attributes,
    },
  };
}
