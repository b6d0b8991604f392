import type { AuditedTransaction } from '../recording/recorder.ts';
import { firstDue } from '../stores/schedule.ts';
import { listAlerts } from './alert.ts';
import { composeMessage, queueMessage } from './deliveries.ts';
import { readSchedule } from './schedules.ts';
import { queueScheduled } from './scheduled.ts';
import { AlertSender, type SenderParts } from './sender.ts';
import { certificateSubjects, requestSubjects } from './subjects.ts';

/** What happened that alerts may tell of: a certificate was issued, a request was denied; by the number of its row. */
export type AlertCause =
  | { readonly kind: 'issued'; readonly certificate: number }
  | { readonly kind: 'denied'; readonly request: number };

/** Alerts: what is to be told to whom, and the telling. */
export class Alerts {
  readonly #parts: SenderParts;
  readonly #sender: AlertSender;
  #looking: Promise<void> | null = null;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#sender = new AlertSender(parts);
  }

  /**
   * Queues what alerts have to say of something, in the transaction in which it happens: it is told if and only if that
   * commits, after a crash, too. The certificate's or request's row must be written already.
   */
  async queue(tx: AuditedTransaction, cause: AlertCause): Promise<void> {
    const alerts = (await listAlerts(tx.db, cause.kind)).filter(({ enabled }) => enabled);
    if (alerts.length === 0) return;
    const now = this.#parts.clock();
    const schedule =
      cause.kind === 'issued'
        ? await readSchedule(tx.db, 'issued')
        : ({ immediate: true } as const);
    if (schedule === null) return;
    const dueAt = firstDue(schedule, now);
    const [subject] =
      cause.kind === 'issued'
        ? await certificateSubjects(tx.db, [cause.certificate], now)
        : await requestSubjects(tx.db, [cause.request]);
    if (subject === undefined) throw new Error(`bad alert: ${cause.kind} of nothing`);
    for (const alert of alerts) {
      if (alert.template !== null && alert.template !== subject.template) continue;
      await queueMessage(tx.db, alert, subject, composeMessage(alert, subject), { now, dueAt });
    }
    tx.committed(() => this.#sender.wake());
  }

  /** Queues what schedules say is due, and sends what is in the queue. */
  async turn(): Promise<void> {
    this.#looking ??= queueScheduled(this.#parts).finally(() => (this.#looking = null));
    await this.#looking;
    await this.#sender.turn();
  }

  /** The settings have changed: what could not be sent is tried again. */
  settingsChanged(): void {
    this.#sender.reset();
  }

  /** Sends nothing more; resolves when the message under way is recorded. */
  async stop(): Promise<void> {
    await this.#looking?.catch(() => undefined);
    await this.#sender.stop();
  }
}
