import { createPublicKey } from 'node:crypto';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { ServerError, type ServerErrorCode } from '../errors.ts';
import { usernameOf } from '../recording/by.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { resolveEnrollment } from './enroll.ts';
import { publicKeyId } from './insert-certificate.ts';
import { issue } from './issue.ts';
import { keyOfRequest, openKey } from './keys.ts';
import { requestApproved, requestDenied } from './records.ts';
import { findRequest, type CertificateRequest, type StoredRequest } from './request-view.ts';

/** Refusals of decisions that are about duties: recorded as failures of the decision. */
export const DECISION_DUTIES: ReadonlySet<ServerErrorCode> = new Set(['own_request']);

/** A decision, and the certificate it led to. */
export interface Decided {
  readonly request: CertificateRequest;
  readonly certificate: Certificate | null;
}

/**
 * Agrees to a request that waits, and issues its certificate; the template as it is now decides once more. Nobody agrees
 * to a request of his own. Throws `not_found`, `request_decided`, `own_request`, and what enrollment throws.
 */
export async function approveRequest(
  tx: ChangeTransaction,
  id: number,
  comment: string | null,
): Promise<Decided> {
  const { db, caller, now, platform } = tx;
  const stored = await findPending(tx, id);
  const { request, details, sealedKey } = stored;
  tx.attemptsElse((failure) => requestApproved(caller, request, { failure }));
  assertNotOwn(tx, request);
  const publicKey = createPublicKey({
    key: Buffer.from(details.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const { template, authority, resolved, metadata } = await resolveEnrollment(
    db,
    {
      kind: request.kind,
      template: request.template,
      authority: request.authority.id,
      subject: request.subject,
      sans: details.sans,
      keyAlgorithm: details.keyAlgorithm,
      metadata: details.metadata,
      comment: details.comment,
      renews: request.renews,
    },
    publicKey,
  );
  await decide(tx, id, comment);
  const decided = { ...request, state: 'issued', ...decisionOf(tx, comment) } as const;
  // Before the certificate's own record: first somebody agrees, then it is issued.
  tx.record(requestApproved(caller, request, { after: decided }));
  const privateKey =
    sealedKey === null
      ? null
      : openKey(platform.vault, sealedKey, keyOfRequest(publicKeyId(publicKey)));
  const { certificate } = await issue(tx, {
    request: { id, kind: request.kind, requester: request.requester, authority: authority.id },
    template,
    resolved,
    metadata,
    publicKey,
    privateKey,
    replaces: await replacedBy(tx, request, now),
    comment,
  });
  return { request: (await findRequest(db, id)).request, certificate };
}

/** Denies a request that waits, with a reason; a key that was made for it is gone. Throws `not_found`, `request_decided`. */
export async function denyRequest(
  tx: ChangeTransaction,
  id: number,
  comment: string,
): Promise<CertificateRequest> {
  const { db, caller, platform } = tx;
  const { request: before } = await findPending(tx, id);
  await decide(tx, id, comment);
  await db
    .updateTable('certificate_requests')
    .set({ state: 'denied', private_key: null })
    .where('id', '=', id)
    .execute();
  const { request: after } = await findRequest(db, id);
  tx.record(requestDenied(caller, before, after));
  await platform.alerts.queue(tx, { kind: 'denied', request: id });
  return after;
}

async function findPending({ db }: ChangeTransaction, id: number): Promise<StoredRequest> {
  const stored = await findRequest(db, id);
  const { state, decidedBy, decidedAt } = stored.request;
  if (state === 'pending') return stored;
  throw new ServerError(
    'request_decided',
    `certificate request ${id} is ${state} since ${decidedAt ?? ''}${decidedBy === null ? '' : `, by ${decidedBy}`}`,
    { members: { state, decidedBy, decidedAt } },
  );
}

/** Somebody else decides, unless the settings let one person do both. */
function assertNotOwn(
  { caller, platform }: ChangeTransaction,
  { id, requester }: CertificateRequest,
): void {
  if (!platform.settings.get('enrollment.separateApprover')) return;
  if (requester !== caller.session.user.username) return;
  throw new ServerError('own_request', `certificate request ${id} is your own`);
}

/** The certificate a request is to replace; it may have been deleted meanwhile. */
async function replacedBy(
  { db }: ChangeTransaction,
  { renews }: CertificateRequest,
  now: Date,
): Promise<Certificate | null> {
  if (renews === null) return null;
  try {
    return await findCertificate(db, renews, now);
  } catch (error) {
    if (error instanceof ServerError && error.code === 'not_found') return null;
    throw error;
  }
}

function decisionOf({ caller, now }: ChangeTransaction, comment: string | null) {
  return { decidedAt: now.toISOString(), decidedBy: usernameOf(caller), comment };
}

async function decide(tx: ChangeTransaction, id: number, comment: string | null): Promise<void> {
  const { decidedAt, decidedBy } = decisionOf(tx, comment);
  await tx.db
    .updateTable('certificate_requests')
    .set({ decided_at: decidedAt, decided_by: decidedBy, comment })
    .where('id', '=', id)
    .execute();
}
