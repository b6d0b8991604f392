import { isIP } from 'node:net';
import { ServerError } from '../errors.ts';
import {
  context,
  DerError,
  DerReader,
  oid,
  primitive,
  readOid,
  readText,
  sequence,
  TAG,
  utf8,
} from './der.ts';

export const ALT_NAME_TYPES = ['dns', 'ip', 'email', 'uri', 'upn'] as const;

/** An alternative name of a subject; `upn` is Microsoft's user principal name, an otherName. */
export interface SubjectAltName {
  readonly type: (typeof ALT_NAME_TYPES)[number];
  readonly value: string;
}

const UPN = '1.3.6.1.4.1.311.20.2.3';
/** One part of a host name (RFC 1123); no underscore: programs do not agree on those. */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
/** Most names in one certificate. */
export const MAX_ALT_NAMES = 250;

/**
 * A name in the one spelling that is put into certificates: host names in lower case, IPv6 in its short form.
 *
 * @throws ServerError `subject_invalid`
 */
export function checkAltName({ type, value }: SubjectAltName): SubjectAltName {
  const refuse = (expected: string) =>
    new ServerError(
      'subject_invalid',
      `subject alternative name: expected ${expected}, got "${value}"`,
    );
  switch (type) {
    case 'dns': {
      const name = value.toLowerCase();
      if (!isHostName(name.replace(/^\*\./, '')))
        throw refuse('a host name (ASCII; * alone as the first part)');
      if (isIP(name) !== 0) throw refuse('a host name, not an address');
      return { type, value: name };
    }
    case 'ip':
      if (isIP(value) === 0 || value.includes('%')) throw refuse('an IP address');
      return { type, value: formatAddress(addressBytes(value)) };
    case 'email':
      if (value.length > 254 || !/^[\x21-\x3f\x41-\x7e]{1,64}@[A-Za-z0-9.-]+$/.test(value))
        throw refuse('an e-mail address (ASCII)');
      return { type, value };
    case 'uri':
      if (
        value.length > 2_048 ||
        !/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(value) ||
        !URL.canParse(value)
      )
        throw refuse('an absolute URI (ASCII)');
      return { type, value };
    case 'upn':
      if (
        value.length > 1_024 ||
        !/^[^\p{Cc}\s@]+@[^\p{Cc}\s@]+$/u.test(value) ||
        !value.isWellFormed()
      )
        throw refuse('a user principal name like user@domain');
      return { type, value };
  }
}

/** Whether a text in lower case is a host name that may stand in a certificate. */
export function isHostName(name: string): boolean {
  return name.length <= 251 && name.split('.').every((label) => LABEL.test(label));
}

/** GeneralNames (RFC 5280 section 4.2.1.6). */
export function encodeAltNames(names: readonly SubjectAltName[]): Buffer {
  return sequence(...names.map((name) => encodeAltName(checkAltName(name))));
}

function encodeAltName({ type, value }: SubjectAltName): Buffer {
  switch (type) {
    case 'email':
      return primitive(1, Buffer.from(value, 'latin1'));
    case 'dns':
      return primitive(2, Buffer.from(value, 'latin1'));
    case 'uri':
      return primitive(6, Buffer.from(value, 'latin1'));
    case 'ip':
      return primitive(7, addressBytes(value));
    case 'upn':
      return context(0, oid(UPN), context(0, utf8(value)));
  }
}

/** Reads GeneralNames; what is none of ours is named in `others`. Throws DerError. */
export function decodeAltNames(names: DerReader): { sans: SubjectAltName[]; others: string[] } {
  const sans: SubjectAltName[] = [];
  const others: string[] = [];
  for (const { tag, content } of names.rest()) {
    switch (tag) {
      case 0x81:
        sans.push({ type: 'email', value: content.toString('latin1') });
        break;
      case 0x82:
        sans.push({ type: 'dns', value: content.toString('latin1') });
        break;
      case 0x86:
        sans.push({ type: 'uri', value: content.toString('latin1') });
        break;
      case 0x87:
        if (content.length !== 4 && content.length !== 16)
          throw new DerError(`IP address: expected 4 or 16 bytes, got ${content.length}`);
        sans.push({ type: 'ip', value: formatAddress(content) });
        break;
      case 0xa0: {
        const reader = new DerReader(content);
        const type = readOid(reader.next(TAG.oid, 'the type of an otherName'));
        const value = type === UPN ? readText(reader.into(0xa0, 'an otherName').next()) : null;
        if (value === null) others.push(`otherName ${type}`);
        else sans.push({ type: 'upn', value });
        break;
      }
      default:
        others.push(OTHERS[tag] ?? `[${tag & 0x1f}]`);
    }
  }
  return { sans, others };
}

const OTHERS: Readonly<Record<number, string>> = {
  0xa3: 'x400Address',
  0xa4: 'directoryName',
  0xa5: 'ediPartyName',
  0x88: 'registeredID',
};

/** The 4 or 16 bytes of an IP address. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The last 32 bits may be written as IPv4.
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const zeros = Array.from({ length: missing }, () => '0');
  return Buffer.from(
    [...left, ...zeros, ...right].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

/** IPv6 in its short form (RFC 5952). */
function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
