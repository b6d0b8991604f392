import { expect, test } from 'vitest';
import { isText, toBase64 } from './file-content.ts';

test('PEM is text, DER is not', () => {
  expect(isText(new TextEncoder().encode('-----BEGIN CERTIFICATE-----\r\n'))).toBe(true);
  expect(isText(Uint8Array.of(0x30, 0x82, 0x01, 0x0a))).toBe(false);
});

test('bytes of any number become base64', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, n) => n % 256);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});
