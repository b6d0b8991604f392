import { isIP } from 'node:net';
import type { Config } from '../config/config.ts';

/** The methods that change nothing (RFC 9110 section 9.2.1). */
export function isSafeMethod(verb: string): boolean {
  return verb === 'GET' || verb === 'HEAD';
}

/**
 * Whether we answer for this host name. A page of somebody else's whose name has been pointed at us (DNS rebinding)
 * comes with its own name: only `localhost`, IP addresses, the public URL's host and configured names are ours.
 */
export function isOurHost(
  host: string,
  config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'host'>,
): boolean {
  const name = hostName(host);
  return (
    name === 'localhost' ||
    isIP(name) !== 0 ||
    name === config.host ||
    name === config.publicUrl?.hostname ||
    config.allowedHosts.includes(name)
  );
}

/** Whether a Host header has a name that others than this machine may know: no address, not `localhost`. */
export function isPublicName(host: string | undefined): boolean {
  const name = hostName(host ?? '');
  return name !== '' && isIP(name) === 0 && name !== 'localhost' && !name.endsWith('.localhost');
}

/** What a browser, or another client, says about where a request comes from. */
export interface OriginEvidence {
  readonly host: string;
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  /** Whether the request came over TLS to us, not to a proxy. */
  readonly secure: boolean;
}

/**
 * Why an unsafe request is refused as cross-site, or null. Fetch Metadata decides where the browser sends it;
 * otherwise an Origin must be ours. A request with neither was not made by a browser for somebody else's page:
 * every browser sends Origin with an unsafe cross-site request.
 */
export function findCrossSite(
  evidence: OriginEvidence,
  config: Pick<Config, 'publicUrl'>,
): string | null {
  const { secFetchSite, origin } = evidence;
  if (secFetchSite !== undefined) {
    if (secFetchSite === 'same-origin' || secFetchSite === 'none') return null;
    return `Sec-Fetch-Site: expected "same-origin" or "none", got "${secFetchSite}"`;
  }
  if (origin === undefined) return null;
  const expected = ownOrigin(evidence, config);
  return origin === expected ? null : `Origin: expected "${expected}", got "${origin}"`;
}

/**
 * The origin that a browser knows us by: that of the HTTPS listener where the request came over it, else the public
 * URL's, else that of the plain listener.
 */
export function ownOrigin(
  request: Pick<OriginEvidence, 'host' | 'secure'>,
  config: Pick<Config, 'publicUrl'>,
): string {
  if (request.secure) return `https://${request.host}`;
  return config.publicUrl?.origin ?? `http://${request.host}`;
}

function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(1, Math.max(1, host.indexOf(']')));
  return (host.split(':')[0] ?? '').toLowerCase();
}
