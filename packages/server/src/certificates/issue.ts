import type { KeyObject } from 'node:crypto';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { SubjectAltName } from '../ca/alt-names.ts';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import { scheduleReplacement, storesOf } from '../stores/replacement.ts';
import type { Resolved } from '../templates/resolve.ts';
import type { Template } from '../templates/templates.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { insertCertificate, publicKeyId } from './insert-certificate.ts';
import { keptKey, keyOfCsr, openKey, retainedUntil } from './keys.ts';
import { certificateIssued, csrRef } from './records.ts';

/** A request that has come to its end: the certificate is to be issued. */
export interface Issue {
  readonly request: {
    readonly id: number;
    readonly kind: 'csr' | 'pfx' | 'renewal';
    readonly requester: string;
    readonly authority: string;
  };
  readonly template: Template;
  readonly resolved: Resolved & { readonly sans: readonly SubjectAltName[] };
  readonly metadata: Readonly<Record<string, string>>;
  readonly publicKey: KeyObject;
  /** Where it was made here. */
  readonly privateKey: KeyObject | null;
  /** The certificate that this one is to replace. */
  readonly replaces: Certificate | null;
  readonly comment: string | null;
}

/** Stores take the key of a renewed certificate over within this time; then it is kept no longer. */
const REPLACEMENT_DAYS = 7;

/**
 * Issues a certificate: signed, written, recorded in one transaction, so that all of it is there or nothing. Stores that
 * held the certificate it replaces by one click get it.
 */
export async function issue(
  tx: ChangeTransaction,
  order: Issue,
): Promise<{ certificate: Certificate; replacements: readonly string[] }> {
  const { platform, caller, now, db } = tx;
  const { request, resolved, replaces } = order;
  const facts = await platform.authorities.issue(tx, request.authority, {
    subject: resolved.subject,
    sans: resolved.sans,
    publicKey: order.publicKey,
    days: resolved.validityDays,
    keyUsage: resolved.keyUsage,
    extendedKeyUsage: resolved.extendedKeyUsage,
  });
  const held =
    request.kind === 'renewal' && replaces !== null ? await storesOf(db, replaces.fingerprint) : [];
  const mine = (by: string) => by === request.requester;
  const waiting = await takeWaitingKey(tx, order.publicKey, mine);
  const key = keyToKeep(tx, order, facts, { waiting, toStores: held.length > 0 });
  const id = await insertCertificate(db, {
    facts,
    authority: request.authority,
    template: order.template.name,
    requester: request.requester,
    request: request.id,
    origin: 'issued',
    renews: replaces?.id ?? null,
    ownerRole: replaces?.ownerRole ?? null,
    metadata: order.metadata,
    key,
    now,
  });
  await db
    .updateTable('certificate_requests')
    .set({ state: 'issued', certificate: id, subject: facts.subject })
    .where('id', '=', request.id)
    .execute();
  const certificate = await findCertificate(db, id, now);
  tx.record(
    certificateIssued(caller, {
      certificate,
      request: { id: request.id, subject: certificate.subject },
      replaces,
      comment: order.comment,
      related: waiting === null ? [] : [csrRef(waiting)],
    }),
  );
  await platform.alerts.queue(tx, { kind: 'issued', certificate: id });
  if (replaces === null || held.length === 0) return { certificate, replacements: [] };
  const replacements = await scheduleReplacement(tx, {
    oldCertificate: replaces,
    newCertificate: certificate,
    by: caller,
    now,
  });
  return { certificate, replacements };
}

interface WaitingKey {
  readonly id: number;
  readonly subject: string;
  readonly key: KeyObject;
}

/** A transaction in which a key may come out of the vault. */
export interface KeyTransaction extends Pick<ChangeTransaction, 'db'> {
  readonly platform: Pick<ChangeTransaction['platform'], 'vault'>;
}

/**
 * The key of a request that was generated here, if this is its certificate: it waits no longer. Anybody can ask for a
 * certificate with a public key that he has seen: `joins` says whether this one may take the key of who generated it.
 */
export async function takeWaitingKey(
  { db, platform }: KeyTransaction,
  publicKey: KeyObject | Uint8Array,
  joins: (generatedBy: string) => boolean,
): Promise<WaitingKey | null> {
  const known = publicKeyId(publicKey);
  const row = await db
    .selectFrom('signing_requests')
    .select(['id', 'subject', 'private_key', 'created_by'])
    .where('public_key', '=', known)
    .executeTakeFirst();
  if (row === undefined || !joins(row.created_by)) return null;
  await db.deleteFrom('signing_requests').where('public_key', '=', known).execute();
  const { id, subject } = row;
  return { id, subject, key: openKey(platform.vault, row.private_key, keyOfCsr(known)) };
}

function keyToKeep(
  { platform: { vault }, now }: ChangeTransaction,
  { template, privateKey }: Issue,
  { fingerprint, notAfter }: CertificateFacts,
  { waiting, toStores }: { waiting: WaitingKey | null; toStores: boolean },
) {
  const key = privateKey ?? waiting?.key ?? null;
  if (key === null) return null;
  const until = retainedUntil(template.policy, notAfter, now);
  if (until !== undefined) return keptKey(vault, key, fingerprint, until);
  // Nobody has the key of a request that was generated here but us.
  if (waiting !== null) return keptKey(vault, key, fingerprint, null);
  if (!toStores) return null;
  const taken = new Date(now.getTime() + REPLACEMENT_DAYS * 86_400_000).toISOString();
  return keptKey(vault, key, fingerprint, taken);
}
