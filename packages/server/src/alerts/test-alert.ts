import { randomUUID } from 'node:crypto';
import type { Caller } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { describeRequest, sessionActor } from '../recording/facts.ts';
import type { Alert } from './alert.ts';
import { composeMessage, type AlertMessage } from './deliveries.ts';
import { MailUnavailable, sendMail } from './mail.ts';
import { alertSent } from './records.ts';
import { certificateSubjects, requestSubjects, type AlertSubject } from './subjects.ts';

/** What an alert would say of what it may be about, or of something made up. */
export async function previewAlert(platform: Platform, alert: Alert): Promise<AlertMessage> {
  const { state, clock } = platform;
  const now = clock();
  const ofCertificate = alert.kind === 'expiration' || alert.kind === 'issued';
  const ids =
    alert.kind === 'expiration'
      ? await nextToExpire(state.db, now)
      : await newest(state.db, ofCertificate ? 'certificates' : 'certificate_requests', alert);
  const [subject = MADE_UP] = ofCertificate
    ? await certificateSubjects(state.db, ids, now)
    : await requestSubjects(state.db, ids);
  return composeMessage(alert, subject);
}

/** The valid certificate that expires before all others. */
async function nextToExpire(db: StateReader, now: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('certificates')
    .select('id')
    .where('state', '=', 'active')
    .where('not_after', '>', now.toISOString())
    .orderBy('not_after')
    .orderBy('id')
    .limit(1)
    .execute();
  return rows.map(({ id }) => id);
}

/** The newest certificate or request, of the alert's template if it has one. */
async function newest(
  db: StateReader,
  table: 'certificates' | 'certificate_requests',
  { template }: Alert,
): Promise<number[]> {
  let query = db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1);
  if (template !== null) query = query.where('template', '=', template);
  return (await query.execute()).map(({ id }) => id);
}

/**
 * Sends the preview of an alert to who asks for it, and to nobody else. Throws `no_mail_address`, `mail_failed`, which is
 * recorded, too.
 */
export async function testAlert(
  platform: Platform,
  caller: Caller,
  alert: Alert,
  message: AlertMessage,
): Promise<string> {
  const { state, recorder, clock, keys } = platform;
  const account = await state.db
    .selectFrom('users')
    .select('email')
    .where('id', '=', caller.session.user.id)
    .executeTakeFirst();
  const address = account?.email ?? null;
  if (address === null)
    throw new ServerError(
      'no_mail_address',
      'your account has no e-mail address to send a test to',
    );
  recorder.assertAvailable();
  const delivery = randomUUID();
  const record = async (outcome: 'Success' | 'Failure', reason: string) => {
    const attempted = {
      alert,
      delivery,
      attempt: 1,
      recipients: outcome === 'Success' ? [address] : [],
      webhook: null,
      refused: outcome === 'Success' ? [] : [address],
      reason,
      related: message.related,
    };
    const by = { actor: sessionActor(caller.session), ...describeRequest(caller.facts) };
    await recorder.record(alertSent(attempted, outcome, by));
  };
  const why = await sendTest();
  if (why === null) {
    await record('Success', 'a test');
    return address;
  }
  await record('Failure', `a test: ${why}`);
  throw new ServerError('mail_failed', `the test could not be sent: ${why}`);

  async function sendTest(): Promise<string | null> {
    try {
      const { refused } = await sendMail(platform, {
        messageId: `${delivery}@${keys.origin.split('/')[0] ?? 'localhost'}`,
        recipients: [address ?? ''],
        subject: message.subject,
        text: message.text,
        date: clock(),
      });
      return refused[0] === undefined ? null : refused[0].reason;
    } catch (error) {
      if (error instanceof MailUnavailable) return error.message;
      throw error;
    }
  }
}

/** Where there is nothing yet. */
const MADE_UP: AlertSubject = {
  object: 'none',
  template: null,
  requesterEmail: null,
  related: [],
  values: {
    cn: 'www.example.com',
    dn: 'CN=www.example.com,O=Example',
    sans: 'dns:www.example.com',
    serial: '1a2b3c4d5e6f7081',
    issuer: 'CN=Example Issuing CA',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2027-01-01T00:00:00.000Z',
    daysLeft: '30',
    template: 'Example',
    requester: 'jdoe',
    request: '1',
    submittedAt: '2026-01-01T00:00:00.000Z',
    decidedBy: 'operator',
    comment: 'an example',
  },
};
