import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import { concatBytes, parseDecimal } from './encoding.ts';
import {
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
  utf8Shared,
} from './index.ts';

describe('base64', () => {
  it('has the vectors of RFC 4648 section 10', () => {
    const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
    for (const [length, encoded] of vectors.entries()) {
      expect(toBase64(utf8('foobar'.slice(0, length)))).toBe(encoded);
      expect(fromUtf8(fromBase64(encoded))).toBe('foobar'.slice(0, length));
    }
  });

  it('has one spelling', () => {
    for (const text of ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', '+/+/']) {
      checkOneSpelling(text, fromBase64, toBase64);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('refuses what other decoders tolerate', () => {
    for (const text of [
      'Zg',
      'Zg=',
      'Zh==',
      'Zm9=',
      'Z m8=',
      'Zm8=\n',
      'Zm8==',
      '-_-_',
      '=',
      'Zg==Zg==',
    ]) {
      expect(faultOf(() => fromBase64(text))).toEqual({
        code: 'base64_malformed',
        message: `expected padded standard base64, got ${JSON.stringify(text)}`,
      });
    }
  });
});

describe('base64 of a runtime without its own', () => {
  it('is the same', async () => {
    const native = Object.getOwnPropertyDescriptor(Uint8Array, 'fromBase64');
    Reflect.deleteProperty(Uint8Array, 'fromBase64');
    vi.resetModules();
    const fallback = await import('./encoding.ts');
    if (native !== undefined) Object.defineProperty(Uint8Array, 'fromBase64', native);
    for (let length = 0; length < 70; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) % 256);
      expect(fallback.toBase64(bytes)).toBe(toBase64(bytes));
      expect(fallback.fromBase64(toBase64(bytes))).toEqual(bytes);
    }
    for (const text of ['Zg', 'Zh==', 'Z m8=', 'Zm8=\n', '-_-_', 'é']) {
      expect(() => fallback.fromBase64(text)).toThrow('expected padded standard base64, got ');
    }
  });
});

describe('hex', () => {
  it('is lower case and whole bytes', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    expect(toHex(bytes).slice(0, 12)).toBe('000102030405');
    expect(fromHex(toHex(bytes))).toEqual(bytes);
    checkOneSpelling('00ff7a', fromHex, toHex);
    for (const text of ['0', '0G', 'FF', ' 00', '0x00']) {
      expect(faultOf(() => fromHex(text))).toEqual({
        code: 'hex_malformed',
        message: `expected lower-case hexadecimal, got ${JSON.stringify(text)}`,
      });
    }
  });
});

describe('UTF-8', () => {
  it('keeps every well-formed text, byte order marks included', () => {
    const codePoint = fc.oneof(
      fc.nat(0x7f),
      fc.nat(0x7ff),
      fc.nat(0xd7ff),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
    );
    const character = codePoint.map((code) => String.fromCodePoint(code));
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 100 }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
        expect(equalBytes(utf8Shared(text), utf8(text))).toBe(true);
      }),
    );
    expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa');
  });

  it('refuses lone surrogates and broken sequences', () => {
    for (const encode of [utf8, utf8Shared]) {
      expect(faultOf(() => encode('a\ud800'))).toEqual({
        code: 'utf8_malformed',
        message: 'lone surrogate in "a\\ud800"',
      });
    }
    for (const hex of ['ff', 'c0af', 'eda080', 'f4908080', 'e282']) {
      expect(faultOf(() => fromUtf8(fromHex(hex)))).toEqual({
        code: 'utf8_malformed',
        message: `expected UTF-8, got ${hex.length / 2} other bytes`,
      });
    }
  });

  it('never writes shared bytes again', () => {
    const texts = Array.from({ length: 3000 }, (_, n) => `text ${n} ${'é€😀'.repeat(n % 40)}`);
    const encoded = texts.map(utf8Shared);
    expect(encoded.map(fromUtf8)).toEqual(texts);
    const long = 'x'.repeat(70_000);
    expect(fromUtf8(utf8Shared(long))).toBe(long);
  });
});

describe('decimal numbers', () => {
  it('have one spelling', () => {
    for (const text of ['0', '7', '10', '9007199254740991']) {
      const accepted = checkOneSpelling(text, (value) => parseDecimal(value, 'size'), String);
      expect(accepted).toBeGreaterThan(0); // other numbers
    }
  });

  it('end at 2^53 - 1, and say so', () => {
    for (const text of ['9007199254740992', '18446744073709551615']) {
      expect(faultOf(() => parseDecimal(text, 'size'))).toEqual({
        code: 'number_too_large',
        message: `size: expected at most 9007199254740991, got "${text}"`,
      });
    }
    for (const text of ['', '00', '01', '+1', '-0', '1e3', '0x1', '1 ']) {
      expect(faultOf(() => parseDecimal(text, 'size'))).toEqual({
        code: 'number_malformed',
        message: `size: expected a decimal number without leading zeros, got "${text}"`,
      });
    }
  });
});

describe('bytes', () => {
  it('are equal when length and every byte are', () => {
    const bytes = fromHex('000102');
    expect(equalBytes(bytes, fromHex('000102'))).toBe(true);
    expect(equalBytes(bytes, fromHex('000103'))).toBe(false);
    expect(equalBytes(bytes, fromHex('0001'))).toBe(false);
    expect(equalBytes(bytes, fromHex('00010200'))).toBe(false);
  });

  it('are joined in order', () => {
    expect(toHex(concatBytes(fromHex('00'), fromHex(''), fromHex('0102')))).toBe('000102');
  });
});
