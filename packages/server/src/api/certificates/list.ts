import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Standing } from '../../authorization/admitted.ts';
import {
  certificatesFor,
  mayUseCertificate,
  needsCertificate,
  standingOf,
} from '../../certificates/access.ts';
import { findCertificate, listCertificates } from '../../certificates/certificate-view.ts';
import type { CertificateCondition } from '../../certificates/query/condition.ts';
import { queryReader } from '../../certificates/query/read-query.ts';
import { certificateRef } from '../../certificates/refs.ts';
import { searchCertificates, SORT_FIELDS, type SortKey } from '../../certificates/search.ts';
import { readTimeline } from '../../certificates/timeline.ts';
import { findWholeCertificate } from '../../certificates/whole-certificate.ts';
import {
  collectionResource,
  findStoredCollection,
  type StoredCollection,
} from '../../collections/collections.ts';
import { collectionRef } from '../../collections/records.ts';
import { faultyParameter, ServerError } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import type { AppEnv } from '../../http/env.ts';
import { signedIn, type Api } from '../api.ts';
import { fresh } from '../audit/query.ts';
import { refusals } from '../schemas.ts';
import { answers } from '../security/schemas.ts';
import { Certificate, IdParam, WholeCertificate } from './schemas.ts';

const READ = needsCertificate('read');
const BASE = '/api/v1/certificates';
const tags = ['Certificates'];
/** More columns decide nothing that anybody sees. */
const MAX_SORT = 4;

const Flag = z.enum(['true', 'false']).default('true');

export const CertificatePage = z
  .object({
    certificates: z.array(Certificate),
    total: z.int().openapi({ description: 'How many the query finds.' }),
    next: z
      .string()
      .nullable()
      .openapi({ description: '`after` of the next page; null at the end.' }),
  })
  .openapi('CertificatePage');

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'searchCertificates',
  summary: 'Search certificates',
  description:
    'Those you may read: all, or those in the collections you have the right on. Pages are cut by values, so that what comes or goes meanwhile shifts none.',
  tags,
  request: {
    query: z.object({
      query: z.string().max(8_192).optional().openapi({
        description: 'The query language over certificates; empty: everything.',
        example: 'CN -contains "example.com" AND NotAfter -lt "%TODAY+30%"',
      }),
      collection: z.coerce.number().int().min(1).max(999_999_999).optional().openapi({
        description: 'Only what this collection holds.',
      }),
      includeExpired: Flag,
      includeRevoked: Flag,
      sort: z
        .string()
        .max(200)
        .default('id')
        .openapi({ description: `Columns, with commas between: ${SORT_FIELDS.join(', ')}.` }),
      order: z.string().max(50).default('desc').openapi({
        description: '`asc` or `desc`: one for all columns, or one for each with commas between.',
      }),
      after: z.string().max(8_192).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional().openapi({
        description: 'Left out: as many as the setting `certificates.pageSize` says.',
      }),
    }),
  },
  responses: { 200: answers('One page.', CertificatePage), ...refusals(400, 401, 403, 404, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}`,
  operationId: 'readCertificate',
  summary: 'One certificate',
  tags,
  request: { params: IdParam },
  responses: {
    200: answers('The certificate with everything around it.', WholeCertificate),
    ...refusals(400, 401, 403, 404, 503),
  },
});

export const TimelineShape = z
  .object({
    steps: z
      .array(
        z.object({
          index: z.int().openapi({ description: "The record's place in the log." }),
          time: z.string(),
          event: z.string().openapi({ example: 'CERT_REQUEST_PROCESSED' }),
          operation: z.string().openapi({ example: 'Created' }),
          outcome: z.enum(['Success', 'Failure']),
          producer: z.string().openapi({
            description: '`countersign`: this server; others are programs that send records.',
          }),
          actor: z.string(),
          sentence: z.string(),
          comment: z.string().nullable(),
        }),
      )
      .readonly(),
    more: z.boolean().openapi({ description: 'There are more records than are shown.' }),
  })
  .openapi('CertificateTimeline');

const timelineRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}/timeline`,
  operationId: 'readCertificateTimeline',
  summary: 'What records tell of a certificate, oldest first',
  description:
    'From its request to its end. Who looked at it, or was refused, is left out: that is for auditors.',
  tags,
  request: { params: IdParam },
  responses: {
    200: answers('Step by step.', TimelineShape),
    ...refusals(400, 401, 403, 404, 503),
  },
});

const byFingerprintRoute = createRoute({
  method: 'get',
  path: `${BASE}/by-fingerprint/{fingerprint}`,
  operationId: 'findCertificateByFingerprint',
  summary: 'The number of a certificate, from a record that names it',
  tags,
  request: {
    params: z.object({
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'SHA-256 of a certificate: 64 lower case hex digits')
        .openapi({ param: { name: 'fingerprint', in: 'path' } }),
    }),
  },
  responses: {
    200: answers('Its number.', z.object({ id: z.int() }).openapi('CertificateNumber')),
    ...refusals(400, 401, 403, 404, 503),
  },
});

/** Searching certificates, and looking at one. */
export function certificateListRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const {
      query = '',
      collection: id,
      sort,
      order,
      after,
      limit = platform.settings.get('certificates.pageSize'),
      ...flags
    } = c.req.valid('query');
    const standing = standingOf(platform, signedIn(c), c.get('facts').address);
    const collection = id === undefined ? null : await findStoredCollection(db, id);
    await grantList(c, standing, collection);
    const read = await queryReader(db, { now: standing.now, me: standing.subject.user });
    const conditions = [
      await read(query),
      await certificatesFor(standing, 'read'),
      ...(collection === null ? [] : [await read(collection.query)]),
      ...unless(flags, standing.now),
    ];
    const page = await searchCertificates(db, {
      conditions,
      sort: readSort(sort, order),
      after,
      limit,
    });
    const { total, next } = page;
    const certificates = await listCertificates(db, page.ids, standing.now);
    return c.json({ certificates, total, next }, 200);
  });

  app.openapi(ruled(routes, byFingerprintRoute, READ), async (c) => {
    const { fingerprint } = c.req.valid('param');
    const row = await db
      .selectFrom('certificates')
      .select(['id', 'fingerprint', 'subject'])
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    if (row === undefined)
      throw new ServerError('not_found', `there is no certificate ${fingerprint}`);
    await grantOne(platform, c, row);
    return c.json({ id: row.id }, 200);
  });

  app.openapi(ruled(routes, timelineRoute, READ), async (c) => {
    const row = await db
      .selectFrom('certificates')
      .select(['id', 'fingerprint', 'subject', 'request'])
      .where('id', '=', Number(c.req.valid('param').id))
      .executeTakeFirst();
    if (row === undefined)
      throw new ServerError('not_found', `there is no certificate ${c.req.valid('param').id}`);
    const { now } = await grantOne(platform, c, row);
    await fresh(platform);
    return c.json(await readTimeline(platform, row, now), 200);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) => {
    const id = Number(c.req.valid('param').id);
    const certificate = await findCertificate(db, id, platform.clock());
    const standing = await grantOne(platform, c, certificate);
    return c.json(await findWholeCertificate(standing, id), 200);
  });
}

/** A collection that is asked for must be one he may read; without one the list is kept to what he may see. */
async function grantList(
  c: Context<AppEnv>,
  { policy, subject }: Standing,
  collection: StoredCollection | null,
): Promise<void> {
  const grant = c.get('grant');
  if (collection === null) return await grant?.(null);
  const right = { resource: collectionResource(collection.id), operation: 'read' };
  await grant?.(collectionRef(collection), policy.isAllowed(subject, right));
}

/** Says which certificate a request is about, and whether it may be read. */
async function grantOne(
  platform: Api['platform'],
  c: Context<AppEnv>,
  certificate: { readonly id: number; readonly fingerprint: string; readonly subject: string },
): Promise<Standing> {
  const standing = standingOf(platform, signedIn(c), c.get('facts').address);
  const allowed = await mayUseCertificate(standing, certificate.id, 'read');
  await c.get('grant')?.(certificateRef(certificate), allowed);
  return standing;
}

/** What is left out when it is not to be included. */
function unless(
  flags: { readonly includeExpired: string; readonly includeRevoked: string },
  now: Date,
): CertificateCondition[] {
  const conditions: CertificateCondition[] = [];
  if (flags.includeExpired === 'false')
    conditions.push((eb) => eb('not_after', '>=', now.toISOString()));
  if (flags.includeRevoked === 'false') conditions.push((eb) => eb('state', '<>', 'revoked'));
  return conditions;
}

function readSort(sort: string, order: string): SortKey[] {
  const fields = sort.split(',').map((name) => {
    const field = SORT_FIELDS.find((known) => known === name.trim());
    if (field === undefined) throw faultyParameter('sort', SORT_FIELDS.join(', '), name);
    return field;
  });
  if (fields.length > MAX_SORT || new Set(fields).size < fields.length)
    throw faultyParameter('sort', `at most ${MAX_SORT} columns, each once`, sort);
  const orders = order.split(',').map((word) => word.trim());
  const fitting = orders.length === 1 || orders.length === fields.length;
  if (!fitting || !orders.every((word) => word === 'asc' || word === 'desc'))
    throw faultyParameter('order', 'asc or desc, once or for each column', order);
  return fields.map((field, i) => ({ field, descending: (orders[i] ?? orders[0]) === 'desc' }));
}
