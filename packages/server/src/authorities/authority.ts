import type { JsonObject, ObjectRef } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { KeyAlgorithm } from '../ca/key-algorithm.ts';
import { readCertificate, type CertificateFacts } from '../ca/read-certificate.ts';
import type { CertificateSchema } from '../database/certificate-schema.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { readSettings, type AuthoritySettings } from './settings.ts';

/** A key in a PKCS#11 token: the module's file, the token's label, the key's. */
export interface TokenKey {
  readonly module: string;
  readonly slot: string;
  readonly key: string;
}

/** The OCSP responder of an authority; its key is sealed about `ocsp:<authority>`. */
export interface ResponderRow {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of this server. */
export interface Authority {
  readonly id: string;
  readonly name: string;
  readonly parent: { readonly id: string; readonly name: string } | null;
  readonly certificate: CertificateFacts;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly token: TokenKey | null;
  /** Sealed about `authority:<id>`; null where the key is in a token. */
  readonly sealedKey: string | null;
  /** Issues certificates; lists and OCSP go on without. */
  readonly enabled: boolean;
  readonly settings: AuthoritySettings;
  /** Number of the last list. */
  readonly crlNumber: number;
  /** Since when the lists are behind what is revoked; null: they are not. */
  readonly crlDueAt: string | null;
  readonly responder: ResponderRow | null;
  readonly createdAt: string;
}

/** What the vault seals the private key of an authority about. */
export function keyOfAuthority(id: string): string {
  return `authority:${id}`;
}

/** All authorities, by name. */
export async function listAuthorities(db: StateReader): Promise<Authority[]> {
  const rows = await db.selectFrom('authorities').selectAll().orderBy('name').execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return rows.map((row) => authorityOf(row, names));
}

/** An authority by its id or its name, or null. */
export async function lookUpAuthority(
  db: StateReader,
  idOrName: string,
): Promise<Authority | null> {
  const row = await db
    .selectFrom('authorities')
    .selectAll()
    .where((where) => where.or([where('id', '=', idOrName), where('name', '=', idOrName)]))
    .executeTakeFirst();
  if (row === undefined) return null;
  const parent =
    row.parent === null
      ? undefined
      : await db
          .selectFrom('authorities')
          .select(['id', 'name'])
          .where('id', '=', row.parent)
          .executeTakeFirst();
  return authorityOf(row, new Map(parent === undefined ? [] : [[parent.id, parent.name]]));
}

/** An authority by its id or its name. Throws `not_found`. */
export async function findAuthority(db: StateReader, idOrName: string): Promise<Authority> {
  const authority = await lookUpAuthority(db, idOrName);
  if (authority !== null) return authority;
  throw new ServerError('not_found', `there is no certificate authority "${idOrName}"`);
}

function authorityOf(
  row: Selectable<CertificateSchema['authorities']>,
  names: ReadonlyMap<string, string>,
): Authority {
  return {
    id: row.id,
    name: row.name,
    parent: row.parent === null ? null : { id: row.parent, name: names.get(row.parent) ?? '' },
    certificate: readCertificate(row.certificate),
    keyAlgorithm: row.key_algorithm as KeyAlgorithm,
    token: row.token === null ? null : (JSON.parse(row.token) as TokenKey),
    sealedKey: row.private_key,
    enabled: row.enabled === 1,
    settings: readSettings(row.settings),
    crlNumber: row.crl_number,
    crlDueAt: row.crl_due_at,
    responder: row.ocsp_signer === null ? null : (JSON.parse(row.ocsp_signer) as ResponderRow),
    createdAt: row.created_at,
  };
}

/** Whether the vault has sealed the key of an authority. */
export async function hasKeys(db: StateReader): Promise<boolean> {
  const row = await db
    .selectFrom('authorities')
    .select('id')
    .where('private_key', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** An authority in records. */
export function authorityRef(
  { id, name }: { readonly id: string; readonly name: string },
  relation?: string,
): ObjectRef {
  return { type: 'authority', id, name, ...(relation === undefined ? {} : { relation }) };
}

/** An authority as records hold it before and after a change, and as it is shown: no keys. */
export function authorityModel(authority: Authority) {
  const { certificate, settings, token } = authority;
  return {
    id: authority.id,
    name: authority.name,
    parent: authority.parent,
    subject: certificate.subject,
    keyAlgorithm: authority.keyAlgorithm,
    token: token === null ? null : { ...token },
    enabled: authority.enabled,
    settings: { ...settings },
    certificate: {
      fingerprint: certificate.fingerprint,
      serial: certificate.serial,
      issuer: certificate.issuer,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      subjectKeyId: certificate.subjectKeyId,
      pathLength: certificate.pathLength,
    },
    createdAt: authority.createdAt,
  } satisfies JsonObject;
}
