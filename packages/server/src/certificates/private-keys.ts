import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { State } from '../database/open.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { keyUnavailable, type KeyFormat } from './files.ts';
import { certificateTold } from './records.ts';
import { findRequest } from './request-view.ts';
import { ServerError } from '../errors.ts';

/**
 * Says that the key of a certificate is handed out. `sealed` is what was opened: in the meantime it may have been
 * deleted. Throws `not_found`, `key_unavailable`.
 */
export async function handOutKey(
  tx: ChangeTransaction,
  id: number,
  event: 'CERT_KEY_EXPORTED' | 'CERT_KEY_RECOVERED',
  { sealed, format }: { readonly sealed: string; readonly format: KeyFormat },
): Promise<void> {
  const certificate = await findCertificate(tx.db, id, tx.now);
  const row = await tx.db
    .selectFrom('certificate_contents')
    .select('private_key')
    .where('certificate', '=', id)
    .executeTakeFirst();
  if (row?.private_key !== sealed) throw keyUnavailable(id);
  const attributes = [['Format', format]] as const;
  tx.record(certificateTold(tx.caller, event, { after: certificate, attributes }));
}

/**
 * Hands out, once, the key that was made for a request that had to wait: to whom asked for it. Throws `not_found`,
 * `key_unavailable`.
 */
export async function collectRequestKey(
  tx: ChangeTransaction,
  requestId: number,
  { sealed, format }: { readonly sealed: string; readonly format: KeyFormat },
): Promise<void> {
  const { request, sealedKey } = await findRequest(tx.db, requestId);
  if (sealedKey !== sealed || request.certificate === null) throw nothingToCollect(requestId);
  const certificate = await findCertificate(tx.db, request.certificate, tx.now);
  await tx.db
    .updateTable('certificate_requests')
    .set({ private_key: null })
    .where('id', '=', requestId)
    .execute();
  tx.record(
    certificateTold(tx.caller, 'CERT_KEY_EXPORTED', {
      after: certificate,
      related: [{ type: 'request', id: String(requestId), name: request.subject }],
      attributes: [['Format', format]],
    }),
  );
}

/** Said where a request has no key to hand out (any more). */
export function nothingToCollect(requestId: number): ServerError {
  return new ServerError(
    'key_unavailable',
    `certificate request ${requestId} has no private key that waits to be collected`,
  );
}

/** Deletes the key of a certificate that is kept here, and records it. Throws `not_found`, `key_unavailable`. */
export async function deletePrivateKey(tx: ChangeTransaction, id: number): Promise<Certificate> {
  const before = await findCertificate(tx.db, id, tx.now);
  if (!before.hasPrivateKey) throw keyUnavailable(id);
  await forget(tx.db, id);
  const after = await findCertificate(tx.db, id, tx.now);
  tx.record(certificateTold(tx.caller, 'CERT_KEY_DELETED', { before, after }));
  return after;
}

/** Keys that nobody came for, of requests that had to wait, are kept so long. */
const COLLECT_DAYS = 30;
const AT_A_TIME = 100;

/** Deletes keys whose retention is over, and those that nobody collects, each with its record. Done by the clock. */
export async function deleteExpiredKeys(parts: {
  readonly state: State;
  readonly recorder: Recorder;
  readonly clock: () => Date;
}): Promise<void> {
  const now = parts.clock();
  const isDue = await keysDue(parts.state.db, now);
  if (isDue.length > 0)
    await parts.recorder.audited(async (tx) => {
      // Looked for again: a key may have been deleted, or its certificate, since.
      for (const { certificate: id } of await keysDue(tx.db, now)) {
        const before = await findCertificate(tx.db, id, now);
        await forget(tx.db, id);
        const after = await findCertificate(tx.db, id, now);
        const reason = 'its retention is over';
        tx.record(certificateTold('timer', 'CERT_KEY_DELETED', { before, after, reason }));
      }
    });
  await deleteUncollected(parts, now);
}

async function keysDue(db: StateReader, now: Date): Promise<{ certificate: number }[]> {
  return await db
    .selectFrom('certificate_contents')
    .select('certificate')
    .where('private_key', 'is not', null)
    .where('key_retained_until', '<=', now.toISOString())
    .limit(AT_A_TIME)
    .execute();
}

async function deleteUncollected(
  { state, recorder }: { readonly state: State; readonly recorder: Recorder },
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - COLLECT_DAYS * 86_400_000).toISOString();
  const uncollected = await state.db
    .selectFrom('certificate_requests')
    .select(['id', 'certificate'])
    .where('private_key', 'is not', null)
    .where('state', '=', 'issued')
    .where('decided_at', '<=', before)
    .limit(AT_A_TIME)
    .execute();
  if (uncollected.length === 0) return;
  await recorder.audited(async (tx) => {
    for (const { id, certificate } of uncollected) {
      await tx.db
        .updateTable('certificate_requests')
        .set({ private_key: null })
        .where('id', '=', id)
        .execute();
      if (certificate === null) {
        tx.follows('CERT_DELETED');
        continue;
      }
      const after = await findCertificate(tx.db, certificate, now);
      const reason = `nobody has collected it within ${COLLECT_DAYS} days`;
      const related = [{ type: 'request', id: String(id), name: after.subject }];
      tx.record(certificateTold('timer', 'CERT_KEY_DELETED', { after, related, reason }));
    }
  });
}

async function forget(db: StateTransaction, certificate: number): Promise<void> {
  await db
    .updateTable('certificate_contents')
    .set({ private_key: null, key_retained_until: null })
    .where('certificate', '=', certificate)
    .execute();
  await db
    .updateTable('certificates')
    .set({ has_private_key: 0 })
    .where('id', '=', certificate)
    .execute();
}
