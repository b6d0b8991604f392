import type { X509Certificate } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { State } from '../database/open.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { readNames } from '../pki/distinguished-name.ts';
import { clientIdentity, type Pki } from '../pki/pki.ts';
import { SYSTEM_ACTOR } from '../recording/facts.ts';
import type { Recorder } from '../recording/recorder.ts';
import { certificateEnrolled } from '../recording/session-events.ts';
import { findAccount, findAccountById, type Account } from './accounts.ts';

/** The accounts that have a client certificate from the start. */
const FIRST_CERTIFICATES = ['admin', 'auditor'] as const;

/** The account of exactly this certificate, or null. */
export async function findByCertificate(
  db: StateReader,
  fingerprint: string,
): Promise<Account | null> {
  const row = await db
    .selectFrom('client_certificates')
    .select('user_id')
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return row === undefined ? null : await findAccountById(db, row.user_id);
}

/** Makes a certificate a user's. */
export async function enrollCertificate(
  tx: StateTransaction,
  userId: string,
  certificate: X509Certificate,
  now: Date,
): Promise<ReturnType<typeof describeCertificate>> {
  const described = describeCertificate(certificate);
  await tx
    .insertInto('client_certificates')
    .values({
      fingerprint: described.fingerprint,
      user_id: userId,
      subject: described.subject,
      issuer: described.issuer,
      serial: described.serial,
      valid_to: described.validTo,
      certificate: certificate.toString(),
      enrolled_at: now.toISOString(),
    })
    .execute();
  return described;
}

/**
 * Makes and enrolls the certificates of the first accounts, once: whoever takes the files away, or the certificate from
 * the account, does not get them back. Interrupted in between, the next start takes up the files that are there.
 */
export async function createFirstCertificates(parts: {
  config: Config;
  state: State;
  recorder: Recorder;
  clock: () => Date;
  pki: Pki;
  keysDir: string;
  origin: string;
}): Promise<void> {
  const { state, recorder, clock, pki, keysDir, origin } = parts;
  for (const username of FIRST_CERTIFICATES) {
    const key = `client certificate of ${username}`;
    const done = await state.db
      .selectFrom('settings')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst();
    const account = await findAccount(state.db, username);
    if (done !== undefined || account === null || pki.issuer === null) continue;
    const client = await clientIdentity(keysDir, pki, { username, origin, now: clock() });
    await recorder.audited(async (tx) => {
      const enrolled = await enrollCertificate(tx.db, account.id, client.certificate, clock());
      await tx.db.insertInto('settings').values({ key, value: enrolled.fingerprint }).execute();
      tx.record(certificateEnrolled(SYSTEM_ACTOR, account, enrolled));
    });
  }
}

/** What is told of a certificate, in records and lists. */
export function describeCertificate(certificate: X509Certificate) {
  return {
    ...readNames(certificate.raw),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validTo: new Date(certificate.validTo).toISOString(),
  };
}
