import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { OutgoingError } from '../tls/outgoing-error.ts';

/** Where no webhook leads: what clouds tell their machines, what is no host, what is many. */
const NEVER = new BlockList();
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addAddress('fd00:ec2::254', 'ipv6');
NEVER.addAddress('100.100.100.200', 'ipv4');
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addSubnet('ff00::', 8, 'ipv6');
/** IPv4 inside IPv6 by translation (RFC 6052), which the lists above would not see. */
NEVER.addSubnet('64:ff9b::', 96, 'ipv6');

/** This machine: only when its name is listed. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a request may go to an address; `listed`: an administrator has named the host. */
export function mayCall(address: string, listed: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !NEVER.check(address, family) && (listed || !LOOPBACK.check(address, family));
}

/**
 * Why a webhook's address cannot be one, or null: https, or http to a listed host; no user and password in it; no address
 * that is never called. A name is judged by {@link checkedLookup} when it is called.
 */
export function webhookFault(text: string, listed: readonly string[]): string | null {
  if (!URL.canParse(text) || text.length > 2_000) return 'an https address';
  const url = new URL(text);
  const host = hostOf(url);
  const isListed = listed.includes(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isListed))
    return 'an https address, or http to a host that the settings list';
  if (url.username !== '' || url.password !== '') return 'an address without user and password';
  if (isIP(host) !== 0 && !mayCall(host, isListed))
    return 'the address of a host that may be called';
  return null;
}

/** The host of an address, an IPv6 address without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

/** Looks up names and leaves out addresses that are not called: what is checked is what is connected to. */
export function checkedLookup(listed: readonly string[]): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const good = found.filter(({ address }) =>
        mayCall(address, listed.includes(hostname.toLowerCase())),
      );
      const [first] = good;
      if (first === undefined) {
        const message = `${hostname} is at an address that webhooks never call`;
        return done(new OutgoingError('address_refused', message), '', 0);
      }
      if (options.all === true) done(null, good);
      else done(null, first.address, first.family);
    });
  };
}
