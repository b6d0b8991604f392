import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { changeFor } from '../../authorization/admitted.ts';
import { generateKeyPair } from '../../ca/key-algorithm.ts';
import { mayUseCertificate, needsCertificate, standingOf } from '../../certificates/access.ts';
import { admittedIf, usesCertificate, usesTemplate } from '../../certificates/admission.ts';
import { findCertificate, type Certificate } from '../../certificates/certificate-view.ts';
import { enroll, resolveEnrollment } from '../../certificates/enroll.ts';
import { choosePassword } from '../../certificates/files.ts';
import { certificateRef } from '../../certificates/refs.ts';
import {
  assertOneClick,
  renewalEnrollment,
  renewalOf,
  type Renewal,
} from '../../certificates/renewal.ts';
import { needsFor } from '../../authorization/rule.ts';
import type { AppEnv } from '../../http/env.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json } from '../security/schemas.ts';
import { askedCertificate, idOf } from './asked.ts';
import { fileOf, shown } from './enrollment.ts';
import { FilePassword, IdParam, Renewed } from './schemas.ts';

const BASE = '/api/v1/certificates/{id}';
const tags = ['Enrollment'];
const PFX = { resource: 'certServer.certificate.enrollment', operation: 'pfx' } as const;

const availableRoute = createRoute({
  method: 'get',
  path: `${BASE}/renewal`,
  operationId: 'readRenewal',
  summary: 'Whether and how I can renew a certificate',
  tags,
  request: { params: IdParam },
  responses: {
    200: answers(
      'By one click; by an enrollment that begins with what it says; not at all.',
      z
        .object({ type: z.enum(['none', 'seeded', 'one-click']), message: z.string() })
        .openapi('Renewal'),
    ),
    ...refusals(400, 401, 403, 404, 503),
  },
});

const renewRoute = createRoute({
  method: 'post',
  path: `${BASE}/renew`,
  operationId: 'renewCertificate',
  summary: 'Renew by one click: a new key, the same names, in the same stores',
  tags,
  request: {
    params: IdParam,
    body: json(z.strictObject({ password: FilePassword.optional() }).openapi('OneClickRenewal')),
  },
  responses: {
    201: answers('Issued, or waiting for a decision.', Renewed),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

/** A certificate in the place of another. */
export function renewalRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, availableRoute, needsCertificate('read')), async (c) => {
    const { certificate } = await askedCertificate(platform, c, 'read');
    return c.json(await availableTo(platform, c, certificate), 200);
  });

  app.openapi(ruled(routes, renewRoute, needsFor(PFX.resource, PFX.operation)), async (c) => {
    const id = idOf(c);
    const certificate = await findCertificate(db, id, platform.clock());
    const standing = standingOf(platform, signedIn(c), c.get('facts').address);
    await c.get('grant')?.(
      certificateRef(certificate),
      await mayUseCertificate(standing, id, 'read'),
    );
    assertOneClick(certificate, await availableTo(platform, c, certificate));
    const { password } = c.req.valid('json');
    if (password !== undefined) choosePassword(platform, password);
    const enrollment = await renewalEnrollment(db, certificate);
    const { resolved } = await resolveEnrollment(db, enrollment, null);
    const { keyAlgorithm } = resolved;
    const keys = await generateKeyPair(keyAlgorithm);
    const caller = admittedIf(
      callerOf(c),
      usesCertificate(id, 'read'),
      usesTemplate(enrollment.template),
    );
    const enrolled = await changeFor(platform, caller, async (tx) => {
      // It may have been revoked, or deleted, since.
      const now = await findCertificate(tx.db, id, tx.now);
      assertOneClick(now, await availableTo(platform, c, now));
      return await enroll(tx, { ...enrollment, ...keys, keyAlgorithm, csr: null });
    });
    const file = await fileOf(platform, enrolled, keys.privateKey, { password });
    const { replacements } = enrolled;
    return c.json({ ...(await shown(platform, enrolled)), ...file, replacements }, 201);
  });
}

async function availableTo(
  platform: Platform,
  c: Context<AppEnv>,
  certificate: Certificate,
): Promise<Renewal> {
  const session = signedIn(c);
  const { policy, subject, db } = standingOf(platform, session, c.get('facts').address);
  const mayPfx = policy.isAllowed(subject, PFX);
  return await renewalOf(db, certificate, { roles: session.user.roles, mayPfx });
}
