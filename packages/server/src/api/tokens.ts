import { createRoute, z } from '@hono/zod-openapi';
import {
  deleteToken,
  findTokenById,
  insertToken,
  listTokens,
  type ApiToken,
} from '../accounts/tokens.ts';
import type { Session } from '../accounts/sessions.ts';
import { needs, needsFor } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { formatRight, parsePermissions } from '../authorization/permission-names.ts';
import { ruled } from '../http/declare.ts';
import { tokenChanged } from '../recording/account-events.ts';
import { isRecordable, RECORDABLE_EXPECTED } from '../security/names.ts';
import { signedIn, type Api } from './api.ts';
import { refusals } from './schemas.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z
      .array(z.string())
      .nullable()
      .openapi({ description: 'Rights, `resource:operation`; null: everything its owner may.' }),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().nullable().openapi({ description: 'Exact to a quarter of an hour.' }),
  })
  .openapi('ApiToken');

const NewToken = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/)
      .refine(isRecordable, RECORDABLE_EXPECTED),
    days: z.int().min(1).max(MAX_DAYS),
    scopes: z.array(z.string().max(300)).min(1).max(100).optional(),
  })
  .openapi('NewApiToken');

const CreatedToken = z
  .object({
    token: Token,
    secret: z.string().openapi({ description: 'Shown once; only its hash is kept.' }),
  })
  .openapi('CreatedApiToken');

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/account/tokens',
  operationId: 'listTokens',
  summary: 'The API tokens of the user who asks',
  tags: ['Account'],
  responses: {
    200: {
      description: 'By name.',
      content: { 'application/json': { schema: z.object({ tokens: z.array(Token) }) } },
    },
    ...refusals(401, 403, 503),
  },
});

const createTokenRoute = createRoute({
  method: 'post',
  path: '/api/v1/account/tokens',
  operationId: 'createToken',
  summary: 'Make an API token',
  description:
    'A program sends it as `Authorization: Bearer`. It can do what its owner may do at the moment of use, or less ' +
    'when it has scopes. A token cannot make tokens.',
  tags: ['Account'],
  request: { body: { content: { 'application/json': { schema: NewToken } }, required: true } },
  responses: {
    201: { description: 'Made.', content: { 'application/json': { schema: CreatedToken } } },
    ...refusals(400, 401, 403, 409, 415, 422, 429, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/account/tokens/{id}',
  operationId: 'deleteToken',
  summary: 'Revoke an API token',
  tags: ['Account'],
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    204: { description: 'It opens nothing any more.' },
    ...refusals(401, 403, 404, 503),
  },
});

/** `/api/v1/account/tokens`: a user's own API tokens. */
export function tokenRoutes({ app, routes, platform }: Api): void {
  const { recorder, state, clock } = platform;

  app.openapi(ruled(routes, listRoute, needs('certServer.ca.account', 'modify')), async (c) => {
    const tokens = await listTokens(state.db, signedIn(c).user.id);
    return c.json({ tokens: tokens.map(show) }, 200);
  });

  const byOwner = needsFor('certServer.ca.account', 'modify');
  app.openapi(ruled(routes, createTokenRoute, byOwner), async (c) => {
    const session = signedIn(c);
    const { name, days, scopes } = c.req.valid('json');
    await c.get('grant')?.({ type: 'api token', id: name }, mayMakeTokens(session));
    const now = clock();
    const wanted = scopes === undefined ? null : parsePermissions(scopes, 'scopes');
    const { result } = await recorder.audited(async (tx) => {
      const made = await insertToken(tx.db, {
        userId: session.user.id,
        name,
        scopes: wanted,
        now,
        expiresAt: new Date(now.getTime() + days * DAY_MS),
      });
      tx.record(tokenChanged('Created', session, made.token, c.get('facts')));
      return made;
    });
    return c.json({ token: show(result.token), secret: result.secret }, 201);
  });

  app.openapi(ruled(routes, deleteRoute, byOwner), async (c) => {
    const session = signedIn(c);
    const { id } = c.req.valid('param');
    const token = await findTokenById(state.db, id);
    // Somebody else's token and none at all look the same to who asks, not to who reads the log.
    if (token === null) throw new ServerError('not_found', `you have no token "${id}"`);
    const own = token.userId === session.user.id;
    await c.get('grant')?.({ type: 'api token', id, name: token.name }, own);
    await recorder.audited(async (tx) => {
      await deleteToken(tx.db, id);
      tx.record(tokenChanged('Deleted', session, token, c.get('facts')));
    });
    return c.body(null, 204);
  });
}

/** Whoever holds a token for a while must not be able to make himself one for longer. */
function mayMakeTokens({ method }: Session): boolean {
  return method !== 'token' && method !== 'secret';
}

function show(token: ApiToken): z.infer<typeof Token> {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes?.map(formatRight) ?? null,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  };
}
