import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { needs, needsFor, type Rule } from '../../authorization/rule.ts';
import { findCertificate } from '../../certificates/certificate-view.ts';
import { approveRequest, DECISION_DUTIES, denyRequest } from '../../certificates/decide.ts';
import { keyFile } from '../../certificates/files.ts';
import { keyOfRequest, openKey } from '../../certificates/keys.ts';
import { publicKeyId } from '../../certificates/insert-certificate.ts';
import { collectRequestKey, nothingToCollect } from '../../certificates/private-keys.ts';
import { requestRef } from '../../certificates/records.ts';
import {
  findRequest,
  listRequests,
  REQUEST_STATES,
  type CertificateRequest as Request,
} from '../../certificates/request-view.ts';
import type { User } from '../../accounts/accounts.ts';
import type { StateReader } from '../../database/schema.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { idOf } from './asked.ts';
import { CertificateRequest, Comment, FilePassword, IdParam, Reason } from './schemas.ts';

const BASE = '/api/v1/requests';
const tags = ['Enrollment'];
const LIST = needs('certServer.ca.requests', 'list');
const READ: Rule = {
  kind: 'right',
  right: { resource: 'certServer.ca.request.enrollment', operation: 'read' },
  otherwise: { resource: 'certServer.ca.requests', operation: 'list' },
};
const DECIDE = needsFor('certServer.ca.request.enrollment', 'execute');
const COLLECT = needsFor('certServer.certificate.enrollment', 'pfx');

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listCertificateRequests',
  summary: 'Requests for certificates, newest first',
  tags,
  request: {
    query: z.object({
      state: z.enum(REQUEST_STATES).optional(),
      after: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: answers(
      'One page.',
      z
        .object({
          requests: z.array(CertificateRequest),
          total: z.int(),
          next: z.string().nullable(),
        })
        .openapi('CertificateRequests'),
    ),
    ...refusals(400, 401, 403, 503),
  },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}`,
  operationId: 'readCertificateRequest',
  summary: 'One request',
  tags,
  request: { params: IdParam },
  responses: {
    200: answers('The request.', CertificateRequest),
    ...refusals(400, 401, 403, 404, 503),
  },
});

const approveRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/approve`,
  operationId: 'approveCertificateRequest',
  summary: "Agree to somebody else's request, and issue the certificate",
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ comment: Comment.optional() }).openapi('RequestApproval')),
  },
  responses: {
    200: answers('The request as it is now.', CertificateRequest),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const denyRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/deny`,
  operationId: 'denyCertificateRequest',
  summary: 'Deny a request, with a reason',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ comment: Reason }).openapi('RequestDenial')),
  },
  responses: {
    200: answers('The request as it is now.', CertificateRequest),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const collectRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/pkcs12`,
  operationId: 'collectRequestKey',
  summary: 'Collect, once, the key that was made for a request of mine that had to wait',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ password: FilePassword.optional() }).openapi('KeyCollection')),
  },
  responses: {
    200: answers(
      'The key with its certificate.',
      z.object({ pkcs12: z.string(), password: z.string().nullable() }).openapi('CollectedKey'),
    ),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

/** Requests for certificates, and what is decided about them. */
export function requestRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, LIST), async (c) => {
    const { requests, total, next } = await listRequests(db, c.req.valid('query'));
    return c.json({ requests, total, next: next === null ? null : String(next) }, 200);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) =>
    c.json((await findRequest(db, idOf(c))).request, 200),
  );

  app.openapi(ruled(routes, approveRoute, DECIDE), async (c) => {
    const id = idOf(c);
    const comment = textOf(c.req.valid('json').comment);
    await c.get('grant')?.(requestRef((await findRequest(db, id)).request));
    const { request } = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await approveRequest(tx, id, comment),
      DECISION_DUTIES,
    );
    return c.json(request, 200);
  });

  app.openapi(ruled(routes, denyRoute, DECIDE), async (c) => {
    const id = idOf(c);
    const { comment } = c.req.valid('json');
    await c.get('grant')?.(requestRef((await findRequest(db, id)).request));
    const request = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await denyRequest(tx, id, comment),
    );
    return c.json(request, 200);
  });

  app.openapi(ruled(routes, collectRoute, COLLECT), async (c) => {
    const id = idOf(c);
    const { request, details, sealedKey } = await findRequest(db, id);
    const own = await isOwn(db, request, signedIn(c).user);
    await c.get('grant')?.(requestRef(request), own);
    if (sealedKey === null || request.certificate === null) throw nothingToCollect(id);
    const certificate = await findCertificate(db, request.certificate, platform.clock());
    const about = keyOfRequest(publicKeyId(Buffer.from(details.publicKey, 'base64')));
    const key = openKey(platform.vault, sealedKey, about);
    const { password } = c.req.valid('json');
    const file = await keyFile(platform, certificate, key, { format: 'pfx', password });
    await changeFor(
      platform,
      callerOf(c),
      async (tx) => await collectRequestKey(tx, id, { sealed: sealedKey, format: 'pfx' }),
    );
    return c.json({ pkcs12: file.content.toString('base64'), password: file.password }, 200);
  });
}

/** Whether somebody has made a request: he goes by the name in it, and did so already when it was made. */
async function isOwn(
  db: StateReader,
  { requester, submittedAt }: Pick<Request, 'requester' | 'submittedAt'>,
  { id, username }: User,
): Promise<boolean> {
  if (requester !== username) return false;
  const account = await db
    .selectFrom('users')
    .select('created_at')
    .where('id', '=', id)
    .executeTakeFirst();
  return account !== undefined && account.created_at <= submittedAt;
}

function textOf(comment: string | undefined): string | null {
  return comment === undefined || comment === '' ? null : comment;
}
