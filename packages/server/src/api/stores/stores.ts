import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { ruled } from '../../http/declare.ts';
import { listInventory } from '../../stores/inventory.ts';
import { listServers } from '../../stores/servers.ts';
import {
  approveStores,
  createStore,
  deleteStore,
  setStorePassword,
  updateStore,
} from '../../stores/stores.ts';
import { findStore, listStores, type Store as StoreView } from '../../stores/store-view.ts';
import type { StateReader } from '../../database/schema.ts';
import type { Api } from '../api.ts';
import { Schedule } from '../schedule.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, line } from '../security/schemas.ts';
import { MODIFY, READ, tags } from './rules.ts';
import { InventoryEntry, Machine, Paging, Properties, Store, StoreId } from './schemas.ts';

const BASE = '/api/v1/stores';
const params = z.object({ id: StoreId.openapi({ param: { name: 'id', in: 'path' } }) });
const ContainerId = z.int().min(1).nullable();
const DisplayName = line(200);
const Password = z.string().min(1).max(1_024);

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listStores',
  summary: 'Certificate stores, by machine and path',
  tags,
  request: {
    query: z.object({
      approved: z.enum(['true', 'false']).optional(),
      container: z.coerce.number().int().min(1).optional(),
      clientMachine: z.string().max(253).optional(),
      ...Paging,
    }),
  },
  responses: {
    200: answers(
      'A page of them.',
      z
        .object({ stores: z.array(Store), total: z.int(), next: z.string().nullable() })
        .openapi('Stores'),
    ),
    ...refusals(400, 401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createStore',
  summary: 'Set up a store',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          displayName: DisplayName.nullable().default(null),
          container: ContainerId.default(null),
          clientMachine: Machine,
          path: z.string().min(1).max(1_024),
          type: z.string().min(1).max(64),
          createIfMissing: z.boolean().default(false),
          properties: Properties.default({}),
          password: Password.nullable().default(null),
          inventorySchedule: Schedule.nullable().default(null),
        })
        .openapi('NewStore'),
    ),
  },
  responses: { 201: answers('Set up.', Store), ...refusals(401, 403, 409, 415, 422, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}`,
  operationId: 'readStore',
  summary: 'One store',
  tags,
  request: { params },
  responses: { 200: answers('The store.', Store), ...refusals(400, 401, 403, 404, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateStore',
  summary: 'Change a store; where it is stays',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          displayName: DisplayName,
          container: ContainerId,
          createIfMissing: z.boolean(),
          properties: Properties,
        })
        .partial()
        .openapi('StoreChange'),
    ),
  },
  responses: {
    200: answers('As it is now.', Store),
    ...refusals(400, 401, 403, 404, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteStore',
  summary: 'Forget a store; its files stay',
  tags,
  request: { params },
  responses: { 204: { description: 'Forgotten.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

const approveRoute = createRoute({
  method: 'post',
  path: `${BASE}/approve`,
  operationId: 'approveStores',
  summary: 'Take discovered stores under management',
  tags,
  request: {
    body: json(
      z.strictObject({ ids: z.array(StoreId).min(1).max(500) }).openapi('StoresToApprove'),
    ),
  },
  responses: {
    200: answers('Approved.', z.object({ stores: z.array(Store) }).openapi('ApprovedStores')),
    ...refusals(401, 403, 404, 415, 422, 503),
  },
});

const passwordRoute = createRoute({
  method: 'put',
  path: `${BASE}/{id}/password`,
  operationId: 'setStorePassword',
  summary: "Set the password of the store's file; the file is not changed",
  tags,
  request: {
    params,
    body: json(z.strictObject({ password: Password.nullable() }).openapi('StorePassword')),
  },
  responses: {
    200: answers('As it is now.', Store),
    ...refusals(400, 401, 403, 404, 415, 422, 503),
  },
});

const inventoryRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}/inventory`,
  operationId: 'readStoreInventory',
  summary: 'What was in a store when somebody looked last',
  tags,
  request: { params },
  responses: {
    200: answers(
      "In the store's order.",
      z
        .object({ lastInventoryAt: z.string().nullable(), entries: z.array(InventoryEntry) })
        .openapi('StoreInventory'),
    ),
    ...refusals(400, 401, 403, 404, 503),
  },
});

/** Stores of certificates. */
export function storeRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const { approved, container, clientMachine, after, limit } = c.req.valid('query');
    const filter = {
      container,
      clientMachine,
      approved: approved === undefined ? undefined : approved === 'true',
    };
    const { items, total, next } = await listStores(db, filter, { after, limit });
    return c.json({ stores: await shown(db, items), total, next }, 200);
  });

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const wanted = c.req.valid('json');
    const made = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createStore(tx, wanted),
    );
    platform.storeJobs.kick();
    return c.json(await one(db, made), 201);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await one(db, await findStore(db, id)), 200);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    const change = c.req.valid('json');
    const changed = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await updateStore(tx, id, change),
    );
    return c.json(await one(db, changed), 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteStore(tx, id));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, approveRoute, MODIFY), async (c) => {
    const { ids } = c.req.valid('json');
    const stores = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await approveStores(tx, ids),
    );
    return c.json({ stores: await shown(db, stores) }, 200);
  });

  app.openapi(ruled(routes, passwordRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    const { password } = c.req.valid('json');
    const changed = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await setStorePassword(tx, id, password),
    );
    return c.json(await one(db, changed), 200);
  });

  app.openapi(ruled(routes, inventoryRoute, READ), async (c) => {
    const { lastInventoryAt, id } = await findStore(db, c.req.valid('param').id);
    return c.json({ lastInventoryAt, entries: await listInventory(db, id) }, 200);
  });
}

/** Stores with how their machines are reached. */
async function shown(
  db: StateReader,
  stores: readonly StoreView[],
): Promise<z.infer<typeof Store>[]> {
  const servers = new Map((await listServers(db)).map((server) => [server.clientMachine, server]));
  return stores.map((store) => ({
    ...store,
    credentials: servers.get(store.clientMachine) ?? null,
  }));
}

/** The same of one. */
export async function one(db: StateReader, store: StoreView): Promise<z.infer<typeof Store>> {
  const servers = await listServers(db);
  const credentials = servers.find((server) => server.clientMachine === store.clientMachine);
  return { ...store, credentials: credentials ?? null };
}
