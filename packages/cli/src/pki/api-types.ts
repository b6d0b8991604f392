/** What the server answers, as its OpenAPI says it. */

export interface EnrolledCertificate {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** Decimal. */
  readonly serial: string;
  readonly validTo: string;
  readonly enrolledAt: string;
}

export interface Identity {
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  readonly alias: string | null;
  readonly email: string | null;
  readonly provider: string | null;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly lockedUntil: string | null;
  readonly passwordGenerated: boolean;
  readonly createdAt: string;
  readonly certificates: readonly EnrolledCertificate[];
}

export interface Claim {
  readonly id: string;
  readonly role: string;
  readonly provider: string;
  readonly type: string;
  readonly value: string;
  readonly description: string;
  readonly createdAt: string;
}

export interface Role {
  readonly name: string;
  readonly description: string;
  readonly builtIn: boolean;
  readonly exclusive: boolean;
  readonly groups: readonly string[];
  readonly permissions: readonly {
    readonly resource: string;
    readonly operation: string;
    readonly from: 'role' | 'rule';
    readonly names: readonly string[];
  }[];
  readonly members: readonly string[];
  readonly claims: readonly Claim[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Permission {
  readonly resource: string;
  readonly description: string;
  readonly area: string;
  readonly reserved: boolean;
  readonly operations: readonly { readonly operation: string; readonly names: readonly string[] }[];
}

export interface AccessRule {
  readonly resource: string;
  readonly operations: readonly string[];
  readonly line: string;
  readonly entries: readonly {
    readonly type: 'allow' | 'deny';
    readonly operations: readonly string[];
    readonly expression: string;
  }[];
  readonly description: string;
  readonly changed: boolean;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
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

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

export interface Review {
  readonly period: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly signedAt: string | null;
  readonly signedBy: string | null;
  readonly comment: string | null;
  readonly report: {
    readonly identities: readonly {
      readonly username: string;
      readonly name: string;
      readonly kind: string;
      readonly roles: readonly string[];
      readonly disabled: boolean;
      readonly provider: string | null;
      readonly lastSignIn: string | null;
      readonly certificates: number;
      readonly tokens: number;
    }[];
    readonly roles: readonly {
      readonly name: string;
      readonly members: number;
      readonly claims: number;
      /** `provider type: value` each. */
      readonly claimed: readonly string[];
      readonly permissions: readonly string[];
    }[];
    /** Users with roles that exclude each other. */
    readonly conflicts: readonly { readonly username: string; readonly roles: readonly string[] }[];
    /** User names of those who could sign in and have not for long. */
    readonly dormant: readonly string[];
  };
}

/** The audit configuration in Dogtag's shape; mixed case as Dogtag writes it. */
export interface DogtagAuditConfig {
  readonly Status?: string;
  readonly Signed?: boolean;
  readonly Interval?: number;
  readonly bufferSize?: number;
  readonly Events?: Readonly<Record<string, string>>;
}

export interface AuditEvent {
  readonly event: string;
  readonly title: string;
  readonly group: string;
  readonly status: 'mandatory' | 'enabled' | 'disabled';
  readonly filter: string | null;
}

export interface AuditConfiguration {
  readonly events: readonly AuditEvent[];
  readonly files: {
    readonly enabled: boolean;
    readonly bufferSize: number;
    /** Seconds. */
    readonly flushInterval: number;
    /** KB. */
    readonly maxFileSize: number;
    /** Seconds. */
    readonly rolloverInterval: number;
    readonly eventNames: string;
    readonly current: string;
    readonly signingCertificate: string;
  };
}
