import type { AuthorityName } from './certificates.ts';

export interface RevocationList {
  readonly number: number;
  /** The full list a delta list completes; null: a full list. */
  readonly baseNumber: number | null;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly entries: number;
  readonly fingerprint: string;
}

export interface AuthoritySettings {
  readonly crlHours: number;
  readonly crlOverlapHours: number;
  /** 0: no delta lists. */
  readonly deltaMinutes: number;
  readonly ocspMinutes: number;
}

export interface TokenKey {
  readonly module: string;
  readonly slot: string;
  readonly key: string;
}

export interface Authority {
  readonly id: string;
  readonly name: string;
  readonly parent: AuthorityName | null;
  readonly subject: string;
  readonly keyAlgorithm: string;
  /** Where the key is; null: encrypted on this server. */
  readonly token: TokenKey | null;
  /** Issues; lists and OCSP go on without. */
  readonly enabled: boolean;
  readonly settings: AuthoritySettings;
  readonly certificate: {
    readonly fingerprint: string;
    readonly serial: string;
    readonly issuer: string;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly subjectKeyId: string | null;
    readonly pathLength: number | null;
  };
  readonly createdAt: string;
  readonly pem: string;
  /** What certificates say; null: they do not say. */
  readonly urls: {
    readonly issuerUrl: string;
    readonly crlUrl: string;
    readonly deltaUrl: string;
    readonly ocspUrl: string;
  } | null;
  readonly lists: {
    readonly full: RevocationList | null;
    readonly delta: RevocationList | null;
    /** Since when they are behind what is revoked. */
    readonly dueSince: string | null;
  };
  readonly responder: { readonly fingerprint: string; readonly notAfter: string } | null;
}
