import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { changeSecurity } from '../../security/change.ts';
import { isText, TEXT_EXPECTED } from '../../security/names.ts';
import { createReview, findReview, listReviews, signReview } from '../../security/reviews.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, pathName } from './schemas.ts';

const RESOURCE = 'certServer.security.reviews';
const BASE = '/api/v1/security/reviews';
const tags = ['Security'];
const params = z.object({ period: pathName('period', '2026-Q4') });
const strings = z.array(z.string()).readonly();

const Report = z
  .object({
    identities: z
      .array(
        z.object({
          username: z.string(),
          name: z.string(),
          kind: z.enum(['person', 'application']),
          roles: strings,
          disabled: z.boolean(),
          provider: z.string().nullable(),
          lastSignIn: z.string().nullable(),
          certificates: z.int(),
          tokens: z.int(),
        }),
      )
      .readonly(),
    roles: z
      .array(
        z.object({
          name: z.string(),
          members: z.int(),
          claims: z.int(),
          claimed: strings.openapi({ description: 'The claims: `provider type: value`.' }),
          permissions: strings.openapi({ description: '`resource:operation`.' }),
        }),
      )
      .readonly(),
    conflicts: z
      .array(z.object({ username: z.string(), roles: strings }))
      .readonly()
      .openapi({ description: 'Users with roles that exclude each other.' }),
    dormant: strings.openapi({
      description: 'User names of those who could sign in and have not for 90 days.',
    }),
  })
  .openapi('AccessReport');

const Review = z
  .object({
    period: z.string().openapi({ example: '2026-Q4' }),
    createdAt: z.string(),
    createdBy: z.string(),
    signedAt: z.string().nullable(),
    signedBy: z.string().nullable(),
    comment: z.string().nullable(),
    report: Report,
  })
  .openapi('AccessReview');

const Comment = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .refine(isText, TEXT_EXPECTED)
  .openapi({ description: 'What was looked at, and what was found.' });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listReviews',
  summary: 'Access reviews: who held what, quarter by quarter',
  tags,
  responses: {
    200: answers(
      'The newest first.',
      z
        .object({
          reviews: z.array(Review),
          due: z.string().openapi({ description: 'The quarter whose review is due.' }),
          overdue: z.boolean().openapi({ description: 'That quarter is over.' }),
        })
        .openapi('AccessReviews'),
    ),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createReview',
  summary: "Draw up this quarter's access review",
  description: 'Recorded with the whole report.',
  tags,
  responses: { 201: answers('Drawn up.', Review), ...refusals(401, 403, 409, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{period}`,
  operationId: 'readReview',
  summary: 'One access review',
  tags,
  request: { params },
  responses: { 200: answers('The review.', Review), ...refusals(401, 403, 404, 503) },
});

const signRoute = createRoute({
  method: 'post',
  path: `${BASE}/{period}/sign`,
  operationId: 'signReview',
  summary: 'Sign an access review off',
  description: 'Not by those who say who may do what. Signed off, it cannot be changed any more.',
  tags,
  request: {
    params,
    body: json(z.strictObject({ comment: Comment }).openapi('AccessReviewSignature')),
  },
  responses: {
    200: answers('The review as it is now.', Review),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

/** Access reviews of the quarter: who holds what, signed off by somebody who does not hand it out. */
export function reviewRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, needs(RESOURCE, 'read')), async (c) =>
    c.json(await listReviews(db, platform.clock()), 200),
  );

  app.openapi(ruled(routes, createRoute_, needs(RESOURCE, 'create')), async (c) => {
    const review = await changeSecurity(platform, callerOf(c), createReview);
    return c.json(review, 201);
  });

  app.openapi(ruled(routes, readRoute, needs(RESOURCE, 'read')), async (c) => {
    const { period } = c.req.valid('param');
    return c.json(await findReview(db, period), 200);
  });

  app.openapi(ruled(routes, signRoute, needs(RESOURCE, 'sign')), async (c) => {
    const { period } = c.req.valid('param');
    const { comment } = c.req.valid('json');
    const review = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await signReview(tx, period, comment),
    );
    return c.json(review, 200);
  });
}
