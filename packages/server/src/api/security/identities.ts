import { createRoute, z } from '@hono/zod-openapi';
import { checkNewPassword } from '../../accounts/password-rules.ts';
import { generatePassword, hashPassword } from '../../accounts/passwords.ts';
import { needs } from '../../authorization/rule.ts';
import { faultyField } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import { changeSecurity } from '../../security/change.ts';
import { resetPassword, unlock } from '../../security/credentials.ts';
import { createIdentity, deleteIdentity, updateIdentity } from '../../security/identities.ts';
import { findIdentity, listIdentities } from '../../security/identity-view.ts';
import { setRoles } from '../../security/role-assignments.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, Email, Identity, json, line, pathName, RoleNames } from './schemas.ts';

const READ = needs('certServer.usrgrp.administration', 'read');
const MODIFY = needs('certServer.usrgrp.administration', 'modify');
const BASE = '/api/v1/security/identities';
const tags = ['Security'];
const params = z.object({ username: pathName('username', 'jdoe') });
const Username = z.string().min(1).max(256).openapi({ example: 'jdoe' });
/** A page, unless another size is asked for. */
const PAGE = 50;

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listIdentities',
  summary: 'Users, by user name',
  tags,
  request: {
    query: z.object({
      search: z.string().max(256).optional().openapi({
        description: 'A part of user name, name, e-mail address or alias, whatever the case.',
      }),
      after: z
        .string()
        .max(1_024)
        .optional()
        .openapi({ description: '`next` of the page before.' }),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
  },
  responses: {
    200: answers(
      'A page.',
      z
        .object({
          identities: z.array(Identity),
          total: z.int().openapi({ description: 'All that the search finds.' }),
          next: z.string().nullable(),
        })
        .openapi('Identities'),
    ),
    ...refusals(400, 401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createIdentity',
  summary: 'Create a local account',
  description: 'Without a password one is made up and told once.',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          username: Username,
          name: line(128),
          email: Email.nullable().optional(),
          alias: Username.nullable().optional(),
          roles: RoleNames,
          password: z.string().min(1).max(1_024).optional().openapi({ format: 'password' }),
        })
        .openapi('NewIdentity'),
    ),
  },
  responses: {
    201: answers(
      'Created.',
      z
        .object({
          identity: Identity,
          password: z.string().nullable().openapi({
            description: 'The password that was made up, shown once; null when one was given.',
          }),
        })
        .openapi('CreatedIdentity'),
    ),
    ...refusals(401, 403, 409, 415, 422, 503),
  },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{username}`,
  operationId: 'readIdentity',
  summary: 'One user',
  tags,
  request: { params },
  responses: { 200: answers('The user.', Identity), ...refusals(401, 403, 404, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{username}`,
  operationId: 'updateIdentity',
  summary: 'Change, disable or enable a user',
  description: 'Disabling ends the sessions of the user.',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          name: line(128).optional(),
          email: Email.nullable().optional(),
          alias: Username.nullable().optional(),
          disabled: z.boolean().optional(),
        })
        .openapi('IdentityChange'),
    ),
  },
  responses: {
    200: answers('The user as he is now.', Identity),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{username}`,
  operationId: 'deleteIdentity',
  summary: 'Delete a user with credentials and sessions',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

const rolesRoute = createRoute({
  method: 'put',
  path: `${BASE}/{username}/roles`,
  operationId: 'setRolesOfIdentity',
  summary: 'Give a user exactly these roles',
  description: 'Recorded as a change of each role that gains or loses the user.',
  tags,
  request: {
    params,
    body: json(z.strictObject({ roles: RoleNames }).openapi('RolesOfIdentity')),
  },
  responses: {
    200: answers('The user as he is now.', Identity),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const unlockRoute = createRoute({
  method: 'post',
  path: `${BASE}/{username}/unlock`,
  operationId: 'unlockIdentity',
  summary: 'End the lock after too many wrong passwords',
  tags,
  request: { params },
  responses: { 204: { description: 'Not locked any more.' }, ...refusals(401, 403, 404, 503) },
});

const passwordRoute = createRoute({
  method: 'post',
  path: `${BASE}/{username}/password`,
  operationId: 'resetPassword',
  summary: 'Make up a new password for a user',
  description: 'Ends all sessions of the user.',
  tags,
  request: { params },
  responses: {
    200: answers(
      'The password, shown once.',
      z.object({ password: z.string() }).openapi('MadeUpPassword'),
    ),
    ...refusals(401, 403, 404, 409, 422, 503),
  },
});

/** Users: local accounts, and those for whom identity providers vouch. */
export function identityRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const { search = '', after = '', limit = PAGE } = c.req.valid('query');
    return c.json(await listIdentities(db, { search, after, limit, now: platform.clock() }), 200);
  });

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { password: chosen, email = null, alias = null, ...wanted } = c.req.valid('json');
    const broken = chosen === undefined ? null : checkNewPassword(chosen);
    if (broken !== null) throw faultyField('password', broken.expected, broken.got);
    const password = chosen ?? generatePassword();
    const passwordHash = await hashPassword(password);
    const passwordGenerated = chosen === undefined;
    const identity = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) =>
        await createIdentity(tx, { ...wanted, email, alias, passwordHash, passwordGenerated }),
    );
    return c.json({ identity, password: passwordGenerated ? password : null }, 201);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) => {
    const { username } = c.req.valid('param');
    return c.json((await findIdentity(db, username, platform.clock())).identity, 200);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { username } = c.req.valid('param');
    const change = c.req.valid('json');
    const identity = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await updateIdentity(tx, username, change),
    );
    return c.json(identity, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { username } = c.req.valid('param');
    await changeSecurity(platform, callerOf(c), async (tx) => await deleteIdentity(tx, username));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, rolesRoute, MODIFY), async (c) => {
    const { username } = c.req.valid('param');
    const { roles } = c.req.valid('json');
    const identity = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await setRoles(tx, username, roles),
    );
    return c.json(identity, 200);
  });

  app.openapi(ruled(routes, unlockRoute, MODIFY), async (c) => {
    const { username } = c.req.valid('param');
    await changeSecurity(platform, callerOf(c), async (tx) => await unlock(tx, username));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, passwordRoute, MODIFY), async (c) => {
    const { username } = c.req.valid('param');
    const password = generatePassword();
    const hash = await hashPassword(password);
    await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await resetPassword(tx, username, hash),
    );
    return c.json({ password }, 200);
  });
}
