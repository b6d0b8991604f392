import { z } from '@hono/zod-openapi';
import { KEY_ALGORITHMS } from '../../ca/key-algorithm.ts';
import { line } from '../security/schemas.ts';

/** The shapes of certificate authorities: what validates requests and what `/openapi.json` is made of. */

const hours = (description: string) => z.int().min(1).max(8_760).openapi({ description });

export const AuthoritySettings = z
  .object({
    crlHours: hours('A full list at the latest after so many hours.'),
    crlOverlapHours: z
      .int()
      .min(0)
      .max(8_760)
      .openapi({ description: 'A list is good for so many hours longer.' }),
    deltaMinutes: z
      .int()
      .min(0)
      .max(43_200)
      .openapi({ description: '0: no delta lists; otherwise one is good for so many minutes.' }),
    ocspMinutes: z
      .int()
      .min(1)
      .max(43_200)
      .openapi({ description: 'An OCSP response is good for so many minutes.' }),
  })
  .openapi('AuthoritySettings');

export const SettingsChange = z.strictObject(AuthoritySettings.partial().shape);

export const Token = z
  .strictObject({
    module: z.string().min(1).max(1_024).openapi({ example: '/usr/lib/softhsm/libsofthsm2.so' }),
    slot: z.string().min(1).max(64).openapi({ description: 'The label of the token.' }),
    key: z.string().min(1).max(256).openapi({ description: 'The label of the key pair.' }),
  })
  .openapi('TokenKey');

const Revocations = z
  .object({
    number: z.int(),
    baseNumber: z.int().nullable(),
    thisUpdate: z.string(),
    nextUpdate: z.string(),
    entries: z.int(),
    fingerprint: z.string(),
  })
  .openapi('RevocationList');

export const Authority = z
  .object({
    id: z.string(),
    name: z.string(),
    parent: z.object({ id: z.string(), name: z.string() }).nullable(),
    subject: z.string(),
    keyAlgorithm: z.enum(KEY_ALGORITHMS),
    token: Token.nullable().openapi({ description: 'Where the key is; null: in the vault.' }),
    enabled: z.boolean().openapi({ description: 'Issues; lists and OCSP go on without.' }),
    settings: AuthoritySettings,
    certificate: z.object({
      fingerprint: z.string().openapi({ description: 'SHA-256, hex.' }),
      serial: z.string(),
      issuer: z.string(),
      notBefore: z.string(),
      notAfter: z.string(),
      subjectKeyId: z.string().nullable(),
      pathLength: z.int().nullable(),
    }),
    createdAt: z.string(),
    pem: z.string(),
    urls: z
      .object({
        issuerUrl: z.string(),
        crlUrl: z.string(),
        deltaUrl: z.string(),
        ocspUrl: z.string(),
      })
      .nullable()
      .openapi({ description: 'What certificates say; null: they do not say.' }),
    lists: z.object({
      full: Revocations.nullable(),
      delta: Revocations.nullable(),
      dueSince: z.string().nullable(),
    }),
    responder: z.object({ fingerprint: z.string(), notAfter: z.string() }).nullable(),
  })
  .openapi('Authority');

export { Revocations as RevocationList };

export const AuthorityName = line(100).openapi({ example: 'Example Issuing CA' });

export const NewAuthority = z
  .strictObject({
    name: AuthorityName,
    subject: z
      .string()
      .min(1)
      .max(2_048)
      .openapi({ description: 'RFC 4514.', example: 'CN=Example Issuing CA,O=Example,C=DE' }),
    keyAlgorithm: z
      .enum(KEY_ALGORITHMS)
      .optional()
      .openapi({ description: 'Left out with a token, whose key says it.' }),
    parent: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .openapi({ description: 'Id or name of the authority above; null: a root.' }),
    days: z.int().min(1).max(36_525),
    pathLength: z.int().min(0).max(10).nullable().optional().openapi({
      description: 'How many authorities may stand below; null or left out: no limit.',
    }),
    settings: SettingsChange.optional(),
    token: Token.optional(),
  })
  .openapi('NewAuthority');

export const AuthorityChange = z
  .strictObject({
    name: AuthorityName.optional(),
    enabled: z.boolean().optional(),
    settings: SettingsChange.optional(),
  })
  .openapi('AuthorityChange');

export const NewList = z
  .strictObject({ kind: z.enum(['full', 'delta']) })
  .openapi('NewRevocationList');
