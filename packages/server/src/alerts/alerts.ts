import type { AuditedTransaction } from '../recording/recorder.ts';
import { listAlerts } from './alert.ts';
import { composeMessage, queueMessage } from './deliveries.ts';
import { certificateSubjects, requestSubjects } from './subjects.ts';

/** What happened that alerts may tell of: a certificate was issued, a request was denied; by the number of its row. */
export type AlertCause =
  | { readonly kind: 'issued'; readonly certificate: number }
  | { readonly kind: 'denied'; readonly request: number };

/** Alerts: what is to be told to whom, and the telling. */
export class Alerts {
  readonly #clock: () => Date;

  constructor({ clock }: { clock: () => Date }) {
    this.#clock = clock;
  }

  /**
   * Queues what alerts have to say of something, in the transaction in which it happens: it is told if and only if that
   * commits, after a crash, too. The certificate's or request's row must be written already.
   */
  async queue(tx: AuditedTransaction, cause: AlertCause): Promise<void> {
    const now = this.#clock();
    const alerts = (await listAlerts(tx.db, cause.kind)).filter(({ enabled }) => enabled);
    if (alerts.length === 0) return;
    const [subject] =
      cause.kind === 'issued'
        ? await certificateSubjects(tx.db, [cause.certificate], now)
        : await requestSubjects(tx.db, [cause.request]);
    if (subject === undefined) throw new Error(`bad alert: ${cause.kind} of nothing`);
    for (const alert of alerts) {
      if (alert.template !== null && alert.template !== subject.template) continue;
      await queueMessage(tx.db, alert, subject, composeMessage(alert, subject), {
        now,
        dueAt: now,
      });
    }
  }
}
