import { createRoute, z } from '@hono/zod-openapi';
import type { Session } from '../../accounts/sessions.ts';
import { needs, needsFor } from '../../authorization/rule.ts';
import { recordRef } from '../../erasure/records.ts';
import { findRequest, listRequests, type Erasure } from '../../erasure/requests.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, line } from '../security/schemas.ts';
import { existingIndex } from './record.ts';

const READ = needs('certServer.log.content.signedAudit', 'erase');
const ERASE = needsFor('certServer.log.content.signedAudit', 'erase');
const BASE = '/api/v1/audit/erasures';
const tags = ['Audit log'];
/** A page, unless another size is asked for. */
const PAGE = 50;

const Person = z.object({ username: z.string(), name: z.string() });

const ErasureView = z
  .object({
    id: z.string(),
    index: z.int().openapi({ description: 'The record whose content it is about.' }),
    record: z
      .object({ event: z.string(), time: z.string(), producer: z.string() })
      .openapi({ description: 'From its envelope, which stays.' }),
    legalBasis: z.string(),
    reason: z.string(),
    state: z.enum(['pending', 'approved', 'done', 'denied', 'withdrawn']).openapi({
      description: '`approved`: agreed and recorded; the content is erased as soon as it can be.',
    }),
    requestedAt: z.string(),
    requestedBy: Person,
    own: z.boolean().openapi({ description: 'You have asked for it: another auditor decides.' }),
    decidedAt: z.string().nullable(),
    decidedBy: Person.nullable(),
    decidedBecause: z.string().nullable(),
    erasedAt: z.string().nullable(),
    erasureRecord: z
      .int()
      .nullable()
      .openapi({ description: 'Index of the AUDIT_DATA_ERASED record.' }),
  })
  .openapi('Erasure');

const Because = json(
  z.strictObject({ reason: line(1_000) }).openapi('ErasureDecision', {
    description: 'Why. It is recorded and never erased: no personal data in it.',
  }),
);
const params = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' } }),
});

const askRoute = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'requestErasure',
  summary: 'Ask for the content of a record to be erased',
  description:
    'Nothing is erased before another auditor approves. People ask and decide, at the portal or with a client ' +
    'certificate: API tokens and applications do not. Records of the log about itself and records with the retention ' +
    '`extended` are never erased.',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          index: z.int().min(0),
          legalBasis: line(200).openapi({ example: 'GDPR Art. 17(1)(a)' }),
          reason: line(1_000),
        })
        .openapi('NewErasure', {
          description:
            'Legal basis and reason are recorded and never erased: no personal data in them.',
        }),
    ),
  },
  responses: {
    201: answers('Asked for.', ErasureView),
    ...refusals(401, 403, 404, 409, 410, 415, 422, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listErasures',
  summary: 'Requests to erase contents, and what became of them, the newest first',
  tags,
  request: {
    query: z.object({
      state: z.enum(['open', 'closed']).optional().openapi({
        description: '`open`: pending or approved; `closed`: done, denied or withdrawn; else all.',
      }),
      index: z.coerce.number().int().min(0).optional().openapi({ description: 'Of one record.' }),
      after: z.string().max(32).optional().openapi({ description: '`next` of the page before.' }),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
  },
  responses: {
    200: answers(
      'A page.',
      z
        .object({
          erasures: z.array(ErasureView),
          total: z.int(),
          next: z.string().nullable(),
        })
        .openapi('Erasures'),
    ),
    ...refusals(400, 401, 403, 503),
  },
});

const approveRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/approve`,
  operationId: 'approveErasure',
  summary: 'Approve the erasing of a content, which is then carried out',
  description:
    'This cannot be undone: salt and content are overwritten with zeros. The envelope stays, and with it every proof; ' +
    'an AUDIT_DATA_ERASED record names both auditors and the legal basis. Backups, exports and signed audit files are ' +
    'not reached. Whoever asked cannot approve (`own_request`, recorded).',
  tags,
  request: { params },
  responses: {
    200: answers('Approved, and done unless the log or its index could not.', ErasureView),
    ...refusals(401, 403, 404, 409, 410, 503),
  },
});

const denyRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/deny`,
  operationId: 'denyErasure',
  summary: "Deny another auditor's request: the content stays",
  tags,
  request: { params, body: Because },
  responses: {
    200: answers('Denied.', ErasureView),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const withdrawRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/withdraw`,
  operationId: 'withdrawErasure',
  summary: "Withdraw one's own request",
  tags,
  request: { params, body: Because },
  responses: {
    200: answers('Withdrawn.', ErasureView),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

/** `/api/v1/audit/erasures`: one auditor asks, another one decides. */
export function erasureRoutes({ app, routes, platform }: Api): void {
  const { erasures, state } = platform;
  const view = async (erasure: Erasure, session: Session): Promise<z.infer<typeof ErasureView>> => {
    const { envelope } = await platform.log.reader.read(erasure.index);
    const { requestedById, approvedAtSize: _size, ...shown } = erasure;
    const { event, time, producer } = envelope;
    return { ...shown, record: { event, time, producer }, own: requestedById === session.user.id };
  };

  app.openapi(ruled(routes, askRoute, ERASE), async (c) => {
    const wanted = c.req.valid('json');
    const caller = callerOf(c);
    await c.get('grant')?.(recordRef(wanted.index), isPerson(caller.session));
    existingIndex(platform, String(wanted.index));
    return c.json(await view(await erasures.request(wanted, caller), caller.session), 201);
  });

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const { state: wanted, limit = PAGE, ...rest } = c.req.valid('query');
    const open = wanted === undefined ? undefined : wanted === 'open';
    const page = await listRequests(state.db, { ...rest, limit, open });
    const session = signedIn(c);
    const shown = await Promise.all(page.erasures.map(async (e) => await view(e, session)));
    return c.json({ ...page, erasures: shown }, 200);
  });

  app.openapi(ruled(routes, approveRoute, ERASE), async (c) => {
    const caller = callerOf(c);
    const { id, index } = await findRequest(state.db, c.req.valid('param').id);
    await c.get('grant')?.(recordRef(index), isPerson(caller.session));
    return c.json(await view(await erasures.approve(id, caller), caller.session), 200);
  });

  app.openapi(ruled(routes, denyRoute, ERASE), async (c) => {
    const caller = callerOf(c);
    const { id, index } = await findRequest(state.db, c.req.valid('param').id);
    await c.get('grant')?.(recordRef(index), isPerson(caller.session));
    const { reason } = c.req.valid('json');
    return c.json(await view(await erasures.deny(id, reason, caller), caller.session), 200);
  });

  app.openapi(ruled(routes, withdrawRoute, ERASE), async (c) => {
    const caller = callerOf(c);
    const { id, index, requestedById } = await findRequest(state.db, c.req.valid('param').id);
    const own = isPerson(caller.session) && requestedById === caller.session.user.id;
    await c.get('grant')?.(recordRef(index), own);
    const { reason } = c.req.valid('json');
    return c.json(await view(await erasures.withdraw(id, reason, caller), caller.session), 200);
  });
}

/** Two people agree: a program that holds somebody's token is not that person. */
function isPerson({ method, user }: Session): boolean {
  return user.kind === 'person' && method !== 'token' && method !== 'secret';
}
