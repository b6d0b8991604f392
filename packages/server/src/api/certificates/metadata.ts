import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { needsCertificate, needsCertificates } from '../../certificates/access.ts';
import {
  assertMetadata,
  changeMetadata,
  type MetadataChanges,
} from '../../certificates/metadata.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, json } from '../security/schemas.ts';
import { askedCertificate } from './asked.ts';
import { doWithMany, Which, whichOf } from './many.ts';
import { Certificate, CertificateJob, IdParam, RefusedCertificate } from './schemas.ts';

const BASE = '/api/v1/certificates';
const tags = ['Certificates'];

const Changes = z
  .record(z.string().min(1).max(64), z.string().max(4_000).nullable())
  .refine((changes) => Object.keys(changes).length <= 100, 'at most 100 fields')
  .openapi({
    description: 'Values by field; null or an empty text takes the value away.',
    example: { Owner: 'jdoe@example.com' },
  });

const changeRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}/metadata`,
  operationId: 'changeCertificateMetadata',
  summary: 'Change what is kept beside a certificate',
  description:
    'What is left out stays. It may bring the certificate into collections, or out of them.',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ metadata: Changes }).openapi('MetadataChange')),
  },
  responses: {
    200: answers('The certificate as it is now.', Certificate),
    ...refusals(400, 401, 403, 404, 415, 422, 503),
  },
});

const changeManyRoute = createRoute({
  method: 'post',
  path: `${BASE}/metadata`,
  operationId: 'changeMetadataOfCertificates',
  summary: 'Change what is kept beside many certificates',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          ...Which,
          metadata: Changes,
          overwrite: z
            .boolean()
            .default(false)
            .openapi({ description: 'False: values that are there stay.' }),
        })
        .openapi('MetadataOfMany'),
    ),
  },
  responses: {
    200: answers(
      'What was done, and what not.',
      z
        .object({
          changed: z.int().openapi({ description: 'Certificates that have these values now.' }),
          refused: z.array(RefusedCertificate).readonly(),
        })
        .openapi('MetadataChanged'),
    ),
    202: answers('So many that it goes on by itself.', CertificateJob),
    ...refusals(400, 401, 403, 415, 422, 503),
  },
});

/** What is kept beside certificates. */
export function metadataRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, changeManyRoute, needsCertificates('edit-metadata')), async (c) => {
    const { metadata, overwrite, ids, query } = c.req.valid('json');
    const changes = changesIn(metadata);
    await assertMetadata(platform.state.db, changes);
    const wanted = await whichOf(platform, c, 'edit-metadata', { ids, query });
    const done = await doWithMany(platform, c, 'edit-metadata', wanted, async (tx, id) => {
      await changeMetadata(tx, id, changes, overwrite);
    });
    if ('job' in done) return c.json(done.job, 202);
    return c.json({ changed: done.done.length, refused: done.refused }, 200);
  });

  app.openapi(ruled(routes, changeRoute, needsCertificate('edit-metadata')), async (c) => {
    const changes = changesIn(c.req.valid('json').metadata);
    const { certificate, caller } = await askedCertificate(platform, c, 'edit-metadata');
    const after = await changeFor(
      platform,
      caller,
      async (tx) => await changeMetadata(tx, certificate.id, changes),
    );
    return c.json(after, 200);
  });
}

function changesIn(given: Readonly<Record<string, string | null>>): MetadataChanges {
  return Object.fromEntries(
    Object.entries(given).map(([field, value]) => [field, value === '' ? null : value]),
  );
}
