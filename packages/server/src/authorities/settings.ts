/** How an authority publishes what it has revoked. */
export interface AuthoritySettings {
  /** A full list at the latest after so many hours. */
  readonly crlHours: number;
  /** A list is good for so many hours longer: time to notice that no new one comes. */
  readonly crlOverlapHours: number;
  /** 0: no delta lists; otherwise a delta list is good for so many minutes, and one comes with each revocation. */
  readonly deltaMinutes: number;
  /** An OCSP response is good for so many minutes. */
  readonly ocspMinutes: number;
}

export const DEFAULT_SETTINGS: AuthoritySettings = {
  crlHours: 24,
  crlOverlapHours: 12,
  deltaMinutes: 0,
  ocspMinutes: 60,
};

/** The settings in a row; what an older version has not written is as by default. */
export function readSettings(text: string): AuthoritySettings {
  return { ...DEFAULT_SETTINGS, ...(JSON.parse(text) as Partial<AuthoritySettings>) };
}

/** Where an authority's certificate, lists and answers are found; what certificates say. */
export interface AuthorityUrls {
  readonly issuerUrl: string;
  readonly crlUrl: string;
  readonly deltaUrl: string;
  readonly ocspUrl: string;
}

/** The addresses of an authority, or null when the server does not know how it is reached. */
export function authorityUrls(base: string | null, id: string): AuthorityUrls | null {
  if (base === null) return null;
  const at = `${base}/pki/${id}`;
  return {
    issuerUrl: `${at}/ca.crt`,
    crlUrl: `${at}/full.crl`,
    deltaUrl: `${at}/delta.crl`,
    ocspUrl: `${at}/ocsp`,
  };
}
