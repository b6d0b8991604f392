/**
 * Certificates of audit signing keys, and the keys in them as the verifier wants them. Dogtag signs
 * with SHA-256 (RSA PKCS#1 v1.5, ECDSA in DER on every curve, formerly DSA), before version 10 with
 * SHA-1, and since 11.10 with pure ML-DSA.
 */
import { X509Certificate, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SignatureKey } from '@countersign/records';
import { CliError } from '../errors.ts';
import { readInput } from '../files.ts';

/** A certificate's facts, shown beside what it verified. */
export interface CertificateFacts {
  readonly file: string;
  readonly subject: string;
  readonly issuer: string;
  /** Upper-case hexadecimal. */
  readonly serial: string;
  /** SHA-256 over the certificate, as hexadecimal pairs. */
  readonly fingerprint: string;
  readonly key: string;
  /** RFC 3339, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
}

export interface AuditCertificate {
  /** The certificate itself, DER: what a worker thread makes its own keys of. */
  readonly der: Uint8Array;
  readonly facts: CertificateFacts;
  readonly keys: readonly SignatureKey[];
}

/**
 * Reads the certificates of a PEM file (one or more) or a DER file (one).
 * @throws CliError `file_unreadable`, `key_invalid`
 */
export async function readCertificates(file: string): Promise<AuditCertificate[]> {
  const bytes = Buffer.from(await readInput('--cert', file));
  const blocks = bytes
    .toString('latin1')
    .match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END [^-]+-----/g);
  return (blocks ?? [bytes]).map((block) => parse(file, block));
}

/** All keys of certificates: of each first how it signs today, then all the ways of long ago. */
export function keysOf(certificates: readonly AuditCertificate[]): SignatureKey[] {
  const keys = certificates.flatMap((c) => c.keys);
  return [...keys.filter((k) => k.weak === undefined), ...keys.filter((k) => k.weak !== undefined)];
}

/** Returns a certificate's facts and keys. */
export function auditCertificate(file: string, certificate: X509Certificate): AuditCertificate {
  const { publicKey } = certificate;
  const subject = certificate.subject.split('\n').reverse().join(', ');
  const facts: CertificateFacts = {
    file,
    subject,
    issuer: certificate.issuer.split('\n').reverse().join(', '),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    key: describeKey(publicKey),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
  };
  return { der: certificate.raw, facts, keys: signatureKeys(facts, publicKey) };
}

function parse(file: string, block: string | Buffer): AuditCertificate {
  try {
    return auditCertificate(file, new X509Certificate(block));
  } catch (cause) {
    throw new CliError(
      'key_invalid',
      `--cert "${file}": expected an X.509 certificate in PEM or DER, got ${describe(block)}`,
      { cause, details: { path: file } },
    );
  }
}

function describe(block: string | Buffer): string {
  if (typeof block === 'string') return 'a PEM block that holds none';
  if (block.length === 0) return 'an empty file';
  const start = block.subarray(0, 40).toString('latin1');
  const isText = /^[\t\r\n\x20-\x7e]+$/.test(start);
  return isText
    ? JSON.stringify(start.split('\n', 1)[0])
    : `${block.length} bytes of something else`;
}

/** The ways this key may have signed: RSA and DSA keys also with SHA-1, long ago. */
function signatureKeys(facts: CertificateFacts, publicKey: KeyObject): SignatureKey[] {
  const { subject, fingerprint, validFrom, validTo } = facts;
  const common = { certificate: fingerprint, validFrom, validTo };
  const type = publicKey.asymmetricKeyType ?? '';
  if (type.startsWith('ml-dsa') || type.startsWith('ed')) {
    return [{ ...common, name: subject, verify: (data, s) => verify(null, data, publicKey, s) }];
  }
  const keys: SignatureKey[] = [
    { ...common, name: subject, verify: (data, s) => verify('sha256', data, publicKey, s) },
  ];
  if (type === 'rsa' || type === 'dsa') {
    keys.push({
      ...common,
      name: `${subject} (SHA-1)`,
      weak: 'SHA-1',
      verify: (data, s) => verify('sha1', data, publicKey, s),
    });
  }
  return keys;
}

function describeKey(key: KeyObject): string {
  const type = key.asymmetricKeyType ?? 'unknown';
  const details = key.asymmetricKeyDetails;
  if (type === 'rsa' || type === 'rsa-pss') return `RSA ${details?.modulusLength} bits`;
  if (type === 'ec') return `EC ${details?.namedCurve}`;
  return type.toUpperCase();
}
