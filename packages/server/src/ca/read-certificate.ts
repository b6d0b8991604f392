import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { decodeAltNames, type SubjectAltName } from './alt-names.ts';
import {
  DerError,
  DerReader,
  readBoolean,
  readNumber,
  readOid,
  readTime,
  readWhole,
  TAG,
} from './der.ts';
import {
  decodeKeyUsage,
  EXTENSION,
  extendedKeyUsageName,
  readExtensions,
  type FoundExtension,
} from './extensions.ts';
import { keyFacts, type KeyFacts } from './key-algorithm.ts';
import { commonNameOf, decodeDn, formatDn } from './names.ts';
import { formatPem, pemOrDer } from './pem.ts';
import { signatureAlgorithmName } from './signature.ts';

/** What is known of a certificate from its bytes alone. */
export interface CertificateFacts extends KeyFacts {
  readonly der: Buffer;
  readonly pem: string;
  /** SHA-256, hex, lower case. */
  readonly fingerprint: string;
  /** SHA-1, hex, lower case: a name that other products use, not a protection. */
  readonly thumbprint: string;
  /** Hex, lower case, without leading zeros. */
  readonly serial: string;
  /** Most specific part first (RFC 4514). */
  readonly subject: string;
  readonly commonName: string | null;
  readonly issuer: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly signatureAlgorithm: string;
  readonly keyUsage: readonly string[];
  /** By name (`serverAuth`), or as an object identifier. */
  readonly extendedKeyUsage: readonly string[];
  readonly sans: readonly SubjectAltName[];
  /** Hex, lower case. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly isAuthority: boolean;
  /** How many authorities may stand below; null: no limit, or no authority. */
  readonly pathLength: number | null;
}

/** Largest certificate that is read: ML-DSA-87 with hundreds of names stays far below. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;

/**
 * Reads an X.509 certificate, PEM or DER.
 *
 * @throws ServerError `certificate_invalid`
 */
export function readCertificate(file: string | Uint8Array): CertificateFacts {
  try {
    return certificateFacts(
      pemOrDer(file, ['CERTIFICATE', 'TRUSTED CERTIFICATE', 'X509 CERTIFICATE']),
    );
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new ServerError('certificate_invalid', `certificate: ${error.message}`, { cause: error });
  }
}

/** The parts of a certificate that others are made with: as they stood in it. */
export interface CertificateParts {
  readonly serial: Buffer;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: Buffer;
}

/** The DER of parts of a certificate that was read before. */
export function certificateParts(der: Uint8Array): CertificateParts {
  const { serial, issuer, subject, publicKey } = readBody(der);
  return {
    serial: serial.bytes,
    issuer: issuer.bytes,
    subject: subject.bytes,
    publicKey: publicKey.bytes,
  };
}

/** The public key in a certificate, or null when it is of a kind that the runtime does not know. */
export function publicKeyOf({ der }: Pick<CertificateFacts, 'der'>): KeyObject | null {
  return readPublicKey(certificateParts(der).publicKey);
}

/** The dotted identifiers of all extensions of a certificate, and whether they are critical. */
export function extensionsOf(der: Uint8Array): ReadonlyMap<string, FoundExtension> {
  return readBody(der).extensions;
}

function certificateFacts(der: Buffer): CertificateFacts {
  const { serial, algorithm, issuer, subject, publicKey, validity, extensions } = readBody(der);
  const notBefore = readTime(validity.next(undefined, 'notBefore'));
  const notAfter = readTime(validity.next(undefined, 'notAfter'));
  validity.end('validity');
  const subjectName = decodeDn(subject.bytes);
  const key = readPublicKey(publicKey.bytes);
  const value = (id: string) => {
    const found = extensions.get(id);
    return found === undefined ? null : readWhole(found.value, undefined, `extension ${id}`);
  };
  const constraints = new DerReader(value(EXTENSION.basicConstraints)?.content ?? Buffer.of());
  const isAuthority = constraints.peek() === TAG.boolean && readBoolean(constraints.next());
  const keyUsage = value(EXTENSION.keyUsage);
  const names = value(EXTENSION.subjectAltName);
  const authorityKey = new DerReader(value(EXTENSION.authorityKeyId)?.content ?? Buffer.of());
  return {
    der,
    pem: formatPem('CERTIFICATE', der),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    thumbprint: createHash('sha1').update(der).digest('hex'),
    // Serial numbers that are negative against the rules are taken as the unsigned number of their bytes.
    serial: serial.content.toString('hex').replace(/^0+(?=.)/, ''),
    subject: formatDn(subjectName),
    commonName: commonNameOf(subjectName),
    issuer: formatDn(decodeDn(issuer.bytes)),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    ...(key === null ? { keyType: 'Other', keySize: 0, curve: null } : keyFacts(key)),
    signatureAlgorithm: signatureAlgorithmName(algorithm),
    keyUsage: keyUsage === null ? [] : decodeKeyUsage(keyUsage),
    extendedKeyUsage: [
      ...new DerReader(value(EXTENSION.extendedKeyUsage)?.content ?? Buffer.of()).rest(),
    ].map((usage) => extendedKeyUsageName(readOid(usage))),
    sans: names === null ? [] : decodeAltNames(new DerReader(names.content)).sans,
    subjectKeyId: value(EXTENSION.subjectKeyId)?.content.toString('hex') ?? null,
    authorityKeyId: authorityKey.optional(0x80)?.content.toString('hex') ?? null,
    isAuthority,
    pathLength:
      isAuthority && constraints.peek() === TAG.integer
        ? readNumber(constraints.next(), 'path length')
        : null,
  };
}

/** Goes through `Certificate` and `TBSCertificate` (RFC 5280 section 4.1). */
function readBody(der: Uint8Array) {
  if (der.byteLength > MAX_CERTIFICATE_BYTES)
    throw new DerError(`expected at most ${MAX_CERTIFICATE_BYTES} bytes, got ${der.byteLength}`);
  const whole = new DerReader(readWhole(der, TAG.sequence, 'a certificate').content);
  const body = whole.into(TAG.sequence, 'what is signed');
  const algorithm = whole.next(TAG.sequence, 'the signature algorithm');
  whole.next(TAG.bitString, 'the signature');
  whole.end('certificate');
  const version = body.peek() === 0xa0 ? readNumber(body.into(0xa0).next(TAG.integer)) : 0;
  if (version > 2) throw new DerError(`expected version 1 to 3, got ${version + 1}`);
  const serial = body.next(TAG.integer, 'the serial number');
  const inner = body.next(TAG.sequence, 'the signature algorithm');
  if (!inner.bytes.equals(algorithm.bytes))
    throw new DerError('expected the same signature algorithm inside and outside');
  const issuer = body.next(TAG.sequence, 'the issuer');
  const validity = body.into(TAG.sequence, 'the validity');
  const subject = body.next(TAG.sequence, 'the subject');
  const publicKey = body.next(TAG.sequence, 'the public key');
  body.optional(0x81);
  body.optional(0x82);
  const list = body.optional(0xa3, 'the extensions');
  body.end('what is signed');
  const extensions: Map<string, FoundExtension> =
    list === null ? new Map() : readExtensions(new DerReader(list.content).into());
  return { serial, algorithm, issuer, subject, publicKey, validity, extensions };
}

function readPublicKey(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    // A kind of key, or a curve, that OpenSSL does not know: the certificate is readable all the same.
    return null;
  }
}
