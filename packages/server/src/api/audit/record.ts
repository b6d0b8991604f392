import { createRoute, type z } from '@hono/zod-openapi';
import { dogtagLine } from '../dogtag-line.ts';
import { READ_LOG } from '../../authorization/rule.ts';
import { ServerError } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { logUsed } from '../../recording/events.ts';
import { alongside } from '../../http/pending.ts';
import { signedIn, type Api } from '../api.ts';
import { viewBytes, viewRecord } from '../record-view.ts';
import { IndexParam, RecordDetails, refusals } from '../schemas.ts';
import { fresh } from './query.ts';

/** Related records shown with one record. */
const MAX_RELATED = 20;

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/records/{index}',
  operationId: 'readRecord',
  summary: 'Read one record with the exact bytes its proof is about',
  tags: ['Audit log'],
  request: { params: IndexParam },
  responses: {
    200: { description: 'The record.', content: { 'application/json': { schema: RecordDetails } } },
    ...refusals(400, 401, 403, 404, 429, 503),
  },
});

/** `GET /api/v1/audit/records/{index}` */
export function recordRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, READ_LOG), async (c) => {
    const index = existingIndex(platform, c.req.valid('param').index);
    const stored = await platform.log.reader.read(index);
    const view = viewRecord(stored);
    const body = {
      ...view,
      ...viewBytes(stored),
      related: await relatedTo(platform, index),
      dogtagLine: view.content === null ? null : dogtagLine(view.envelope, view.content),
    };
    alongside(
      c,
      platform.recorder.record(
        logUsed('AUDIT_LOG_READ', signedIn(c), c.get('facts'), [['Index', String(index)]]),
      ),
    );
    return c.json(body as unknown as z.infer<typeof RecordDetails>, 200);
  });
}

/** The index as a number, if the log has such a record; `not_found` otherwise. */
export function existingIndex({ log }: Pick<Platform, 'log'>, text: string): number {
  const index = Number(text);
  if (index < log.size) return index;
  throw new ServerError('not_found', `there is no record ${text}; the log has ${log.size}`, {
    members: { treeSize: log.size },
  });
}

async function relatedTo(platform: Platform, index: number): Promise<unknown[]> {
  await fresh(platform);
  const related = await platform.index.related(index, MAX_RELATED);
  return await Promise.all(
    related.map(async (other) => ({
      ...viewRecord(await platform.log.reader.read(other.index)),
      relation: other.relations[0],
      relations: other.relations,
    })),
  );
}
