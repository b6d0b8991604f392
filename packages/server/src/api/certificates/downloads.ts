import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { changeFor } from '../../authorization/admitted.ts';
import { needsCertificate } from '../../certificates/access.ts';
import {
  certificateFile,
  DOWNLOAD_FORMATS,
  KEY_FORMATS,
  keptPrivateKey,
  keyFile,
  type KeyFormat,
} from '../../certificates/files.ts';
import { deletePrivateKey, handOutKey } from '../../certificates/private-keys.ts';
import { certificateTold } from '../../certificates/records.ts';
import type { AppEnv } from '../../http/env.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, json } from '../security/schemas.ts';
import { askedCertificate } from './asked.ts';
import { FilePassword, IdParam, KeyFile } from './schemas.ts';

const BASE = '/api/v1/certificates/{id}';
const tags = ['Certificates'];

const downloadRoute = createRoute({
  method: 'get',
  path: `${BASE}/download`,
  operationId: 'downloadCertificate',
  summary: 'A certificate as a file, with or without those above it',
  tags,
  request: {
    params: IdParam,
    query: z.object({
      format: z.enum(DOWNLOAD_FORMATS).default('pem'),
      chain: z.enum(['true', 'false']).default('false'),
    }),
  },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: z.string() } },
    },
    ...refusals(400, 401, 403, 404, 422, 503),
  },
});

const withKeyRoute = createRoute({
  method: 'post',
  path: `${BASE}/download-with-key`,
  operationId: 'downloadCertificateWithKey',
  summary: 'A certificate with its private key, encrypted',
  tags,
  request: {
    params: IdParam,
    body: json(
      z
        .strictObject({
          format: z.enum(KEY_FORMATS).default('pfx'),
          password: FilePassword.optional(),
          chain: z.boolean().default(true),
        })
        .openapi('DownloadWithKey'),
    ),
  },
  responses: {
    200: answers('The file.', KeyFile),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const recoverRoute = createRoute({
  method: 'post',
  path: `${BASE}/recover`,
  operationId: 'recoverCertificate',
  summary: 'The archived private key of a certificate, as PKCS#12',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ password: FilePassword.optional() }).openapi('KeyRecovery')),
  },
  responses: {
    200: answers('The file.', KeyFile),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteKeyRoute = createRoute({
  method: 'delete',
  path: `${BASE}/private-key`,
  operationId: 'deletePrivateKey',
  summary: 'Delete the private key that is kept here; the certificate stays',
  tags,
  request: { params: IdParam },
  responses: {
    204: { description: 'Deleted.' },
    ...refusals(400, 401, 403, 404, 409, 503),
  },
});

/** Taking certificates and keys along, and deleting keys. */
export function downloadRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, downloadRoute, needsCertificate('read')), async (c) => {
    const { certificate, caller } = await askedCertificate(platform, c, 'read');
    const { format, chain } = c.req.valid('query');
    const file = await certificateFile(platform, certificate, { format, chain: chain === 'true' });
    await platform.recorder.record(
      certificateTold(caller, 'CERT_DOWNLOADED', {
        after: certificate,
        attributes: [['Format', format]],
      }),
    );
    return c.body(new Uint8Array(file.content), 200, {
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="${file.fileName}"`,
    });
  });

  app.openapi(ruled(routes, withKeyRoute, needsCertificate('recover')), async (c) => {
    const file = await takeOut(platform, c, 'CERT_KEY_EXPORTED', c.req.valid('json'));
    return c.json(file, 200);
  });

  app.openapi(ruled(routes, recoverRoute, needsCertificate('recover')), async (c) => {
    const { password } = c.req.valid('json');
    const order = { format: 'pfx', password, chain: true } as const;
    return c.json(await takeOut(platform, c, 'CERT_KEY_RECOVERED', order), 200);
  });

  app.openapi(ruled(routes, deleteKeyRoute, needsCertificate('delete')), async (c) => {
    const { certificate, caller } = await askedCertificate(platform, c, 'delete');
    await changeFor(platform, caller, async (tx) => await deletePrivateKey(tx, certificate.id));
    return c.body(null, 204);
  });
}

/** The key of a certificate as an encrypted file; that it is handed out is recorded before it is. */
async function takeOut(
  platform: Platform,
  c: Context<AppEnv>,
  event: 'CERT_KEY_EXPORTED' | 'CERT_KEY_RECOVERED',
  order: {
    readonly format: KeyFormat;
    readonly password?: string | undefined;
    readonly chain: boolean;
  },
): Promise<z.infer<typeof KeyFile>> {
  const { certificate, caller } = await askedCertificate(platform, c, 'recover');
  const { key, sealed } = await keptPrivateKey(platform, certificate);
  const { format, password, chain } = order;
  const file = await keyFile(platform, certificate, key, { format, password, chain });
  await changeFor(
    platform,
    caller,
    async (tx) => await handOutKey(tx, certificate.id, event, { sealed, format }),
  );
  const { content, fileName } = file;
  return { content: content.toString('base64'), fileName, password: file.password };
}
