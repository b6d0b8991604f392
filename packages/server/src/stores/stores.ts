import { randomUUIDv7 } from 'node:crypto';
import type { JsonObject } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { isWithin } from '../config/store-roots.ts';
import { faultyField, ServerError } from '../errors.ts';
import { findContainer } from './containers.ts';
import { faultOfPath, pathRefused } from './files/store-files.ts';
import { replaceInventorySchedule } from './jobs.ts';
import { storeChange, storeRef, type By } from './records.ts';
import type { Schedule } from './schedule.ts';
import { LOCALHOST } from './servers.ts';
import {
  findStore,
  placeOfStore,
  storeModel,
  type Store,
  type StoreProperties,
} from './store-view.ts';
import { findStoreType, type StoreType } from './store-types.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';

/** A store that is to be managed. */
export interface NewStore {
  readonly displayName: string | null;
  readonly container: number | null;
  readonly clientMachine: string;
  readonly path: string;
  readonly type: string;
  readonly createIfMissing: boolean;
  readonly properties: StoreProperties;
  readonly password: string | null;
  readonly inventorySchedule: Schedule | null;
}

/** Sets up a store. Throws `request_invalid`, `store_path_refused`, `already_exists`. */
export async function createStore(tx: ChangeTransaction, wanted: NewStore): Promise<Store> {
  const type = await typeOf(tx, wanted.type);
  assertPlace(wanted, tx.platform.config.storeRoots);
  assertProperties(wanted.properties, type);
  await assertContainer(tx, wanted.container);
  const id = randomUUIDv7();
  await insertStore(tx, { ...wanted, id, approved: true, now: tx.now });
  if (wanted.password !== null) await sealPassword(tx, id, wanted.password);
  if (wanted.inventorySchedule !== null) {
    const place = { id, machine: wanted.clientMachine, path: wanted.path };
    await replaceInventorySchedule(tx, place, wanted.inventorySchedule, tx.caller);
  }
  const store = await findStore(tx.db, id);
  recordStore(tx, 'Created', store, { after: storeModel(store) }, tx.caller);
  return store;
}

/** Writes a store's row; somebody else records it. Throws `already_exists`. */
export async function insertStore(
  tx: AuditedTransaction,
  store: Omit<NewStore, 'password' | 'inventorySchedule'> & {
    readonly id: string;
    readonly approved: boolean;
    readonly now: Date;
  },
): Promise<void> {
  const { clientMachine: machine, path } = store;
  const taken = await tx.db
    .selectFrom('stores')
    .select('id')
    .where('machine', '=', machine)
    .where('path', '=', path)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new ServerError('already_exists', `path: ${machine} ${path} is a store already`, {
      members: { field: 'path', store: taken.id },
    });
  const now = store.now.toISOString();
  await tx.db
    .insertInto('stores')
    .values({
      id: store.id,
      display_name: store.displayName ?? `${machine} ${path}`,
      container: store.container,
      machine,
      path,
      type: store.type,
      approved: store.approved ? 1 : 0,
      create_if_missing: store.createIfMissing ? 1 : 0,
      properties: JSON.stringify(store.properties),
      inventory_schedule: null,
      store_password: null,
      inventoried_at: null,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** What can be changed of a store; where it is stays. Left out: as it is. */
export interface StoreChange {
  readonly displayName?: string | undefined;
  readonly container?: number | null | undefined;
  readonly createIfMissing?: boolean | undefined;
  readonly properties?: StoreProperties | undefined;
}

/** Changes a store. Throws `not_found`, `request_invalid`. */
export async function updateStore(
  tx: ChangeTransaction,
  id: string,
  change: StoreChange,
): Promise<Store> {
  const old = await findStore(tx.db, id);
  const properties = change.properties ?? old.properties;
  const container = change.container === undefined ? (old.container?.id ?? null) : change.container;
  assertProperties(properties, await typeOf(tx, old.type));
  await assertContainer(tx, container);
  const values = columns({
    displayName: change.displayName ?? old.displayName,
    container,
    createIfMissing: change.createIfMissing ?? old.createIfMissing,
    properties,
  });
  const held = columns({ ...old, container: old.container?.id ?? null });
  if (JSON.stringify(values) === JSON.stringify(held)) return old;
  const updated_at = tx.now.toISOString();
  await tx.db
    .updateTable('stores')
    .set({ ...values, updated_at })
    .where('id', '=', id)
    .execute();
  const store = await findStore(tx.db, id);
  const models = { before: storeModel(old), after: storeModel(store) };
  recordStore(tx, 'Updated', store, models, tx.caller);
  return store;
}

function columns(store: {
  readonly displayName: string;
  readonly container: number | null;
  readonly createIfMissing: boolean;
  readonly properties: StoreProperties;
}) {
  return {
    display_name: store.displayName,
    container: store.container,
    create_if_missing: store.createIfMissing ? 1 : 0,
    properties: JSON.stringify(store.properties),
  };
}

/** Forgets a store with its inventory and jobs; its files stay as they are. Throws `not_found`, `job_running`. */
export async function deleteStore(tx: ChangeTransaction, id: string): Promise<void> {
  const store = await findStore(tx.db, id);
  const running = await tx.db
    .selectFrom('store_jobs')
    .select('id')
    .where('store', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (running !== undefined)
    throw new ServerError('job_running', `job ${running.id} is working at the store`);
  await tx.db.deleteFrom('stores').where('id', '=', id).execute();
  recordStore(tx, 'Deleted', store, { before: storeModel(store) }, tx.caller);
}

/** Takes discovered stores under management. Throws `not_found`; those that are approved stay so. */
export async function approveStores(
  tx: ChangeTransaction,
  ids: readonly string[],
): Promise<Store[]> {
  const approved: Store[] = [];
  for (const id of new Set(ids)) {
    const old = await findStore(tx.db, id);
    if (!old.approved) {
      assertPlace(old, tx.platform.config.storeRoots);
      await tx.db
        .updateTable('stores')
        .set({ approved: 1, updated_at: tx.now.toISOString() })
        .where('id', '=', id)
        .execute();
      const store = await findStore(tx.db, id);
      recordStore(tx, 'Approved', store, { after: storeModel(store) }, tx.caller);
    }
    approved.push(await findStore(tx.db, id));
  }
  return approved;
}

/** Sets the password of the store's file, or forgets it. The file is not changed. Throws `not_found`. */
export async function setStorePassword(
  tx: ChangeTransaction,
  id: string,
  password: string | null,
): Promise<Store> {
  const old = await findStore(tx.db, id);
  await sealPassword(tx, id, password);
  const store = await findStore(tx.db, id);
  recordStore(
    tx,
    'Updated',
    store,
    {
      before: storeModel(old),
      after: storeModel(store),
      reason: password === null ? 'the password was removed' : 'the password was set',
    },
    tx.caller,
  );
  return store;
}

/** The record of a change of a store. */
export function recordStore(
  tx: AuditedTransaction,
  operation: 'Created' | 'Updated' | 'Deleted' | 'Approved',
  store: Store,
  more: { readonly before?: JsonObject; readonly after?: JsonObject; readonly reason?: string },
  by: By,
): void {
  const target = storeRef(placeOfStore(store));
  tx.record(storeChange({ area: 'store', operation, target, ...more }, by));
}

/** What the vault seals a store's password about. */
export function aboutStore(id: string): string {
  return `store:${id}`;
}

async function sealPassword(
  { db, platform: { vault }, now }: ChangeTransaction,
  id: string,
  password: string | null,
): Promise<void> {
  const sealed = password === null ? null : vault.seal(password, aboutStore(id));
  await db
    .updateTable('stores')
    .set({ store_password: sealed, updated_at: now.toISOString() })
    .where('id', '=', id)
    .execute();
}

/** Throws `store_path_refused`, where no store can be. Links are looked at when the work is done. */
export function assertPlace(
  { clientMachine, path }: { readonly clientMachine: string; readonly path: string },
  roots: readonly string[],
): void {
  const fault = faultOfPath(path);
  if (fault !== null) throw faultyField('path', fault, JSON.stringify(path.slice(0, 200)));
  if (clientMachine !== LOCALHOST) return;
  if (roots.length === 0)
    throw pathRefused(
      'stores on this machine are off: the operator allows folders with COUNTERSIGN_STORE_ROOTS',
    );
  if (!roots.some((root) => path !== root && isWithin(path, root)))
    throw pathRefused(
      `path: expected one below ${roots.join(' or ')} (COUNTERSIGN_STORE_ROOTS), got ${path}`,
    );
}

function assertProperties({ keyPath, separateKeys }: StoreProperties, type: StoreType): void {
  if (keyPath !== undefined) {
    const fault = faultOfPath(keyPath);
    if (fault !== null) throw faultyField('properties.keyPath', fault, JSON.stringify(keyPath));
    if (type.kind !== 'pem-file')
      throw faultyField('properties.keyPath', 'nothing for this type of store', 'a path');
  }
  if (separateKeys !== undefined && type.kind === 'pkcs12-file')
    throw faultyField('properties.separateKeys', 'nothing for this type of store', 'a value');
}

async function assertContainer(tx: ChangeTransaction, id: number | null): Promise<void> {
  if (id === null) return;
  try {
    await findContainer(tx.db, id);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'not_found') throw error;
    throw faultyField('container', 'a container that is there', String(id));
  }
}

async function typeOf(tx: ChangeTransaction, name: string): Promise<StoreType> {
  try {
    return await findStoreType(tx.db, name);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'not_found') throw error;
    throw faultyField('type', 'a store type that is there', `"${name.slice(0, 100)}"`);
  }
}
