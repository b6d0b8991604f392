/** What the server tells of identities, roles, claims, access rules, applications, reviews and tokens. */

export interface EnrolledCertificate {
  /** SHA-256, hex. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly validTo: string;
  readonly enrolledAt: string;
}

export interface Identity {
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  /** The name Dogtag's tools know this person by. */
  readonly alias: string | null;
  readonly email: string | null;
  /** The identity provider that vouches for this person; null for a local account. */
  readonly provider: string | null;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly lockedUntil: string | null;
  readonly passwordGenerated: boolean;
  readonly createdAt: string;
  readonly certificates: readonly EnrolledCertificate[];
}

export interface IdentityPage {
  readonly identities: Identity[];
  readonly total: number;
  readonly next: string | null;
}

/** A right somebody holds by a role, and where it comes from. */
export interface Permission {
  readonly resource: string;
  readonly operation: string;
  readonly from: 'role' | 'rule';
  /** Keyfactor's names of the same right. */
  readonly names: readonly string[];
}

export interface Claim {
  readonly id: string;
  readonly role: string;
  readonly provider: string;
  readonly type: ClaimType;
  readonly value: string;
  readonly description: string;
  readonly createdAt: string;
}

export const CLAIM_TYPES = [
  'User',
  'Group',
  'Computer',
  'OAuthOid',
  'OAuthRole',
  'OAuthSubject',
  'OAuthClientId',
] as const;
export type ClaimType = (typeof CLAIM_TYPES)[number];

export interface Role {
  readonly name: string;
  readonly description: string;
  /** Part of the product. */
  readonly builtIn: boolean;
  /** Nobody holds it together with another role. */
  readonly exclusive: boolean;
  /** The names it goes by in access rules, beside its own. */
  readonly groups: readonly string[];
  readonly permissions: readonly Permission[];
  readonly members: readonly string[];
  readonly claims: readonly Claim[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A resource of the product with what can be done to it. */
export interface Resource {
  readonly resource: string;
  readonly description: string;
  readonly area: string;
  /** Only exclusive roles may be granted it. */
  readonly reserved: boolean;
  readonly operations: readonly {
    readonly operation: string;
    readonly names: readonly string[];
  }[];
}

export interface RuleEntry {
  readonly type: 'allow' | 'deny';
  readonly operations: readonly string[];
  readonly expression: string;
}

export interface AccessRule {
  readonly resource: string;
  readonly operations: readonly string[];
  /** As Dogtag writes it: `resource:operations:entries:description`. */
  readonly line: string;
  readonly entries: readonly RuleEntry[];
  readonly description: string;
  /** It differs from the product's. */
  readonly changed: boolean;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

export interface RuleChange {
  readonly resource: string;
  /** Null when there is no such rule yet. */
  readonly before: string | null;
  readonly after: string;
}

export interface Application {
  readonly name: string;
  readonly description: string;
  readonly key: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface ReviewedIdentity {
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly provider: string | null;
  readonly lastSignIn: string | null;
  readonly certificates: number;
  readonly tokens: number;
}

export interface ReviewedRole {
  readonly name: string;
  readonly members: number;
  readonly claims: number;
  /** `provider type: value`. */
  readonly claimed: readonly string[];
  /** `resource:operation`. */
  readonly permissions: readonly string[];
}

export interface Review {
  /** A quarter: `2026-Q4`. */
  readonly period: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly signedAt: string | null;
  readonly signedBy: string | null;
  readonly comment: string | null;
  readonly report: {
    readonly identities: readonly ReviewedIdentity[];
    readonly roles: readonly ReviewedRole[];
    /** Who holds roles that exclude each other. */
    readonly conflicts: readonly { readonly username: string; readonly roles: readonly string[] }[];
    /** Who could sign in and has not for 90 days. */
    readonly dormant: readonly string[];
  };
}

export interface Reviews {
  /** The newest first. */
  readonly reviews: Review[];
  /** The quarter whose review is to be signed off next. */
  readonly due: string;
  /** That quarter is over. */
  readonly overdue: boolean;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  /** `resource:operation`; null for everything its owner may. */
  readonly scopes: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

export interface AuditedEvent {
  readonly event: string;
  readonly title: string;
  readonly group: string;
  readonly status: 'mandatory' | 'enabled' | 'disabled';
  readonly filter: string | null;
}

export interface FileSettings {
  /** Lines kept before they are written. */
  readonly bufferSize: number;
  /** Seconds. */
  readonly flushInterval: number;
  /** KB. */
  readonly maxFileSize: number;
  /** Seconds. */
  readonly rolloverInterval: number;
}

export interface AuditConfiguration {
  readonly events: readonly AuditedEvent[];
  readonly files: FileSettings & {
    readonly enabled: boolean;
    readonly eventNames: 'current' | '10.4';
    readonly current: string;
    readonly signingCertificate: string;
  };
}

export interface AuditFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: string;
  readonly current: boolean;
}
