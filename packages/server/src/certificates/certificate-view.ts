import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { SubjectAltName } from '../ca/alt-names.ts';
import { commonNameOf, parseDn } from '../ca/names.ts';
import { readCertificate } from '../ca/read-certificate.ts';
import type { CertificateSchema } from '../database/certificate-schema.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

/** A managed certificate as it is shown. Times are RFC 3339, UTC. */
export interface Certificate {
  readonly id: number;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  /** SHA-1, hex. */
  readonly thumbprint: string;
  /** Hex, lower case. */
  readonly serial: string;
  readonly subject: string;
  readonly commonName: string | null;
  readonly issuer: string;
  /** The authority of ours that issued it. */
  readonly authority: { readonly id: string; readonly name: string } | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  /** Bits. */
  readonly keySize: number;
  readonly signatureAlgorithm: string;
  readonly sans: readonly SubjectAltName[];
  readonly template: string | null;
  readonly requester: string;
  readonly origin: 'issued' | 'imported';
  readonly state: 'active' | 'held' | 'revoked';
  readonly expired: boolean;
  readonly revokedAt: string | null;
  /** RFC 5280 section 5.3.1. */
  readonly revocationReason: number | null;
  readonly revocationComment: string | null;
  readonly hasPrivateKey: boolean;
  readonly ownerRole: string | null;
  /** The certificate that this one replaces. */
  readonly renews: number | null;
  readonly renewedBy: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
}

/** More values than these are not bound to one statement. */
const CHUNK = 500;

/** Certificates by their numbers, in that order; numbers of none are left out. */
export async function listCertificates(
  db: StateReader,
  ids: readonly number[],
  now: Date,
): Promise<Certificate[]> {
  const found = new Map<number, Certificate>();
  for (let at = 0; at < ids.length; at += CHUNK)
    for (const one of await readChunk(db, ids.slice(at, at + CHUNK), now)) found.set(one.id, one);
  return ids.map((id) => found.get(id)).filter((one) => one !== undefined);
}

/** One certificate. Throws `not_found`. */
export async function findCertificate(
  db: StateReader,
  id: number,
  now: Date,
): Promise<Certificate> {
  const [certificate] = await listCertificates(db, [id], now);
  if (certificate === undefined)
    throw new ServerError('not_found', `there is no certificate ${id}`);
  return certificate;
}

/** A certificate as records hold it: what is shown, as it is at that moment. */
export function certificateModel(certificate: Certificate): JsonObject {
  return JSON.parse(JSON.stringify(certificate)) as JsonObject;
}

/** What only the certificate's bytes say. */
export interface CertificateDetails {
  readonly pem: string;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
}

/** The bytes of a certificate. Throws `not_found`. */
export async function readDer(db: StateReader, id: number): Promise<Buffer> {
  const row = await db
    .selectFrom('certificate_contents')
    .select('der')
    .where('certificate', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ServerError('not_found', `there is no certificate ${id}`);
  return Buffer.from(row.der, 'base64');
}

/** What only the certificate's bytes say. Throws `not_found`. */
export async function readDetails(db: StateReader, id: number): Promise<CertificateDetails> {
  const { pem, keyUsage, extendedKeyUsage } = readCertificate(await readDer(db, id));
  return { pem, keyUsage, extendedKeyUsage };
}

async function readChunk(
  db: StateReader,
  ids: readonly number[],
  now: Date,
): Promise<Certificate[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('certificates')
    .leftJoin('authorities', 'authorities.id', 'certificates.authority')
    .selectAll('certificates')
    .select('authorities.name as authority_name')
    .where('certificates.id', 'in', ids)
    .execute();
  const sans = await db
    .selectFrom('certificate_sans')
    .selectAll()
    .where('certificate', 'in', ids)
    .orderBy('position')
    .execute();
  const metadata = await db
    .selectFrom('certificate_metadata')
    .selectAll()
    .where('certificate', 'in', ids)
    .orderBy('field')
    .execute();
  const renewals = await db
    .selectFrom('certificates')
    .select(['id', 'renews'])
    .where('renews', 'in', ids)
    .orderBy('id')
    .execute();
  const sansOf = Map.groupBy(sans, ({ certificate }) => certificate);
  const metadataOf = Map.groupBy(metadata, ({ certificate }) => certificate);
  const renewedBy = new Map(renewals.map(({ id, renews }) => [renews, id]));
  return rows.map((row) => ({
    ...facts(row),
    authority:
      row.authority === null ? null : { id: row.authority, name: row.authority_name ?? '' },
    expired: row.not_after < now.toISOString(),
    sans: (sansOf.get(row.id) ?? []).map(({ type, value }) => ({ type, value })),
    renewedBy: renewedBy.get(row.id) ?? null,
    metadata: Object.fromEntries(
      (metadataOf.get(row.id) ?? []).map(({ field, value }) => [field, value]),
    ),
  }));
}

function facts(row: Selectable<CertificateSchema['certificates']>) {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    thumbprint: row.thumbprint,
    serial: row.serial,
    subject: row.subject,
    commonName: commonNameIn(row.subject) ?? (row.common_name || null),
    issuer: row.issuer,
    notBefore: row.not_before,
    notAfter: row.not_after,
    keyType: row.key_type,
    keySize: row.key_size,
    signatureAlgorithm: row.signature_algorithm,
    template: row.template,
    requester: row.requester,
    origin: row.origin,
    state: row.state,
    revokedAt: row.revoked_at,
    revocationReason: row.revocation_reason,
    revocationComment: row.revocation_comment,
    hasPrivateKey: row.has_private_key === 1,
    ownerRole: row.owner_role,
    renews: row.renews,
    createdAt: row.created_at,
  };
}

/** As it stands in the subject; what was brought in from elsewhere may have names that we would not give. */
function commonNameIn(subject: string): string | null {
  try {
    return commonNameOf(parseDn(subject));
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}
