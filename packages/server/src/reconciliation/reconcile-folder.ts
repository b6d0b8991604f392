import { existsSync } from 'node:fs';
import { openLogReader } from '@countersign/ledger';
import { dataPaths } from '../data-folder/keys.ts';
import { assertNoOtherState } from '../data-folder/state-note.ts';
import type { StateLocation } from '../database/location.ts';
import { readState } from '../database/read.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';

/**
 * Compares the state of a data folder with its log, beside a server that runs on it or without one. Reads alone: it
 * changes nothing and leaves no record. Null: no server has used it yet.
 *
 * @throws StateElsewhere; LedgerError, or what the database says, when one of them cannot be read
 */
export async function reconcileFolder(options: {
  readonly data: string;
  /** Where the state is, when it is not in the data folder. */
  readonly database?: StateLocation;
}): Promise<Reconciliation | null> {
  const { data } = options;
  const paths = dataPaths(data);
  const { database = { kind: 'sqlite', path: paths.state } } = options;
  await assertNoOtherState(data, database);
  if (database.kind === 'sqlite' && !existsSync(database.path)) return null;
  const reader = await openLogReader({ dir: paths.log });
  try {
    return await readState(database, async (db) => await reconcile({ reader, db }));
  } finally {
    reader.close();
  }
}
