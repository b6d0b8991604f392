import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { keyAlgorithmOf, type KeyAlgorithm } from '../ca/key-algorithm.ts';
import { readCertificate } from '../ca/read-certificate.ts';
import { X509Certificate } from 'node:crypto';
import { storesOf } from '../stores/replacement.ts';
import { mayRequest } from '../templates/resolve.ts';
import { findTemplate, type Template } from '../templates/templates.ts';
import { readDer, type Certificate } from './certificate-view.ts';
import type { Enrollment } from './enroll.ts';

/** Whether a certificate can be renewed, and how. */
export interface Renewal {
  readonly type: 'none' | 'seeded' | 'one-click';
  /** For people: why so, and since when it is time. */
  readonly message: string;
}

/** How somebody with these roles can renew a certificate. */
export async function renewalOf(
  db: StateReader,
  certificate: Certificate,
  { roles, mayPfx }: { readonly roles: readonly string[]; readonly mayPfx: boolean },
): Promise<Renewal> {
  const none = (message: string): Renewal => ({ type: 'none', message });
  if (certificate.authority === null) return none('another authority has issued it');
  if (certificate.template === null) return none('it was issued without a template');
  const template = await templateOf(db, certificate.template);
  if (template === null) return none(`its template "${certificate.template}" is gone`);
  const { policy } = template;
  if (!template.enabled) return none(`its template "${template.name}" is not in use`);
  if (!mayRequest(policy, roles)) return none(`its template "${template.name}" is not for you`);
  const due = dueText(certificate, policy.renewalDays);
  const seeded = (why: string): Renewal => ({ type: 'seeded', message: `${why}; ${due}` });
  if (certificate.state !== 'active')
    return seeded(`it is ${certificate.state === 'held' ? 'on hold' : 'revoked'}`);
  if (!policy.enrollment.includes('pfx') || !mayPfx)
    return seeded('its key is made by whoever asks for it');
  if (!(await isKeyOurs(db, certificate))) return seeded('its key was made elsewhere');
  return { type: 'one-click', message: `a new key, the same names; ${due}` };
}

/** What a renewal by one click asks for: the same names, a new key of the same kind where the template still allows it. */
export async function renewalEnrollment(
  db: StateReader,
  certificate: Certificate,
): Promise<Enrollment> {
  const { template, authority } = certificate;
  if (template === null || authority === null)
    throw new ServerError('renewal_unavailable', `certificate ${certificate.id} has no template`);
  const der = await readDer(db, certificate.id);
  const { subject, sans } = readCertificate(der);
  return {
    kind: 'renewal',
    template,
    authority: await enabledAuthority(db, authority.id),
    subject,
    sans,
    keyAlgorithm: await sameAlgorithm(db, template, der),
    metadata: certificate.metadata,
    comment: null,
    renews: certificate.id,
  };
}

/** Throws `renewal_unavailable` where a certificate cannot be renewed by one click. */
export function assertOneClick(certificate: Certificate, { type, message }: Renewal): void {
  if (type === 'one-click') return;
  throw new ServerError(
    'renewal_unavailable',
    `certificate ${certificate.id} cannot be renewed by one click: ${message}`,
    { members: { type } },
  );
}

/** The key was made here, or is in stores that are managed here. */
async function isKeyOurs(db: StateReader, certificate: Certificate): Promise<boolean> {
  if (certificate.hasPrivateKey) return true;
  const made = await db
    .selectFrom('certificate_requests')
    .select('kind')
    .where('certificate', '=', certificate.id)
    .executeTakeFirst();
  if (made !== undefined && made.kind !== 'csr') return true;
  return (await storesOf(db, certificate.fingerprint)).length > 0;
}

async function sameAlgorithm(
  db: StateReader,
  template: string,
  der: Buffer,
): Promise<KeyAlgorithm | undefined> {
  const { policy } = await findTemplate(db, template);
  const algorithm = keyAlgorithmOf(new X509Certificate(der).publicKey);
  return algorithm !== null && policy.keyAlgorithms.includes(algorithm) ? algorithm : undefined;
}

/** The same authority while it issues, else whichever does. */
async function enabledAuthority(db: StateReader, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('authorities')
    .select('enabled')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.enabled === 1 ? id : null;
}

async function templateOf(db: StateReader, name: string): Promise<Template | null> {
  try {
    return await findTemplate(db, name);
  } catch (error) {
    if (error instanceof ServerError && error.code === 'not_found') return null;
    throw error;
  }
}

function dueText({ notAfter, renewedBy }: Certificate, renewalDays: number): string {
  const from = new Date(Date.parse(notAfter) - renewalDays * 86_400_000).toISOString();
  const again = renewedBy === null ? '' : `; certificate ${renewedBy} replaces it already`;
  return `it is time from ${from.slice(0, 10)}${again}`;
}
