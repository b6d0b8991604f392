import { createHash, generateKeyPairSync } from 'node:crypto';
import { fold } from '@countersign/records';
import type { Insertable, Kysely, Transaction } from 'kysely';
import { commonNameOf, parseDn } from '../ca/names.ts';
import type { SubjectAltName } from '../ca/alt-names.ts';
import { signCertificate } from '../ca/certificate.ts';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import { softwareSigner } from '../ca/signer.ts';
import type { StateSchema } from '../database/schema.ts';

/** A row as tests say it: what is left out is made up. */
export interface CertificateRow extends Partial<
  Omit<Insertable<StateSchema['certificates']>, 'id' | 'subject_folded' | 'common_name'>
> {
  readonly subject: string;
  readonly sans?: readonly SubjectAltName[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Puts rows of certificates into a state, behind the product's back and without certificates, and returns their numbers.
 * Made up: a fingerprint, thumbprint and serial of the subject and place, a year of validity from 2026-01-01.
 */
export async function insertCertificateRows(
  db: Kysely<StateSchema> | Transaction<StateSchema>,
  rows: readonly CertificateRow[],
): Promise<number[]> {
  const ids: number[] = [];
  for (const { sans = [], metadata = {}, ...row } of rows) {
    const seed = `${row.subject} ${ids.length}`;
    const { id } = await db
      .insertInto('certificates')
      .values({
        fingerprint: createHash('sha256').update(seed).digest('hex'),
        thumbprint: createHash('sha1').update(seed).digest('hex'),
        serial: createHash('sha256').update(`serial ${seed}`).digest('hex').slice(0, 20),
        subject_folded: fold(row.subject),
        common_name: fold(commonNameOf(parseDn(row.subject)) ?? ''),
        issuer: 'CN=Issuing CA,O=Example',
        authority: null,
        not_before: '2026-01-01T00:00:00.000Z',
        not_after: '2027-01-01T00:00:00.000Z',
        key_type: 'EC',
        key_size: 256,
        signature_algorithm: 'ECDSA-SHA256',
        public_key: createHash('sha256').update(`key ${seed}`).digest('hex'),
        template: null,
        requester: '$System$',
        request: null,
        origin: 'issued',
        state: 'active',
        revoked_at: null,
        revocation_reason: null,
        revocation_comment: null,
        has_private_key: 0,
        owner_role: null,
        renews: null,
        created_at: '2026-01-01T00:00:00.000Z',
        ...row,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.push(id);
    for (const [position, { type, value }] of sans.entries())
      await db
        .insertInto('certificate_sans')
        .values({ certificate: id, position, type, value, folded: fold(value) })
        .execute();
    for (const [field, value] of Object.entries(metadata))
      await db
        .insertInto('certificate_metadata')
        .values({ certificate: id, field, value, folded: fold(value) })
        .execute();
  }
  return ids;
}

/** A real certificate over a P-256 key that nobody keeps, signed by itself; a year from `notBefore` on. */
export async function realCertificate(
  subject: string,
  sans: readonly SubjectAltName[] = [],
  notBefore = new Date('2026-01-01T00:00:00.000Z'),
): Promise<CertificateFacts> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return await signCertificate({
    issuer: { certificate: null, signer: softwareSigner(privateKey) },
    subject,
    sans,
    publicKey,
    notBefore,
    notAfter: new Date(notBefore.getTime() + 365 * 86_400_000),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
  });
}
