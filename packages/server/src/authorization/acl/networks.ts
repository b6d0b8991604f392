import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** An address in its one form: IPv4 written as IPv6 (`::ffff:10.1.2.3`) is IPv4. */
export interface Address {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

/** A set of addresses, as the value of an `ipaddress` term gives it. */
export interface Networks {
  contains(address: Address): boolean;
}

/** Why a value is no set of addresses: what would be. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
}

/** Dogtag's regular expression for every address. */
const ANY = '.*';
/** Dogtag's regular expressions for a network that ends at a dot: `10\.1\..*`. */
const OCTETS = /^(?:\d{1,3}\\\.){1,3}\.\*$/;
const ESCAPED_ADDRESS = /^\d{1,3}(?:\\\.\d{1,3}){3}$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * Reads the value of an `ipaddress` term: an address or a network (`10.1.0.0/16`, `2001:db8::/32`). Dogtag takes
 * a regular expression there; none is ever run here, for one of them could stop the server. Those of well-known
 * form are read as the network they mean; any other throws a `NetworkFault`.
 */
export function parseNetworks(value: string): Networks {
  if (value === ANY) return { contains: () => true };
  if (OCTETS.test(value)) {
    const octets = value.split('\\.').slice(0, -1);
    const network = [...octets, '0', '0', '0'].slice(0, 4).join('.');
    return subnet(network, octets.length * 8, value);
  }
  const plain = ESCAPED_ADDRESS.test(value) ? value.replaceAll('\\.', '.') : value;
  const [address = '', length, ...more] = plain.split('/');
  if (length === undefined) {
    const one = parseAddress(address);
    if (one === null || address.includes('%')) throw fault(value);
    const list = new BlockList();
    list.addAddress(one.address, one.family);
    return matcher(list);
  }
  if (more.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) throw fault(value);
  return subnet(address, Number(length), value);
}

/** The one form of an address, or null when it is none. A zone (`%eth0`) is left out. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return { address: text, family: 'ipv4' };
  if (!isIPv6(text)) return null;
  const { address } = new SocketAddress({ address: text.replace(/%.*$/, ''), family: 'ipv6' });
  const mapped = MAPPED.exec(address)?.[1];
  return mapped === undefined ? { address, family: 'ipv6' } : { address: mapped, family: 'ipv4' };
}

function subnet(address: string, length: number, value: string): Networks {
  const base = parseAddress(address);
  if (base === null || address.includes('%')) throw fault(value);
  const wide = isIPv6(address);
  // A network of IPv4 addresses written as IPv6: 96 bits of its length say only that.
  const prefix = wide && base.family === 'ipv4' ? length - 96 : length;
  if (prefix < 0 || prefix > (base.family === 'ipv4' ? 32 : 128)) throw fault(value);
  const list = new BlockList();
  list.addSubnet(base.address, prefix, base.family);
  return matcher(list);
}

function matcher(list: BlockList): Networks {
  return { contains: ({ address, family }) => list.check(address, family) };
}

function fault(value: string): NetworkFault {
  const regular = /[\\*+?[\](){}^$|]/.test(value);
  return new NetworkFault(
    regular
      ? 'an address or a network such as 10.1.0.0/16 or 2001:db8::/32 (regular expressions are not run: ' +
          'write the networks they mean, joined with ||)'
      : 'an address or a network such as 10.1.0.0/16 or 2001:db8::/32',
  );
}
