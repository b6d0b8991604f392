import { createRoute, z } from '@hono/zod-openapi';
import {
  authorityModel,
  findAuthority,
  type Authority as Found,
} from '../../authorities/authority.ts';
import { deleteAuthority, updateAuthority } from '../../authorities/change-authority.ts';
import { currentLists } from '../../authorities/lists.ts';
import { authorityUrls } from '../../authorities/settings.ts';
import { changeFor } from '../../authorization/admitted.ts';
import { needs } from '../../authorization/rule.ts';
import { parseDn } from '../../ca/names.ts';
import { readCertificate } from '../../ca/read-certificate.ts';
import { faultyField } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, pathName } from '../security/schemas.ts';
import { Authority, AuthorityChange, NewAuthority, NewList, RevocationList } from './schemas.ts';

const BASE = '/api/v1/authorities';
const RESOURCE = 'certServer.ca.authorities';
const tags = ['Authorities'];
const params = z.object({ id: pathName('id', '4f1c2b9a70') });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listAuthorities',
  summary: 'Certificate authorities',
  tags,
  responses: {
    200: answers('By name.', z.object({ authorities: z.array(Authority) }).openapi('Authorities')),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createAuthority',
  summary: 'Create a root or an issuing authority',
  tags,
  request: { body: json(NewAuthority) },
  responses: {
    201: answers('Created.', Authority),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}`,
  operationId: 'readAuthority',
  summary: 'One authority, by id or name',
  tags,
  request: { params },
  responses: { 200: answers('The authority.', Authority), ...refusals(401, 403, 404, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateAuthority',
  summary: 'Rename, disable, or change how it publishes',
  tags,
  request: { params, body: json(AuthorityChange) },
  responses: {
    200: answers('The authority as it is now.', Authority),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteAuthority',
  summary: 'Delete an authority that has issued nothing, and its key',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

const crlRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/crl`,
  operationId: 'makeRevocationList',
  summary: 'Make a revocation list now',
  tags,
  request: { params, body: json(NewList) },
  responses: {
    201: answers('Made and published.', RevocationList),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

/** Certificate authorities: made, changed, deleted, shown, their lists made on demand. */
export function authorityRoutes({ app, routes, platform }: Api): void {
  const { authorities } = platform;
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, needs(RESOURCE, 'list')), async (c) => {
    const found = await authorities.list(db);
    return c.json(
      { authorities: await Promise.all(found.map((one) => shown(platform, one))) },
      200,
    );
  });

  app.openapi(ruled(routes, createRoute_, needs(RESOURCE, 'create')), async (c) => {
    const {
      token,
      keyAlgorithm,
      pathLength = null,
      settings = {},
      ...wanted
    } = c.req.valid('json');
    const caller = callerOf(c);
    // What is refused in the end is refused before a key is made.
    parseDn(wanted.subject);
    if (wanted.parent !== null) await authorities.find(db, wanted.parent);
    if (token === undefined && keyAlgorithm === undefined)
      throw faultyField('keyAlgorithm', 'an algorithm where there is no token', 'nothing');
    const algorithm = keyAlgorithm ?? 'P-256';
    const key = await authorities.prepareKey({ keyAlgorithm: algorithm }, token ?? null);
    const order = {
      ...wanted,
      keyAlgorithm: key.signer.algorithm,
      pathLength,
      settings: given(settings),
    };
    const made = await changeFor(
      platform,
      caller,
      async (tx) => await authorities.create(tx, order, key, caller),
    );
    // Its first list and its responder; what fails now comes with the next turn.
    await authorities.turn();
    return c.json(await shown(platform, await findAuthority(db, made.id)), 201);
  });

  app.openapi(ruled(routes, readRoute, needs(RESOURCE, 'read')), async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await shown(platform, await authorities.find(db, id)), 200);
  });

  app.openapi(ruled(routes, updateRoute, needs(RESOURCE, 'modify')), async (c) => {
    const { id } = c.req.valid('param');
    const change = c.req.valid('json');
    const caller = callerOf(c);
    const changed = await changeFor(
      platform,
      caller,
      async (tx) => await updateAuthority(tx, id, change, caller),
    );
    return c.json(await shown(platform, changed), 200);
  });

  app.openapi(ruled(routes, deleteRoute, needs(RESOURCE, 'delete')), async (c) => {
    const { id } = c.req.valid('param');
    const caller = callerOf(c);
    await changeFor(platform, caller, async (tx) => await deleteAuthority(tx, id, caller));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, crlRoute, needs('certServer.ca.crl', 'update')), async (c) => {
    const { id } = c.req.valid('param');
    const { kind } = c.req.valid('json');
    const caller = callerOf(c);
    await authorities.find(db, id);
    const list = await authorities.makeList(
      async (work) => await changeFor(platform, caller, work),
      id,
      kind,
      caller,
    );
    return c.json(list, 201);
  });
}

/** An authority with what it publishes. */
async function shown(
  { state, authorities }: Platform,
  authority: Found,
): Promise<z.infer<typeof Authority>> {
  const { full, delta } = await currentLists(state.db, authority.id);
  const responder =
    authority.responder === null ? null : readCertificate(authority.responder.certificate);
  return {
    ...authorityModel(authority),
    pem: authority.certificate.pem,
    urls: authorityUrls(authorities.pkiUrl, authority.id),
    lists: { full, delta, dueSince: authority.crlDueAt },
    responder:
      responder === null
        ? null
        : { fingerprint: responder.fingerprint, notAfter: responder.notAfter },
  };
}

/** What was given of an object whose members may be left out. */
function given<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
