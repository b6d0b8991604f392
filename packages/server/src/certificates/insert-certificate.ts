import { createHash, type KeyObject } from 'node:crypto';
import { certificateParts, type CertificateFacts } from '../ca/read-certificate.ts';
import type { StateTransaction } from '../database/schema.ts';
import { searchable } from './searchable.ts';

/** A certificate that is to be managed from now on. */
export interface NewCertificate {
  readonly facts: CertificateFacts;
  /** The authority of ours that issued it; null: another. */
  readonly authority: string | null;
  readonly template: string | null;
  /** User name; `$System$` for those made by the product. */
  readonly requester: string;
  /** The request it answers. */
  readonly request: number | null;
  readonly origin: 'issued' | 'imported';
  /** The certificate that this one replaces. */
  readonly renews?: number | null;
  readonly ownerRole?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Its private key, sealed by the vault about `certificate:<fingerprint>`. */
  readonly key?: { readonly sealed: string; readonly retainedUntil: string | null } | null;
  readonly now: Date;
}

/** What the vault seals a certificate's private key about. */
export function keyOfCertificate(fingerprint: string): string {
  return `certificate:${fingerprint}`;
}

/** SHA-256 of a SubjectPublicKeyInfo, hex: by it a key is known again. */
export function publicKeyId(key: KeyObject | Uint8Array): string {
  const spki = key instanceof Uint8Array ? key : key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/**
 * Writes a certificate with everything that belongs to it, and returns its number: the one way in which certificates
 * come into the state. The caller records it.
 */
export async function insertCertificate(
  db: StateTransaction,
  certificate: NewCertificate,
): Promise<number> {
  const { facts, key = null, metadata = {}, now } = certificate;
  const { id } = await db
    .insertInto('certificates')
    .values({
      fingerprint: facts.fingerprint,
      thumbprint: facts.thumbprint,
      serial: facts.serial,
      subject: facts.subject,
      subject_folded: searchable(facts.subject),
      common_name: searchable(facts.commonName ?? ''),
      issuer: facts.issuer,
      authority: certificate.authority,
      not_before: facts.notBefore,
      not_after: facts.notAfter,
      key_type: facts.keyType,
      key_size: facts.keySize,
      signature_algorithm: facts.signatureAlgorithm,
      public_key: publicKeyId(certificateParts(facts.der).publicKey),
      template: certificate.template,
      requester: certificate.requester,
      request: certificate.request,
      origin: certificate.origin,
      state: 'active',
      revoked_at: null,
      revocation_reason: null,
      revocation_comment: null,
      has_private_key: key === null ? 0 : 1,
      owner_role: certificate.ownerRole ?? null,
      renews: certificate.renews ?? null,
      created_at: now.toISOString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('certificate_contents')
    .values({
      certificate: id,
      der: facts.der.toString('base64'),
      private_key: key?.sealed ?? null,
      key_retained_until: key?.retainedUntil ?? null,
    })
    .execute();
  const sans = facts.sans.map(({ type, value }, position) => ({
    certificate: id,
    position,
    type,
    value,
    folded: searchable(value),
  }));
  if (sans.length > 0) await db.insertInto('certificate_sans').values(sans).execute();
  const fields = Object.entries(metadata).map(([field, value]) => ({
    certificate: id,
    field,
    value,
    folded: searchable(value),
  }));
  if (fields.length > 0) await db.insertInto('certificate_metadata').values(fields).execute();
  return id;
}
