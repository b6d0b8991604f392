import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Standing } from '../authorization/admitted.ts';
import { needs, type Rule } from '../authorization/rule.ts';
import { CERTIFICATE_OPERATIONS, standingOf } from '../certificates/access.ts';
import {
  createCollection,
  deleteCollection,
  setPermissions,
  updateCollection,
} from '../collections/change.ts';
import {
  maySee,
  viewCollection,
  viewCollections,
  type CollectionView,
} from '../collections/collection-view.ts';
import { COLLECTIONS, findStoredCollection } from '../collections/collections.ts';
import { collectionRef } from '../collections/records.ts';
import { ruled } from '../http/declare.ts';
import type { AppEnv } from '../http/env.ts';
import { changeSecurity } from '../security/change.ts';
import { signedIn, type Api } from './api.ts';
import { IdParam } from './certificates/schemas.ts';
import { refusals } from './schemas.ts';
import { answers, callerOf, json, line, text } from './security/schemas.ts';

const MODIFY = needs(COLLECTIONS, 'modify');
/** Who may read certificates of a collection sees it, and so does who defines collections. */
const SEE: Rule = {
  kind: 'right',
  right: { resource: COLLECTIONS, operation: 'read' },
  below: true,
  otherwise: { resource: COLLECTIONS, operation: 'modify' },
};
const SEE_ONE: Rule = { ...SEE, byObject: true };
const BASE = '/api/v1/collections';
const tags = ['Collections'];

const Query = z.string().max(4_096).openapi({
  description:
    'The query language over certificates; empty: all of them. `%ME%` is whoever asks, so that everybody finds his own.',
  example: 'Template -eq "Web Server"',
});

const Permission = z.object({ role: z.string(), operations: z.array(z.string()).readonly() });

export const Collection = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    query: z.string(),
    onDashboard: z.boolean(),
    count: z.int().openapi({ description: 'Certificates it holds now.' }),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'Why its query cannot be read any more: then it holds nothing.' }),
    permissions: z.array(Permission).readonly().openapi({
      description:
        'What roles may do with what it holds, beside those who may with every certificate.',
    }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Collection');

const Fields = {
  name: line(100),
  description: text(1_024),
  query: Query,
  onDashboard: z.boolean().openapi({ description: 'Counted on the dashboard.' }),
};

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listCollections',
  summary: 'Collections of certificates you may see, with what they hold now',
  tags,
  responses: {
    200: answers('By name.', z.object({ collections: z.array(Collection) }).openapi('Collections')),
    ...refusals(401, 403, 503),
  },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}`,
  operationId: 'readCollection',
  summary: 'One collection',
  tags,
  request: { params: IdParam },
  responses: { 200: answers('The collection.', Collection), ...refusals(400, 401, 403, 404, 503) },
});

const addRoute = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createCollection',
  summary: 'Create a collection: a saved query',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          name: Fields.name,
          description: Fields.description.default(''),
          query: Fields.query,
          onDashboard: Fields.onDashboard.default(false),
        })
        .openapi('NewCollection'),
    ),
  },
  responses: {
    201: answers('Created.', Collection),
    ...refusals(400, 401, 403, 409, 415, 422, 503),
  },
});

const changeRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateCollection',
  summary: 'Change a collection',
  description:
    'The query says what the rights on the collection reach: nobody changes it who has one of them.',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject(Fields).partial().openapi('CollectionChange')),
  },
  responses: {
    200: answers('The collection as it is now.', Collection),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteCollection',
  summary: 'Delete a collection, and every right on it',
  tags,
  request: { params: IdParam },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

const permissionsRoute = createRoute({
  method: 'put',
  path: `${BASE}/{id}/permissions`,
  operationId: 'setCollectionPermissions',
  summary: 'Say which roles may do what with what a collection holds',
  description:
    'In place of what was granted before. What it holds may change: somebody who may edit metadata or owners by which a collection is defined decides what comes into it, and so what others may do with it.',
  tags,
  request: {
    params: IdParam,
    body: json(
      z
        .strictObject({
          permissions: z
            .array(
              z.strictObject({
                role: z.string().min(1).max(64),
                operations: z.array(z.enum(CERTIFICATE_OPERATIONS)).max(20),
              }),
            )
            .max(200),
        })
        .openapi('CollectionPermissions'),
    ),
  },
  responses: {
    200: answers('The collection as it is now.', Collection),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

/** Collections of certificates, and who may do what with what they hold. */
export function collectionRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;
  const standing = (c: Context<AppEnv>): Standing =>
    standingOf(platform, signedIn(c), c.get('facts').address);

  app.openapi(ruled(routes, listRoute, SEE), async (c) =>
    c.json({ collections: (await viewCollections(standing(c))).map(shown) }, 200),
  );

  app.openapi(ruled(routes, readRoute, SEE_ONE), async (c) => {
    const collection = await findStoredCollection(db, Number(c.req.valid('param').id));
    const mine = standing(c);
    await c.get('grant')?.(collectionRef(collection), maySee(mine, collection.id));
    return c.json(shown(await viewCollection(mine, collection.id)), 200);
  });

  app.openapi(ruled(routes, addRoute, MODIFY), async (c) => {
    const wanted = c.req.valid('json');
    const { id } = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await createCollection(tx, wanted),
    );
    return c.json(shown(await viewCollection(standing(c), id)), 201);
  });

  app.openapi(ruled(routes, changeRoute, MODIFY), async (c) => {
    const id = Number(c.req.valid('param').id);
    const change = c.req.valid('json');
    await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await updateCollection(tx, id, change),
    );
    return c.json(shown(await viewCollection(standing(c), id)), 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const id = Number(c.req.valid('param').id);
    await changeSecurity(platform, callerOf(c), async (tx) => await deleteCollection(tx, id));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, permissionsRoute, MODIFY), async (c) => {
    const id = Number(c.req.valid('param').id);
    const { permissions } = c.req.valid('json');
    await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await setPermissions(tx, id, permissions),
    );
    return c.json(shown(await viewCollection(standing(c), id)), 200);
  });
}

function shown(collection: CollectionView): z.infer<typeof Collection> {
  return collection;
}
