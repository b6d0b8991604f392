import { createRoute, z } from '@hono/zod-openapi';
import { READ_STATUS, VERIFY_LOG } from '../authorization/rule.ts';
import { ruled } from '../http/declare.ts';
import { signedIn, type Api } from './api.ts';
import { refusals } from './schemas.ts';

const PATH = '/api/v1/reconciliation';
const tags = ['Audit log'];

/** Where a reconciliation stands. */
export const ReconciliationState = z
  .object({
    state: z.enum(['never', 'running', 'done', 'failed']),
    startedAt: z.string().optional(),
    startedBy: z.string().optional().openapi({ description: '`$System$`: by the clock.' }),
    finishedAt: z.string().optional(),
    ok: z.boolean().optional().openapi({ description: 'The state agrees with the log.' }),
    checked: z
      .object({
        certificates: z.int(),
        crls: z.int(),
        revocations: z.int(),
        records: z.int().openapi({ description: 'Records that say something of them.' }),
      })
      .optional(),
    problems: z
      .array(
        z.object({
          kind: z.string().openapi({ example: 'certificate_unrecorded' }),
          object: z.string().openapi({ example: 'certificate 9f86d08…' }),
          message: z.string(),
          index: z.int().optional().openapi({ description: 'The record that says otherwise.' }),
        }),
      )
      .readonly()
      .optional(),
    problemCount: z.int().optional(),
    reason: z.string().optional().openapi({ description: 'Why it did not finish.' }),
  })
  .openapi('Reconciliation');

const content = { 'application/json': { schema: ReconciliationState } };

const startRoute = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'startReconciliation',
  summary: 'Compare certificates, revocation lists and revocations with the log',
  description:
    'Every row has exactly one record of how it came and is as its last record says; every record has its row. Runs by itself once a day.',
  tags,
  responses: { 202: { description: 'It runs.', content }, ...refusals(401, 403, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'readReconciliation',
  summary: 'The last reconciliation, or that one runs',
  tags,
  responses: { 200: { description: 'Where it stands.', content }, ...refusals(401, 403, 503) },
});

/** `POST` and `GET /api/v1/reconciliation` */
export function reconciliationRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, startRoute, VERIFY_LOG), (c) =>
    c.json(platform.reconciliations.start({ session: signedIn(c), facts: c.get('facts') }), 202),
  );
  app.openapi(ruled(routes, readRoute, READ_STATUS), (c) =>
    c.json(platform.reconciliations.report(), 200),
  );
}
