import type { JsonObject } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { storeChange } from './records.ts';

/** Stores that belong together. */
export interface Container {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly stores: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a container is called. */
export interface ContainerNames {
  readonly name: string;
  readonly description: string;
}

/** All containers by name. */
export async function listContainers(db: StateReader): Promise<Container[]> {
  const rows = await db.selectFrom('store_containers').selectAll().orderBy('name').execute();
  const counts = await db
    .selectFrom('stores')
    .select('container')
    .select((eb) => eb.fn.countAll<number | string>().as('stores'))
    .groupBy('container')
    .execute();
  const countOf = new Map(counts.map(({ container, stores }) => [container, Number(stores)]));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    stores: countOf.get(row.id) ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** One container. Throws `not_found`. */
export async function findContainer(db: StateReader, id: number): Promise<Container> {
  const found = (await listContainers(db)).find((container) => container.id === id);
  if (found === undefined) throw new ServerError('not_found', `there is no container ${id}`);
  return found;
}

/** Creates a container. Throws `already_exists`. */
export async function createContainer(
  tx: ChangeTransaction,
  names: ContainerNames,
): Promise<Container> {
  await assertFree(tx.db, names.name, null);
  const now = tx.now.toISOString();
  const { id } = await tx.db
    .insertInto('store_containers')
    .values({ ...names, created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  const container = await findContainer(tx.db, id);
  const target = containerRef(container);
  const after = containerModel(container);
  tx.record(storeChange({ area: 'container', operation: 'Created', target, after }, tx.caller));
  return container;
}

/** Renames or describes a container anew. Throws `not_found`, `already_exists`. */
export async function updateContainer(
  tx: ChangeTransaction,
  id: number,
  change: { readonly [K in keyof ContainerNames]?: string | undefined },
): Promise<Container> {
  const old = await findContainer(tx.db, id);
  const { name = old.name, description = old.description } = change;
  if (name === old.name && description === old.description) return old;
  await assertFree(tx.db, name, id);
  await tx.db
    .updateTable('store_containers')
    .set({ name, description, updated_at: tx.now.toISOString() })
    .where('id', '=', id)
    .execute();
  const container = await findContainer(tx.db, id);
  const models = { before: containerModel(old), after: containerModel(container) };
  const target = containerRef(container);
  tx.record(storeChange({ area: 'container', operation: 'Updated', target, ...models }, tx.caller));
  return container;
}

/** Deletes a container without stores. Throws `not_found`, `in_use`. */
export async function deleteContainer(tx: ChangeTransaction, id: number): Promise<void> {
  const container = await findContainer(tx.db, id);
  if (container.stores > 0)
    throw new ServerError('in_use', `${container.name} holds ${container.stores} stores`);
  await tx.db.deleteFrom('store_containers').where('id', '=', id).execute();
  const target = containerRef(container);
  const before = containerModel(container);
  tx.record(storeChange({ area: 'container', operation: 'Deleted', target, before }, tx.caller));
}

function containerRef({ id, name }: Container) {
  return { type: 'store container', id: String(id), name };
}

function containerModel({ id, name, description }: Container): JsonObject {
  return { id, name, description };
}

async function assertFree(db: StateReader, name: string, except: number | null): Promise<void> {
  const taken = (await listContainers(db)).some(
    (other) => other.id !== except && other.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken)
    throw new ServerError('already_exists', `name: "${name}" is a container already`, {
      members: { field: 'name' },
    });
}
