import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { changeFor, type ChangeTransaction } from '../../authorization/admitted.ts';
import type { CertificateOperation } from '../../certificates/access.ts';
import type { AppEnv } from '../../http/env.ts';
import { ruled } from '../../http/declare.ts';
import { KEY_ALGORITHMS } from '../../ca/key-algorithm.ts';
import { MAX_ALT_NAMES } from '../../ca/alt-names.ts';
import { makeReenrollmentKey, orderReenrollment } from '../../stores/reenroll.ts';
import { findStore } from '../../stores/store-view.ts';
import { findJob, type Job as JobView } from '../../stores/jobs.ts';
import {
  orderAdd,
  orderDiscovery,
  orderInventory,
  orderRemoval,
  setInventorySchedule,
} from '../../stores/orders.ts';
import type { Api } from '../api.ts';
import { Once, Schedule, ScheduleOrOff } from '../schedule.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, line } from '../security/schemas.ts';
import { AltName } from '../certificates/schemas.ts';
import { alsoEnrolls, alsoNeedsCertificate } from './also-needs.ts';
import { SCHEDULE, tags } from './rules.ts';
import { Jobs, Machine, Store, StoreId } from './schemas.ts';
import { one } from './stores.ts';

const BASE = '/api/v1/stores';
const params = z.object({ id: StoreId.openapi({ param: { name: 'id', in: 'path' } }) });
const Alias = z.string().min(1).max(255);
const When = Schedule.default({ immediate: true });

const scheduleRoute = createRoute({
  method: 'put',
  path: `${BASE}/{id}/schedule`,
  operationId: 'scheduleStoreInventory',
  summary: 'Set when a store is looked through by itself',
  tags,
  request: {
    params,
    body: json(z.strictObject({ schedule: ScheduleOrOff }).openapi('StoreInventorySchedule')),
  },
  responses: {
    200: answers('As it is now.', Store),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const inventoryRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/inventory`,
  operationId: 'inventoryStore',
  summary: 'Have a store looked through now',
  tags,
  request: { params },
  responses: { 202: answers('Scheduled.', Jobs), ...refusals(400, 401, 403, 404, 409, 503) },
});

const addRoute = createRoute({
  method: 'post',
  path: `${BASE}/add`,
  operationId: 'addToStores',
  summary: 'Have a certificate added to stores',
  description:
    'With `includePrivateKey` it needs the right to recover the certificate, too: the key leaves this server.',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          certificate: z.int().min(1),
          stores: z
            .array(
              z.strictObject({
                store: StoreId,
                alias: Alias.nullable().default(null),
                overwrite: z.boolean().default(false),
                entryPassword: z.string().min(1).max(1_024).nullable().default(null),
                includePrivateKey: z.boolean().default(false),
              }),
            )
            .min(1)
            .max(100),
          schedule: When,
        })
        .openapi('AddToStores'),
    ),
  },
  responses: { 202: answers('Scheduled.', Jobs), ...refusals(401, 403, 404, 409, 415, 422, 503) },
});

const removeRoute = createRoute({
  method: 'post',
  path: `${BASE}/remove`,
  operationId: 'removeFromStores',
  summary: 'Have entries taken out of stores',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          stores: z
            .array(z.strictObject({ store: StoreId, alias: Alias }))
            .min(1)
            .max(100),
          schedule: When,
        })
        .openapi('RemoveFromStores'),
    ),
  },
  responses: { 202: answers('Scheduled.', Jobs), ...refusals(401, 403, 404, 409, 415, 422, 503) },
});

const reenrollRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/reenroll`,
  operationId: 'reenrollStore',
  summary: 'Have a certificate with a new key made for a store, and placed there',
  description:
    'The request is made at once, by whoever asks; certificate and key are placed when it is due, after the approval where the template wants one.',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          subject: line(1_024),
          sans: z.array(AltName).max(MAX_ALT_NAMES).default([]),
          keyAlgorithm: z.enum(KEY_ALGORITHMS).optional(),
          template: z.string().min(1).max(64),
          authority: z.string().min(1).max(64).nullable().default(null),
          alias: Alias.nullable().default(null),
          overwrite: z.boolean().default(true),
          schedule: Once.default({ immediate: true }),
        })
        .openapi('StoreReenrollment'),
    ),
  },
  responses: {
    202: answers('Scheduled.', Jobs),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const discoverRoute = createRoute({
  method: 'post',
  path: `${BASE}/discover`,
  operationId: 'discoverStores',
  summary: 'Have stores looked for below a folder of a machine',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          clientMachine: Machine,
          path: z.string().min(1).max(1_024),
          types: z.array(z.string().min(1).max(64)).min(1).max(20),
          schedule: When,
        })
        .openapi('DiscoverStores'),
    ),
  },
  responses: { 202: answers('Scheduled.', Jobs), ...refusals(401, 403, 415, 422, 503) },
});

/** Having something done at stores. */
export function storeOrderRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;
  const order = async (
    c: Context<AppEnv>,
    work: (tx: ChangeTransaction) => Promise<readonly number[]>,
    caller = callerOf(c),
  ): Promise<{ jobs: JobView[] }> => {
    const jobs = await changeFor(platform, caller, async (tx) => {
      const found: JobView[] = [];
      for (const id of await work(tx)) found.push(await findJob(tx.db, id));
      return found;
    });
    platform.storeJobs.kick();
    return { jobs };
  };

  app.openapi(ruled(routes, scheduleRoute, SCHEDULE), async (c) => {
    const { id } = c.req.valid('param');
    const { schedule } = c.req.valid('json');
    const store = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await setInventorySchedule(tx, id, schedule),
    );
    platform.storeJobs.kick();
    return c.json(await one(db, store), 200);
  });

  app.openapi(ruled(routes, inventoryRoute, SCHEDULE), async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await order(c, async (tx) => [await orderInventory(tx, id)]), 202);
  });

  app.openapi(ruled(routes, addRoute, SCHEDULE), async (c) => {
    const { certificate, stores, schedule } = c.req.valid('json');
    const withKey = stores.some(({ includePrivateKey }) => includePrivateKey);
    const operations: CertificateOperation[] = withKey ? ['read', 'recover'] : ['read'];
    const caller = await alsoNeedsCertificate(platform, c, certificate, operations);
    const work = async (tx: ChangeTransaction) => await orderAdd(tx, certificate, stores, schedule);
    return c.json(await order(c, work, caller), 202);
  });

  app.openapi(ruled(routes, removeRoute, SCHEDULE), async (c) => {
    const { stores, schedule } = c.req.valid('json');
    return c.json(await order(c, async (tx) => await orderRemoval(tx, stores, schedule)), 202);
  });

  app.openapi(ruled(routes, reenrollRoute, SCHEDULE), async (c) => {
    const { id: store } = c.req.valid('param');
    const { schedule, ...wanted } = c.req.valid('json');
    const caller = await alsoEnrolls(platform, c, wanted.template);
    await findStore(db, store);
    const keyed = await makeReenrollmentKey(db, { ...wanted, store });
    const work = async (tx: ChangeTransaction) => [await orderReenrollment(tx, keyed, schedule)];
    return c.json(await order(c, work, caller), 202);
  });

  app.openapi(ruled(routes, discoverRoute, SCHEDULE), async (c) => {
    const { schedule, ...where } = c.req.valid('json');
    return c.json(await order(c, async (tx) => [await orderDiscovery(tx, where, schedule)]), 202);
  });
}
