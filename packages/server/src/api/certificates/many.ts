import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ChangeTransaction } from '../../authorization/admitted.ts';
import {
  certificatesFor,
  needsCertificates,
  standingOf,
  type CertificateOperation,
} from '../../certificates/access.ts';
import { deleteCertificate } from '../../certificates/delete.ts';
import { AT_ONCE, type CertificateJob as Job } from '../../certificates/jobs.ts';
import { withEach, type Outcome } from '../../certificates/many.ts';
import { readCertificateQuery } from '../../certificates/query/read-query.ts';
import {
  releaseCertificate,
  revokeCertificate,
  REVOCATION_REASONS,
} from '../../certificates/revoke.ts';
import { faultyField } from '../../errors.ts';
import type { AppEnv } from '../../http/env.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { idOf } from './asked.ts';
import { CertificateJob, IdParam, Ids, Reason, RefusedCertificate } from './schemas.ts';

const BASE = '/api/v1/certificates';
const tags = ['Certificates'];

/** Certificates by their numbers, or by a query. */
export const Which = {
  ids: Ids.optional(),
  query: z
    .string()
    .max(8_192)
    .optional()
    .openapi({ description: 'All that it finds, of those you may do this with.' }),
};
const Refused = z.array(RefusedCertificate).readonly();
const REFUSALS = refusals(400, 401, 403, 415, 422, 503);
const later = answers('So many that it goes on by itself.', CertificateJob);

const revokeRoute = createRoute({
  method: 'post',
  path: `${BASE}/revoke`,
  operationId: 'revokeCertificates',
  summary: 'Revoke certificates, or put them on hold (reason 6)',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          ...Which,
          reason: z
            .int()
            .refine((reason) => REVOCATION_REASONS.some((one) => one === reason), {
              message: `one of ${REVOCATION_REASONS.join(', ')} (RFC 5280 section 5.3.1)`,
            })
            .openapi({ description: 'RFC 5280 section 5.3.1; 6: hold.' }),
          comment: Reason,
          effectiveDate: z.iso.datetime().optional().openapi({
            description: 'Since when they were not to be trusted: the invalidity date.',
          }),
        })
        .openapi('Revocation'),
    ),
  },
  responses: {
    200: answers(
      'What was done, and what not.',
      z.object({ revoked: z.array(z.int()).readonly(), refused: Refused }).openapi('Revoked'),
    ),
    202: later,
    ...REFUSALS,
  },
});

const releaseRoute = createRoute({
  method: 'post',
  path: `${BASE}/release`,
  operationId: 'releaseCertificates',
  summary: 'Take certificates off hold',
  tags,
  request: {
    body: json(z.strictObject({ ids: Ids, comment: Reason }).openapi('Release')),
  },
  responses: {
    200: answers(
      'What was done, and what not.',
      z.object({ released: z.array(z.int()).readonly(), refused: Refused }).openapi('Released'),
    ),
    202: later,
    ...REFUSALS,
  },
});

const deleteRoute = createRoute({
  method: 'post',
  path: `${BASE}/delete`,
  operationId: 'deleteCertificates',
  summary: 'Delete certificates; what is revoked stays revoked',
  tags,
  request: { body: json(z.strictObject(Which).openapi('CertificateDeletion')) },
  responses: {
    200: answers(
      'What was done, and what not.',
      z.object({ deleted: z.array(z.int()).readonly(), refused: Refused }).openapi('Deleted'),
    ),
    202: later,
    ...REFUSALS,
  },
});

const jobRoute = createRoute({
  method: 'get',
  path: `${BASE}/jobs/{id}`,
  operationId: 'readCertificateJob',
  summary: 'How far work on many certificates is',
  tags,
  request: { params: IdParam },
  responses: { 200: answers('The job.', CertificateJob), ...refusals(400, 401, 403, 404, 503) },
});

/** What is done with many certificates at once. */
export function manyCertificatesRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, revokeRoute, needsCertificates('revoke')), async (c) => {
    const { ids, query, reason, comment, effectiveDate } = c.req.valid('json');
    const revocation = { reason, comment, effectiveDate: earlier(platform, effectiveDate) };
    const wanted = await whichOf(platform, c, 'revoke', { ids, query });
    const done = await doWithMany(platform, c, 'revoke', wanted, async (tx, id) => {
      await revokeCertificate(tx, id, revocation);
    });
    if ('job' in done) return c.json(done.job, 202);
    return c.json({ revoked: done.done, refused: done.refused }, 200);
  });

  app.openapi(ruled(routes, releaseRoute, needsCertificates('revoke')), async (c) => {
    const { ids, comment } = c.req.valid('json');
    const done = await doWithMany(platform, c, 'revoke', ids, async (tx, id) => {
      await releaseCertificate(tx, id, comment);
    });
    if ('job' in done) return c.json(done.job, 202);
    return c.json({ released: done.done, refused: done.refused }, 200);
  });

  app.openapi(ruled(routes, deleteRoute, needsCertificates('delete')), async (c) => {
    const wanted = await whichOf(platform, c, 'delete', c.req.valid('json'));
    const done = await doWithMany(platform, c, 'delete', wanted, deleteCertificate);
    if ('job' in done) return c.json(done.job, 202);
    return c.json({ deleted: done.done, refused: done.refused }, 200);
  });

  app.openapi(ruled(routes, jobRoute, needsCertificates('read')), (c) =>
    c.json(jobView(platform.certificateJobs.find(idOf(c), signedIn(c).user.username)), 200),
  );
}

/** The certificates that are named, or those of a query with which the caller may do this. Throws `request_invalid`. */
export async function whichOf(
  platform: Platform,
  c: Context<AppEnv>,
  operation: CertificateOperation,
  { ids, query }: { ids?: number[] | undefined; query?: string | undefined },
): Promise<readonly number[]> {
  if ((ids === undefined) === (query === undefined))
    throw faultyField('ids', 'either ids or a query', ids === undefined ? 'neither' : 'both');
  if (ids !== undefined) return ids;
  const standing = standingOf(platform, signedIn(c), c.get('facts').address);
  const { db, now, subject } = standing;
  const found = await readCertificateQuery(db, query ?? '', { now, me: subject.user });
  const rows = await db
    .selectFrom('certificates')
    .select('id')
    .where(found)
    .where(await certificatesFor(standing, operation))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Does it now, or, where they are many, begins it and answers at once. */
export async function doWithMany(
  platform: Platform,
  c: Context<AppEnv>,
  operation: CertificateOperation,
  ids: readonly number[],
  work: (tx: ChangeTransaction, id: number) => Promise<void>,
): Promise<Outcome | { readonly job: z.infer<typeof CertificateJob> }> {
  const caller = callerOf(c);
  if (ids.length <= AT_ONCE) return await withEach(platform, caller, operation, ids, work);
  const { username } = caller.session.user;
  const job = platform.certificateJobs.start(
    username,
    ids.length,
    async (progress) => await withEach(platform, caller, operation, ids, work, progress),
  );
  return { job: jobView(job) };
}

function jobView({ outcome, username: _username, ...job }: Job): z.infer<typeof CertificateJob> {
  return { ...job, done: outcome.done.length, refused: outcome.refused };
}

/** A moment that has passed. Throws `request_invalid`. */
function earlier(platform: Platform, time: string | undefined): Date | null {
  if (time === undefined) return null;
  const date = new Date(time);
  if (date <= platform.clock()) return date;
  throw faultyField('effectiveDate', 'a time that has passed', time);
}
