/**
 * Bytes to text and back. Every decoder accepts exactly one spelling of a value: the one the encoder
 * writes. So what was checked can be stored, compared and hashed as text.
 */
import { TlogError } from './errors.ts';

/** Returns the standard base64 of bytes with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return nativeBase64 ? bytes.toBase64() : btoa(latin1(bytes));
}

/**
 * Returns the bytes of standard base64 with padding.
 * @throws TlogError `base64_malformed` for any other spelling, whitespace and stray bits included
 */
export function fromBase64(text: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = nativeBase64 ? Uint8Array.fromBase64(text) : fromLatin1(atob(text));
  } catch {
    bytes = undefined;
  }
  // Decoders tolerate whitespace, missing padding and non-zero trailing bits: compare with the one spelling.
  if (bytes === undefined || toBase64(bytes) !== text) {
    throw new TlogError(
      'base64_malformed',
      `expected padded standard base64, got ${quoteShort(text)}`,
    );
  }
  return bytes;
}

/** Returns bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_OF_BYTE[byte];
  return text;
}

/**
 * Returns the bytes of lower-case hexadecimal.
 * @throws TlogError `hex_malformed` for upper case, an odd length or any other character
 */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new TlogError(
      'hex_malformed',
      `expected lower-case hexadecimal, got ${quoteShort(text)}`,
    );
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}

/**
 * Returns text as UTF-8.
 * @throws TlogError `utf8_malformed` for a lone surrogate, which UTF-8 cannot carry
 */
export function utf8(text: string): Uint8Array {
  checkWellFormed(text);
  return encoder.encode(text);
}

/**
 * Returns text as UTF-8 in a view of a larger buffer that other results share: several times faster
 * than `utf8` for short texts. The bytes are never written again, but copy them (`slice()`) before
 * transferring or posting them elsewhere, which would take the whole buffer along.
 * @throws TlogError `utf8_malformed` for a lone surrogate
 */
export function utf8Shared(text: string): Uint8Array {
  checkWellFormed(text);
  const worstCase = text.length * 3;
  if (worstCase > SLAB_SIZE / 8) return encoder.encode(text);
  if (slabUsed + worstCase > SLAB_SIZE) {
    slab = new Uint8Array(SLAB_SIZE);
    slabUsed = 0;
  }
  const target = slab.subarray(slabUsed, slabUsed + worstCase);
  const { written } = encoder.encodeInto(text, target);
  slabUsed += written;
  return target.subarray(0, written);
}

/**
 * Returns the text of UTF-8 bytes; a byte order mark is kept as the character it is.
 * @throws TlogError `utf8_malformed` for anything that is not UTF-8
 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new TlogError('utf8_malformed', `expected UTF-8, got ${bytes.length} other bytes`, {
      cause,
    });
  }
}

/** Returns whether two byte strings are the same. Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Returns the value of an ASCII decimal without sign or leading zeros. The formats allow 64 bits; this
 * package stops at 2^53 - 1 and says so.
 * @throws TlogError `number_malformed`, `number_too_large`
 */
export function parseDecimal(text: string, field: string): number {
  if (!/^(?:0|[1-9][0-9]*)$/.test(text)) {
    throw new TlogError(
      'number_malformed',
      `${field}: expected a decimal number without leading zeros, got ${quoteShort(text)}`,
    );
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new TlogError(
      'number_too_large',
      `${field}: expected at most ${Number.MAX_SAFE_INTEGER}, got ${quoteShort(text)}`,
    );
  }
  return value;
}

/** Returns text in double quotes, shortened, for an error message. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

/** Joins byte strings into one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

const SLAB_SIZE = 65_536;
const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const nativeBase64 =
  typeof Uint8Array.fromBase64 === 'function' &&
  typeof Uint8Array.prototype.toBase64 === 'function';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
let slab = new Uint8Array(0);
let slabUsed = SLAB_SIZE;

function checkWellFormed(text: string): void {
  if (!text.isWellFormed()) {
    throw new TlogError('utf8_malformed', `lone surrogate in ${quoteShort(text)}`);
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
