/**
 * Terms: the words of the full-text index that stand for fields, told from the words of texts by a
 * tilde, which no word holds. One inverted index then answers both, and intersecting "category X",
 * "actor Y" and "the word z" is one walk over three sorted lists.
 */

export const TERM = {
  /** On every record, to take others away from. */
  all: '~a',
  shape: '~s',
  category: '~c',
  level: '~l',
  event: '~e',
  producer: '~p',
  who: '~w',
  address: '~d',
  setting: '~t',
  permit: '~r',
  properties: '~q',
  /** Type and id of the target or of a related object. */
  object: '~b',
  /** Of short names; others are found by their words. */
  targetName: '~n',
  correlation: '~k',
  session: '~x',
} as const;

export function idTerm(kind: string, id: number): string {
  return kind + id.toString(36);
}

/** A term for a text of any length, by its hash. What it finds has to be compared. */
export function textTerm(kind: string, text: string): string {
  return kind + hash50(text);
}

const DIGITS = '0123456789abcdefghijklmnopqrstuv';
/** The two digits of every number of ten bits. */
const PAIRS = Array.from({ length: 1024 }, (_, n) => DIGITS[n >>> 5]! + DIGITS[n & 31]!);

/**
 * 50 bits over UTF-16 code units, two lanes of multiply and mix, in ten digits. For spreading, not
 * for security.
 */
function hash50(text: string): string {
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16), 0x2c1b3c6d) ^ Math.imul(b ^ (b >>> 13), 0x297a2d39);
  b = Math.imul(b ^ (b >>> 16), 0x2c1b3c6d) ^ Math.imul(a ^ (a >>> 13), 0x297a2d39);
  const high = PAIRS[b >>> 22]! + PAIRS[(b >>> 12) & 1023]! + PAIRS[(b >>> 2) & 1023]!;
  return high + PAIRS[a >>> 22]! + PAIRS[(a >>> 12) & 1023]!;
}
