import { createRoute, z } from '@hono/zod-openapi';
import { formatTlogProof } from '@countersign/tlog';
import { READ_LOG } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { IndexParam, refusals } from '../schemas.ts';
import { existingIndex } from './record.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/records/{index}/proof',
  operationId: 'proveRecord',
  summary: 'Prove that a record is in the log',
  description:
    'A C2SP tlog-proof against the newest checkpoint. It can be checked offline with the verifier key alone.',
  tags: ['Audit log'],
  request: { params: IndexParam, query: z.object({ download: z.string().optional() }) },
  responses: {
    200: { description: 'The proof.', content: { 'text/plain': { schema: z.string() } } },
    ...refusals(400, 401, 403, 404, 429, 503),
  },
});

/** `GET /api/v1/audit/records/{index}/proof` */
export function proofRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, READ_LOG), async (c) => {
    const index = existingIndex(platform, c.req.valid('param').index);
    const proof = await platform.log.reader.prove(index);
    if (c.req.valid('query').download !== undefined) {
      c.header('content-disposition', `attachment; filename="record-${index}.tlog-proof"`);
    }
    return c.text(formatTlogProof(proof), 200);
  });
}
