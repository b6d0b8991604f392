import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { ruled } from '../../http/declare.ts';
import { readHostKey } from '../../stores/files/sftp.ts';
import { assertSshKey, deleteServer, listServers, setCredentials } from '../../stores/servers.ts';
import { findStore } from '../../stores/store-view.ts';
import type { NewCredentials, StoreServer as ServerView } from '../../stores/servers.ts';
import type { AdmittedCaller } from '../../authorization/admitted.ts';
import type { Platform } from '../../platform.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { MODIFY, READ, tags } from './rules.ts';
import { Credentials, HostKey, Machine, StoreId, StoreServer } from './schemas.ts';

const BASE = '/api/v1/store-servers';
const params = z.object({
  machine: Machine.openapi({ param: { name: 'machine', in: 'path' } }),
});

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listStoreServers',
  summary: 'Machines that are reached by SFTP',
  tags,
  responses: {
    200: answers('By name.', z.object({ servers: z.array(StoreServer) }).openapi('StoreServers')),
    ...refusals(401, 403, 503),
  },
});

const hostKeyRoute = createRoute({
  method: 'post',
  path: `${BASE}/host-key`,
  operationId: 'readStoreServerHostKey',
  summary: 'The key that a machine shows, to be compared with the real one before it is confirmed',
  tags,
  request: {
    body: json(
      z
        .strictObject({ clientMachine: Machine, port: z.int().min(1).max(65_535).default(22) })
        .openapi('StoreServerAddress'),
    ),
  },
  responses: {
    200: answers('What it shows.', z.object({ hostKey: HostKey }).openapi('StoreServerHostKey')),
    ...refusals(401, 403, 415, 422, 503),
  },
});

const setRoute = createRoute({
  method: 'put',
  path: `${BASE}/{machine}`,
  operationId: 'setStoreServer',
  summary: 'Set how a machine is reached',
  tags,
  request: { params, body: json(Credentials) },
  responses: { 200: answers('As it is now.', StoreServer), ...refusals(401, 403, 415, 422, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{machine}`,
  operationId: 'deleteStoreServer',
  summary: 'Forget how a machine is reached',
  tags,
  request: { params },
  responses: { 204: { description: 'Forgotten.' }, ...refusals(401, 403, 404, 409, 422, 503) },
});

const setOfStoreRoute = createRoute({
  method: 'put',
  path: '/api/v1/stores/{id}/credentials',
  operationId: 'setStoreCredentials',
  summary: "Set how a store's machine is reached; all its stores are reached so",
  tags,
  request: {
    params: z.object({ id: StoreId.openapi({ param: { name: 'id', in: 'path' } }) }),
    body: json(Credentials),
  },
  responses: {
    200: answers('As it is now.', StoreServer),
    ...refusals(401, 403, 404, 415, 422, 503),
  },
});

/** How other machines are reached. */
export function storeServerRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ servers: await listServers(platform.state.db) }, 200),
  );

  app.openapi(ruled(routes, hostKeyRoute, MODIFY), async (c) => {
    const { clientMachine, port } = c.req.valid('json');
    return c.json({ hostKey: await readHostKey(clientMachine, port) }, 200);
  });

  app.openapi(ruled(routes, setRoute, MODIFY), async (c) => {
    const { machine } = c.req.valid('param');
    return c.json(await set(platform, callerOf(c), machine, c.req.valid('json')), 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { machine } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteServer(tx, machine));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, setOfStoreRoute, MODIFY), async (c) => {
    const { id } = c.req.valid('param');
    const { clientMachine } = await findStore(platform.state.db, id);
    return c.json(await set(platform, callerOf(c), clientMachine, c.req.valid('json')), 200);
  });
}

async function set(
  platform: Platform,
  caller: AdmittedCaller,
  machine: string,
  given: z.infer<typeof Credentials>,
): Promise<ServerView> {
  const { port, username, hostKey } = given;
  let secret: NewCredentials['secret'];
  if ('password' in given) secret = { password: given.password };
  else {
    const { privateKey, passphrase } = given;
    assertSshKey(privateKey, passphrase);
    secret = { privateKey, passphrase };
  }
  return await changeFor(
    platform,
    caller,
    async (tx) => await setCredentials(tx, machine, { port, username, hostKey, secret }),
  );
}
