import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import {
  APPLICATION_NAME,
  APPLICATION_NAME_EXPECTED,
  createApplication,
  deleteApplication,
  listApplications,
  makeSecret,
  renewSecret,
  updateApplication,
} from '../../security/applications.ts';
import { changeSecurity } from '../../security/change.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { alsoNeeds } from './also-needs.ts';
import { answers, callerOf, json, pathName, RoleNames, text } from './schemas.ts';

const READ = needs('certServer.security.applications', 'read');
const MODIFY = needs('certServer.security.applications', 'modify');
/** Who holds which role is decided by those who may change that. */
const ASSIGN = { resource: 'certServer.usrgrp.administration', operation: 'modify' } as const;
const BASE = '/api/v1/security/applications';
const tags = ['Security'];
const params = z.object({ name: pathName('name', 'reporting') });

const Application = z
  .object({
    name: z.string(),
    description: z.string(),
    key: z.string().openapi({ description: 'Public; sent as the user name of Basic.' }),
    roles: z.array(z.string()).readonly(),
    disabled: z.boolean(),
    createdAt: z.string(),
    createdBy: z.string(),
  })
  .openapi('ApiApplication');
const Description = text(1_024);
const secret = z.string().openapi({ description: 'Shown once; only its hash is kept.' });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listApplications',
  summary: 'API applications',
  tags,
  responses: {
    200: answers(
      'By name.',
      z.object({ applications: z.array(Application) }).openapi('ApiApplications'),
    ),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createApplication',
  summary: 'Give a program a key and a secret of its own',
  description:
    'The program sends them as `Authorization: Basic base64(key:secret)`. To give it roles takes the right to change users, too.',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          name: z.string().regex(APPLICATION_NAME, APPLICATION_NAME_EXPECTED),
          description: Description.optional(),
          roles: RoleNames,
        })
        .openapi('NewApiApplication'),
    ),
  },
  responses: {
    201: answers(
      'Created.',
      z.object({ application: Application, secret }).openapi('CreatedApiApplication'),
    ),
    ...refusals(401, 403, 409, 415, 422, 503),
  },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{name}`,
  operationId: 'updateApplication',
  summary: 'Change, disable or enable an API application',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          description: Description.optional(),
          disabled: z.boolean().optional(),
          roles: RoleNames.optional(),
        })
        .openapi('ApiApplicationChange'),
    ),
  },
  responses: {
    200: answers('The application as it is now.', Application),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{name}`,
  operationId: 'deleteApplication',
  summary: 'Delete an API application',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

const secretRoute = createRoute({
  method: 'post',
  path: `${BASE}/{name}/secret`,
  operationId: 'renewSecret',
  summary: 'Make up a new secret; the one before opens nothing any more',
  tags,
  request: { params },
  responses: {
    200: answers('The secret.', z.object({ secret }).openapi('ApiApplicationSecret')),
    ...refusals(401, 403, 404, 503),
  },
});

/** API applications: programs with a key and a secret of their own. */
export function applicationRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ applications: await listApplications(platform.state.db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { description = '', ...wanted } = c.req.valid('json');
    if (wanted.roles.length > 0) await alsoNeeds(platform, c, ASSIGN);
    const made = makeSecret();
    const application = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await createApplication(tx, { ...wanted, description, secret: made }),
    );
    return c.json({ application, secret: made }, 201);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const change = c.req.valid('json');
    if (change.roles !== undefined) await alsoNeeds(platform, c, ASSIGN);
    const application = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await updateApplication(tx, name, change),
    );
    return c.json(application, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    await changeSecurity(platform, callerOf(c), async (tx) => await deleteApplication(tx, name));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, secretRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const made = makeSecret();
    await changeSecurity(platform, callerOf(c), async (tx) => await renewSecret(tx, name, made));
    return c.json({ secret: made }, 200);
  });
}
