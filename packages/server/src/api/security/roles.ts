import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { changeSecurity } from '../../security/change.ts';
import { parsePermissions } from '../../authorization/permission-names.ts';
import { permissionsOf } from '../../security/rights.ts';
import { findRole, listRoles, type Role as RoleView } from '../../security/role-view.ts';
import { createRole, deleteRole, updateRole } from '../../security/roles.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, pathName, Role, RoleName, text } from './schemas.ts';

const READ = needs('certServer.usrgrp.administration', 'read');
const MODIFY = needs('certServer.usrgrp.administration', 'modify');
const BASE = '/api/v1/security/roles';
const tags = ['Security'];
const params = z.object({ name: pathName('name', 'RA Operators') });

const Description = text(1_024);
const Groups = z.array(RoleName).max(20);
const Permissions = z
  .array(z.string().min(1).max(300))
  .max(500)
  .openapi({
    description: "Rights: `resource:operation`, or by one of Keyfactor's names.",
    example: ['certServer.usrgrp.administration:read', '/auditing/read/'],
  });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listRoles',
  summary: 'Roles, with who holds them and what they may',
  tags,
  responses: {
    200: answers('By name.', z.object({ roles: z.array(Role) }).openapi('SecurityRoles')),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createRole',
  summary: 'Create a role',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          name: RoleName,
          description: Description,
          exclusive: z.boolean().optional(),
          groups: Groups.optional(),
          permissions: Permissions,
        })
        .openapi('NewSecurityRole'),
    ),
  },
  responses: { 201: answers('Created.', Role), ...refusals(401, 403, 409, 415, 422, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{name}`,
  operationId: 'readRole',
  summary: 'One role',
  tags,
  request: { params },
  responses: { 200: answers('The role.', Role), ...refusals(401, 403, 404, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{name}`,
  operationId: 'updateRole',
  summary: 'Change a role, grant or withdraw rights',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          name: RoleName.optional(),
          description: Description.optional(),
          exclusive: z.boolean().optional(),
          groups: Groups.optional(),
          permissions: Permissions.optional(),
        })
        .openapi('SecurityRoleChange'),
    ),
  },
  responses: {
    200: answers('The role as it is now.', Role),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{name}`,
  operationId: 'deleteRole',
  summary: 'Delete a role; its members do not hold it any more',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

/** Roles and what they may. */
export function roleRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const roles = await listRoles(db);
    return c.json({ roles: roles.map((role) => shown(platform, role)) }, 200);
  });

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { exclusive = false, groups = [], ...wanted } = c.req.valid('json');
    const permissions = parsePermissions(wanted.permissions);
    const role = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await createRole(tx, { ...wanted, exclusive, groups, permissions }),
    );
    return c.json(shown(platform, role), 201);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) => {
    const { name } = c.req.valid('param');
    return c.json(shown(platform, await findRole(db, name)), 200);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const { permissions: listed, ...change } = c.req.valid('json');
    const permissions = listed === undefined ? undefined : parsePermissions(listed);
    const role = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await updateRole(tx, name, { ...change, permissions }),
    );
    return c.json(shown(platform, role), 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    await changeSecurity(platform, callerOf(c), async (tx) => await deleteRole(tx, name));
    return c.body(null, 204);
  });
}

/** A role with everything it may, whether the role itself grants it or an access rule does. */
function shown(platform: Platform, role: RoleView): z.infer<typeof Role> {
  return { ...role, permissions: permissionsOf(platform, role) };
}
