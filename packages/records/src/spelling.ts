/** The spellings an envelope's values may have. None needs escaping in JSON: sealing relies on it. */

const EVENT = /^[A-Z][A-Z0-9_]{0,63}$/;
const PRODUCER = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CATEGORY = /^[A-Z][A-Za-z0-9]{0,63}$/;
const OPERATION = /^[A-Z][A-Za-z]*(?: [A-Za-z]+){0,7}$/;
const DIGEST = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export function isEventName(s: string): boolean {
  return EVENT.test(s);
}

/** Lower-case letters, digits, `.`, `_`, `-`; 64 at most; starts with a letter or digit. */
export function isProducerName(s: string): boolean {
  return PRODUCER.test(s);
}

/** RFC 9562 section 5.7, lower case. */
export function isUuidV7(s: string): boolean {
  return UUID_V7.test(s);
}

export function isCategoryName(s: string): boolean {
  return CATEGORY.test(s);
}

export function isOperationName(s: string): boolean {
  return s.length <= 64 && OPERATION.test(s);
}

/** Base64 of 32 bytes, padded, with the two unused bits zero. */
export function isDigest(s: string): boolean {
  return DIGEST.test(s);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZERO = 0x30;

/**
 * Whether `s` is `YYYY-MM-DDThh:mm:ss.mmmZ` and names a real moment. RFC 3339 allows more; a record
 * has one spelling. Leap seconds have no place on the clocks that write records.
 */
export function isTime(s: string): boolean {
  if (s.length !== 24) return false;
  if (s[4] !== '-' || s[7] !== '-' || s[10] !== 'T' || s[13] !== ':') return false;
  if (s[16] !== ':' || s[19] !== '.' || s[23] !== 'Z') return false;
  const year = digits(s, 0, 4);
  const month = digits(s, 5, 7);
  const day = digits(s, 8, 10);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  if (day > days) return false;
  return (
    within(digits(s, 11, 13), 23) &&
    within(digits(s, 14, 16), 59) &&
    within(digits(s, 17, 19), 59) &&
    digits(s, 20, 23) >= 0
  );
}

function within(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}

/** The number written in decimal digits at from..to, or -1. */
function digits(s: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = s.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A sequence number: a safe integer from 1. */
export function isSeq(n: unknown): n is number {
  return Number.isSafeInteger(n) && (n as number) >= 1;
}
