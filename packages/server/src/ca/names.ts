import { ServerError } from '../errors.ts';
import {
  DerError,
  DerReader,
  isOid,
  oid,
  readOid,
  readText,
  readWhole,
  sequence,
  setOf,
  TAG,
  text,
  utf8,
} from './der.ts';

/** One attribute of a name: its type as an object identifier, its value; bytes are the DER of what is no text. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string | Uint8Array;
}

/** A name as X.501 has it: relative names, the most general first; nearly always of one attribute each. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];

/** Short names of attribute types, RFC 4514 section 3 and the `E` that Dogtag writes. */
const SHORT: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.17': 'POSTALCODE',
  '2.5.4.42': 'GIVENNAME',
  '2.5.4.43': 'INITIALS',
  '2.5.4.46': 'DNQUALIFIER',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};
const TYPES = new Map([
  ...Object.entries(SHORT).map(([id, name]) => [name, id] as const),
  ['S', '2.5.4.8'],
  ['G', '2.5.4.42'],
  ['SURNAME', '2.5.4.4'],
  ['TITLE', '2.5.4.12'],
  ['EMAIL', '1.2.840.113549.1.9.1'],
  ['EMAILADDRESS', '1.2.840.113549.1.9.1'],
]);
/** Longest values, in characters (X.520, RFC 5280 appendix A.1); other types are bounded by MAX_VALUE. */
const LONGEST: Readonly<Record<string, number>> = {
  '2.5.4.3': 64,
  '2.5.4.5': 64,
  '2.5.4.6': 2,
  '2.5.4.7': 128,
  '2.5.4.8': 128,
  '2.5.4.10': 64,
  '2.5.4.11': 64,
  '2.5.4.12': 64,
};
const MAX_VALUE = 1_024;
const MAX_PARTS = 64;
/** Bytes of a whole name as text: longer ones name nobody, and no index of the state takes them. */
const MAX_TEXT = 2_000;
const PRINTABLE = /^[A-Za-z0-9 '()+,./:=?-]*$/;
// eslint-disable-next-line no-control-regex -- IA5 is ASCII, all of it
const IA5 = /^[\u0000-\u007f]*$/;

/**
 * Reads a name as people write it, most specific part first: `CN=www.example.com,O=Example,C=DE` (RFC 4514; blanks
 * around commas and signs are passed over). The empty text is the empty name.
 *
 * @throws ServerError `subject_invalid`
 */
export function parseDn(name: string): DistinguishedName {
  if (Buffer.byteLength(name) > MAX_TEXT) throw invalid(`expected at most ${MAX_TEXT} bytes`);
  if (name.trim() === '') return [];
  const relative: NameAttribute[][] = [[]];
  let rest = name;
  for (let count = 1; ; count += 1) {
    if (count > MAX_PARTS) throw invalid(`expected at most ${MAX_PARTS} parts`);
    const [head, typed] = /^[ \t\r\n]*([A-Za-z0-9.]+)[ \t\r\n]*=[ \t\r\n]*/.exec(rest) ?? [];
    if (head === undefined || typed === undefined)
      throw invalid(`expected a part like CN=value, got "${rest.slice(0, 40)}"`);
    const { value, end } = readValue(rest.slice(head.length));
    relative[0]?.push(checkAttribute({ type: typeOf(typed), value }));
    rest = rest.slice(head.length + end);
    if (rest === '') return relative;
    if (rest.startsWith(',')) relative.unshift([]);
    rest = rest.slice(1);
  }
}

/** A name of parts by their short names, the most general first: `[['O', 'Example'], ['CN', 'admin']]`. */
export function nameOf(
  parts: readonly (readonly [type: string, value: string])[],
): DistinguishedName {
  return parts.map(([type, value]) => [checkAttribute({ type: typeOf(type), value })]);
}

/** A name as text: the parts in reverse order, joined by commas, special characters escaped (RFC 4514 section 2). */
export function formatDn(name: DistinguishedName): string {
  return [...name]
    .reverse()
    .map((attributes) =>
      attributes
        .map(({ type, value }) => {
          const shown = typeof value === 'string' ? escapeValue(value) : hexValue(value);
          return `${SHORT[type] ?? type}=${shown}`;
        })
        .join('+'),
    )
    .join(',');
}

/** The first common name, most specific first, or null. */
export function commonNameOf(name: DistinguishedName): string | null {
  for (const { type, value } of [...name].reverse().flat())
    if (type === '2.5.4.3' && typeof value === 'string') return value;
  return null;
}

/** A name in DER: PrintableString and IA5String where the attribute demands it, UTF8String otherwise. */
export function encodeDn(name: DistinguishedName): Buffer {
  return sequence(
    ...name.map((attributes) =>
      setOf(
        ...attributes.map((attribute) => {
          const { type, value } = checkAttribute(attribute);
          return sequence(oid(type), typeof value === 'string' ? encodeText(type, value) : value);
        }),
      ),
    ),
  );
}

/** Reads a Name. Throws DerError. */
export function decodeDn(der: Uint8Array): DistinguishedName {
  const name: NameAttribute[][] = [];
  let count = 0;
  for (const relative of new DerReader(readWhole(der, TAG.sequence, 'a name').content).rest()) {
    if (relative.tag !== TAG.set) throw new DerError('name: expected relative names');
    const attributes: NameAttribute[] = [];
    for (const attribute of new DerReader(relative.content).rest()) {
      if ((count += 1) > MAX_PARTS) throw new DerError(`name: expected at most ${MAX_PARTS} parts`);
      const parts = new DerReader(attribute.content);
      const type = readOid(parts.next(TAG.oid, 'an attribute type'));
      const value = parts.next(undefined, 'an attribute value');
      parts.end('attribute');
      attributes.push({ type, value: readText(value) ?? value.bytes });
    }
    if (attributes.length === 0) throw new DerError('name: a relative name is empty');
    name.push(attributes);
  }
  if (Buffer.byteLength(formatDn(name)) > MAX_TEXT)
    throw new DerError(`name: expected at most ${MAX_TEXT} bytes as text`);
  return name;
}

/** The value at the start of a text, unescaped, and where it ends. */
function readValue(source: string): { value: string | Uint8Array; end: number } {
  if (source.startsWith('#')) {
    const [whole = '', digits = ''] = /^#((?:[0-9A-Fa-f]{2})+)[ \t\r\n]*/.exec(source) ?? [];
    const after = source[whole.length];
    if (whole === '' || !(after === undefined || after === ',' || after === '+'))
      throw invalid(`expected hexadecimal digits behind #, got "${source.slice(0, 40)}"`);
    const der = Buffer.from(digits, 'hex');
    try {
      const element = readWhole(der);
      return { value: readText(element) ?? der, end: whole.length };
    } catch (error) {
      throw invalid(`expected DER behind #, got "${whole.slice(0, 40)}"`, error);
    }
  }
  const parts: Buffer[] = [];
  /** Bytes up to the last character that is not a blank, which closing blanks are no part of. */
  let kept = 0;
  let size = 0;
  let at = 0;
  const push = (bytes: Buffer, keep: boolean) => {
    parts.push(bytes);
    size += bytes.length;
    if (keep) kept = size;
  };
  while (at < source.length) {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (char === ',' || char === '+') break;
    if (char === '\\') {
      const [hex] = /^[0-9A-Fa-f]{2}/.exec(source.slice(at + 1, at + 3)) ?? [];
      const next = source[at + 1] ?? '';
      if (hex !== undefined) push(Buffer.from(hex, 'hex'), true);
      else if (/^[ "#+,;<=>\\]$/.test(next)) push(Buffer.from(next), true);
      else throw invalid(`expected a special character behind \\, got "${next}"`);
      at += hex === undefined ? 2 : 3;
      continue;
    }
    if (/["<>;\0]/.test(char)) throw invalid(`expected \\ before "${char}"`);
    push(Buffer.from(char), !/[ \t\r\n]/.test(char));
    at += char.length;
  }
  const bytes = Buffer.concat(parts).subarray(0, kept);
  try {
    return {
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      end: at,
    };
  } catch (error) {
    throw invalid('expected values in UTF-8', error);
  }
}

function typeOf(typed: string): string {
  const known = TYPES.get(typed.toUpperCase());
  if (known !== undefined) return known;
  const dotted = typed.replace(/^OID\./i, '');
  if (isOid(dotted)) return dotted;
  throw invalid(`expected an attribute type like CN, O, C or 2.5.4.3, got "${typed}"`);
}

/** Throws when the value may not stand in such an attribute. */
function checkAttribute(attribute: NameAttribute): NameAttribute {
  const { type, value } = attribute;
  const label = SHORT[type] ?? type;
  if (typeof value !== 'string') return attribute;
  const longest = LONGEST[type] ?? MAX_VALUE;
  const length = Array.from(value).length;
  if (length === 0) throw invalid(`${label}: expected a value, got none`);
  if (length > longest)
    throw invalid(`${label}: expected at most ${longest} characters, got ${length}`);
  if (!value.isWellFormed()) throw invalid(`${label}: expected well-formed text`);
  // Some readers would take what stands before it for the whole.
  if (value.includes('\0')) throw invalid(`${label}: expected text without NUL`);
  if (label === 'C' && !/^[A-Za-z]{2}$/.test(value))
    throw invalid(`C: expected a country code of two letters, got "${value}"`);
  encodeText(type, value);
  return attribute;
}

function encodeText(type: string, value: string): Buffer {
  const label = SHORT[type] ?? type;
  switch (label) {
    case 'C':
    case 'SERIALNUMBER':
    case 'DNQUALIFIER':
      if (PRINTABLE.test(value)) return text(TAG.printable, value);
      throw invalid(`${label}: expected letters, digits and '()+,-./:=?, got "${value}"`);
    case 'E':
    case 'DC':
      if (IA5.test(value)) return text(TAG.ia5, value);
      throw invalid(`${label}: expected ASCII, got "${value}"`);
    default:
      return utf8(value);
  }
}

function escapeValue(value: string): string {
  const characters = Array.from(value);
  return characters
    .map((char, i) => {
      if (/[\\",+;<>=]/.test(char)) return `\\${char}`;
      // Brackets, too: a record's fields are written in brackets, and no name may end one.
      if (/[\p{Cc}[\]]/u.test(char))
        return [...Buffer.from(char)].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('');
      const atEdge = char === ' ' && (i === 0 || i === characters.length - 1);
      return atEdge || (char === '#' && i === 0) ? `\\${char}` : char;
    })
    .join('');
}

function hexValue(der: Uint8Array): string {
  return `#${Buffer.from(der).toString('hex')}`;
}

function invalid(message: string, cause?: unknown): ServerError {
  return new ServerError('subject_invalid', `subject: ${message}`, { cause });
}
