import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { JOB_STATES } from '../../database/store-schema.ts';
import { ruled } from '../../http/declare.ts';
import { deleteJob, listJobs, retryJob } from '../../stores/jobs.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf } from '../security/schemas.ts';
import { READ, SCHEDULE, tags } from './rules.ts';
import { Job, Paging, StoreId } from './schemas.ts';

const BASE = '/api/v1/store-jobs';
const params = z.object({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .openapi({ param: { name: 'id', in: 'path' }, example: 1 }),
});

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listStoreJobs',
  summary: 'Work at certificate stores, the latest first',
  tags,
  request: {
    query: z.object({
      state: z.enum(JOB_STATES).optional(),
      store: StoreId.optional(),
      ...Paging,
      after: z.coerce.number().int().min(1).optional(),
    }),
  },
  responses: {
    200: answers(
      'A page of them.',
      z
        .object({ jobs: z.array(Job), total: z.int(), next: z.string().nullable() })
        .openapi('StoreJobList'),
    ),
    ...refusals(400, 401, 403, 503),
  },
});

const retryRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/retry`,
  operationId: 'retryStoreJob',
  summary: 'Have a job done now: one that failed, or one that waits',
  tags,
  request: { params },
  responses: { 200: answers('As it is now.', Job), ...refusals(400, 401, 403, 404, 409, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteStoreJob',
  summary: 'Take a job off the list',
  tags,
  request: { params },
  responses: { 204: { description: 'Gone.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

/** Jobs: work at stores. */
export function storeJobRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const { state, store, after, limit } = c.req.valid('query');
    const { db } = platform.state;
    const { items, total, next } = await listJobs(db, { state, store }, { after, limit });
    return c.json({ jobs: [...items], total, next }, 200);
  });

  app.openapi(ruled(routes, retryRoute, SCHEDULE), async (c) => {
    const { id } = c.req.valid('param');
    const job = await changeFor(platform, callerOf(c), async (tx) => await retryJob(tx, id));
    platform.storeJobs.kick();
    return c.json(job, 200);
  });

  app.openapi(ruled(routes, deleteRoute, SCHEDULE), async (c) => {
    const { id } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteJob(tx, id));
    return c.body(null, 204);
  });
}
