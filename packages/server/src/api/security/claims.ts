import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { changeSecurity } from '../../security/change.ts';
import { CLAIM_TYPES, createClaim, deleteClaim, updateClaim } from '../../security/claims.ts';
import { listClaims } from '../../security/role-view.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, Claim, json, line, pathName, text } from './schemas.ts';

const READ = needs('certServer.usrgrp.administration', 'read');
const MODIFY = needs('certServer.usrgrp.administration', 'modify');
const BASE = '/api/v1/security/claims';
const tags = ['Security'];
const params = z.object({ id: pathName('id', '0197a9c0-5b7e-4f5e-9a43-2f6f2a1f9a11') });

const Type = z.enum(CLAIM_TYPES).openapi({ description: "Keyfactor's claim types." });
const Provider = line(128).openapi({ description: "The identity provider's name." });
const Value = line(512);
const Description = text(512);

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listClaims',
  summary: 'Which claims of identity providers lead to which roles',
  tags,
  responses: {
    200: answers('By role.', z.object({ claims: z.array(Claim) }).openapi('Claims')),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createClaim',
  summary: 'Let a claim lead to a role',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          role: z.string().min(1).max(64),
          provider: Provider,
          type: Type,
          value: Value,
          description: Description.optional(),
        })
        .openapi('NewClaim'),
    ),
  },
  responses: { 201: answers('Created.', Claim), ...refusals(401, 403, 404, 409, 415, 422, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateClaim',
  summary: 'Change a claim',
  description: 'Sessions that hold the role by a claim end.',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          provider: Provider.optional(),
          type: Type.optional(),
          value: Value.optional(),
          description: Description.optional(),
        })
        .openapi('ClaimChange'),
    ),
  },
  responses: {
    200: answers('The claim as it is now.', Claim),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteClaim',
  summary: 'Delete a claim',
  description: 'Sessions that hold the role by a claim end.',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

/** Claims: who holds a role because an identity provider says so. */
export function claimRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ claims: await listClaims(platform.state.db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { description = '', ...wanted } = c.req.valid('json');
    const claim = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await createClaim(tx, { ...wanted, description }),
    );
    return c.json(claim, 201);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    const change = c.req.valid('json');
    const claim = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await updateClaim(tx, id, change),
    );
    return c.json(claim, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    await changeSecurity(platform, callerOf(c), async (tx) => await deleteClaim(tx, id));
    return c.body(null, 204);
  });
}
