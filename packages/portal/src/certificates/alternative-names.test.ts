import { expect, test } from 'vitest';
import { formatAltNames, parseAltNames } from './alternative-names.ts';

test('a name says by itself of which kind it is', () => {
  expect(
    parseAltNames(
      'www.example.com\n*.example.com, 10.0.0.1\n2001:db8::1\nmail@example.com\nhttps://example.com/x',
    ),
  ).toEqual([
    { type: 'dns', value: 'www.example.com' },
    { type: 'dns', value: '*.example.com' },
    { type: 'ip', value: '10.0.0.1' },
    { type: 'ip', value: '2001:db8::1' },
    { type: 'email', value: 'mail@example.com' },
    { type: 'uri', value: 'https://example.com/x' },
  ]);
});

test('a kind before the name decides, and what is written is read again', () => {
  const names = parseAltNames('upn:jdoe@example.com\nDNS = 10.0.0.1\n\n  ');
  expect(names).toEqual([
    { type: 'upn', value: 'jdoe@example.com' },
    { type: 'dns', value: '10.0.0.1' },
  ]);
  expect(parseAltNames(formatAltNames(names))).toEqual(names);
  expect(formatAltNames([{ type: 'uri', value: 'urn:isbn:1' }])).toBe('uri:urn:isbn:1');
});
