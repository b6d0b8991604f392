import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { needs } from '../../authorization/rule.ts';
import { readCertificates } from '../../ca/read-certificates.ts';
import { certificateRight, needsCertificate } from '../../certificates/access.ts';
import { changeOwner, deleteCertificate } from '../../certificates/delete.ts';
import { importCertificates } from '../../certificates/import.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { alsoNeeds } from '../security/also-needs.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { askedCertificate } from './asked.ts';
import { Certificate, FilePassword, GivenMetadata, IdParam } from './schemas.ts';

const BASE = '/api/v1/certificates';
const tags = ['Certificates'];
const IMPORT = needs('certServer.ca.certificate', 'import');

const importRoute = createRoute({
  method: 'post',
  path: `${BASE}/import`,
  operationId: 'importCertificates',
  summary: 'Import certificates: PEM, DER, P7B or PFX; private keys join them',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          content: z.string().min(1).max(1_450_000).openapi({ description: 'PEM, or base64.' }),
          password: FilePassword.optional(),
          metadata: GivenMetadata.optional(),
        })
        .openapi('CertificateImport'),
    ),
  },
  responses: {
    200: answers(
      'What has become of each certificate of the file.',
      z
        .object({
          imported: z.array(
            z.object({ id: z.int(), status: z.enum(['imported', 'known', 'joined']) }),
          ),
        })
        .openapi('ImportedCertificates'),
    ),
    ...refusals(401, 403, 413, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteCertificate',
  summary: 'Delete a certificate; if it is revoked it stays revoked',
  tags,
  request: { params: IdParam },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

const ownerRoute = createRoute({
  method: 'put',
  path: `${BASE}/{id}/owner`,
  operationId: 'changeCertificateOwner',
  summary: 'Give a certificate to a role, or to none',
  tags,
  request: {
    params: IdParam,
    body: json(
      z.strictObject({ role: z.string().min(1).max(64).nullable() }).openapi('CertificateOwner'),
    ),
  },
  responses: {
    200: answers('The certificate as it is now.', Certificate),
    ...refusals(400, 401, 403, 404, 415, 422, 503),
  },
});

/** What is managed here, and whose it is. */
export function keepingRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, importRoute, IMPORT), async (c) => {
    const { content, password = null, metadata = {} } = c.req.valid('json');
    const file = await readCertificates(content, password);
    const caller = callerOf(c);
    const keyRight = certificateRight('import-private-key');
    if (file.keys.length > 0) await alsoNeeds(platform, c, keyRight);
    const imported = await changeFor(
      platform,
      {
        ...caller,
        holds: async ({ policy, subject }) =>
          policy.isAllowed(subject, caller.right) &&
          (file.keys.length === 0 || policy.isAllowed(subject, keyRight)),
      },
      async (tx) => await importCertificates(tx, file, metadata),
    );
    return c.json({ imported }, 200);
  });

  app.openapi(ruled(routes, deleteRoute, needsCertificate('delete')), async (c) => {
    const { certificate, caller } = await askedCertificate(platform, c, 'delete');
    await changeFor(platform, caller, async (tx) => await deleteCertificate(tx, certificate.id));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, ownerRoute, needsCertificate('change-owner')), async (c) => {
    const { certificate, caller } = await askedCertificate(platform, c, 'change-owner');
    const { role } = c.req.valid('json');
    const changed = await changeFor(
      platform,
      caller,
      async (tx) => await changeOwner(tx, certificate.id, role),
    );
    return c.json(changed, 200);
  });
}
