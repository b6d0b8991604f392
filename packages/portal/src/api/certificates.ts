/** What the server tells of certificates, requests, CSRs, collections, templates and metadata. */

export const KEY_ALGORITHMS = [
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

export const SAN_TYPES = ['dns', 'ip', 'email', 'uri', 'upn'] as const;
export type SanType = (typeof SAN_TYPES)[number];

export interface SubjectAltName {
  readonly type: SanType;
  readonly value: string;
}

export interface AuthorityName {
  readonly id: string;
  readonly name: string;
}

export interface Certificate {
  readonly id: number;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  /** SHA-1, hex. */
  readonly thumbprint: string;
  /** Hex, lower case. */
  readonly serial: string;
  readonly subject: string;
  readonly commonName: string | null;
  readonly issuer: string;
  readonly authority: AuthorityName | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly keySize: number;
  readonly signatureAlgorithm: string;
  readonly sans: readonly SubjectAltName[];
  readonly template: string | null;
  readonly requester: string;
  readonly origin: 'issued' | 'imported';
  readonly state: 'active' | 'held' | 'revoked';
  readonly expired: boolean;
  readonly revokedAt: string | null;
  readonly revocationReason: number | null;
  readonly revocationComment: string | null;
  readonly hasPrivateKey: boolean;
  readonly ownerRole: string | null;
  readonly renews: number | null;
  readonly renewedBy: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
}

/** One certificate, with what only its own page shows. */
export interface CertificateDetails extends Certificate {
  readonly pem: string;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly collections: readonly { readonly id: number; readonly name: string }[];
  readonly stores: readonly {
    readonly id: string;
    readonly name: string;
    readonly alias: string;
  }[];
  /** What the person who asks may do with it. */
  readonly rights: readonly string[];
}

export interface CertificatePage {
  readonly certificates: Certificate[];
  readonly total: number;
  readonly next: string | null;
}

/** A step in the life of a certificate: a record of the audit log. */
export interface TimelineStep {
  readonly index: number;
  readonly time: string;
  readonly event: string;
  readonly operation: string;
  readonly outcome: 'Success' | 'Failure';
  readonly actor: string;
  readonly sentence: string;
  readonly comment: string | null;
}

export interface TimelineData {
  readonly steps: readonly TimelineStep[];
  /** There are more records than are told. */
  readonly more: boolean;
}

/** What many certificates answered one by one. */
export interface BulkAnswer {
  readonly refused?: readonly {
    readonly id: number;
    readonly code: string;
    readonly detail: string;
  }[];
}

export interface Enrolled {
  readonly disposition: 'issued' | 'pending';
  readonly request: number | null;
  readonly certificate: (Certificate & { readonly pem: string; readonly chain?: unknown }) | null;
  /** Base64; null where there is no key or it waits for approval. */
  readonly pkcs12?: string | null;
  readonly password?: string | null;
}

/** A file to take along, with the password it was sealed by. */
export interface KeyFile {
  /** Base64. */
  readonly content: string;
  readonly fileName: string;
  readonly password: string | null;
}

export interface CertificateRequest {
  readonly id: number;
  readonly kind: 'csr' | 'pfx' | 'renewal';
  readonly state: 'pending' | 'issued' | 'denied';
  readonly template: string;
  readonly authority: AuthorityName;
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm: string | null;
  readonly csr: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly renews: number | null;
  readonly requester: string;
  readonly submittedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly comment: string | null;
  readonly certificate: number | null;
}

export interface Csr {
  readonly id: number;
  readonly subject: string;
  readonly keyAlgorithm: string;
  readonly template: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

export type MetadataType = 'string' | 'integer' | 'date' | 'boolean' | 'choice' | 'text' | 'email';
export type FieldEnrollment = 'optional' | 'required' | 'hidden';

export interface MetadataField {
  readonly name: string;
  readonly description: string;
  readonly type: MetadataType;
  readonly hint: string;
  /** A regular expression. */
  readonly validation: string | null;
  readonly message: string | null;
  readonly options: readonly string[];
  readonly defaultValue: string | null;
  readonly enrollment: FieldEnrollment;
  /** How many certificates have a value. */
  readonly inUse: number;
}

export interface CollectionPermission {
  readonly role: string;
  readonly operations: readonly string[];
}

export interface Collection {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly onDashboard: boolean;
  readonly count: number;
  /** Why its query cannot be read any more: then it holds nothing. */
  readonly problem: string | null;
  readonly permissions: readonly CollectionPermission[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type EnrollmentWay = 'csr' | 'pfx' | 'csr-generation';

export interface TemplatePolicy {
  readonly validityDays: number;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly defaultKeyAlgorithm: KeyAlgorithm;
  readonly subjectDefaults: Readonly<Record<string, string>>;
  readonly subjectRegexes: readonly SubjectRegex[];
  readonly sans: {
    readonly allowed: readonly SanType[];
    readonly required: boolean;
    readonly regexes: readonly SanRegex[];
    readonly commonNameAsDns: boolean;
  };
  readonly allowWildcards: boolean;
  readonly allowKeyReuse: boolean;
  readonly enrollment: readonly EnrollmentWay[];
  readonly requiresApproval: boolean;
  readonly allowedRequesters: readonly string[];
  readonly keyRetention: 'none' | 'indefinite' | 'after-expiration' | 'from-issuance';
  readonly keyRetentionDays: number;
  readonly metadataFields: Readonly<Record<string, FieldEnrollment>>;
  readonly renewalDays: number;
}

export interface SubjectRegex {
  readonly part: string;
  readonly regex: string;
  readonly error: string;
}

export interface SanRegex {
  readonly type: SanType;
  readonly regex: string;
  readonly error: string;
}

export interface Template {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly policy: TemplatePolicy;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface EnrollmentOptions {
  readonly templates: readonly Template[];
  readonly authorities: readonly {
    readonly id: string;
    readonly name: string;
    readonly subject: string;
    readonly keyAlgorithm: string;
  }[];
  readonly metadataFields: readonly MetadataField[];
}

/** What a CSR says, read by the server. */
export interface CsrFacts {
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm: string | null;
}
