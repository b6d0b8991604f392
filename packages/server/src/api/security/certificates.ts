import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ServerError } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import { issueClient } from '../../pki/pki.ts';
import { formatPkcs12 } from '../../pki/pkcs12.ts';
import type { Platform } from '../../platform.ts';
import {
  addCertificate,
  parseClientCertificate,
  removeCertificate,
} from '../../security/certificates.ts';
import { changeSecurity } from '../../security/change.ts';
import { findPerson } from '../../security/identity-view.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, Identity, json, pathName } from './schemas.ts';

const MODIFY = needs('certServer.usrgrp.administration', 'modify');
const BASE = '/api/v1/security/identities/{username}/certificates';
const tags = ['Security'];
const username = pathName('username', 'jdoe');

const addRoute = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'addCertificate',
  summary: 'Make a client certificate a user’s, or issue one',
  description:
    'Who shows it is the user. One that the built-in authority issues is told with its key this once: the key is kept nowhere.',
  tags,
  request: {
    params: z.object({ username }),
    body: json(
      z
        .strictObject({
          certificate: z.string().max(16_384).optional().openapi({ description: 'PEM.' }),
          issue: z.literal(true).optional(),
        })
        .refine(
          ({ certificate, issue }) => (certificate === undefined) !== (issue === undefined),
          'either "certificate" or "issue": true',
        )
        .openapi('NewCertificate'),
    ),
  },
  responses: {
    200: answers('The user as he is now.', Identity),
    201: answers(
      'Issued.',
      z
        .object({
          identity: Identity,
          certificate: z.string().openapi({ description: 'PEM.' }),
          pkcs12: z
            .string()
            .openapi({ description: 'Base64: key, certificate and authority (RFC 7292).' }),
          password: z.string().openapi({ description: "The PKCS#12 file's; shown once." }),
        })
        .openapi('IssuedCertificate'),
    ),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{fingerprint}`,
  operationId: 'removeCertificate',
  summary: 'Take a client certificate from a user',
  description: 'One of the built-in authority is revoked, too; the listener knows at once.',
  tags,
  request: {
    params: z.object({ username, fingerprint: pathName('fingerprint', 'a3f1…') }),
  },
  responses: {
    200: answers('The user as he is now.', Identity),
    ...refusals(401, 403, 404, 409, 503),
  },
});

/** Client certificates by which users are known. */
export function certificateRoutes({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, addRoute, MODIFY), async (c) => {
    const { username: name } = c.req.valid('param');
    const { certificate: pem } = c.req.valid('json');
    const caller = callerOf(c);
    if (pem !== undefined) {
      const certificate = parseClientCertificate(pem, platform.clock());
      const identity = await changeSecurity(
        platform,
        caller,
        async (tx) => await addCertificate(tx, name, certificate, 'enrolled'),
      );
      return c.json(identity, 200);
    }
    const { certificate, ...bundle } = await issueFor(platform, name);
    const identity = await changeSecurity(
      platform,
      caller,
      async (tx) => await addCertificate(tx, name, certificate, 'issued'),
    );
    return c.json({ identity, certificate: certificate.toString(), ...bundle }, 201);
  });

  app.openapi(ruled(routes, removeRoute, MODIFY), async (c) => {
    const { username: name, fingerprint } = c.req.valid('param');
    const identity = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await removeCertificate(tx, name, fingerprint),
    );
    return c.json(identity, 200);
  });
}

/** A key and a certificate for it, as PKCS#12 with a password made up for it. */
async function issueFor(platform: Platform, name: string) {
  const { state, pki, keys, clock } = platform;
  const { identity } = await findPerson(state.db, name, clock());
  const client = await issueClient(pki, {
    username: identity.username,
    origin: keys.origin,
    now: clock(),
  });
  if (client === null)
    throw new ServerError(
      'certificate_refused',
      'the key of the built-in authority is not here, so it issues nothing',
    );
  const password = randomBytes(16).toString('base64url');
  const bundle = await formatPkcs12(client, pki.authority, { name: identity.username, password });
  return {
    certificate: client.certificate,
    pkcs12: Buffer.from(bundle).toString('base64'),
    password,
  };
}
