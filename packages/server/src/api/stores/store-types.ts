import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { ruled } from '../../http/declare.ts';
import {
  createStoreType,
  deleteStoreType,
  listStoreTypes,
  updateStoreType,
} from '../../stores/store-types.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, pathName } from '../security/schemas.ts';
import { MODIFY, READ, tags } from './rules.ts';
import { NewStoreType, StoreType, StoreTypeChange } from './schemas.ts';

const BASE = '/api/v1/store-types';
const params = z.object({ name: pathName('name', 'PEM file') });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listStoreTypes',
  summary: 'Types of certificate stores, those of the product first',
  tags,
  responses: {
    200: answers('All of them.', z.object({ types: z.array(StoreType) }).openapi('StoreTypes')),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createStoreType',
  summary: 'Create a type: a built-in kind with defaults of its own',
  tags,
  request: { body: json(NewStoreType) },
  responses: { 201: answers('Created.', StoreType), ...refusals(401, 403, 409, 415, 422, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{name}`,
  operationId: 'updateStoreType',
  summary: 'Change a type that was made here',
  tags,
  request: { params, body: json(StoreTypeChange) },
  responses: {
    200: answers('As it is now.', StoreType),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{name}`,
  operationId: 'deleteStoreType',
  summary: 'Delete a type that no store is of',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

/** Types of stores. */
export function storeTypeRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ types: await listStoreTypes(platform.state.db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const wanted = c.req.valid('json');
    const made = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createStoreType(tx, wanted),
    );
    return c.json(made, 201);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const change = c.req.valid('json');
    const changed = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await updateStoreType(tx, name, change),
    );
    return c.json(changed, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteStoreType(tx, name));
    return c.body(null, 204);
  });
}
