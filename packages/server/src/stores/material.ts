import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readCertificate, type CertificateFacts } from '../ca/read-certificate.ts';
import type { Vault } from '../ca/vault.ts';
import { keyOfCertificate } from '../certificates/insert-certificate.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { mayIssue } from './formats/found.ts';

/** What of a certificate goes into a store. */
export interface Material {
  readonly certificate: CertificateFacts;
  /** Those above it, as far as they are known here, without the root. */
  readonly chain: readonly CertificateFacts[];
}

const MAX_CHAIN = 8;

/** A certificate and those above it. Throws `not_found`. */
export async function readMaterial(db: StateReader, id: number): Promise<Material> {
  const row = await contents(db)
    .select('certificates.authority')
    .where('certificates.id', '=', id)
    .executeTakeFirst();
  if (row === undefined)
    throw new ServerError('not_found', `certificate ${id} is not managed any more`);
  const certificate = readCertificate(Buffer.from(row.der, 'base64'));
  const above = await (row.authority === null
    ? chainAmongImported(db, certificate)
    : chainOfAuthority(db, row.authority));
  return { certificate, chain: above.filter(({ subject, issuer }) => subject !== issuer) };
}

/**
 * The private key that is kept with a certificate. Slow only by the vault.
 *
 * @throws ServerError `key_not_kept`
 */
export async function readKey(
  db: StateReader,
  vault: Vault,
  { id, fingerprint }: { readonly id: number; readonly fingerprint: string },
): Promise<KeyObject> {
  const row = await contents(db)
    .select('certificate_contents.private_key')
    .where('certificates.id', '=', id)
    .executeTakeFirst();
  if (row?.private_key === undefined || row.private_key === null)
    throw new ServerError('key_not_kept', `the private key of certificate ${id} is not kept here`);
  const key = vault.open(row.private_key, keyOfCertificate(fingerprint));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** Our own authorities, from the one that issued up. */
async function chainOfAuthority(db: StateReader, id: string): Promise<CertificateFacts[]> {
  const chain: CertificateFacts[] = [];
  let next: string | null = id;
  while (next !== null && chain.length < MAX_CHAIN) {
    const row: { certificate: string; parent: string | null } | undefined = await db
      .selectFrom('authorities')
      .select(['certificate', 'parent'])
      .where('id', '=', next)
      .executeTakeFirst();
    if (row === undefined) break;
    chain.push(readCertificate(row.certificate));
    next = row.parent;
  }
  return chain;
}

/** What was brought in together with it, or by some inventory. */
async function chainAmongImported(
  db: StateReader,
  certificate: CertificateFacts,
): Promise<CertificateFacts[]> {
  const chain: CertificateFacts[] = [];
  let below = certificate;
  while (below.subject !== below.issuer && chain.length < MAX_CHAIN) {
    const rows = await contents(db).where('certificates.subject', '=', below.issuer).execute();
    const above = rows
      .map(({ der }) => readCertificate(Buffer.from(der, 'base64')))
      .find((one) => mayIssue(one, below));
    if (above === undefined) break;
    chain.push(above);
    below = above;
  }
  return chain;
}

function contents(db: StateReader) {
  return db
    .selectFrom('certificates')
    .innerJoin('certificate_contents', 'certificate_contents.certificate', 'certificates.id')
    .select('certificate_contents.der');
}
