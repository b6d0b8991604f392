import { createRoute, z } from '@hono/zod-openapi';
import { namesOf } from '../../authorization/permission-names.ts';
import { RESOURCES } from '../../authorization/resources.ts';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers } from './schemas.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/security/permissions',
  operationId: 'listPermissions',
  summary: 'Everything that can be granted',
  tags: ['Security'],
  responses: {
    200: answers(
      'By area.',
      z
        .object({
          permissions: z.array(
            z.object({
              resource: z.string(),
              description: z.string(),
              area: z.string(),
              reserved: z
                .boolean()
                .openapi({ description: 'Only exclusive roles may be granted it.' }),
              operations: z.array(
                z.object({
                  operation: z.string(),
                  names: z
                    .array(z.string())
                    .openapi({ description: "Keyfactor's names of the right." }),
                }),
              ),
            }),
          ),
        })
        .openapi('Permissions'),
    ),
    ...refusals(401, 403, 503),
  },
});

/** The catalogue of rights, for choosing from. */
export function permissionRoutes({ app, routes }: Api): void {
  const permissions = RESOURCES.map(({ resource, description, area, reserved, operations }) => ({
    resource,
    description,
    area,
    reserved,
    operations: operations.map((operation) => ({
      operation,
      names: namesOf({ resource, operation }),
    })),
  }));
  app.openapi(ruled(routes, listRoute, needs('certServer.usrgrp.administration', 'read')), (c) =>
    c.json({ permissions }, 200),
  );
}
