import { createRoute, z } from '@hono/zod-openapi';
import { findField } from '@countersign/records';
import { READ_LOG } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { Facet, QueryText, refusals } from '../schemas.ts';
import { fresh, resolveFor } from './query.ts';

/** What the portal shows when it asks for nothing in particular. */
const DEFAULT_FIELDS = 'Category,Operation,Level,Outcome,ActingUser,TargetType,Producer';
const MAX_FIELDS = 12;

export const Facets = z.object({ facets: z.array(Facet) }).openapi('Facets');

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/facets',
  operationId: 'countFacets',
  summary: 'Count the values of fields in what a query finds',
  tags: ['Audit log'],
  request: {
    query: z.object({
      query: QueryText,
      fields: z
        .string()
        .regex(
          /^[A-Za-z]{1,40}(?:,[A-Za-z]{1,40}){0,11}$/,
          `up to ${MAX_FIELDS} field names separated by commas`,
        )
        .default(DEFAULT_FIELDS)
        .openapi({ description: 'Fields of the query language, or their aliases, in any case.' }),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: { description: 'The facets.', content: { 'application/json': { schema: Facets } } },
    ...refusals(400, 401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/facets`; its AUTHZ record holds the query. */
export function facetsRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, READ_LOG), async (c) => {
    const { query: text = '', fields, limit } = c.req.valid('query');
    const query = resolveFor(text, signedIn(c), platform.clock());
    await fresh(platform);
    const names = fields.split(',').map((name) => findField(name)?.name ?? name);
    const facets = await platform.index.facets({ query, fields: [...new Set(names)], limit });
    return c.json({ facets } as unknown as z.infer<typeof Facets>, 200);
  });
}
