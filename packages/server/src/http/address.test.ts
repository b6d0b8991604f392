import { expect, test } from 'vitest';
import { addressKey, clientAddress } from './address.ts';

test('X-Forwarded-For is believed only from a trusted proxy, from the right end', () => {
  expect(clientAddress('203.0.113.5', '1.2.3.4', [])).toBe('203.0.113.5');
  expect(clientAddress('::ffff:10.0.0.1', '1.2.3.4, 198.51.100.7', ['10.0.0.1'])).toBe(
    '198.51.100.7',
  );
  expect(clientAddress('10.0.0.1', '198.51.100.7, 10.0.0.2', ['10.0.0.1', '10.0.0.2'])).toBe(
    '198.51.100.7',
  );
  expect(clientAddress('10.0.0.1', 'nonsense', ['10.0.0.1'])).toBe('10.0.0.1');
  expect(clientAddress('10.0.0.1', '1.2.3.4, garbage', ['10.0.0.1'])).toBe('10.0.0.1');
});

test('IPv6 clients are counted by their /64', () => {
  expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
  expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(addressKey('2001:db8:0:0:ffff::9')).toBe('2001:db8:0:0::/64');
  expect(addressKey('::1')).toBe('0:0:0:0::/64');
});
