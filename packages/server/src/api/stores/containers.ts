import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { ruled } from '../../http/declare.ts';
import {
  createContainer,
  deleteContainer,
  listContainers,
  updateContainer,
} from '../../stores/containers.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { MODIFY, READ, tags } from './rules.ts';
import { Container, Description, Name } from './schemas.ts';

const BASE = '/api/v1/store-containers';
const params = z.object({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .openapi({ param: { name: 'id', in: 'path' }, example: 1 }),
});

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listStoreContainers',
  summary: 'Containers of certificate stores',
  tags,
  responses: {
    200: answers(
      'By name.',
      z.object({ containers: z.array(Container) }).openapi('StoreContainers'),
    ),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createStoreContainer',
  summary: 'Create a container',
  tags,
  request: {
    body: json(
      z
        .strictObject({ name: Name, description: Description.default('') })
        .openapi('NewStoreContainer'),
    ),
  },
  responses: { 201: answers('Created.', Container), ...refusals(401, 403, 409, 415, 422, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateStoreContainer',
  summary: 'Rename a container, or describe it anew',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({ name: Name, description: Description })
        .partial()
        .openapi('StoreContainerChange'),
    ),
  },
  responses: {
    200: answers('As it is now.', Container),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteStoreContainer',
  summary: 'Delete a container that holds no stores',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

/** Containers: stores that belong together. */
export function containerRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ containers: await listContainers(platform.state.db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const names = c.req.valid('json');
    const made = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createContainer(tx, names),
    );
    return c.json(made, 201);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    const change = c.req.valid('json');
    const changed = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await updateContainer(tx, id, change),
    );
    return c.json(changed, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteContainer(tx, id));
    return c.body(null, 204);
  });
}
