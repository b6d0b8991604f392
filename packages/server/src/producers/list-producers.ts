import { existsSync } from 'node:fs';
import { dataPaths } from '../data-folder/keys.ts';
import { assertNoOtherState } from '../data-folder/state-note.ts';
import type { StateLocation } from '../database/location.ts';
import { readState } from '../database/read.ts';

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
 * folder that no server has used yet has no producers. Throws StateElsewhere.
 */
export async function listProducers(options: {
  readonly data: string;
  /** Where the state is, when it is not in the data folder. */
  readonly database?: StateLocation;
}): Promise<ProducerListing[]> {
  const { data } = options;
  const { database = { kind: 'sqlite', path: dataPaths(data).state } } = options;
  await assertNoOtherState(data, database);
  if (database.kind === 'sqlite' && !existsSync(database.path)) return [];
  const rows = await readState(database, async (db) => {
    const query = db
      .selectFrom('producers')
      .select(['name', 'created_at', 'created_by', 'disabled']);
    return await query.orderBy('name').execute();
  });
  return (rows ?? []).map((row) => ({
    name: row.name,
    createdAt: row.created_at,
    createdBy: row.created_by,
    disabled: row.disabled !== 0,
  }));
}
