import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { changeFor } from '../../authorization/admitted.ts';
import { needsFor, type Rule } from '../../authorization/rule.ts';
import { listAuthorities } from '../../authorities/authority.ts';
import { readCsr } from '../../ca/csr.ts';
import { generateKeyPair } from '../../ca/key-algorithm.ts';
import { formatPemChain } from '../../ca/containers.ts';
import { admittedIf, usesTemplate } from '../../certificates/admission.ts';
import { readDetails, type Certificate } from '../../certificates/certificate-view.ts';
import {
  enroll,
  findEnrollmentTemplate,
  resolveEnrollment,
  type Enrolled as Outcome,
  type Enrollment,
} from '../../certificates/enroll.ts';
import { chainAbove, choosePassword, keyFile } from '../../certificates/files.ts';
import type { AppEnv } from '../../http/env.ts';
import { ruled } from '../../http/declare.ts';
import { viewMetadataFields } from '../../metadata/fields.ts';
import type { Platform } from '../../platform.ts';
import { effectivePolicy } from '../../templates/policy.ts';
import { mayRequest } from '../../templates/resolve.ts';
import { listTemplates, readGlobalPolicy } from '../../templates/templates.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, json, line } from '../security/schemas.ts';
import { MetadataField } from '../metadata-fields.ts';
import { Template } from '../template-schemas.ts';
import { askedTemplate, callerReplacing } from './asked.ts';
import {
  AltName,
  AltNames,
  AuthorityRef,
  Comment,
  Enrolled,
  EnrolledWithKey,
  FilePassword,
  GivenMetadata,
  KeyAlgorithmName,
  Subject,
  TemplateRef,
} from './schemas.ts';

const RESOURCE = 'certServer.certificate.enrollment';
const BASE = '/api/v1/enrollment';
const tags = ['Enrollment'];
/** Whoever may enroll in one way or the other. */
const EITHER: Rule = {
  kind: 'right',
  right: { resource: RESOURCE, operation: 'csr' },
  otherwise: { resource: RESOURCE, operation: 'pfx' },
};

const common = {
  template: TemplateRef,
  authority: AuthorityRef.optional(),
  metadata: GivenMetadata.optional(),
  comment: Comment.optional(),
  renews: z
    .int()
    .positive()
    .optional()
    .openapi({ description: 'The certificate that the new one is to replace.' }),
};
const CsrText = z.string().min(1).max(60_000).openapi({ description: 'PKCS#10, PEM or base64.' });

const csrRoute = createRoute({
  method: 'post',
  path: `${BASE}/csr`,
  operationId: 'enrollCsr',
  summary: 'Enroll by a certificate request made elsewhere',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          ...common,
          csr: CsrText,
          sans: AltNames.optional().openapi({ description: "In place of the request's own." }),
        })
        .openapi('CsrEnrollment'),
    ),
  },
  responses: {
    201: answers('Issued, or waiting for a decision.', Enrolled),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const pfxRoute = createRoute({
  method: 'post',
  path: `${BASE}/pfx`,
  operationId: 'enrollPfx',
  summary: 'Enroll with a key that is made here; the answer holds it, encrypted',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          ...common,
          subject: Subject,
          sans: AltNames.optional(),
          keyAlgorithm: KeyAlgorithmName.optional(),
          password: FilePassword.optional(),
          friendlyName: line(100).optional(),
        })
        .openapi('PfxEnrollment'),
    ),
  },
  responses: {
    201: answers('Issued, or waiting for a decision.', EnrolledWithKey),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const optionsRoute = createRoute({
  method: 'get',
  path: `${BASE}/options`,
  operationId: 'readEnrollmentOptions',
  summary: 'By which templates I may enroll, and what is asked for',
  tags,
  responses: {
    200: answers(
      'Templates with what holds for all of them.',
      z
        .object({
          templates: z.array(Template),
          authorities: z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              subject: z.string(),
              keyAlgorithm: z.string(),
            }),
          ),
          metadataFields: z.array(MetadataField),
        })
        .openapi('EnrollmentOptions'),
    ),
    ...refusals(401, 403, 503),
  },
});

const parseRoute = createRoute({
  method: 'post',
  path: `${BASE}/csr/parse`,
  operationId: 'parseCsr',
  summary: 'What a certificate request says; its signature is verified',
  tags,
  request: { body: json(z.strictObject({ csr: CsrText }).openapi('CsrText')) },
  responses: {
    200: answers(
      'What it says.',
      z
        .object({
          subject: z.string(),
          sans: z.array(AltName).readonly(),
          keyAlgorithm: z
            .string()
            .nullable()
            .openapi({ description: 'Null: a key for which no certificates are issued here.' }),
        })
        .openapi('ParsedCsr'),
    ),
    ...refusals(401, 403, 415, 422, 503),
  },
});

/** Asking for certificates. */
export function enrollmentRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, csrRoute, needsFor(RESOURCE, 'csr')), async (c) => {
    const { csr, sans, ...wanted } = c.req.valid('json');
    const caller = await admittedTo(platform, c, wanted);
    const facts = await readCsr(csr);
    const enrolled = await changeFor(
      platform,
      caller,
      async (tx) =>
        await enroll(tx, {
          ...asked('csr', wanted),
          subject: facts.subject,
          sans: sans ?? facts.sans,
          keyAlgorithm: facts.keyAlgorithm,
          publicKey: facts.publicKey,
          privateKey: null,
          csr: facts.pem,
        }),
    );
    return c.json(await shown(platform, enrolled), 201);
  });

  app.openapi(ruled(routes, pfxRoute, needsFor(RESOURCE, 'pfx')), async (c) => {
    const {
      password,
      friendlyName,
      subject,
      sans = [],
      keyAlgorithm,
      ...wanted
    } = c.req.valid('json');
    const caller = await admittedTo(platform, c, wanted);
    if (password !== undefined) choosePassword(platform, password);
    const enrollment = { ...asked('pfx', wanted), subject, sans, keyAlgorithm };
    // Before a key is made, and not in the transaction: RSA keys take their time.
    const { resolved } = await resolveEnrollment(db, enrollment, null);
    const keys = await generateKeyPair(resolved.keyAlgorithm);
    const enrolled = await changeFor(
      platform,
      caller,
      async (tx) =>
        await enroll(tx, {
          ...enrollment,
          ...keys,
          keyAlgorithm: resolved.keyAlgorithm,
          csr: null,
        }),
    );
    const file = await fileOf(platform, enrolled, keys.privateKey, { password, friendlyName });
    return c.json({ ...(await shown(platform, enrolled)), ...file }, 201);
  });

  app.openapi(ruled(routes, optionsRoute, EITHER), async (c) => {
    const { roles } = signedIn(c).user;
    const global = await readGlobalPolicy(db);
    const templates = (await listTemplates(db))
      .filter(({ enabled, policy }) => enabled && mayRequest(policy, roles))
      .map((template) => ({ ...template, policy: effectivePolicy(template.policy, global) }));
    const authorities = (await listAuthorities(db))
      .filter(({ enabled }) => enabled)
      .map(({ id, name, certificate, keyAlgorithm }) => ({
        id,
        name,
        subject: certificate.subject,
        keyAlgorithm,
      }));
    const metadataFields = await viewMetadataFields(db);
    return c.json({ templates, authorities, metadataFields }, 200);
  });

  app.openapi(ruled(routes, parseRoute, EITHER), async (c) => {
    const { subject, sans, keyAlgorithm } = await readCsr(c.req.valid('json').csr);
    return c.json({ subject, sans, keyAlgorithm }, 200);
  });
}

type Common = z.infer<z.ZodObject<typeof common>>;

/** The caller, after the checks of the template and of the certificate that is to be replaced. */
async function admittedTo(
  platform: Platform,
  c: Context<AppEnv>,
  { template: name, renews }: Common,
) {
  await askedTemplate(c, await findEnrollmentTemplate(platform.state.db, name));
  return admittedIf(await callerReplacing(platform, c, renews ?? null), usesTemplate(name));
}

function asked(
  kind: 'csr' | 'pfx',
  { template, authority, metadata, comment, renews }: Common,
): Pick<Enrollment, 'kind' | 'template' | 'authority' | 'metadata' | 'comment' | 'renews'> {
  return {
    kind,
    template,
    authority: authority ?? null,
    metadata: metadata ?? {},
    comment: comment ?? null,
    renews: renews ?? null,
  };
}

/** What became of an enrollment, as it is answered. */
export async function shown(platform: Platform, { request, certificate }: Outcome) {
  if (certificate === null) return { disposition: 'pending' as const, request, certificate: null };
  return {
    disposition: 'issued' as const,
    request,
    certificate: await issued(platform, certificate),
  };
}

/** The key that was made, as the file that is answered; none while somebody has to decide. */
export async function fileOf(
  platform: Platform,
  { certificate }: Outcome,
  key: Parameters<typeof keyFile>[2],
  order: { readonly password: string | undefined; readonly friendlyName?: string | undefined },
): Promise<{ pkcs12: string | null; password: string | null }> {
  if (certificate === null) return { pkcs12: null, password: null };
  const file = await keyFile(platform, certificate, key, { format: 'pfx', ...order });
  return { pkcs12: file.content.toString('base64'), password: file.password };
}

async function issued(platform: Platform, certificate: Certificate) {
  const { pem } = await readDetails(platform.state.db, certificate.id);
  return { ...certificate, pem, chain: formatPemChain(await chainAbove(platform, certificate)) };
}
