import type { JsonObject, ObjectRef } from '@countersign/records';
import type { Collection } from './collection-view.ts';
import type { StoredCollection } from './collections.ts';

/** A collection in records. */
export function collectionRef({ id, name }: Pick<StoredCollection, 'id' | 'name'>): ObjectRef {
  return { type: 'collection', id: String(id), name };
}

/** A collection as records hold it: with who may do what, without what it holds just then. */
export function collectionModel(collection: Collection): JsonObject {
  const { id, name, description, query, onDashboard, permissions } = collection;
  const granted = permissions.map(({ role, operations }) => ({
    role,
    operations: [...operations],
  }));
  return { id, name, description, query, onDashboard, permissions: granted };
}
