import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

/** What collections of certificates are, for rights: the right here is one on every certificate. */
export const COLLECTIONS = 'certServer.certificate.collections';

/** A collection without who may do what with it: a saved query. */
export interface StoredCollection {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** In the query language; empty: every certificate. */
  readonly query: string;
  /** Counted on the dashboard. */
  readonly onDashboard: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The resource that is one collection. */
export function collectionResource(id: number): string {
  return `${COLLECTIONS}.${id}`;
}

/** The collection a resource is, or null: it is another resource. */
export function collectionOf(resource: string): number | null {
  if (!resource.startsWith(`${COLLECTIONS}.`)) return null;
  const id = resource.slice(COLLECTIONS.length + 1);
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : null;
}

/** Every collection by name. */
export async function listStoredCollections(db: StateReader): Promise<StoredCollection[]> {
  const rows = await db.selectFrom('collections').selectAll().orderBy('name').execute();
  return rows.map(fromRow);
}

/** One collection. Throws `not_found`. */
export async function findStoredCollection(db: StateReader, id: number): Promise<StoredCollection> {
  const row = await db
    .selectFrom('collections')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row !== undefined) return fromRow(row);
  throw new ServerError('not_found', `there is no collection ${id}`);
}

function fromRow(row: {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly on_dashboard: number;
  readonly created_at: string;
  readonly updated_at: string;
}): StoredCollection {
  const { id, name, description, query } = row;
  return {
    id,
    name,
    description,
    query,
    onDashboard: row.on_dashboard === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
