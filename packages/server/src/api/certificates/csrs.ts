import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../../authorization/admitted.ts';
import { needs, needsFor } from '../../authorization/rule.ts';
import { makeCsr } from '../../ca/csr.ts';
import { checkAltName } from '../../ca/alt-names.ts';
import { generateKeyPair, type KeyAlgorithm } from '../../ca/key-algorithm.ts';
import { formatDn, parseDn } from '../../ca/names.ts';
import { admittedIf, usesTemplate } from '../../certificates/admission.ts';
import { deleteCsrs, downloadCsr, findCsr, keepCsr, listCsrs } from '../../certificates/csrs.ts';
import { findEnrollmentTemplate } from '../../certificates/enroll.ts';
import { csrRef } from '../../certificates/records.ts';
import type { StateReader } from '../../database/schema.ts';
import { ruled } from '../../http/declare.ts';
import { resolveRequest } from '../../templates/resolve.ts';
import { readGlobalPolicy } from '../../templates/templates.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { askedTemplate, idOf } from './asked.ts';
import {
  AltNames,
  Csr,
  CsrWithText,
  IdParam,
  Ids,
  KeyAlgorithmName,
  Subject,
  TemplateRef,
} from './schemas.ts';

const BASE = '/api/v1/csrs';
const RESOURCE = 'certServer.certificate.enrollment';
const PENDING = needs(RESOURCE, 'pending-csr');
const PENDING_ONE = needsFor(RESOURCE, 'pending-csr');
const tags = ['Enrollment'];

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listCsrs',
  summary: 'Requests that were generated here and wait for their certificate',
  tags,
  responses: {
    200: answers('Newest first.', z.object({ csrs: z.array(Csr) }).openapi('GeneratedCsrs')),
    ...refusals(401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'generateCsr',
  summary: 'Generate a key and a request; the key stays here until the certificate comes',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          subject: Subject,
          sans: AltNames.optional(),
          keyAlgorithm: KeyAlgorithmName.optional(),
          template: TemplateRef.optional(),
        })
        .openapi('CsrGeneration'),
    ),
  },
  responses: {
    201: answers('The request.', CsrWithText),
    ...refusals(401, 403, 409, 415, 422, 503),
  },
});

const downloadRoute = createRoute({
  method: 'get',
  path: `${BASE}/{id}/download`,
  operationId: 'downloadCsr',
  summary: 'A generated request again, as PEM',
  tags,
  request: { params: IdParam },
  responses: {
    200: { description: 'PEM.', content: { 'application/pkcs10': { schema: z.string() } } },
    ...refusals(400, 401, 403, 404, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteCsr',
  summary: 'Delete a generated request, and the key that waits with it',
  tags,
  request: { params: IdParam },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 503) },
});

const deleteManyRoute = createRoute({
  method: 'post',
  path: `${BASE}/delete`,
  operationId: 'deleteCsrs',
  summary: 'Delete several generated requests, all or none',
  tags,
  request: { body: json(z.strictObject({ ids: Ids }).openapi('CsrDeletion')) },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 415, 422, 503) },
});

/** Requests for certificates from elsewhere. */
export function csrRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, PENDING), async (c) =>
    c.json({ csrs: await listCsrs(db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, needsFor(RESOURCE, 'generate-csr')), async (c) => {
    const { template: name, ...wanted } = c.req.valid('json');
    if (name === undefined) await c.get('grant')?.(null);
    else await askedTemplate(c, await findEnrollmentTemplate(db, name));
    const resolved = await resolve(db, name, wanted);
    const { privateKey } = await generateKeyPair(resolved.keyAlgorithm);
    const csr = await makeCsr({ ...resolved, key: privateKey });
    const caller = callerOf(c);
    const made = await changeFor(
      platform,
      name === undefined ? caller : admittedIf(caller, usesTemplate(name)),
      async (tx) => {
        // The template may have changed while the key was made.
        await resolve(tx.db, name, { ...wanted, keyAlgorithm: resolved.keyAlgorithm });
        const { subject, keyAlgorithm } = resolved;
        return await keepCsr(tx, {
          subject,
          keyAlgorithm,
          template: name ?? null,
          csr,
          privateKey,
        });
      },
    );
    return c.json(made, 201);
  });

  app.openapi(ruled(routes, downloadRoute, PENDING_ONE), async (c) => {
    const id = idOf(c);
    await c.get('grant')?.(csrRef(await findCsr(db, id)));
    const { csr } = await changeFor(platform, callerOf(c), async (tx) => await downloadCsr(tx, id));
    return c.body(csr, 200, {
      'content-type': 'application/pkcs10',
      'content-disposition': `attachment; filename="request-${id}.csr"`,
    });
  });

  app.openapi(ruled(routes, deleteManyRoute, PENDING), async (c) => {
    const { ids } = c.req.valid('json');
    await changeFor(platform, callerOf(c), async (tx) => await deleteCsrs(tx, ids));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, deleteRoute, PENDING_ONE), async (c) => {
    const id = idOf(c);
    await c.get('grant')?.(csrRef(await findCsr(db, id)));
    await changeFor(platform, callerOf(c), async (tx) => await deleteCsrs(tx, [id]));
    return c.body(null, 204);
  });
}

interface Wanted {
  readonly subject: string;
  readonly sans?: Parameters<typeof makeCsr>[0]['sans'] | undefined;
  readonly keyAlgorithm?: KeyAlgorithm | undefined;
}

/** What the request is to say: by a template as it will be issued, else as it was asked for. */
async function resolve(db: StateReader, name: string | undefined, wanted: Wanted) {
  const { subject, sans = [], keyAlgorithm } = wanted;
  if (name === undefined)
    return {
      subject: formatDn(parseDn(subject)),
      sans: sans.map(checkAltName),
      keyAlgorithm: keyAlgorithm ?? ('P-256' as const),
    };
  return resolveRequest(
    { kind: 'csr-generation', subject, sans, keyAlgorithm },
    await findEnrollmentTemplate(db, name),
    await readGlobalPolicy(db),
  );
}
