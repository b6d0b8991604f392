import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ObjectRef } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { listAuthorities, type Authority } from '../authorities/authority.ts';
import { certificateParts, type CertificateFacts } from '../ca/read-certificate.ts';
import type { StateTransaction } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { usernameOf, type By } from '../recording/by.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import { findCertificate } from './certificate-view.ts';
import { enrollmentMetadata } from './enrollment-metadata.ts';
import { insertCertificate, publicKeyId } from './insert-certificate.ts';
import { certificateRight } from './access.ts';
import { takeWaitingKey, type KeyTransaction } from './issue.ts';
import { keptKey } from './keys.ts';
import { certificateTold, csrRef } from './records.ts';

/**
 * What has become of a certificate of a file: it is managed from now on; it was already; it was, or is now, and a private
 * key has joined it.
 */
export interface Imported {
  readonly id: number;
  readonly status: 'imported' | 'known' | 'joined';
}

/**
 * Brings certificates of a file in, with the keys of the file and those that wait here for them; each that changes
 * something is recorded. Throws `request_invalid` for metadata, `key_invalid` for a key that belongs to none of them.
 */
export async function importCertificates(
  tx: ChangeTransaction,
  file: { readonly certificates: readonly CertificateFacts[]; readonly keys: readonly KeyObject[] },
  metadata: Readonly<Record<string, string>>,
): Promise<Imported[]> {
  const { caller } = tx;
  const { values, faults } = await enrollmentMetadata(tx.db, {}, metadata);
  // What is demanded at enrollment is not demanded of what was enrolled elsewhere.
  const wrong = faults.find(({ field }) => field.slice('metadata.'.length) in metadata);
  if (wrong !== undefined)
    throw new ServerError(
      'request_invalid',
      `${wrong.field}: expected ${wrong.expected}, got ${wrong.got}`,
      { members: { in: 'body', errors: [wrong] } },
    );
  const keys = new Map(file.keys.map((key) => [publicKeyId(createPublicKey(key)), key]));
  const authorities = await listAuthorities(tx.db);
  const { policy, subject } = tx.standing;
  const joins = (generatedBy: string) =>
    generatedBy === usernameOf(caller) ||
    policy.isAllowed(subject, certificateRight('import-private-key'));
  const imported: Imported[] = [];
  for (const facts of file.certificates) {
    const publicKey = publicKeyId(certificateParts(facts.der).publicKey);
    const key = keys.get(publicKey) ?? null;
    const one = { facts, key, authorities, metadata: values, joins };
    imported.push(await importOne({ ...tx, by: caller }, one));
    keys.delete(publicKey);
  }
  if (keys.size > 0)
    throw new ServerError(
      'key_invalid',
      `${keys.size} private keys of the file belong to none of its certificates`,
    );
  return imported;
}

/** Somebody, or the clock, brings certificates in. */
export interface ImportTransaction extends AuditedTransaction, KeyTransaction {
  readonly by: By;
  readonly now: Date;
}

/**
 * Takes up certificates that were found somewhere, each with its record. No key joins them: whoever may write to a store
 * could have put them there.
 * `related`: where they were found.
 */
export async function importFound(
  tx: ImportTransaction,
  found: readonly CertificateFacts[],
  related: readonly ObjectRef[],
): Promise<void> {
  const authorities = await listAuthorities(tx.db);
  for (const facts of found)
    await importOne(tx, {
      facts,
      key: null,
      authorities,
      metadata: {},
      joins: () => false,
      related,
    });
}

async function importOne(
  tx: ImportTransaction,
  one: {
    readonly facts: CertificateFacts;
    readonly key: KeyObject | null;
    readonly authorities: readonly Authority[];
    readonly metadata: Readonly<Record<string, string>>;
    /** Whether it may take the key that somebody has generated for it. */
    readonly joins: (generatedBy: string) => boolean;
    readonly related?: readonly ObjectRef[];
  },
): Promise<Imported> {
  const { db, now, by, platform } = tx;
  const { facts, authorities, metadata, related = [] } = one;
  const known = await db
    .selectFrom('certificates')
    .select(['id', 'has_private_key'])
    .where('fingerprint', '=', facts.fingerprint)
    .executeTakeFirst();
  if (known?.has_private_key === 1) return { id: known.id, status: 'known' };
  const authority = authorities.find((issuer) => isIssuedBy(facts, issuer)) ?? null;
  const original =
    known === undefined && authority !== null ? await sameSerial(db, authority, facts) : null;
  if (original !== null) return { id: original, status: 'known' };
  const waiting =
    one.key === null
      ? await takeWaitingKey(tx, certificateParts(facts.der).publicKey, one.joins)
      : null;
  const key = one.key ?? waiting?.key ?? null;
  if (known !== undefined && key === null) return { id: known.id, status: 'known' };

  const kept = key === null ? null : keptKey(platform.vault, key, facts.fingerprint, null);
  const before = known === undefined ? null : await findCertificate(db, known.id, now);
  let id: number;
  if (known === undefined) {
    id = await insertCertificate(db, {
      facts,
      authority: authority?.id ?? null,
      template: null,
      requester: usernameOf(by),
      request: null,
      origin: 'imported',
      metadata,
      key: kept,
      now,
    });
    if (authority !== null) await takeUpRevocation(db, id, authority.id, facts.serial);
  } else {
    id = known.id;
    await db
      .updateTable('certificate_contents')
      .set({ private_key: kept?.sealed ?? null, key_retained_until: null })
      .where('certificate', '=', id)
      .execute();
    await db.updateTable('certificates').set({ has_private_key: 1 }).where('id', '=', id).execute();
  }
  const after = await findCertificate(db, id, now);
  tx.record(
    certificateTold(by, 'CERT_IMPORTED', {
      before,
      after,
      related: waiting === null ? related : [...related, csrRef(waiting)],
      reason: joinedBy(one.key, waiting),
    }),
  );
  return { id, status: waiting !== null || before !== null ? 'joined' : 'imported' };
}

function joinedBy(given: KeyObject | null, waiting: object | null): string | null {
  if (waiting !== null) return 'with the private key that waited for it';
  return given === null ? null : 'with its private key';
}

function isIssuedBy(facts: CertificateFacts, { certificate }: Authority): boolean {
  if (facts.issuer !== certificate.subject) return false;
  const issuer = new X509Certificate(certificate.der);
  return new X509Certificate(facts.der).verify(issuer.publicKey);
}

/**
 * The certificate of an authority of ours that has this serial number already. Signatures can be written in several ways
 * (ECDSA: s and n - s), so that a certificate has copies of other fingerprints; a copy with a state of its own would let
 * the serial number be revoked and released apart from the original.
 */
async function sameSerial(
  db: StateTransaction,
  { id }: Authority,
  { serial }: CertificateFacts,
): Promise<number | null> {
  const row = await db
    .selectFrom('certificates')
    .select('id')
    .where('authority', '=', id)
    .where('serial', '=', serial)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** A certificate that was deleted here and comes back is what it is on its authority's lists. */
async function takeUpRevocation(
  db: StateTransaction,
  id: number,
  authority: string,
  serial: string,
): Promise<void> {
  const revoked = await db
    .selectFrom('revoked_certificates')
    .selectAll()
    .where('authority', '=', authority)
    .where('serial', '=', serial)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  if (revoked === undefined) return;
  await db
    .updateTable('certificates')
    .set({
      state: revoked.reason === 6 ? 'held' : 'revoked',
      revoked_at: revoked.revoked_at,
      revocation_reason: revoked.reason,
    })
    .where('id', '=', id)
    .execute();
}
