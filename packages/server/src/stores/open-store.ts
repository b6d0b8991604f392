import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { LocalFiles } from './files/local.ts';
import { connectSftp } from './files/sftp.ts';
import type { StoreFiles } from './files/store-files.ts';
import type { OpenStore } from './keystore.ts';
import { LOCALHOST, openServer } from './servers.ts';
import type { StoreProperties } from './store-view.ts';
import { aboutStore } from './stores.ts';

/** What opening a store needs of the server. */
export type StoreParts = Pick<Platform, 'config' | 'state' | 'vault'>;

/** The files of a machine. Throws `store_unreachable`, `store_sign_in_refused`, `host_key_refused`. */
export async function openFiles(
  { config, state, vault }: StoreParts,
  machine: string,
): Promise<StoreFiles> {
  if (machine === LOCALHOST) return new LocalFiles(config.storeRoots, config.dataDir);
  return await connectSftp(await openServer(state.db, vault, machine));
}

/** Works at a store whose files are open. */
export async function atStore<T>(
  parts: StoreParts,
  id: string,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  const { machine, ...store } = await describeStore(parts, id);
  const files = await openFiles(parts, machine);
  try {
    return await work({ ...store, files });
  } finally {
    await files.close();
  }
}

/** What a store is like: what it says itself, and its type where it says nothing. */
export async function storeValues(db: StateReader, id: string) {
  const row = await db
    .selectFrom('stores')
    .innerJoin('store_types', 'store_types.name', 'stores.type')
    .select(['stores.machine', 'stores.path', 'stores.approved', 'stores.create_if_missing'])
    .select(['stores.properties', 'stores.store_password', 'store_types.kind'])
    .select(['store_types.file_pattern', 'store_types.separate_keys', 'store_types.entry_password'])
    .where('stores.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ServerError('not_found', `there is no store ${id}`);
  const properties = JSON.parse(row.properties) as StoreProperties;
  return {
    machine: row.machine,
    path: row.path,
    kind: row.kind,
    approved: row.approved === 1,
    createIfMissing: row.create_if_missing === 1,
    filePattern: properties.filePattern ?? row.file_pattern,
    separateKeys: properties.separateKeys ?? row.separate_keys === 1,
    keyPath: properties.keyPath ?? null,
    entryPassword: row.entry_password,
    sealedPassword: row.store_password,
  };
}

async function describeStore({ state, vault }: StoreParts, id: string) {
  const { sealedPassword, ...store } = await storeValues(state.db, id);
  const password =
    sealedPassword === null ? null : vault.open(sealedPassword, aboutStore(id)).toString('utf8');
  return { ...store, password };
}
