import { isIP, isIPv6 } from 'node:net';

/**
 * The address a request comes from: the peer's, or, when the peer is a proxy we trust, the last address in
 * X-Forwarded-For that is not one of ours.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
): string {
  const direct = normalizeAddress(peer ?? '127.0.0.1');
  if (forwardedFor === undefined || !trustedProxies.includes(direct)) return direct;
  const hops = forwardedFor.split(',').map((hop) => normalizeAddress(hop.trim()));
  for (const hop of hops.reverse()) {
    // What stands before something that is no address was written by the client: it proves nothing.
    if (isIP(hop) === 0) break;
    if (!trustedProxies.includes(hop)) return hop;
  }
  return direct;
}

/** Whether an address or name is only reachable from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** What a rate limit counts: an IPv4 address, or the /64 an IPv6 address is from. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? 8 - left.length - right.length : 0;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
export function normalizeAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
