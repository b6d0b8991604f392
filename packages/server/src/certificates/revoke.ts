import { addRevocations, releaseCertificates } from '../authorities/revocations.ts';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { ServerError } from '../errors.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { statusChanged } from './records.ts';

/** Reasons of RFC 5280 section 5.3.1 that a person gives; 6 is a hold. */
export const REVOCATION_REASONS = [0, 1, 2, 3, 4, 5, 6, 9, 10] as const;
const HOLD = 6;

/** How certificates are revoked. */
export interface Revocation {
  readonly reason: number;
  readonly comment: string;
  /** Since when they were not to be trusted, where that is earlier (RFC 5280 section 5.3.2). */
  readonly effectiveDate: Date | null;
}

/**
 * Revokes a certificate or puts it on hold, and records it.
 *
 * @throws ServerError `not_found`, `already_revoked`, `not_issued_here`, `built_in`
 */
export async function revokeCertificate(
  tx: ChangeTransaction,
  id: number,
  { reason, comment, effectiveDate }: Revocation,
): Promise<Certificate> {
  const { db, now, caller } = tx;
  const before = await findCertificate(db, id, now);
  const authority = assertOurs(before);
  // From hold to revoked is a way; anything else that is revoked stays as it is.
  if (before.state === 'revoked' || (before.state === 'held' && reason === HOLD))
    throw new ServerError(
      'already_revoked',
      `certificate ${id} is ${before.state === 'held' ? 'on hold' : 'revoked'} since ${before.revokedAt ?? ''}`,
      { members: { revokedAt: before.revokedAt, reason: before.revocationReason } },
    );
  await addRevocations(
    db,
    [
      {
        authority,
        serial: before.serial,
        reason,
        revokedAt: now,
        invalidSince: effectiveDate,
        notAfter: before.notAfter,
      },
    ],
    now,
  );
  await db
    .updateTable('certificates')
    .set({
      state: reason === HOLD ? 'held' : 'revoked',
      revoked_at: now.toISOString(),
      revocation_reason: reason,
      revocation_comment: comment,
    })
    .where('id', '=', id)
    .execute();
  const after = await findCertificate(db, id, now);
  tx.record(
    statusChanged(caller, reason === HOLD ? 'on-hold' : 'revoke', { before, after }, comment),
  );
  return after;
}

/** Takes a certificate off hold, and records it. Throws `not_found`, `not_held`. */
export async function releaseCertificate(
  tx: ChangeTransaction,
  id: number,
  comment: string,
): Promise<Certificate> {
  const { db, now, caller } = tx;
  const before = await findCertificate(db, id, now);
  const authority = assertOurs(before);
  if (before.state !== 'held')
    throw new ServerError('not_held', `certificate ${id} is ${before.state}, not on hold`);
  await releaseCertificates(db, [{ authority, serial: before.serial }], now);
  await db
    .updateTable('certificates')
    .set({
      state: 'active',
      revoked_at: null,
      revocation_reason: null,
      revocation_comment: null,
    })
    .where('id', '=', id)
    .execute();
  const after = await findCertificate(db, id, now);
  tx.record(statusChanged(caller, 'off-hold', { before, after }, comment));
  return after;
}

/** The authority of ours that issued it. Throws `not_issued_here`, `built_in`. */
function assertOurs(certificate: Certificate): string {
  assertNotOwn(certificate);
  if (certificate.authority !== null) return certificate.authority.id;
  throw new ServerError(
    'not_issued_here',
    `certificate ${certificate.id} was issued by "${certificate.issuer}": only that authority can revoke it`,
  );
}

/**
 * Certificates of authorities and their responders go by their authority, not in a list of others by mistake. Throws
 * `built_in`.
 */
export function assertNotOwn({ id, origin, template, subject }: Certificate): void {
  if (origin === 'imported' || template !== null) return;
  throw new ServerError(
    'built_in',
    `certificate ${id} ("${subject}") is that of an authority of this server or of its responder`,
  );
}
