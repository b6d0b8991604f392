import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { parseServerUrl, wholeNumber } from './options.ts';

test.for(['', '-1', '01', '1.0', '1e3', ' 1', '0x10', '65536', 'NaN'])('%j is no port', (text) => {
  expect(() => wholeNumber(0, 65_535)(text)).toThrow(
    new InvalidArgumentError('expected a whole number from 0 to 65535'),
  );
});

test('whole numbers have one spelling', () => {
  expect(['0', '1', '65535'].map(wholeNumber(0, 65_535))).toEqual([0, 1, 65_535]);
});

test('an address loses the slash at its end', () => {
  expect(parseServerUrl('http://127.0.0.1:8080/')).toBe('http://127.0.0.1:8080');
  expect(parseServerUrl('https://log.example.com/audit/')).toBe('https://log.example.com/audit');
});

test.for(['', '127.0.0.1:8080', 'ftp://example.com', 'not an address'])(
  '%j is no address of a server',
  (text) => {
    expect(() => parseServerUrl(text)).toThrow(
      new InvalidArgumentError('expected an http:// or https:// address'),
    );
  },
);

test('an address with a password is refused and its value not repeated', () => {
  expect(() => parseServerUrl('https://auditor:hunter22@example.com')).toThrow(
    /use --user and COUNTERSIGN_PASSWORD/,
  );
});
