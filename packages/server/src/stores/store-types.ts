import type { JsonObject } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import type { EntryPassword, StoreKind } from '../database/store-schema.ts';
import { ServerError } from '../errors.ts';
import { storeChange } from './records.ts';

/** A type of stores: a kind the product can read and write, and what stores of it are like unless they say otherwise. */
export interface StoreType extends StoreTypeValues {
  readonly kind: StoreKind;
  readonly builtIn: boolean;
  readonly stores: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What can be changed of a type. */
export interface StoreTypeValues {
  readonly name: string;
  readonly description: string;
  /** Which files of a folder belong to a store, and which a discovery finds: `*.pem,*.crt`. */
  readonly filePattern: string;
  /** Private keys are in files of their own. */
  readonly separateKeys: boolean;
  /** Whether private keys in PEM are encrypted by a password given with each of them. */
  readonly entryPassword: EntryPassword;
}

/** All types, those of the product first. */
export async function listStoreTypes(db: StateReader): Promise<StoreType[]> {
  const rows = await db
    .selectFrom('store_types')
    .selectAll()
    .orderBy('built_in', 'desc')
    .orderBy('name')
    .execute();
  const counts = await db
    .selectFrom('stores')
    .select('type')
    .select((eb) => eb.fn.countAll<number | string>().as('stores'))
    .groupBy('type')
    .execute();
  const countOf = new Map(counts.map(({ type, stores }) => [type, Number(stores)]));
  return rows.map((row) => ({
    name: row.name,
    kind: row.kind,
    description: row.description,
    filePattern: row.file_pattern,
    separateKeys: row.separate_keys === 1,
    entryPassword: row.entry_password,
    builtIn: row.built_in === 1,
    stores: countOf.get(row.name) ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** One type. Throws `not_found`. */
export async function findStoreType(db: StateReader, name: string): Promise<StoreType> {
  const found = (await listStoreTypes(db)).find((type) => type.name === name);
  if (found === undefined)
    throw new ServerError('not_found', `there is no store type "${name.slice(0, 100)}"`);
  return found;
}

/** Makes a type of a built-in kind. Throws `already_exists`. */
export async function createStoreType(
  tx: ChangeTransaction,
  wanted: StoreTypeValues & { readonly kind: StoreKind },
): Promise<StoreType> {
  await assertFree(tx.db, wanted.name, null);
  const now = tx.now.toISOString();
  await tx.db
    .insertInto('store_types')
    .values({
      ...columns(wanted),
      kind: wanted.kind,
      built_in: 0,
      created_at: now,
      updated_at: now,
    })
    .execute();
  const type = await findStoreType(tx.db, wanted.name);
  const target = typeRef(type.name);
  const after = typeModel(type);
  tx.record(storeChange({ area: 'type', operation: 'Created', target, after }, tx.caller));
  return type;
}

/** Changes a type that was made here. Throws `not_found`, `built_in`, `already_exists`. */
export async function updateStoreType(
  tx: ChangeTransaction,
  name: string,
  change: { readonly [K in keyof StoreTypeValues]?: StoreTypeValues[K] | undefined },
): Promise<StoreType> {
  const old = await findStoreType(tx.db, name);
  assertNotBuiltIn(old);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted = { ...old, ...(Object.fromEntries(given) as Partial<StoreTypeValues>) };
  if (JSON.stringify(columns(wanted)) === JSON.stringify(columns(old))) return old;
  await assertFree(tx.db, wanted.name, name);
  await tx.db
    .updateTable('store_types')
    .set({ ...columns(wanted), updated_at: tx.now.toISOString() })
    .where('name', '=', name)
    .execute();
  const type = await findStoreType(tx.db, wanted.name);
  const target = typeRef(type.name);
  const models = { before: typeModel(old), after: typeModel(type) };
  tx.record(storeChange({ area: 'type', operation: 'Updated', target, ...models }, tx.caller));
  return type;
}

/** Deletes a type that was made here and has no stores. Throws `not_found`, `built_in`, `in_use`. */
export async function deleteStoreType(tx: ChangeTransaction, name: string): Promise<void> {
  const type = await findStoreType(tx.db, name);
  assertNotBuiltIn(type);
  if (type.stores > 0) throw new ServerError('in_use', `${type.stores} stores are "${name}"`);
  await tx.db.deleteFrom('store_types').where('name', '=', name).execute();
  const target = typeRef(name);
  const before = typeModel(type);
  tx.record(storeChange({ area: 'type', operation: 'Deleted', target, before }, tx.caller));
}

function columns(type: StoreTypeValues) {
  return {
    name: type.name,
    description: type.description,
    file_pattern: type.filePattern,
    separate_keys: type.separateKeys ? 1 : 0,
    entry_password: type.entryPassword,
  };
}

function typeRef(name: string) {
  return { type: 'store type', id: name, name };
}

function typeModel(type: StoreType): JsonObject {
  const { name, kind, description, filePattern, separateKeys, entryPassword } = type;
  // Not by its own name, which would be taken for one that holds a password.
  return { name, kind, description, filePattern, separateKeys, keyEncryption: entryPassword };
}

function assertNotBuiltIn({ name, builtIn }: StoreType): void {
  if (builtIn)
    throw new ServerError('built_in', `${name} belongs to the product and stays as it is`);
}

async function assertFree(db: StateReader, name: string, except: string | null): Promise<void> {
  const taken = (await listStoreTypes(db)).some(
    (other) => other.name !== except && other.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken)
    throw new ServerError('already_exists', `name: "${name}" is a store type already`, {
      members: { field: 'name' },
    });
}
