import { createRoute, z } from '@hono/zod-openapi';
import { READ_LOG } from '../../authorization/rule.ts';
import { faultyParameter } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { Histogram, QueryText, refusals } from '../schemas.ts';
import { fresh, resolveFor } from './query.ts';

const Time = z.iso.datetime({ offset: true, error: 'a time as 2026-11-22T05:00:00Z' });

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/histogram',
  operationId: 'readHistogram',
  summary: 'Count what a query finds over time, by level',
  tags: ['Audit log'],
  request: {
    query: z.object({
      query: QueryText,
      from: Time.optional(),
      to: Time.optional(),
      buckets: z.coerce.number().int().min(1).max(500).default(60),
    }),
  },
  responses: {
    200: { description: 'The histogram.', content: { 'application/json': { schema: Histogram } } },
    ...refusals(400, 401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/histogram`; its AUTHZ record holds the query. */
export function histogramRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, READ_LOG), async (c) => {
    const { query: text = '', from, to, buckets } = c.req.valid('query');
    if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
      throw faultyParameter('to', `a time after "from" (${from})`, to);
    }
    const query = resolveFor(text, signedIn(c), platform.clock());
    await fresh(platform);
    const histogram = await platform.index.histogram({
      query,
      buckets,
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    });
    return c.json(histogram as unknown as z.infer<typeof Histogram>, 200);
  });
}
