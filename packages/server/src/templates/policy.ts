import type { SubjectAltName } from '../ca/alt-names.ts';
import { KEY_USAGES } from '../ca/extensions.ts';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../ca/key-algorithm.ts';

import type { SubjectPart } from './subject-parts.ts';

/** Usages of end entities: what signs certificates and lists is an authority. */
export const TEMPLATE_KEY_USAGES = KEY_USAGES.filter(
  (usage) => usage !== 'keyCertSign' && usage !== 'cRLSign',
);
export type TemplateKeyUsage = (typeof TEMPLATE_KEY_USAGES)[number];

/** A rule for a part of the subject, like `CN`. */
export interface SubjectRegex {
  readonly part: SubjectPart;
  readonly regex: string;
  /** What is said to who asks for something else. */
  readonly error: string;
}

/** A rule for alternative names of a type. */
export interface SanRegex {
  readonly type: SubjectAltName['type'];
  readonly regex: string;
  readonly error: string;
}

export const ENROLLMENT_TYPES = ['csr', 'pfx', 'csr-generation'] as const;
export type EnrollmentType = (typeof ENROLLMENT_TYPES)[number];

export const KEY_RETENTIONS = ['none', 'indefinite', 'after-expiration', 'from-issuance'] as const;
export type KeyRetention = (typeof KEY_RETENTIONS)[number];

export const FIELD_DEMANDS = ['optional', 'required', 'hidden'] as const;
export type FieldDemand = (typeof FIELD_DEMANDS)[number];

/** What certificates by a template are like, and who gets them how. */
export interface TemplatePolicy {
  readonly validityDays: number;
  /** Names of RFC 5280 section 4.2.1.3. */
  readonly keyUsage: readonly TemplateKeyUsage[];
  /** Names or object identifiers. */
  readonly extendedKeyUsage: readonly string[];
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly defaultKeyAlgorithm: KeyAlgorithm;
  /** Values of parts that a subject lacks, by the part's short name. */
  readonly subjectDefaults: Readonly<Record<string, string>>;
  readonly subjectRegexes: readonly SubjectRegex[];
  readonly sans: {
    readonly allowed: readonly SubjectAltName['type'][];
    readonly required: boolean;
    readonly regexes: readonly SanRegex[];
    /** The common name must be a host name or an address, and is an alternative name, too (RFC 9525 section 2). */
    readonly commonNameAsDns: boolean;
  };
  readonly allowWildcards: boolean;
  /** A key may be in more than one certificate. */
  readonly allowKeyReuse: boolean;
  readonly enrollment: readonly EnrollmentType[];
  readonly requiresApproval: boolean;
  /** Roles; none: everybody who may enroll. */
  readonly allowedRequesters: readonly string[];
  /** How long keys that are made here stay here. */
  readonly keyRetention: KeyRetention;
  /** Days behind the expiration or the issuance. */
  readonly keyRetentionDays: number;
  /** What is asked of metadata fields, where it is something else than the field itself says. */
  readonly metadataFields: Readonly<Record<string, FieldDemand>>;
  /** Days before the expiration from which renewal is offered. */
  readonly renewalDays: number;
}

/** What holds for all templates, whatever they say. */
export interface GlobalPolicy {
  /** Only these, of those that a template allows. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** No certificate lives longer; null: templates alone decide. */
  readonly maximumDays: number | null;
  /** False: nowhere, even where a template would allow it. */
  readonly allowWildcards: boolean;
  readonly allowKeyReuse: boolean;
  /** Of parts for which a template has no value of its own. */
  readonly subjectDefaults: Readonly<Record<string, string>>;
  /** For parts for which a template has no rule of its own. */
  readonly subjectRegexes: readonly SubjectRegex[];
  /** For types for which a template has no rule of its own. */
  readonly sanRegexes: readonly SanRegex[];
}

/** What a template is like when nothing else is said. */
export const DEFAULT_POLICY: TemplatePolicy = {
  validityDays: 365,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
  keyAlgorithms: ['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384'],
  defaultKeyAlgorithm: 'P-256',
  subjectDefaults: {},
  subjectRegexes: [],
  sans: { allowed: ['dns', 'ip'], required: false, regexes: [], commonNameAsDns: false },
  allowWildcards: false,
  allowKeyReuse: false,
  enrollment: ['csr', 'pfx', 'csr-generation'],
  requiresApproval: false,
  allowedRequesters: [],
  keyRetention: 'none',
  keyRetentionDays: 0,
  metadataFields: {},
  renewalDays: 30,
};

export const DEFAULT_GLOBAL_POLICY: GlobalPolicy = {
  keyAlgorithms: KEY_ALGORITHMS,
  maximumDays: null,
  allowWildcards: true,
  allowKeyReuse: true,
  subjectDefaults: {},
  subjectRegexes: [],
  sanRegexes: [],
};

/** A template's policy with what holds for all templates: what is decided by. */
export function effectivePolicy(template: TemplatePolicy, global: GlobalPolicy): TemplatePolicy {
  const parts = new Set(template.subjectRegexes.map(({ part }) => part));
  const types = new Set(template.sans.regexes.map(({ type }) => type));
  return {
    ...template,
    validityDays: Math.min(template.validityDays, global.maximumDays ?? template.validityDays),
    keyAlgorithms: template.keyAlgorithms.filter((name) => global.keyAlgorithms.includes(name)),
    allowWildcards: template.allowWildcards && global.allowWildcards,
    allowKeyReuse: template.allowKeyReuse && global.allowKeyReuse,
    subjectDefaults: { ...global.subjectDefaults, ...template.subjectDefaults },
    subjectRegexes: [
      ...template.subjectRegexes,
      ...global.subjectRegexes.filter(({ part }) => !parts.has(part)),
    ],
    sans: {
      ...template.sans,
      regexes: [
        ...template.sans.regexes,
        ...global.sanRegexes.filter(({ type }) => !types.has(type)),
      ],
    },
  };
}
