import { z } from '@hono/zod-openapi';
import { ALT_NAME_TYPES, MAX_ALT_NAMES } from '../../ca/alt-names.ts';
import { KEY_ALGORITHMS } from '../../ca/key-algorithm.ts';
import { REQUEST_STATES } from '../../certificates/request-view.ts';
import { line, text } from '../security/schemas.ts';

/** The shapes of certificate management: what validates requests and what `/openapi.json` is made of. */

export const AltName = z
  .object({ type: z.enum(ALT_NAME_TYPES), value: z.string().min(1).max(2_048) })
  .openapi('SubjectAltName');

export const Metadata = z.record(z.string(), z.string());

export const Certificate = z
  .object({
    id: z.int(),
    fingerprint: z.string().openapi({ description: 'SHA-256, hex.' }),
    thumbprint: z.string().openapi({ description: 'SHA-1, hex.' }),
    serial: z.string().openapi({ description: 'Hex, lower case.' }),
    subject: z.string(),
    commonName: z.string().nullable(),
    issuer: z.string(),
    authority: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: 'The authority of this server that issued it.' }),
    notBefore: z.string(),
    notAfter: z.string(),
    keyType: z.string().openapi({ example: 'EC' }),
    keySize: z.int().openapi({ description: 'Bits.' }),
    signatureAlgorithm: z.string(),
    sans: z.array(AltName).readonly(),
    template: z.string().nullable(),
    requester: z.string(),
    origin: z.enum(['issued', 'imported']),
    state: z.enum(['active', 'held', 'revoked']),
    expired: z.boolean(),
    revokedAt: z.string().nullable(),
    revocationReason: z.int().nullable().openapi({ description: 'RFC 5280 section 5.3.1.' }),
    revocationComment: z.string().nullable(),
    hasPrivateKey: z.boolean().openapi({ description: 'The private key is kept here, encrypted.' }),
    ownerRole: z.string().nullable(),
    renews: z.int().nullable().openapi({ description: 'The certificate that this one replaces.' }),
    renewedBy: z.int().nullable(),
    metadata: Metadata,
    createdAt: z.string(),
  })
  .openapi('Certificate');

/** A certificate's number in a path. */
export const IdParam = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'a number from 1')
    .openapi({ param: { name: 'id', in: 'path' }, example: '17' }),
});

/** Numbers of certificates, each once. */
export const Ids = z.array(z.int().positive()).min(1).max(10_000);

/** One certificate with everything around it. */
export const WholeCertificate = Certificate.extend({
  pem: z.string(),
  keyUsage: z.array(z.string()).readonly(),
  extendedKeyUsage: z.array(z.string()).readonly(),
  collections: z
    .array(z.object({ id: z.int(), name: z.string() }))
    .readonly()
    .openapi({ description: 'Collections that hold it, of those you may read.' }),
  stores: z
    .array(z.object({ id: z.string(), name: z.string(), alias: z.string() }))
    .readonly()
    .openapi({ description: 'Stores in which it was found at their last inventory.' }),
  rights: z.array(z.string()).readonly().openapi({ description: 'What you may do with it.' }),
}).openapi('WholeCertificate');

/** What somebody writes beside what he does; empty: nothing. */
export const Comment = text(2_000);
/** The same where it is demanded. */
export const Reason = text(2_000).min(1);
/** Password of a file with a private key; how good it is, is looked at later. */
export const FilePassword = z.string().max(256);

export const GivenMetadata = z
  .record(z.string().min(1).max(64), text(4_000))
  .refine((fields) => Object.keys(fields).length <= 100, 'at most 100 fields');
export const AltNames = z.array(AltName).max(MAX_ALT_NAMES);
export const Subject = z
  .string()
  .max(8_192)
  .openapi({ description: 'RFC 4514, most specific part first.', example: 'CN=www.example.com' });
export const TemplateRef = line(64).openapi({ example: 'WebServer' });
export const AuthorityRef = line(200).openapi({
  description: 'Id or name; left out: the one that issues.',
});
export const KeyAlgorithmName = z.enum(KEY_ALGORITHMS);

export const Issued = Certificate.extend({
  pem: z.string(),
  chain: z.string().openapi({ description: 'PEM of the authorities above, the issuer first.' }),
}).openapi('IssuedCertificate');

const enrolled = {
  disposition: z.enum(['issued', 'pending']),
  request: z.int().nullable(),
  certificate: Issued.nullable(),
};
export const Enrolled = z.object(enrolled).openapi('Enrolled');

const keyed = {
  ...enrolled,
  pkcs12: z
    .string()
    .nullable()
    .openapi({ description: 'Base64; null while somebody has to decide: it is collected then.' }),
  password: z
    .string()
    .nullable()
    .openapi({ description: 'Of the file, where it was made up; told this once.' }),
};
export const EnrolledWithKey = z.object(keyed).openapi('EnrolledWithKey');

export const Renewed = z
  .object({
    ...keyed,
    replacements: z
      .array(z.string())
      .readonly()
      .openapi({ description: 'Stores in which it takes the place of the old one.' }),
  })
  .openapi('RenewedCertificate');

export const KeyFile = z
  .object({
    content: z.string().openapi({ description: 'Base64.' }),
    fileName: z.string(),
    password: z
      .string()
      .nullable()
      .openapi({ description: 'Where it was made up; told this once.' }),
  })
  .openapi('KeyFile');

export const CertificateRequest = z
  .object({
    id: z.int(),
    kind: z.enum(['csr', 'pfx', 'renewal']),
    state: z.enum(REQUEST_STATES),
    template: z.string(),
    authority: z.object({ id: z.string(), name: z.string() }),
    subject: z.string(),
    sans: z.array(AltName).readonly(),
    keyAlgorithm: z.string(),
    csr: z.string().nullable().openapi({ description: 'PEM; null: the key was made here.' }),
    metadata: Metadata,
    renews: z.int().nullable(),
    requester: z.string(),
    submittedAt: z.string(),
    decidedAt: z.string().nullable(),
    decidedBy: z.string().nullable(),
    comment: z
      .string()
      .nullable()
      .openapi({ description: 'Of who decided; of the requester while nobody has.' }),
    certificate: z.int().nullable(),
  })
  .openapi('CertificateRequest');

const csr = {
  id: z.int(),
  subject: z.string(),
  keyAlgorithm: z.string(),
  template: z.string().nullable(),
  createdAt: z.string(),
  createdBy: z.string(),
};
export const Csr = z.object(csr).openapi('GeneratedCsr');
export const CsrWithText = z
  .object({ ...csr, csr: z.string().openapi({ description: 'PEM.' }) })
  .openapi('GeneratedCsrWithText');

export const RefusedCertificate = z
  .object({ id: z.int(), code: z.string(), detail: z.string() })
  .openapi('RefusedCertificate');

export const CertificateJob = z
  .object({
    id: z.int(),
    total: z.int(),
    done: z.int(),
    refused: z.array(RefusedCertificate).readonly(),
    startedAt: z.string(),
    finishedAt: z.string().nullable(),
    failure: z
      .string()
      .nullable()
      .openapi({ description: 'Why it ended before everything was done.' }),
  })
  .openapi('CertificateJob');
