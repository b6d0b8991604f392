import { DatabaseSync } from 'node:sqlite';
import { existsSync } from 'node:fs';
import { dataPaths } from '../data-folder/keys.ts';

/** A producer, without its token: that is not kept. */
export interface ProducerListing {
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly disabled: boolean;
}

/**
 * Lists who may append to the log of a data folder, by name. Reads beside a running server and changes nothing; a
 * folder that no server has used yet has no producers.
 */
export function listProducers({ data }: { readonly data: string }): ProducerListing[] {
  const path = dataPaths(data).state;
  if (!existsSync(path)) return [];
  // Opened for reading alone: what opens it for writing would make and migrate what is not there.
  using database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const rows = database
    .prepare('SELECT name, created_at, created_by, disabled FROM producers ORDER BY name')
    .all();
  return rows.map((row) => ({
    name: String(row['name']),
    createdAt: String(row['created_at']),
    createdBy: String(row['created_by']),
    disabled: row['disabled'] !== 0,
  }));
}
