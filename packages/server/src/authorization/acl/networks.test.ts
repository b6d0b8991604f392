import { describe, expect, test } from 'vitest';
import { parseAddress, parseNetworks } from './networks.ts';

function contains(value: string, text: string): boolean {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return parseNetworks(value).contains(address);
}

describe('a set of addresses', () => {
  test.each([
    ['10.1.2.3', ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203'], ['10.1.2.4', '::a01:203']],
    ['10.1.0.0/16', ['10.1.0.0', '10.1.255.255', '::ffff:10.1.9.9'], ['10.2.0.0', '10.0.255.255']],
    ['0.0.0.0/0', ['1.2.3.4', '::ffff:1.2.3.4'], ['2001:db8::1']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::2', '127.0.0.1']],
    ['2001:db8::/32', ['2001:db8::1', '2001:DB8:ffff::'], ['2001:db9::1', '32.1.13.184']],
    ['::ffff:10.1.0.0/112', ['10.1.5.5', '::ffff:10.1.5.5'], ['10.2.5.5']],
    ['::ffff:10.1.2.3', ['10.1.2.3'], ['10.1.2.4']],
    ['.*', ['1.2.3.4', '2001:db8::1'], []],
    ['10\\.1\\..*', ['10.1.0.1', '10.1.255.1'], ['10.10.0.1', '101.1.0.1']],
    ['192\\.168\\.7\\..*', ['192.168.7.1'], ['192.168.71.1']],
    ['10\\.1\\.2\\.3', ['10.1.2.3'], ['10.1.2.30']],
  ])('%s', (value, inside, outside) => {
    for (const address of inside)
      expect([address, contains(value, address)]).toEqual([address, true]);
    for (const address of outside)
      expect([address, contains(value, address)]).toEqual([address, false]);
  });

  test.each(['10.1.*', '10\\.(1|2)\\..*', '(a+)+$', '10\\.300\\..*', '[0-9]+', 'fe80::1%eth0'])(
    'is not %s',
    (value) => {
      expect(() => parseNetworks(value)).toThrow(
        /^an address or a network such as 10\.1\.0\.0\/16 or 2001:db8::\/32/,
      );
    },
  );

  test('that is a regular expression is refused with what to write instead', () => {
    expect(() => parseNetworks('10\\.(1|2)\\..*')).toThrow(
      'an address or a network such as 10.1.0.0/16 or 2001:db8::/32 (regular expressions are not run: write the networks they mean, joined with ||)',
    );
  });

  test.each([
    '10.1.0.0/33',
    '10.1.0.0/',
    '10.1.0.0/08',
    '10.1.0.0/8/8',
    '::/129',
    '10.1',
    '',
    'localhost',
    '::ffff:10.0.0.0/90',
  ])('is not %s', (value) => {
    expect(() => parseNetworks(value)).toThrow(
      'an address or a network such as 10.1.0.0/16 or 2001:db8::/32',
    );
  });
});

test('an address is read whatever its zone, and nothing else is one', () => {
  expect(parseAddress('fe80::1%eth0')).toEqual({ address: 'fe80::1', family: 'ipv6' });
  for (const text of ['', 'unknown', '10.1', '10.1.2.3.4', '::x'])
    expect(parseAddress(text)).toBeNull();
});
