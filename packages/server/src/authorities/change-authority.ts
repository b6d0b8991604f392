import type { KeyObject } from 'node:crypto';
import { signCertificate } from '../ca/certificate.ts';
import { generateKeyPair, type KeyAlgorithm } from '../ca/key-algorithm.ts';
import { softwareSigner, type Signer } from '../ca/signer.ts';
import type { Vault } from '../ca/vault.ts';
import { certificateModel, findCertificate } from '../certificates/certificate-view.ts';
import { insertCertificate } from '../certificates/insert-certificate.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import {
  authorityModel,
  authorityRef,
  findAuthority,
  keyOfAuthority,
  lookUpAuthority,
  type Authority,
  type TokenKey,
} from './authority.ts';
import { assertIssues, pointers, validity } from './issue.ts';
import {
  authorityChanged,
  certificateRef,
  ownCertificateIssued,
  requesterOf,
  signingInfo,
  type By,
} from './records.ts';
import { DEFAULT_SETTINGS, type AuthoritySettings } from './settings.ts';
import type { SigningKeys } from './signing-keys.ts';

/** An authority that is to be made. */
export interface NewAuthority {
  readonly name: string;
  /** Most specific part first (RFC 4514). */
  readonly subject: string;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Id or name of the authority that signs its certificate; null: a root, which signs for itself. */
  readonly parent: string | null;
  readonly days: number;
  /** How many authorities may stand below it; null: no limit. */
  readonly pathLength: number | null;
  readonly settings?: Partial<AuthoritySettings>;
}

/** The key of a new authority: made, or found in its token, before the transaction. */
export interface AuthorityKey {
  readonly id: string;
  readonly signer: Signer;
  readonly sealed: string | null;
  readonly token: TokenKey | null;
}

/** Makes the key of an authority and seals it. RSA takes up to seconds. */
export async function makeAuthorityKey(
  vault: Vault,
  id: string,
  algorithm: KeyAlgorithm,
): Promise<AuthorityKey> {
  const { privateKey } = await generateKeyPair(algorithm);
  return {
    id,
    signer: softwareSigner(privateKey),
    sealed: vault.seal(exportKey(privateKey), keyOfAuthority(id)),
    token: null,
  };
}

function exportKey(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

/**
 * Makes an authority: its certificate signed by the parent or by itself, the rows, the records, in one transaction.
 *
 * @throws ServerError `already_exists`, `not_found`, `authority_disabled`, `subject_invalid`, `request_invalid`
 */
export async function createAuthority(
  tx: AuditedTransaction,
  parts: { readonly keys: SigningKeys; readonly pkiUrl: string | null; readonly now: Date },
  wanted: NewAuthority,
  key: AuthorityKey,
  by: By,
): Promise<Authority> {
  const { keys, pkiUrl, now } = parts;
  await assertNameFree(tx.db, wanted.name, null);
  const parent = wanted.parent === null ? null : await findAuthority(tx.db, wanted.parent);
  if (parent !== null) {
    assertIssues(parent, now);
    assertRoomBelow(parent, wanted.pathLength);
  }
  if (wanted.subject.trim() === '') throw faultyField('subject', 'a name', 'an empty one');
  const facts = await signCertificate({
    issuer:
      parent === null
        ? { certificate: null, signer: key.signer }
        : { certificate: parent.certificate, signer: await keys.of(parent) },
    subject: wanted.subject,
    sans: [],
    publicKey: key.signer.publicKey,
    ...validity(now, wanted.days, parent?.certificate ?? null),
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: [],
    authority: { pathLength: wanted.pathLength },
    ...(parent === null ? {} : pointers(parent, pkiUrl)),
  });
  if (parent !== null && facts.subject === parent.certificate.subject)
    throw faultyField('subject', "another name than the parent's", `"${facts.subject}"`);
  await tx.db
    .insertInto('authorities')
    .values({
      id: key.id,
      name: wanted.name,
      parent: parent?.id ?? null,
      subject: facts.subject,
      certificate: facts.pem,
      key_algorithm: key.signer.algorithm,
      private_key: key.sealed,
      token: key.token === null ? null : JSON.stringify(key.token),
      enabled: 1,
      settings: JSON.stringify({ ...DEFAULT_SETTINGS, ...wanted.settings }),
      crl_number: 0,
      crl_due_at: now.toISOString(),
      ocsp_signer: null,
      created_at: now.toISOString(),
    })
    .execute();
  const certificate = await insertCertificate(tx.db, {
    facts,
    authority: parent?.id ?? key.id,
    template: null,
    requester: requesterOf(by),
    request: null,
    origin: 'issued',
    now,
  });
  const authority = await findAuthority(tx.db, key.id);
  tx.record(
    authorityChanged(
      'Created',
      by,
      { before: null, after: authorityModel(authority) },
      {
        target: authorityRef(authority),
        related: [
          certificateRef(facts, 'certificate'),
          ...(parent === null ? [] : [authorityRef(parent, 'signed by')]),
        ],
      },
    ),
  );
  const model = certificateModel(await findCertificate(tx.db, certificate, now));
  tx.record(ownCertificateIssued(by, facts, model, parent ?? authority));
  tx.record(signingInfo('CERT', authority, facts));
  tx.record(signingInfo('CRL', authority, facts));
  return authority;
}

/** Path lengths go down (RFC 5280 section 4.2.1.9). */
function assertRoomBelow({ name, certificate }: Authority, pathLength: number | null): void {
  const room = certificate.pathLength;
  if (room === null) return;
  if (room === 0)
    throw faultyField('parent', 'an authority that others may stand below', `"${name}"`);
  if (pathLength === null || pathLength >= room)
    throw faultyField('pathLength', `at most ${room - 1} below "${name}"`, String(pathLength));
}

/** What can be changed of an authority; left out: stays as it is. */
export interface AuthorityChange {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly settings?: { readonly [K in keyof AuthoritySettings]?: number | undefined } | undefined;
}

/** Changes an authority's settings. Throws `not_found`, `already_exists`. */
export async function updateAuthority(
  tx: AuditedTransaction,
  id: string,
  change: AuthorityChange,
  by: By,
): Promise<Authority> {
  const before = await findAuthority(tx.db, id);
  const wanted = {
    name: change.name ?? before.name,
    enabled: change.enabled ?? before.enabled,
    settings: { ...before.settings, ...defined(change.settings ?? {}) },
  };
  if (JSON.stringify(wanted) === JSON.stringify(only(before))) return before;
  if (wanted.name !== before.name) await assertNameFree(tx.db, wanted.name, before.id);
  await tx.db
    .updateTable('authorities')
    .set({
      name: wanted.name,
      enabled: wanted.enabled ? 1 : 0,
      settings: JSON.stringify(wanted.settings),
    })
    .where('id', '=', before.id)
    .execute();
  const after = await findAuthority(tx.db, before.id);
  tx.record(
    authorityChanged(
      'Updated',
      by,
      { before: authorityModel(before), after: authorityModel(after) },
      { target: authorityRef(after) },
    ),
  );
  return after;
}

function only({ name, enabled, settings }: Authority) {
  return { name, enabled, settings };
}

function defined<T extends object>(given: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as never;
}

/**
 * Deletes an authority that has issued nothing but what it needs itself: its key is gone with it, its lists are not
 * published any more. Throws `not_found`, `authority_in_use`.
 */
export async function deleteAuthority(
  tx: AuditedTransaction,
  id: string,
  by: By,
): Promise<Authority> {
  const authority = await findAuthority(tx.db, id);
  await assertUnused(tx.db, authority);
  await tx.db
    .updateTable('certificates')
    .set({ authority: null })
    .where('authority', '=', authority.id)
    .execute();
  for (const table of ['crls', 'revoked_certificates'] as const)
    await tx.db.deleteFrom(table).where('authority', '=', authority.id).execute();
  await tx.db.deleteFrom('authorities').where('id', '=', authority.id).execute();
  tx.record(
    authorityChanged(
      'Deleted',
      by,
      { before: authorityModel(authority), after: null },
      {
        target: authorityRef(authority),
        related: [certificateRef(authority.certificate, 'certificate')],
      },
    ),
  );
  return authority;
}

async function assertUnused(db: StateReader, authority: Authority): Promise<void> {
  const used = async (what: string, row: Promise<object | undefined>) => {
    if ((await row) === undefined) return;
    throw new ServerError('authority_in_use', `${authority.name} ${what}`);
  };
  await used(
    'has signed the certificate of another authority',
    db.selectFrom('authorities').select('id').where('parent', '=', authority.id).executeTakeFirst(),
  );
  await used(
    'has issued certificates',
    db
      .selectFrom('certificates')
      .select('id')
      .where('authority', '=', authority.id)
      .where('fingerprint', '!=', authority.certificate.fingerprint)
      .where('requester', '!=', requesterOf('timer'))
      .executeTakeFirst(),
  );
  await used(
    'has requests for certificates',
    db
      .selectFrom('certificate_requests')
      .select('id')
      .where('authority', '=', authority.id)
      .executeTakeFirst(),
  );
}

async function assertNameFree(db: StateReader, name: string, own: string | null): Promise<void> {
  const taken = await lookUpAuthority(db, name);
  if (taken === null || taken.id === own) return;
  throw new ServerError('already_exists', `name: "${name}" is a certificate authority already`, {
    members: { field: 'name' },
  });
}
