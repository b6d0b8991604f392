import { createHash, type KeyObject } from 'node:crypto';
import {
  bits,
  boolean,
  context,
  DerError,
  DerReader,
  integer,
  isOid,
  octets,
  oid,
  primitive,
  readBytes,
  readOid,
  sequence,
  TAG,
  tlv,
  type Element,
} from './der.ts';

/** Extensions by their object identifiers, RFC 5280 section 4.2, RFC 6960. */
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
} as const;

/** Bits of KeyUsage in their order, RFC 5280 section 4.2.1.3. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** Extended key usages that have a name; others are their object identifiers. */
export const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  ipsecIKE: '1.3.6.1.5.5.7.3.17',
  sshClient: '1.3.6.1.5.5.7.3.21',
  sshServer: '1.3.6.1.5.5.7.3.22',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  smartcardLogon: '1.3.6.1.4.1.311.20.2.2',
  msDocumentSigning: '1.3.6.1.4.1.311.10.3.12',
  msEncryptedFileSystem: '1.3.6.1.4.1.311.10.3.4',
  pkinitKdc: '1.3.6.1.5.2.3.5',
};
const USAGE_NAMES = new Map(Object.entries(EXTENDED_KEY_USAGES).map(([name, id]) => [id, name]));

/** `Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue }` */
export function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

/** An extension as it was found. */
export interface FoundExtension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Reads `Extensions`; two of one kind are refused (RFC 5280 section 4.2). Throws DerError. */
export function readExtensions(extensions: DerReader): Map<string, FoundExtension> {
  const found = new Map<string, FoundExtension>();
  for (const { tag, content } of extensions.rest()) {
    if (tag !== TAG.sequence) throw new DerError('extensions: expected a sequence');
    const parts = new DerReader(content);
    const id = readOid(parts.next(TAG.oid, 'the identifier of an extension'));
    const critical = parts.optional(TAG.boolean)?.content[0] === 0xff;
    const value = parts.next(TAG.octetString, `the value of the extension ${id}`).content;
    parts.end(`extension ${id}`);
    if (found.has(id)) throw new DerError(`extensions: expected ${id} once, got it twice`);
    found.set(id, { id, critical, value });
  }
  return found;
}

/** KeyUsage from names. Throws RangeError for an unknown one. */
export function encodeKeyUsage(names: readonly string[]): Buffer {
  const positions = names.map((name) => {
    const position = KEY_USAGES.findIndex((known) => known === name);
    if (position === -1)
      throw new RangeError(`key usage: expected one of ${KEY_USAGES.join(', ')}, got "${name}"`);
    return position;
  });
  const last = Math.max(...positions);
  const bytes = Buffer.alloc(Math.floor(last / 8) + 1);
  for (const position of positions)
    bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7));
  return bits(bytes, 7 - (last & 7));
}

export function decodeKeyUsage({ content }: Element): string[] {
  const bytes = content.subarray(1);
  return KEY_USAGES.filter((_, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0);
}

/** The object identifier of an extended key usage, by name or itself. Throws RangeError. */
export function extendedKeyUsageOid(name: string): string {
  const id = EXTENDED_KEY_USAGES[name] ?? name;
  if (isOid(id)) return id;
  throw new RangeError(
    `extended key usage: expected a name or an object identifier, got "${name}"`,
  );
}

/** The name of an extended key usage, or its object identifier. */
export function extendedKeyUsageName(id: string): string {
  return USAGE_NAMES.get(id) ?? id;
}

/** A key's identifier: the first 160 bits of SHA-256 over the public key (RFC 7093 section 2, method 1). */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = new DerReader(publicKey.export({ type: 'spki', format: 'der' })).into();
  spki.next(TAG.sequence, 'the algorithm of a public key');
  const key = readBytes(spki.next(TAG.bitString, 'a public key'), 'public key');
  return createHash('sha256').update(key).digest().subarray(0, 20);
}

export function authorityKeyId(id: Uint8Array): Buffer {
  return extension(EXTENSION.authorityKeyId, false, sequence(primitive(0, id)));
}

/** `CRLDistributionPoints` (and `FreshestCRL`, the same form) with one full name. */
export function distributionPoints(id: string, url: string): Buffer {
  return extension(id, false, sequence(sequence(context(0, fullName(url)))));
}

/** `DistributionPointName` with one URL. */
export function fullName(url: string): Buffer {
  return context(0, primitive(6, Buffer.from(url, 'latin1')));
}

/** Where to ask about a certificate (OCSP), and where its issuer's is. */
export function authorityInfoAccess(urls: { ocsp?: string; issuer?: string }): Buffer {
  const access = (method: string, url: string | undefined) =>
    url === undefined ? [] : [sequence(oid(method), primitive(6, Buffer.from(url, 'latin1')))];
  return extension(
    EXTENSION.authorityInfoAccess,
    false,
    sequence(
      ...access('1.3.6.1.5.5.7.48.1', urls.ocsp),
      ...access('1.3.6.1.5.5.7.48.2', urls.issuer),
    ),
  );
}

export function certificatePolicies(policies: readonly string[]): Buffer {
  const list = sequence(...policies.map((id) => sequence(oid(id))));
  return extension(EXTENSION.certificatePolicies, false, list);
}

/** Basic constraints; without an authority the sequence is empty (cA DEFAULT FALSE). */
export function basicConstraints(authority: { pathLength: number | null } | null): Buffer {
  if (authority === null) return extension(EXTENSION.basicConstraints, true, tlv(TAG.sequence));
  const { pathLength } = authority;
  const parts = pathLength === null ? [] : [integer(pathLength)];
  return extension(EXTENSION.basicConstraints, true, sequence(boolean(true), ...parts));
}
