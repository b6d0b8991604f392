import { z } from '@hono/zod-openapi';
import { ALT_NAME_TYPES } from '../ca/alt-names.ts';
import { KEY_ALGORITHMS } from '../ca/key-algorithm.ts';
import { MAX_PATTERN } from '../templates/pattern.ts';
import {
  ENROLLMENT_TYPES,
  FIELD_DEMANDS,
  KEY_RETENTIONS,
  TEMPLATE_KEY_USAGES,
} from '../templates/policy.ts';
import { SUBJECT_PARTS } from '../templates/subject-parts.ts';
import { line, text } from './security/schemas.ts';

/** The shapes of templates: what validates requests and what `/openapi.json` is made of. */

const KeyAlgorithms = z.array(z.enum(KEY_ALGORITHMS)).max(KEY_ALGORITHMS.length).readonly();
const Pattern = z.string().min(1).max(MAX_PATTERN);
const SubjectRegexes = z
  .array(z.strictObject({ part: z.enum(SUBJECT_PARTS), regex: Pattern, error: text(500) }))
  .max(50)
  .readonly();
const SanRegexes = z
  .array(z.strictObject({ type: z.enum(ALT_NAME_TYPES), regex: Pattern, error: text(500) }))
  .max(50)
  .readonly();
const SubjectDefaults = z
  .record(z.string().refine(isPart, `one of ${SUBJECT_PARTS.join(', ')}`), line(128))
  .openapi({ type: 'object', example: { O: 'Example', C: 'DE' } });

function isPart(name: string): boolean {
  return SUBJECT_PARTS.some((part) => part === name);
}

const policy = {
  validityDays: z.int().min(1).max(7_300),
  keyUsage: z.array(z.enum(TEMPLATE_KEY_USAGES)).max(TEMPLATE_KEY_USAGES.length).readonly(),
  extendedKeyUsage: z.array(z.string().min(1).max(100)).max(20).readonly(),
  keyAlgorithms: z.array(z.enum(KEY_ALGORITHMS)).min(1).max(KEY_ALGORITHMS.length).readonly(),
  defaultKeyAlgorithm: z.enum(KEY_ALGORITHMS),
  subjectDefaults: SubjectDefaults,
  subjectRegexes: SubjectRegexes,
  sans: z.strictObject({
    allowed: z.array(z.enum(ALT_NAME_TYPES)).max(ALT_NAME_TYPES.length).readonly(),
    required: z.boolean(),
    regexes: SanRegexes,
    commonNameAsDns: z.boolean().openapi({
      description: 'The common name is a host name or an address, and an alternative name, too.',
    }),
  }),
  allowWildcards: z.boolean(),
  allowKeyReuse: z.boolean(),
  enrollment: z.array(z.enum(ENROLLMENT_TYPES)).max(ENROLLMENT_TYPES.length).readonly(),
  requiresApproval: z.boolean(),
  allowedRequesters: z
    .array(z.string().min(1).max(64))
    .max(50)
    .readonly()
    .openapi({ description: 'Roles; none: everybody who may enroll.' }),
  keyRetention: z.enum(KEY_RETENTIONS),
  keyRetentionDays: z.int().min(0).max(36_500),
  metadataFields: z.record(z.string().min(1).max(64), z.enum(FIELD_DEMANDS)),
  renewalDays: z.int().min(0).max(7_300),
};

export const TemplatePolicy = z.strictObject(policy).openapi('TemplatePolicy');
export const TemplatePolicyChange = z.strictObject(policy).partial();

export const TemplateName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    '1 to 64 letters, digits and ". _ -", beginning with a letter or digit',
  )
  .openapi({ example: 'WebServer' });
export const DisplayName = line(100);
export const Description = text(1_024);

export const Template = z
  .object({
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    enabled: z.boolean(),
    policy: z.object(policy),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Template');

export const GlobalPolicy = z
  .strictObject({
    keyAlgorithms: KeyAlgorithms,
    maximumDays: z.int().min(1).max(7_300).nullable(),
    allowWildcards: z.boolean(),
    allowKeyReuse: z.boolean(),
    subjectDefaults: SubjectDefaults,
    subjectRegexes: SubjectRegexes,
    sanRegexes: SanRegexes,
  })
  .openapi('GlobalTemplatePolicy');
