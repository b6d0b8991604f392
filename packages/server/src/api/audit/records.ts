import { createRoute, z } from '@hono/zod-openapi';
import { READ_LOG } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { logUsed } from '../../recording/events.ts';
import { foreignQuery } from '../../recording/facts.ts';
import { alongside } from '../../http/pending.ts';
import { signedIn, type Api } from '../api.ts';
import { readRecords } from '../record-view.ts';
import { QueryText, refusals, StoredRecord } from '../schemas.ts';
import { fresh, resolveFor } from './query.ts';

export const RecordPage = z
  .object({
    records: z.array(StoredRecord),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Cursor of the next page; null at the end.' }),
    count: z
      .object({ value: z.int(), exact: z.boolean() })
      .optional()
      .openapi({ description: 'How many the query finds, on the first page.' }),
    partial: z
      .boolean()
      .openapi({ description: 'The time for the search was up; the cursor goes on from there.' }),
    treeSize: z.int().openapi({ description: 'Records in the log.' }),
    indexedSize: z
      .int()
      .openapi({ description: 'Records the search knows; less while it catches up.' }),
  })
  .openapi('RecordPage');

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/records',
  operationId: 'searchRecords',
  summary: 'Search the log',
  description:
    'Pages by cursor: a page stays the same when new records arrive. The search itself is recorded.',
  tags: ['Audit log'],
  request: {
    query: z.object({
      query: QueryText,
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().max(512).optional(),
      order: z.enum(['asc', 'desc']).default('desc'),
    }),
  },
  responses: {
    200: { description: 'One page.', content: { 'application/json': { schema: RecordPage } } },
    ...refusals(400, 401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/records` */
export function recordsRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, READ_LOG), async (c) => {
    const { query: text = '', limit, cursor, order } = c.req.valid('query');
    const session = signedIn(c);
    const query = resolveFor(text, session, platform.clock());
    const { log, index } = platform;
    await fresh(platform);
    const [page, count] = await Promise.all([
      index.search({ query, order, limit, ...(cursor === undefined ? {} : { cursor }) }),
      cursor === undefined ? index.count({ query }) : undefined,
    ]);
    const records = await readRecords(log.reader, page.indexes);
    alongside(
      c,
      platform.recorder.record(
        logUsed('AUDIT_LOG_SEARCH', session, c.get('facts'), [
          ['Query', foreignQuery(text)],
          ['Order', order],
          ['Count', String(records.length)],
        ]),
      ),
    );
    const body = {
      records,
      next: page.next,
      partial: page.partial,
      ...(count === undefined ? {} : { count: { value: count.count, exact: count.exact } }),
      treeSize: log.size,
      indexedSize: index.indexedSize(),
    };
    return c.json(body as unknown as z.infer<typeof RecordPage>, 200);
  });
}
