import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { accountsWithAccess } from '../../certificates/certificate-access.ts';
import { findCertificate } from '../../certificates/certificate-view.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers } from '../security/schemas.ts';
import { IdParam } from './schemas.ts';

export const CertificateAccess = z
  .object({
    accounts: z.array(
      z.object({
        username: z.string(),
        name: z.string(),
        kind: z.enum(['person', 'application']),
        operations: z
          .array(
            z.object({
              operation: z.string().openapi({ example: 'revoke' }),
              by: z.string().openapi({
                example: 'role Web Team has certServer.certificate.collections.3:revoke',
              }),
              collection: z.string().nullable().openapi({
                description: 'The collection; null: it holds for every certificate.',
              }),
            }),
          )
          .readonly(),
      }),
    ),
  })
  .openapi('CertificateAccess');

const route = createRoute({
  method: 'get',
  path: '/api/v1/certificates/{id}/access',
  operationId: 'readCertificateAccess',
  summary: 'Who may do what with a certificate, and by what',
  description:
    'Every account that is open, as things are; roles that an identity provider gives at sign-in are not known before. Asked for with the right to see who holds what.',
  tags: ['Certificates'],
  request: { params: IdParam },
  responses: {
    200: answers('By user name.', CertificateAccess),
    ...refusals(400, 401, 403, 404, 503),
  },
});

/** `GET /api/v1/certificates/{id}/access` */
export function certificateAccessRoute({ app, routes, platform }: Api): void {
  const { db } = platform.state;
  app.openapi(
    ruled(routes, route, needs('certServer.usrgrp.administration', 'read')),
    async (c) => {
      const { id } = await findCertificate(db, Number(c.req.valid('param').id), platform.clock());
      return c.json({ accounts: await accountsWithAccess(db, id, platform.clock()) }, 200);
    },
  );
}
