/** The environment variables Countersign reads, in one place: no other folder looks at the environment. */
export const ENVIRONMENT = {
  data: 'COUNTERSIGN_DATA',
  database: 'COUNTERSIGN_DATABASE',
  host: 'COUNTERSIGN_HOST',
  port: 'COUNTERSIGN_PORT',
  httpsHost: 'COUNTERSIGN_HTTPS_HOST',
  httpsPort: 'COUNTERSIGN_HTTPS_PORT',
  tlsCert: 'COUNTERSIGN_TLS_CERT',
  tlsKey: 'COUNTERSIGN_TLS_KEY',
  clientCa: 'COUNTERSIGN_CLIENT_CA',
  clientCrl: 'COUNTERSIGN_CLIENT_CRL',
  origin: 'COUNTERSIGN_ORIGIN',
  publicUrl: 'COUNTERSIGN_PUBLIC_URL',
  allowedHosts: 'COUNTERSIGN_ALLOWED_HOSTS',
  trustedProxies: 'COUNTERSIGN_TRUSTED_PROXIES',
  logAccess: 'COUNTERSIGN_LOG_ACCESS',
  signingMinutes: 'COUNTERSIGN_SIGNING_MINUTES',
  signingRecords: 'COUNTERSIGN_SIGNING_RECORDS',
  eventNames: 'COUNTERSIGN_EVENT_NAMES',
  portalDir: 'COUNTERSIGN_PORTAL_DIR',
  oidcIssuer: 'COUNTERSIGN_OIDC_ISSUER',
  oidcClientId: 'COUNTERSIGN_OIDC_CLIENT_ID',
  oidcClientSecret: 'COUNTERSIGN_OIDC_CLIENT_SECRET',
  oidcClientSecretFile: 'COUNTERSIGN_OIDC_CLIENT_SECRET_FILE',
  oidcName: 'COUNTERSIGN_OIDC_NAME',
  oidcScopes: 'COUNTERSIGN_OIDC_SCOPES',
  oidcCa: 'COUNTERSIGN_OIDC_CA',
  keyPassphrase: 'COUNTERSIGN_KEY_PASSPHRASE',
  keyFile: 'COUNTERSIGN_KEY_FILE',
  storeRoots: 'COUNTERSIGN_STORE_ROOTS',
  pkcs11Modules: 'COUNTERSIGN_PKCS11_MODULES',
  pkcs11Pin: 'COUNTERSIGN_PKCS11_PIN',
  pkiUrl: 'COUNTERSIGN_PKI_URL',
  adminPassword: 'COUNTERSIGN_ADMIN_PASSWORD',
  auditorPassword: 'COUNTERSIGN_AUDITOR_PASSWORD',
} as const;

/** Values of the environment by the names above; absent and empty are the same. */
export type Raw = { readonly [K in keyof typeof ENVIRONMENT]?: string };

/** Reads the named variables and nothing else. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Raw {
  const raw: { -readonly [K in keyof Raw]: Raw[K] } = {};
  for (const [key, name] of Object.entries(ENVIRONMENT)) {
    const value = env[name];
    if (value !== undefined && value !== '') raw[key as keyof Raw] = value;
  }
  return raw;
}
