import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { heldRight } from '../../authorization/rule.ts';
import type { AppEnv } from '../../http/env.ts';
import type { AdmittedCaller } from '../../security/change.ts';
import { CLAIM_TYPES } from '../../security/claims.ts';
import {
  DISTINCT_EXPECTED,
  isDistinct,
  isLine,
  isRecordable,
  isText,
  LINE_EXPECTED,
  RECORDABLE_EXPECTED,
  ROLE_NAME,
  ROLE_NAME_EXPECTED,
  TEXT_EXPECTED,
} from '../../security/names.ts';
import { signedIn } from '../api.ts';

/** The shapes of the security administration: what validates requests and what `/openapi.json` is made of. */

/** One line of text. */
export function line(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine(isLine, LINE_EXPECTED)
    .refine(isRecordable, RECORDABLE_EXPECTED);
}

/** Text that may be empty. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .refine(isText, TEXT_EXPECTED)
    .refine(isRecordable, RECORDABLE_EXPECTED);
}

/** What stands in the place of a name in a path: anything, so that what is not there is answered 404. */
export function pathName(name: string, example: string) {
  return z
    .string()
    .max(1_024)
    .openapi({ param: { name, in: 'path' }, example });
}

export const RoleName = z
  .string()
  .regex(ROLE_NAME, ROLE_NAME_EXPECTED)
  .refine(isDistinct, DISTINCT_EXPECTED)
  .refine(isRecordable, RECORDABLE_EXPECTED)
  .openapi({ example: 'RA Operators' });

/** Roles of one user. */
export const RoleNames = z.array(z.string().min(1).max(64)).max(50);

export const Email = z
  .string()
  .max(254)
  .regex(
    /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/u,
    'an e-mail address',
  )
  .openapi({ example: 'jdoe@example.com' });

const Certificate = z
  .object({
    fingerprint: z.string().openapi({ description: 'SHA-256, hex.' }),
    subject: z.string(),
    issuer: z.string(),
    serial: z.string().openapi({ description: 'Decimal.' }),
    validTo: z.string(),
    enrolledAt: z.string(),
  })
  .openapi('EnrolledCertificate');

export const Identity = z
  .object({
    username: z.string(),
    name: z.string(),
    kind: z.enum(['person', 'application']),
    alias: z
      .string()
      .nullable()
      .openapi({ description: "The name by which Dogtag's tools and access rules know the user." }),
    email: z.string().nullable(),
    provider: z
      .string()
      .nullable()
      .openapi({ description: 'The identity provider that vouches for the user; null: local.' }),
    roles: z.array(z.string()).readonly(),
    disabled: z.boolean(),
    lockedUntil: z.string().nullable(),
    passwordGenerated: z.boolean(),
    createdAt: z.string(),
    certificates: z.array(Certificate).readonly(),
  })
  .openapi('Identity');

export const Claim = z
  .object({
    id: z.string(),
    role: z.string(),
    provider: z.string(),
    type: z.enum(CLAIM_TYPES),
    value: z.string(),
    description: z.string(),
    createdAt: z.string(),
  })
  .openapi('Claim');

export const Role = z
  .object({
    name: z.string(),
    description: z.string(),
    builtIn: z.boolean(),
    exclusive: z.boolean().openapi({ description: 'Nobody holds it together with another role.' }),
    groups: z
      .array(z.string())
      .readonly()
      .openapi({ description: 'Its names in access rules, beside its own.' }),
    permissions: z.array(
      z.object({
        resource: z.string(),
        operation: z.string(),
        from: z.enum(['role', 'rule']).openapi({
          description: 'Granted to the role itself, or to one of its groups by an access rule.',
        }),
        names: z
          .array(z.string())
          .readonly()
          .openapi({ description: "Keyfactor's names of the right." }),
      }),
    ),
    members: z.array(z.string()).readonly(),
    claims: z.array(Claim).readonly(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('SecurityRole');

/** Who asks, for the record of a change, and the right of the route that let the request through. */
export function callerOf(c: Context<AppEnv>): AdmittedCaller {
  const { rule } = c.get('route');
  if (rule.kind !== 'right') throw new Error('bad route: a change of security without a right');
  const by: AdmittedCaller = {
    session: signedIn(c),
    facts: c.get('facts'),
    right: rule.right,
  };
  if (rule.below !== true && rule.otherwise === undefined) return by;
  return { ...by, holds: async ({ policy, subject }) => heldRight(policy, subject, rule) !== null };
}

/** A JSON body. */
export function json<T extends z.ZodType>(schema: T) {
  return { content: { 'application/json': { schema } }, required: true } as const;
}

/** An answer with a JSON body. */
export function answers<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } } as const;
}
