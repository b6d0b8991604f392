import type { State } from '../database/open.ts';
import { ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Settings } from '../settings/settings.ts';
import type { OutgoingSessions } from '../tls/outgoing-sessions.ts';
import { hostOf } from './addresses.ts';
import type { Alert } from './alert.ts';
import type { AlertMessage } from './deliveries.ts';
import { MailUnavailable, sendMail } from './mail.ts';
import { alertSent, type Attempted } from './records.ts';
import { callWebhook, WebhookFailed } from './webhook.ts';

/** What sending takes. */
export interface SenderParts {
  readonly state: State;
  readonly recorder: Recorder;
  readonly settings: Settings;
  readonly outgoing: OutgoingSessions;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** The log's origin: what makes the Message-ID of a mail this installation's. */
  readonly origin: string;
}

const MINUTE_MS = 60_000;
/** After so many minutes a message is tried again, the last one again and again. */
const PAUSES = [1, 5, 15, 60] as const;

/**
 * Sends what is in the queue. A message is marked before it is sent and gone, or put off, in the transaction that records
 * what became of it. What is sent by mail cannot be sent exactly once: when the process ends between the mail server's
 * yes and that transaction, the next start sends it again, under the same Message-ID, and its record says so.
 */
export class AlertSender {
  readonly #parts: SenderParts;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  /** Ways that did not work, and until when they are left alone: the mail server, hosts of webhooks. */
  readonly #down = new Map<string, { readonly failures: number; readonly until: number }>();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Sends what is due; resolves when that is done. One at a time: a call meanwhile makes it look once more. */
  async turn(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return await this.#running;
    }
    this.#running = this.#drain().finally(() => (this.#running = null));
    await this.#running;
  }

  /** The same, for who cannot wait. */
  wake(): void {
    this.turn().catch((error: unknown) =>
      this.#parts.logger.warn('alerts could not be sent', { error: String(error) }),
    );
  }

  /** The settings have changed: what did not work may work now. */
  reset(): void {
    this.#down.clear();
  }

  /** Sends nothing more; resolves when the message under way is recorded. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
  }

  async #drain(): Promise<void> {
    do {
      this.#again = false;
      for (const { id } of await this.#due()) {
        if (this.#stopped) return;
        await this.#send(id);
      }
    } while (this.#again && !this.#stopped);
  }

  async #due(): Promise<{ id: string }[]> {
    const { state, clock } = this.#parts;
    return await state.db
      .selectFrom('alert_deliveries')
      .select('id')
      .where('due_at', '<=', clock().toISOString())
      .orderBy('due_at')
      .orderBy('id')
      .execute();
  }

  async #send(id: string): Promise<void> {
    const { recorder, clock } = this.#parts;
    const found = await this.#read(id);
    if (found === undefined) return;
    const { message, alert, attempts, begunAt } = found;
    const now = clock();
    const byMail = message.recipients.length > 0 && this.#isUp(MAIL, now);
    const host = message.webhook === null ? null : hostOf(new URL(message.webhook));
    const byWebhook = host !== null && this.#isUp(`webhook ${host}`, now);
    const nobody = message.recipients.length === 0 && message.webhook === null;
    if (!byMail && !byWebhook && !nobody) return;

    await recorder.audited(async (tx) => {
      const begun = { begun_at: now.toISOString(), attempts: attempts + 1 };
      await tx.db.updateTable('alert_deliveries').set(begun).where('id', '=', id).execute();
    });
    const mailed = byMail ? await this.#mail(id, message) : NOT_TRIED;
    const called = byWebhook ? await this.#call(id, found) : NOT_TRIED;
    const left = {
      recipients: message.recipients.filter(
        (address) => !mailed.done.includes(address) && !mailed.lost.includes(address),
      ),
      webhook: called.done.length > 0 ? null : message.webhook,
    };
    const unresolved = message.unresolved.map((written) => `${written}: no e-mail address`);
    const reasons = [...mailed.reasons, ...called.reasons, ...unresolved];
    const isLeft = left.recipients.length > 0 || left.webhook !== null;
    const givenUp = isLeft && this.#isTooOld(found.queuedAt, now);
    if (begunAt !== null)
      reasons.push('an attempt before was cut off: it may have been sent twice');
    if (givenUp)
      reasons.push(`given up after ${this.#parts.settings.get('alerts.retryHours')} hours`);
    const attempted: Attempted = {
      alert,
      delivery: id,
      attempt: attempts + 1,
      recipients: mailed.done,
      webhook: called.done[0] ?? null,
      refused: [...mailed.refusals, ...unresolved],
      reason: reasons.length === 0 ? null : reasons.join('; '),
      related: message.related,
    };
    const failed = mailed.failed || called.failed || unresolved.length > 0 || givenUp;
    await recorder.audited(async (tx) => {
      tx.record(alertSent(attempted, failed ? 'Failure' : 'Success'));
      if (!isLeft || givenUp) {
        await tx.db.deleteFrom('alert_deliveries').where('id', '=', id).execute();
        return;
      }
      const pause = (PAUSES[Math.min(attempts, PAUSES.length - 1)] ?? 60) * MINUTE_MS;
      await tx.db
        .updateTable('alert_deliveries')
        .set({
          message: JSON.stringify({ ...message, ...left, unresolved: [] }),
          due_at: new Date(now.getTime() + (failed ? pause : 0)).toISOString(),
          begun_at: null,
        })
        .where('id', '=', id)
        .execute();
    });
  }

  async #read(id: string): Promise<Delivery | undefined> {
    const row = await this.#parts.state.db
      .selectFrom('alert_deliveries')
      .innerJoin('alerts', 'alerts.id', 'alert_deliveries.alert')
      .select(['alert_deliveries.message as content', 'queued_at', 'attempts', 'begun_at'])
      .select(['alerts.id', 'kind', 'display_name'])
      .where('alert_deliveries.id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      alert: { id: row.id, kind: row.kind, displayName: row.display_name },
      message: JSON.parse(row.content) as AlertMessage,
      queuedAt: row.queued_at,
      attempts: row.attempts,
      begunAt: row.begun_at,
    };
  }

  async #mail(id: string, message: AlertMessage): Promise<Tried> {
    const { recipients, subject, text } = message;
    const host = this.#parts.origin.split('/')[0] ?? 'localhost';
    const mail = {
      messageId: `${id}@${host}`,
      recipients,
      subject,
      text,
      date: this.#parts.clock(),
    };
    try {
      const { accepted, refused } = await sendMail(this.#parts, mail);
      this.#works(MAIL);
      return {
        done: recipients.filter((address) => accepted.includes(address)),
        lost: refused.filter(({ forGood }) => forGood).map(({ address }) => address),
        refusals: refused.map(({ address, reason }) => `${address}: ${reason}`),
        reasons: refused.map(({ address, reason }) => `${address} was refused: ${reason}`),
        failed: refused.length > 0,
      };
    } catch (error) {
      if (error instanceof MailUnavailable) this.#fails(MAIL);
      return failedBecause(error);
    }
  }

  async #call(id: string, { alert, message, queuedAt }: Delivery): Promise<Tried> {
    const { webhook, kind, subject, text, values } = message;
    if (webhook === null) return NOT_TRIED;
    const host = hostOf(new URL(webhook));
    try {
      await callWebhook(this.#parts, webhook, {
        id,
        kind,
        alert: { id: alert.id, name: alert.displayName },
        subject,
        message: text,
        facts: values,
        queuedAt,
      });
      this.#works(`webhook ${host}`);
      return { ...NOT_TRIED, done: [webhook] };
    } catch (error) {
      if (error instanceof WebhookFailed) this.#fails(`webhook ${host}`);
      return failedBecause(error);
    }
  }

  #isTooOld(queuedAt: string, now: Date): boolean {
    const hours = this.#parts.settings.get('alerts.retryHours');
    return now.getTime() - Date.parse(queuedAt) >= hours * 60 * MINUTE_MS;
  }

  #isUp(way: string, now: Date): boolean {
    return (this.#down.get(way)?.until ?? 0) <= now.getTime();
  }

  #works(way: string): void {
    this.#down.delete(way);
  }

  /** One failure stands for all that would go the same way: they wait, and are tried one by one. */
  #fails(way: string): void {
    const failures = (this.#down.get(way)?.failures ?? 0) + 1;
    const minutes = PAUSES[Math.min(failures, PAUSES.length) - 1] ?? 60;
    // The first message is due again when the way is tried again.
    const until = this.#parts.clock().getTime() + Math.min(minutes, 15) * MINUTE_MS;
    this.#down.set(way, { failures, until });
  }
}

const MAIL = 'mail';

/** A message of the queue. */
interface Delivery {
  readonly alert: Pick<Alert, 'id' | 'kind' | 'displayName'>;
  readonly message: AlertMessage;
  readonly queuedAt: string;
  readonly attempts: number;
  /** Not null: an attempt was cut off. */
  readonly begunAt: string | null;
}

/** What became of one way of sending. */
interface Tried {
  readonly done: readonly string[];
  /** Never to be tried again. */
  readonly lost: readonly string[];
  readonly refusals: readonly string[];
  readonly reasons: readonly string[];
  readonly failed: boolean;
}

const NOT_TRIED: Tried = { done: [], lost: [], refusals: [], reasons: [], failed: false };

/** A message that cannot be sent for a reason of its own keeps no other from going. Without the log nothing goes on. */
function failedBecause(error: unknown): Tried {
  if (error instanceof ServerError || !(error instanceof Error)) throw error;
  return { ...NOT_TRIED, reasons: [error.message], failed: true };
}
