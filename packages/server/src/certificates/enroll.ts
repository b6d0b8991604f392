import type { KeyObject } from 'node:crypto';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { listAuthorities, type Authority } from '../authorities/authority.ts';
import type { SubjectAltName } from '../ca/alt-names.ts';
import type { KeyAlgorithm } from '../ca/key-algorithm.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import { resolveRequest, type Resolved } from '../templates/resolve.ts';
import { findTemplate, readGlobalPolicy, type Template } from '../templates/templates.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { enrollmentMetadata } from './enrollment-metadata.ts';
import { publicKeyId } from './insert-certificate.ts';
import { issue } from './issue.ts';
import { keyOfRequest, sealKey } from './keys.ts';
import { requestSubmitted } from './records.ts';
import { findRequest, type RequestDetails } from './request-view.ts';

/** What somebody asks for. */
export interface Enrollment {
  /** `renewal`: by one click; the others may renew, too. */
  readonly kind: 'csr' | 'pfx' | 'renewal';
  readonly template: string;
  /** By id or name; null: the one that issues. */
  readonly authority: string | null;
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  /** Of the key in the request, null when it is none of ours; undefined: the template's default. */
  readonly keyAlgorithm: KeyAlgorithm | null | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly comment: string | null;
  /** The certificate that this one is to replace. */
  readonly renews: number | null;
}

/** An enrollment whose key is there. */
export interface KeyedEnrollment extends Enrollment {
  readonly publicKey: KeyObject;
  /** Where it was made here. */
  readonly privateKey: KeyObject | null;
  /** PEM; null: the key was made here. */
  readonly csr: string | null;
}

/** What has become of an enrollment. */
export interface Enrolled {
  readonly request: number;
  /** Null: somebody has to decide first. */
  readonly certificate: Certificate | null;
  /** Stores in which it takes the place of the certificate it replaces. */
  readonly replacements: readonly string[];
}

/** What an enrollment leads to as things stand. */
interface Outlook {
  readonly template: Template;
  readonly authority: Authority;
  readonly resolved: Resolved;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What an enrollment leads to, by the state that is read. The same is asked before a key is made and again inside the
 * transaction.
 *
 * @throws ServerError `request_invalid` with every faulty field, `template_disabled`, `authority_disabled`
 */
export async function resolveEnrollment(
  db: StateReader,
  enrollment: Enrollment,
  publicKey: KeyObject | null,
): Promise<Outlook> {
  const template = await findEnrollmentTemplate(db, enrollment.template);
  const authority = await chooseAuthority(db, enrollment.authority);
  const { values, faults } = await enrollmentMetadata(
    db,
    template.policy.metadataFields,
    enrollment.metadata,
  );
  const resolved = resolveRequest(
    {
      kind: enrollment.kind === 'csr' ? 'csr' : 'pfx',
      subject: enrollment.subject,
      sans: enrollment.sans,
      keyAlgorithm: enrollment.keyAlgorithm,
      keyUsedBy: publicKey === null ? null : await subjectWithKey(db, publicKey),
      faults,
    },
    template,
    await readGlobalPolicy(db),
  );
  return { template, authority, resolved, metadata: values };
}

/**
 * Enrolls: issues the certificate, or leaves a request that waits where the template wants somebody to agree. Everything
 * that decides is read again in here.
 */
export async function enroll(
  tx: ChangeTransaction,
  enrollment: KeyedEnrollment,
): Promise<Enrolled> {
  const { publicKey, privateKey, renews, comment } = enrollment;
  const replaces = renews === null ? null : await findCertificate(tx.db, renews, tx.now);
  const outlook = await resolveEnrollment(tx.db, enrollment, publicKey);
  const { template, authority, resolved, metadata } = outlook;
  const waits = resolved.requiresApproval;
  const request = await insertRequest(tx, enrollment, outlook);
  if (waits) {
    tx.record(requestSubmitted(tx.caller, (await findRequest(tx.db, request)).request));
    return { request, certificate: null, replacements: [] };
  }
  const { username: requester } = tx.caller.session.user;
  const { kind } = enrollment;
  const issued = await issue(tx, {
    request: { id: request, kind, requester, authority: authority.id },
    template,
    resolved,
    metadata,
    publicKey,
    privateKey,
    replaces,
    comment,
  });
  return { request, ...issued };
}

/** The template of an enrollment. Throws `request_invalid`. */
export async function findEnrollmentTemplate(db: StateReader, name: string): Promise<Template> {
  try {
    return await findTemplate(db, name);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'not_found') throw error;
    throw faultyField('template', 'a template that is there', `"${name.slice(0, 100)}"`);
  }
}

/** The authority that is asked for; else the first that issues, one below a root before a root. */
export async function chooseAuthority(db: StateReader, wanted: string | null): Promise<Authority> {
  const all = await listAuthorities(db);
  if (wanted !== null) {
    const found = all.find(({ id, name }) => id === wanted || name === wanted);
    if (found !== undefined) return found;
    throw faultyField('authority', 'an authority that is there', `"${wanted.slice(0, 100)}"`);
  }
  const enabled = all.filter((authority) => authority.enabled);
  const found = enabled.find(({ parent }) => parent !== null) ?? enabled[0];
  if (found !== undefined) return found;
  throw new ServerError('authority_disabled', 'there is no authority that issues certificates');
}

async function subjectWithKey(db: StateReader, key: KeyObject): Promise<string | null> {
  const row = await db
    .selectFrom('certificates')
    .select('subject')
    .where('public_key', '=', publicKeyId(key))
    .executeTakeFirst();
  return row?.subject ?? null;
}

async function insertRequest(
  { db, now, platform, caller }: ChangeTransaction,
  { kind, csr, publicKey, privateKey, renews, comment }: KeyedEnrollment,
  { template, authority, resolved, metadata }: Outlook,
): Promise<number> {
  const details: RequestDetails = {
    csr,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    keyAlgorithm: resolved.keyAlgorithm,
    sans: resolved.sans,
    metadata,
    comment,
  };
  const waits = resolved.requiresApproval;
  const sealed =
    waits && privateKey !== null
      ? sealKey(platform.vault, privateKey, keyOfRequest(publicKeyId(publicKey)))
      : null;
  const { id } = await db
    .insertInto('certificate_requests')
    .values({
      kind,
      state: 'pending',
      template: template.name,
      authority: authority.id,
      subject: resolved.subject,
      details: JSON.stringify(details),
      private_key: sealed,
      renews,
      requester: caller.session.user.username,
      submitted_at: now.toISOString(),
      decided_at: waits ? null : now.toISOString(),
      decided_by: null,
      comment: null,
      certificate: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
