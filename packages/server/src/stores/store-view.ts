import type { JsonObject } from '@countersign/records';
import type { StateReader } from '../database/schema.ts';
import type { StoreKind } from '../database/store-schema.ts';
import { ServerError } from '../errors.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** A store as it is shown; of its password only that there is one. */
export interface Store {
  readonly id: string;
  readonly displayName: string;
  readonly container: { readonly id: number; readonly name: string } | null;
  readonly clientMachine: string;
  readonly path: string;
  readonly type: string;
  readonly kind: StoreKind;
  readonly approved: boolean;
  readonly createIfMissing: boolean;
  readonly properties: StoreProperties;
  readonly inventorySchedule: Schedule | null;
  readonly passwordSet: boolean;
  readonly certificates: number;
  readonly lastInventoryAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a store has otherwise than its type. */
export interface StoreProperties {
  /** The file of the private key, for a PEM file. */
  readonly keyPath?: string | undefined;
  readonly separateKeys?: boolean | undefined;
  /** `*.pem,*.crt` */
  readonly filePattern?: string | undefined;
}

/** Which stores are listed. */
export interface StoreFilter {
  readonly approved?: boolean | undefined;
  readonly container?: number | undefined;
  readonly clientMachine?: string | undefined;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
}

/** Stores by machine and path. Throws `cursor_invalid`. */
export async function listStores(
  db: StateReader,
  filter: StoreFilter,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<Page<Store>> {
  const start = after === undefined ? null : await placeOf(db, after);
  const { total } = await matching(db, filter)
    .select((eb) => eb.fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow();
  let query = matching(db, filter).select('stores.id');
  if (start !== null)
    query = query.where((eb) =>
      eb.or([
        eb('stores.machine', '>', start.machine),
        eb.and([eb('stores.machine', '=', start.machine), eb('stores.path', '>', start.path)]),
      ]),
    );
  const rows = await query
    .orderBy('stores.machine')
    .orderBy('stores.path')
    .limit(limit + 1)
    .execute();
  const ids = rows.slice(0, limit).map(({ id }) => id);
  const items = await readStores(db, ids);
  const next = rows.length > limit ? (ids.at(-1) ?? null) : null;
  return { items, total: Number(total), next };
}

/** One store. Throws `not_found`. */
export async function findStore(db: StateReader, id: string): Promise<Store> {
  const [store] = await readStores(db, [id]);
  if (store === undefined) throw new ServerError('not_found', `there is no store ${id}`);
  return store;
}

/** A store as records hold it. */
export function storeModel(store: Store): JsonObject {
  const { id, displayName, container, clientMachine, path, type, approved } = store;
  const { createIfMissing, properties, inventorySchedule, passwordSet } = store;
  const model = {
    id,
    displayName,
    container,
    clientMachine,
    path,
    type,
    approved,
    createIfMissing,
    properties,
    inventorySchedule,
    passwordSet,
  };
  return JSON.parse(JSON.stringify(model)) as JsonObject;
}

/** What a store is by its place, for records. */
export function placeOfStore({ id, clientMachine, path }: Store) {
  return { id, machine: clientMachine, path };
}

function matching(db: StateReader, { approved, container, clientMachine }: StoreFilter) {
  let query = db.selectFrom('stores');
  if (approved !== undefined) query = query.where('approved', '=', approved ? 1 : 0);
  if (container !== undefined) query = query.where('container', '=', container);
  if (clientMachine !== undefined) query = query.where('machine', '=', clientMachine);
  return query;
}

async function placeOf(db: StateReader, after: string) {
  const row = await db
    .selectFrom('stores')
    .select(['machine', 'path'])
    .where('id', '=', after)
    .executeTakeFirst();
  if (row === undefined)
    throw new ServerError('cursor_invalid', 'after: expected the "next" of an earlier answer');
  return row;
}

async function readStores(db: StateReader, ids: readonly string[]): Promise<Store[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('stores')
    .innerJoin('store_types', 'store_types.name', 'stores.type')
    .leftJoin('store_containers', 'store_containers.id', 'stores.container')
    .selectAll('stores')
    .select(['store_types.kind', 'store_containers.name as container_name'])
    .where('stores.id', 'in', ids)
    .execute();
  const counts = await db
    .selectFrom('store_inventory')
    .select('store')
    .select((eb) => eb.fn.countAll<number | string>().as('certificates'))
    .where('store', 'in', ids)
    .groupBy('store')
    .execute();
  const countOf = new Map(counts.map(({ store, certificates }) => [store, Number(certificates)]));
  const stores = rows.map((row): Store => ({
    id: row.id,
    displayName: row.display_name,
    container:
      row.container === null ? null : { id: row.container, name: row.container_name ?? '' },
    clientMachine: row.machine,
    path: row.path,
    type: row.type,
    kind: row.kind,
    approved: row.approved === 1,
    createIfMissing: row.create_if_missing === 1,
    properties: JSON.parse(row.properties) as StoreProperties,
    inventorySchedule: parseSchedule(row.inventory_schedule),
    passwordSet: row.store_password !== null,
    certificates: countOf.get(row.id) ?? 0,
    lastInventoryAt: row.inventoried_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
  const byId = new Map(stores.map((store) => [store.id, store]));
  return ids.map((id) => byId.get(id)).filter((store) => store !== undefined);
}
