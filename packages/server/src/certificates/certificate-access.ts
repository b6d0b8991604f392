import { QueryError } from '@countersign/records';
import { readPolicy } from '../authorization/access-policy.ts';
import type { Right, Subject } from '../authorization/engine.ts';
import type { Policy } from '../authorization/policy.ts';
import {
  collectionResource,
  listStoredCollections,
  type StoredCollection,
} from '../collections/collections.ts';
import type { StateReader } from '../database/schema.ts';
import { CERTIFICATE_OPERATIONS, certificateRight } from './access.ts';
import { queryReader } from './query/read-query.ts';

/** Somebody who may do something with a certificate, and by what. */
export interface CertificateAccount {
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  readonly operations: readonly {
    readonly operation: string;
    /** The rule or permission that grants it, on every certificate or on a collection. */
    readonly by: string;
    /** The collection, where it is one. */
    readonly collection: string | null;
  }[];
}

/**
 * Who may do what with a certificate as things are: every account that is open, asking from the machine itself. Roles
 * that an identity provider gives at sign-in are not known before.
 */
export async function accountsWithAccess(
  db: StateReader,
  certificateId: number,
  now: Date,
): Promise<CertificateAccount[]> {
  const policy = await readPolicy(db);
  const collections = (await listStoredCollections(db)).filter(({ id }) =>
    isGranted(policy, collectionResource(id)),
  );
  const users = await db
    .selectFrom('users')
    .select(['id', 'username', 'name', 'alias', 'kind'])
    .where('disabled', '=', 0)
    .orderBy('username')
    .execute();
  const assigned = await db.selectFrom('role_assignments').select(['user_id', 'role']).execute();
  const roles = Map.groupBy(assigned, ({ user_id }) => user_id);
  const holding = await holdingCollections(db, certificateId, collections, now);
  const accounts: CertificateAccount[] = [];
  for (const { id, username, name, alias, kind } of users) {
    const subject: Subject = {
      user: username,
      alias,
      roles: (roles.get(id) ?? []).map(({ role }) => role),
      address: '127.0.0.1',
      scopes: null,
    };
    const held = await holding(username);
    const operations = CERTIFICATE_OPERATIONS.flatMap((operation) => {
      const right = certificateRight(operation);
      const everywhere = granted(policy, subject, right, null);
      if (everywhere !== null) return [everywhere];
      const [within] = held.flatMap((collection) => {
        const resource = collectionResource(collection.id);
        return granted(policy, subject, { resource, operation }, collection) ?? [];
      });
      return within === undefined ? [] : [within];
    });
    if (operations.length > 0) accounts.push({ username, name, kind, operations });
  }
  return accounts;
}

function granted(
  policy: Policy,
  subject: Subject,
  right: Right,
  collection: StoredCollection | null,
): CertificateAccount['operations'][number] | null {
  const { allowed, why } = policy.decide(subject, right);
  if (!allowed) return null;
  return { operation: right.operation, by: why, collection: collection?.name ?? null };
}

/** Whether anybody has anything on a resource of its own. */
function isGranted(policy: Policy, resource: string): boolean {
  return (
    policy.ruleOf(resource) !== null ||
    policy.roles.some(({ permissions }) => permissions.some((right) => right.resource === resource))
  );
}

/** The collections that hold a certificate, for somebody: where a query names whoever asks it is asked for each. */
async function holdingCollections(
  db: StateReader,
  certificateId: number,
  collections: readonly StoredCollection[],
  now: Date,
): Promise<(username: string) => Promise<StoredCollection[]>> {
  const ask = async (
    asked: readonly StoredCollection[],
    me: string | null,
  ): Promise<StoredCollection[]> => {
    if (asked.length === 0) return [];
    const read = await queryReader(db, { now, me });
    const holding: StoredCollection[] = [];
    for (const collection of asked) {
      try {
        const found = await db
          .selectFrom('certificates')
          .select('id')
          .where('id', '=', certificateId)
          .where(await read(collection.query))
          .executeTakeFirst();
        if (found !== undefined) holding.push(collection);
      } catch (error) {
        // One that cannot be read holds nothing.
        if (!(error instanceof QueryError)) throw error;
      }
    }
    return holding;
  };
  const personal = collections.filter(({ query }) => /%me/i.test(query));
  const common = await ask(
    collections.filter((collection) => !personal.includes(collection)),
    null,
  );
  return async (username) => [...common, ...(await ask(personal, username))];
}
