/** What the server answers about certificates, as its OpenAPI says it. */

export interface SubjectAltName {
  readonly type: 'dns' | 'ip' | 'email' | 'uri' | 'upn';
  readonly value: string;
}

export interface NamedId<Id = number> {
  readonly id: Id;
  readonly name: string;
}

export interface Certificate {
  readonly id: number;
  /** SHA-256, lower case hex. */
  readonly fingerprint: string;
  /** SHA-1, lower case hex. */
  readonly thumbprint: string;
  /** Lower case hex without leading zeros. */
  readonly serial: string;
  readonly subject: string;
  readonly commonName: string | null;
  readonly issuer: string;
  readonly authority: NamedId<string> | null;
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

/** One certificate, with what a list leaves out. */
export interface CertificateDetail extends Certificate {
  readonly pem: string;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly collections?: readonly NamedId[];
  readonly stores?: readonly (NamedId<number | string> & { readonly alias: string })[];
  readonly rights?: readonly string[];
}

export interface CertificatePage {
  readonly certificates: readonly Certificate[];
  readonly total: number;
  readonly next: string | null;
}

/** What an enrollment answers. */
export interface Enrolled {
  readonly disposition: 'issued' | 'pending';
  readonly request: number | null;
  readonly certificate: (Certificate & { readonly pem: string; readonly chain: string }) | null;
}

/** The same where the server made the key. */
export interface EnrolledWithKey extends Enrolled {
  /** Base64; null while the request waits for its approval. */
  readonly pkcs12: string | null;
  /** The password of the PKCS#12 file. */
  readonly password: string | null;
  readonly replacements?: readonly (number | string)[];
}

export interface CertificateRequest {
  readonly id: number;
  readonly kind: string;
  readonly state: 'pending' | 'issued' | 'denied';
  readonly template: string;
  readonly authority: NamedId<string>;
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly renews: number | null;
  readonly requester: string;
  readonly submittedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly comment: string | null;
  readonly certificate: number | null;
}

/** A file that the server makes: `content` is base64. */
export interface MadeFile {
  readonly content: string;
  readonly fileName: string;
  readonly password: string | null;
}

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

/** What was not done with one of several certificates, and why. */
export interface Refused {
  readonly id: number;
  readonly code: string;
  readonly detail: string;
}

export interface SigningRequest {
  readonly id: number;
  readonly subject: string;
  readonly keyAlgorithm: string;
  readonly template: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

/** A revocation list of an authority. */
export interface RevocationList {
  readonly number: number;
  readonly baseNumber: number | null;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly entries: number;
  readonly fingerprint: string;
}

export interface Authority {
  readonly id: string;
  readonly name: string;
  readonly parent: { readonly id: string; readonly name: string } | null;
  readonly subject: string;
  readonly keyAlgorithm: string;
  readonly token: { readonly module: string; readonly slot: string; readonly key: string } | null;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, number>>;
  readonly certificate: {
    readonly fingerprint: string;
    readonly serial: string;
    readonly issuer: string;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly pathLength: number | null;
  };
  readonly createdAt: string;
  readonly pem: string;
  readonly urls: Readonly<Record<string, string>> | null;
  readonly lists: {
    readonly full: RevocationList | null;
    readonly delta: RevocationList | null;
  };
}
