import { setImmediate } from 'node:timers/promises';
import { QueryError } from '@countersign/records';
import type { Standing } from '../authorization/admitted.ts';
import { queryReader } from '../certificates/query/read-query.ts';
import { countCertificates } from '../certificates/search.ts';
import type { StateReader } from '../database/schema.ts';
import {
  collectionOf,
  collectionResource,
  COLLECTIONS,
  findStoredCollection,
  listStoredCollections,
  type StoredCollection,
} from './collections.ts';

/** What a role may do with the certificates of a collection. */
export interface CollectionPermission {
  readonly role: string;
  readonly operations: readonly string[];
}

/** A collection with who may do what with what it holds. */
export interface Collection extends StoredCollection {
  readonly permissions: readonly CollectionPermission[];
}

/** A collection as it is shown to somebody. */
export interface CollectionView extends Collection {
  /** Certificates it holds now, for who looks. */
  readonly count: number;
  /** Why its query cannot be read any more, or null: then it holds nothing. */
  readonly problem: string | null;
}

/** One collection. Throws `not_found`. */
export async function findCollection(db: StateReader, id: number): Promise<Collection> {
  const [collection] = await withPermissions(db, [await findStoredCollection(db, id)]);
  if (collection === undefined) throw new Error('bad collection: it was there');
  return collection;
}

/** The collections that somebody may see: those he may read in, all if he may define them. */
export async function viewCollections(standing: Standing): Promise<CollectionView[]> {
  const all = await listStoredCollections(standing.db);
  const seen = all.filter(({ id }) => maySee(standing, id));
  return await viewed(standing, await withPermissions(standing.db, seen));
}

/** One collection as it is shown to somebody. Throws `not_found`. */
export async function viewCollection(standing: Standing, id: number): Promise<CollectionView> {
  const [view] = await viewed(standing, [await findCollection(standing.db, id)]);
  if (view === undefined) throw new Error('bad collection: it was there');
  return view;
}

/** Whether somebody may see a collection. */
export function maySee({ policy, subject }: Standing, id: number): boolean {
  return (
    policy.isAllowed(subject, { resource: collectionResource(id), operation: 'read' }) ||
    mayDefine({ policy, subject })
  );
}

function mayDefine({ policy, subject }: Pick<Standing, 'policy' | 'subject'>): boolean {
  return policy.isAllowed(subject, { resource: COLLECTIONS, operation: 'modify' });
}

/** Who may do what is told to those who may read everything, or define collections. */
function mayKnowRoles({ policy, subject }: Standing): boolean {
  return (
    mayDefine({ policy, subject }) ||
    policy.isAllowed(subject, { resource: COLLECTIONS, operation: 'read' })
  );
}

async function viewed(
  standing: Standing,
  collections: readonly Collection[],
): Promise<CollectionView[]> {
  const { db, now, subject } = standing;
  const read = await queryReader(db, { now, me: subject.user });
  const known = mayKnowRoles(standing);
  const views: CollectionView[] = [];
  for (const collection of collections) {
    // Counting may take a moment, and others want to be answered, too.
    await setImmediate();
    const shown = known ? collection : { ...collection, permissions: [] };
    try {
      const count = await countCertificates(db, [await read(collection.query)]);
      views.push({ ...shown, count, problem: null });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      views.push({ ...shown, count: 0, problem: error.message });
    }
  }
  return views;
}

async function withPermissions(
  db: StateReader,
  collections: readonly StoredCollection[],
): Promise<Collection[]> {
  const rows = await db
    .selectFrom('role_permissions')
    .selectAll()
    .where('resource', 'like', `${COLLECTIONS}.%`)
    .orderBy('role')
    .orderBy('operation')
    .execute();
  const byCollection = Map.groupBy(rows, ({ resource }) => collectionOf(resource));
  return collections.map((collection) => {
    const byRole = Map.groupBy(byCollection.get(collection.id) ?? [], ({ role }) => role);
    const permissions = [...byRole].map(([role, rights]) => ({
      role,
      operations: rights.map(({ operation }) => operation),
    }));
    return { ...collection, permissions };
  });
}
