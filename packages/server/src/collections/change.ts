import { fold, type ObjectRef, type OperationName } from '@countersign/records';
import { CERTIFICATE_OPERATIONS } from '../certificates/access.ts';
import { queryReader } from '../certificates/query/read-query.ts';
import { ServerError } from '../errors.ts';
import type { SecurityTransaction } from '../security/change.ts';
import { assertNotHeld, assertOrder } from '../security/guards.ts';
import { roleRef } from '../security/records.ts';
import { findRole } from '../security/role-view.ts';
import { configurationChanged } from '../settings/records.ts';
import { findCollection, type Collection, type CollectionPermission } from './collection-view.ts';
import { collectionResource, COLLECTIONS, listStoredCollections } from './collections.ts';
import { collectionModel, collectionRef } from './records.ts';

/** A collection to be made. */
export interface NewCollection {
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly onDashboard: boolean;
}

/** Creates a collection. Throws `already_exists`, QueryError. */
export async function createCollection(
  tx: SecurityTransaction,
  wanted: NewCollection,
): Promise<Collection> {
  await assertNameFree(tx, wanted.name, null);
  await assertReadable(tx, wanted.query);
  const now = tx.now.toISOString();
  const { id } = await tx.db
    .insertInto('collections')
    .values({ ...columnsOf(wanted), created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  const collection = await findCollection(tx.db, id);
  told(tx, 'Created', { before: null, after: collection });
  return collection;
}

/** What can be changed of a collection; left out: stays as it is. */
export type CollectionChange = {
  readonly [K in keyof NewCollection]?: NewCollection[K] | undefined;
};

/**
 * Changes a collection. Its query says what the rights on it reach: nobody changes it who has one of them. Throws `not_found`, `already_exists`, `own_role`, QueryError.
 */
export async function updateCollection(
  tx: SecurityTransaction,
  id: number,
  change: CollectionChange,
): Promise<Collection> {
  const collection = await findCollection(tx.db, id);
  const wanted: NewCollection = {
    name: change.name ?? collection.name,
    description: change.description ?? collection.description,
    query: change.query ?? collection.query,
    onDashboard: change.onDashboard ?? collection.onDashboard,
  };
  attempts(tx, collection);
  if (wanted.name !== collection.name) await assertNameFree(tx, wanted.name, id);
  if (wanted.query !== collection.query) {
    await assertReadable(tx, wanted.query);
    assertGainsNothing(tx, id);
  }
  const set = columnsOf(wanted);
  if (JSON.stringify(set) === JSON.stringify(columnsOf(collection))) return collection;
  await tx.db
    .updateTable('collections')
    .set({ ...set, updated_at: tx.now.toISOString() })
    .where('id', '=', id)
    .execute();
  const changed = await findCollection(tx.db, id);
  told(tx, 'Updated', { before: collection, after: changed });
  return changed;
}

/** Deletes a collection and every right on it. Throws `not_found`; `in_use` while an alert is about it. */
export async function deleteCollection(tx: SecurityTransaction, id: number): Promise<void> {
  const collection = await findCollection(tx.db, id);
  const alert = await tx.db
    .selectFrom('alerts')
    .select('display_name')
    .where('collection', '=', id)
    .executeTakeFirst();
  if (alert !== undefined)
    throw new ServerError(
      'in_use',
      `collection "${collection.name}": alert "${alert.display_name}" is about it`,
      { members: { usedBy: [{ type: 'alert', name: alert.display_name }] } },
    );
  await tx.db
    .deleteFrom('role_permissions')
    .where('resource', '=', collectionResource(id))
    .execute();
  await tx.db.deleteFrom('collections').where('id', '=', id).execute();
  await assertOrder(tx);
  told(tx, 'Deleted', { before: collection, after: null });
}

/**
 * Says which roles may do what with what a collection holds, in place of what was granted before. Throws `not_found`,
 * `request_invalid`; `built_in` for roles of the product, `own_role` for those the caller holds, when theirs would change.
 */
export async function setPermissions(
  tx: SecurityTransaction,
  id: number,
  permissions: readonly CollectionPermission[],
): Promise<Collection> {
  const collection = await findCollection(tx.db, id);
  attempts(tx, collection);
  const granted = collection.permissions;
  const wanted = await knownRoles(tx, permissions);
  const names = [...new Set([...granted, ...wanted].map(({ role }) => role))];
  const changed = names.filter((role) => rightsIn(granted, role) !== rightsIn(wanted, role));
  if (changed.length === 0) return collection;
  for (const name of changed) {
    const role = await findRole(tx.db, name);
    if (role.builtIn)
      throw new ServerError(
        'built_in',
        `${role.name} belongs to the product: what it may do is said by access rules`,
        { members: { role: role.name } },
      );
    await assertNotHeld(tx, role.name);
  }
  const resource = collectionResource(id);
  await tx.db.deleteFrom('role_permissions').where('resource', '=', resource).execute();
  const rows = wanted.flatMap(({ role, operations }) =>
    operations.map((operation) => ({ role, resource, operation })),
  );
  if (rows.length > 0) await tx.db.insertInto('role_permissions').values(rows).execute();
  await tx.db
    .updateTable('collections')
    .set({ updated_at: tx.now.toISOString() })
    .where('id', '=', id)
    .execute();
  await assertOrder(tx);
  const after = await findCollection(tx.db, id);
  const roles = changed.map((name) => ({ ...roleRef(name), relation: 'role' }));
  told(tx, 'Updated', { before: collection, after, related: roles });
  return after;
}

/** The permissions by the roles' own names, each role and operation once. Throws `request_invalid`. */
async function knownRoles(
  tx: SecurityTransaction,
  permissions: readonly CollectionPermission[],
): Promise<CollectionPermission[]> {
  const wanted = new Map<string, Set<string>>();
  for (const [i, { role: name, operations }] of permissions.entries()) {
    const role = await roleNamed(tx, name, `permissions.${i}.role`);
    const known = wanted.get(role) ?? new Set();
    for (const operation of operations) known.add(operation);
    wanted.set(role, known);
  }
  return [...wanted]
    .filter(([, operations]) => operations.size > 0)
    .map(([role, operations]) => ({ role, operations: [...operations].sort() }));
}

async function roleNamed(tx: SecurityTransaction, name: string, field: string): Promise<string> {
  try {
    return (await findRole(tx.db, name)).name;
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'not_found') throw error;
    throw new ServerError('request_invalid', `${field}: ${error.message}`, {
      members: { in: 'body', errors: [{ field, expected: 'a role', got: name.slice(0, 100) }] },
      cause: error,
    });
  }
}

function rightsIn(permissions: readonly CollectionPermission[], role: string): string {
  const found = permissions.find((permission) => permission.role === role);
  return [...(found?.operations ?? [])].sort().join();
}

/**
 * The query of a collection is not changed by who has a right on it that he does not have on every certificate: he would
 * say himself what he may do. What a token is bound to does not count: it binds only that token. Throws `own_role`.
 */
function assertGainsNothing(tx: SecurityTransaction, id: number): void {
  const { policy } = tx.standing;
  const subject = { ...tx.standing.subject, scopes: null };
  const held = CERTIFICATE_OPERATIONS.filter(
    (operation) =>
      policy.isAllowed(subject, { resource: collectionResource(id), operation }) &&
      !policy.isAllowed(subject, { resource: COLLECTIONS, operation }),
  );
  if (held.length === 0) return;
  throw new ServerError(
    'own_role',
    `nobody changes the query of a collection on which he has rights, here ${held.join(', ')}; somebody else has to`,
    { members: { operations: held } },
  );
}

/** The query can be read now. Throws QueryError. */
async function assertReadable(tx: SecurityTransaction, query: string): Promise<void> {
  const read = await queryReader(tx.db, { now: tx.now, me: tx.caller.session.user.username });
  await read(query);
}

async function assertNameFree(
  tx: SecurityTransaction,
  name: string,
  except: number | null,
): Promise<void> {
  const taken = (await listStoredCollections(tx.db)).find(
    (known) => known.id !== except && fold(known.name) === fold(name),
  );
  if (taken === undefined) return;
  throw new ServerError('already_exists', `name: "${taken.name}" is a collection already`, {
    members: { field: 'name' },
  });
}

function columnsOf({ name, description, query, onDashboard }: NewCollection) {
  return { name, description, query, on_dashboard: onDashboard ? 1 : 0 };
}

function attempts(tx: SecurityTransaction, collection: Collection): void {
  tx.attemptsElse((reason) => ({
    ...configurationChanged(tx.caller, {
      event: 'CONFIG_COLLECTION',
      category: 'CertificateQuery',
      operation: 'Updated',
      target: collectionRef(collection),
      reason,
    }),
    outcome: 'Failure',
  }));
}

function told(
  tx: SecurityTransaction,
  operation: OperationName,
  models: {
    readonly before: Collection | null;
    readonly after: Collection | null;
    readonly related?: readonly ObjectRef[];
  },
): void {
  const { before, after, related = [] } = models;
  const collection = after ?? before;
  if (collection === null) throw new Error('bad record: of no collection');
  const draft = configurationChanged(tx.caller, {
    event: 'CONFIG_COLLECTION',
    category: 'CertificateQuery',
    operation,
    target: collectionRef(collection),
    before: before === null ? null : collectionModel(before),
    after: after === null ? null : collectionModel(after),
  });
  tx.record(
    related.length === 0
      ? draft
      : { ...draft, content: { ...draft.content, related: [...related] } },
  );
}
