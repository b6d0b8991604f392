import { z } from '@hono/zod-openapi';
import { ALT_NAME_TYPES } from '../../ca/alt-names.ts';

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
