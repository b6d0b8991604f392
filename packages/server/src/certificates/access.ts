import type { Standing } from '../authorization/admitted.ts';
import { subjectOf, type Right } from '../authorization/engine.ts';
import type { Rule } from '../authorization/rule.ts';
import { QueryError } from '@countersign/records';
import type { Session } from '../accounts/sessions.ts';
import {
  collectionOf,
  COLLECTIONS,
  listStoredCollections,
  type StoredCollection,
} from '../collections/collections.ts';
import type { Platform } from '../platform.ts';
import { anyOf, EVERY, type CertificateCondition } from './query/condition.ts';
import { queryReader } from './query/read-query.ts';

export { COLLECTIONS };

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
  return { kind: 'right', right: certificateRight(operation), byObject: true, below: true };
}

/** The rule of a route about many certificates: `certificatesFor` says which, or `mayUseCertificate` about each. */
export function needsCertificates(operation: CertificateOperation): Rule {
  return { kind: 'right', right: certificateRight(operation), below: true };
}

/** Who somebody is now, asking from an address. */
export function standingOf(
  { engine, state, clock }: Pick<Platform, 'engine' | 'state' | 'clock'>,
  session: Session,
  address: string,
): Standing {
  return { policy: engine, subject: subjectOf(session, address), db: state.db, now: clock() };
}

/** Whether somebody may do something with a certificate: he has the right on all, or on a collection that holds it. */
export async function mayUseCertificate(
  standing: Standing,
  certificateId: number,
  operation: CertificateOperation,
): Promise<boolean> {
  if (mayUseAll(standing, operation)) return true;
  const among = await certificatesFor(standing, operation);
  const found = await standing.db
    .selectFrom('certificates')
    .select('id')
    .where('id', '=', certificateId)
    .where(among)
    .executeTakeFirst();
  return found !== undefined;
}

/** Whether somebody has the right on every certificate. */
export function mayUseAll({ policy, subject }: Standing, operation: CertificateOperation): boolean {
  return policy.isAllowed(subject, certificateRight(operation));
}

/**
 * The certificates with which somebody may do something: all, or those in the collections he has the right on. A
 * collection whose query cannot be read any more gives nothing.
 */
export async function certificatesFor(
  standing: Standing,
  operation: CertificateOperation,
): Promise<CertificateCondition> {
  if (mayUseAll(standing, operation)) return EVERY;
  const collections = await collectionsFor(standing, operation);
  if (collections.length === 0) return anyOf([]);
  const { db, now, subject } = standing;
  const read = await queryReader(db, { now, me: subject.user });
  const conditions: CertificateCondition[] = [];
  for (const { query } of collections) {
    try {
      conditions.push(await read(query));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
    }
  }
  return anyOf(conditions);
}

/** The single collections on which somebody has a right. */
export async function collectionsFor(
  { policy, subject, db }: Standing,
  operation: CertificateOperation,
): Promise<StoredCollection[]> {
  const held = new Set(
    policy
      .rightsBelow(subject, certificateRight(operation))
      .map(({ resource }) => collectionOf(resource)),
  );
  if (held.size === 0) return [];
  return (await listStoredCollections(db)).filter(({ id }) => held.has(id));
}
