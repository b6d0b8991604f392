import { createRoute, z } from '@hono/zod-openapi';
import { CATEGORIES, EVENTS, LEVELS, OPERATIONS, QUERY_FIELDS } from '@countersign/records';
import { READ_CATALOGUE } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';

const Coded = z.object({ code: z.int(), name: z.string() }).loose();

export const Catalogue = z
  .object({
    events: z.array(
      z
        .object({
          name: z.string(),
          title: z.string(),
          description: z.string(),
          group: z.string(),
          attributes: z.array(z.string()),
          retention: z.string(),
          selectable: z.boolean(),
        })
        .loose(),
    ),
    categories: z.array(Coded),
    operations: z.array(Coded),
    levels: z.array(Coded),
    queryFields: z.array(
      z
        .object({
          name: z.string(),
          aliases: z.array(z.string()),
          type: z.string(),
          description: z.string(),
        })
        .loose(),
    ),
  })
  .openapi('Catalogue');

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/catalogue',
  operationId: 'readCatalogue',
  summary:
    'What is recorded: events, categories, operations, levels, and the fields of the query language',
  tags: ['Audit log'],
  responses: {
    200: { description: 'The catalogue.', content: { 'application/json': { schema: Catalogue } } },
    ...refusals(401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/catalogue` */
export function catalogueRoute({ app, routes }: Api): void {
  const catalogue = {
    events: EVENTS,
    categories: CATEGORIES,
    operations: OPERATIONS,
    levels: LEVELS,
    queryFields: QUERY_FIELDS,
  };
  app.openapi(ruled(routes, route, READ_CATALOGUE), (c) =>
    c.json(catalogue as unknown as z.infer<typeof Catalogue>, 200),
  );
}
