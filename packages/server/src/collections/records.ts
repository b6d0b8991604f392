import type { ObjectRef } from '@countersign/records';
import type { StoredCollection } from './collections.ts';

/** A collection in records. */
export function collectionRef({ id, name }: Pick<StoredCollection, 'id' | 'name'>): ObjectRef {
  return { type: 'collection', id: String(id), name };
}
