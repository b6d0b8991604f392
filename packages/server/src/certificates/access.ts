import type { Standing } from '../authorization/admitted.ts';
import { subjectOf, type Right } from '../authorization/engine.ts';
import { needs, needsFor, type Rule } from '../authorization/rule.ts';
import type { Session } from '../accounts/sessions.ts';
import type { Platform } from '../platform.ts';

/** What collections of certificates are, for rights: the right here is one on every certificate. */
export const COLLECTIONS = 'certServer.certificate.collections';

/** What may be done with a certificate. */
export const CERTIFICATE_OPERATIONS = [
  'read',
  'edit-metadata',
  'recover',
  'revoke',
  'delete',
  'import-private-key',
  'change-owner',
] as const;
export type CertificateOperation = (typeof CERTIFICATE_OPERATIONS)[number];

/** The right on all certificates. */
export function certificateRight(operation: CertificateOperation): Right {
  return { resource: COLLECTIONS, operation };
}

/** The rule of a route about one certificate: the handler says which, and `mayUseCertificate` decides. */
export function needsCertificate(operation: CertificateOperation): Rule {
  return needsFor(COLLECTIONS, operation);
}

/** The rule of a route about many certificates: `mayUseCertificate` decides about each. */
export function needsCertificates(operation: CertificateOperation): Rule {
  return needs(COLLECTIONS, operation);
}

/** Who somebody is now, asking from an address. */
export function standingOf(
  { engine, state }: Pick<Platform, 'engine' | 'state'>,
  session: Session,
  address: string,
): Standing {
  return { policy: engine, subject: subjectOf(session, address), db: state.db };
}

/** Whether somebody may do something with a certificate: he has the right on all, or on a collection that holds it. */
export async function mayUseCertificate(
  { policy, subject }: Standing,
  _certificateId: number,
  operation: CertificateOperation,
): Promise<boolean> {
  return policy.isAllowed(subject, certificateRight(operation));
}
