import { createRoute, z } from '@hono/zod-openapi';
import { VERIFY_LOG } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';

const Axis = z.object({
  verdict: z.enum(['verified', 'failed', 'partial', 'unverifiable']),
  summary: z.string(),
  evidence: z.array(z.string()),
});

const Verdict = z
  .object({
    ok: z.boolean(),
    size: z.int(),
    axes: z.object({ integrity: Axis, completeness: Axis, time: Axis, independence: Axis }),
    problems: z.array(
      z
        .object({
          kind: z.string(),
          message: z.string(),
          file: z.string().optional(),
          offset: z.int().optional(),
          index: z.int().optional(),
        })
        .loose(),
    ),
    recordsPerSecond: z.number(),
  })
  .loose()
  .openapi('Verdict');

/** Where a verification of the log stands. */
export const VerificationState = z
  .object({
    state: z.enum(['never', 'running', 'done', 'failed']),
    startedAt: z.string().optional(),
    startedBy: z.string().optional(),
    finishedAt: z.string().optional(),
    done: z.int().optional(),
    total: z.int().optional(),
    ok: z.boolean().optional(),
    verdict: Verdict.optional(),
    reason: z.string().optional(),
  })
  .openapi('Verification');

const content = { 'application/json': { schema: VerificationState } };

const startRoute = createRoute({
  method: 'post',
  path: '/api/v1/audit/verification',
  operationId: 'startVerification',
  summary: 'Verify the whole log: signatures, tree, contents, numbering, index',
  tags: ['Audit log'],
  responses: { 202: { description: 'It runs.', content }, ...refusals(401, 403, 429, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/audit/verification',
  operationId: 'readVerification',
  summary: 'Progress or verdict of the last verification',
  tags: ['Audit log'],
  responses: { 200: { description: 'Where it stands.', content }, ...refusals(401, 403, 429, 503) },
});

/** `POST` and `GET /api/v1/audit/verification` */
export function verificationRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, startRoute, VERIFY_LOG), (c) => {
    const report = platform.verification.start(signedIn(c), c.get('facts'), platform.log.size);
    return c.json(report as z.infer<typeof VerificationState>, 202);
  });
  app.openapi(ruled(routes, readRoute, VERIFY_LOG), (c) =>
    c.json(platform.verification.state() as z.infer<typeof VerificationState>, 200),
  );
}
