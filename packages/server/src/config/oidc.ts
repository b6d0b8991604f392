import { readFileSync } from 'node:fs';
import { isLoopback } from '../http/address.ts';
import type { ConfigFault } from './config.ts';
import { ENVIRONMENT, type Raw } from './names.ts';
import type { Secrets } from './secrets.ts';

/** The identity provider (OpenID Connect) people may sign in with; the client's secret is among the secrets. */
export interface OidcConfig {
  readonly issuer: URL;
  readonly clientId: string;
  /** Shown on the sign-in page; the provider's name in claims and accounts. */
  readonly name: string;
  readonly scopes: string;
  /** PEM: the authorities of the provider's own certificate; null: those that Node.js knows. */
  readonly ca: string | null;
}

const SETTINGS = [
  'oidcClientId',
  'oidcClientSecret',
  'oidcClientSecretFile',
  'oidcName',
  'oidcScopes',
  'oidcCa',
] as const;
const DEFAULT_SCOPES = 'openid profile email';
/** Scope names, RFC 6749 section 3.3. */
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}])?$/u;

/** Reads the provider's settings; all of them hang on the issuer. */
export function readOidc(raw: Raw, secrets: Secrets, faults: ConfigFault[]): OidcConfig | null {
  const fault = (key: keyof Raw, expected: string, got: string) =>
    void faults.push({ name: ENVIRONMENT[key], expected, got });
  if (raw.oidcIssuer === undefined) {
    const lonely = SETTINGS.find((key) => raw[key] !== undefined);
    if (lonely !== undefined)
      fault('oidcIssuer', `the provider's issuer, as ${ENVIRONMENT[lonely]} is set`, '');
    return null;
  }
  const issuer = URL.parse(raw.oidcIssuer);
  if (issuer === null || !isIssuer(issuer)) {
    const expected = 'an https URL (http on this machine) without user, query or fragment';
    fault('oidcIssuer', expected, raw.oidcIssuer);
  }
  if (raw.oidcClientId === undefined)
    fault('oidcClientId', `the client's id, as ${ENVIRONMENT.oidcIssuer} is set`, '');
  const hasSecret = secrets.oidcClientSecret !== null || raw.oidcClientSecretFile !== undefined;
  if (!hasSecret)
    fault('oidcClientSecret', `the client's secret, as ${ENVIRONMENT.oidcIssuer} is set`, '');
  const name = raw.oidcName ?? issuer?.hostname ?? '';
  if (raw.oidcName !== undefined && !NAME.test(name))
    fault('oidcName', '1 to 64 letters, digits, spaces and ". _ -"', name);
  const scopes = raw.oidcScopes ?? DEFAULT_SCOPES;
  if (!SCOPES.test(scopes) || !scopes.split(' ').includes('openid'))
    fault('oidcScopes', 'scopes separated by spaces, "openid" among them', scopes);
  const ca = raw.oidcCa === undefined ? null : readAuthorities(raw.oidcCa, fault);
  if (issuer === null) return null;
  return { issuer, clientId: raw.oidcClientId ?? '', name, scopes, ca };
}

function isIssuer(url: URL): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host));
  const rest = [url.username, url.password, url.search, url.hash];
  return safe && rest.every((part) => part === '');
}

function readAuthorities(
  path: string,
  fault: (key: 'oidcCa', expected: string, got: string) => void,
): string | null {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    fault('oidcCa', 'a PEM file with certificates', path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    fault('oidcCa', 'a file that can be read', `${path} (${code})`);
  }
  return null;
}
