import { randomBytes, type KeyObject } from 'node:crypto';
import { checkAltName, encodeAltNames, MAX_ALT_NAMES, type SubjectAltName } from './alt-names.ts';
import { context, integer, octets, oid, sequence, time } from './der.ts';
import {
  authorityInfoAccess,
  authorityKeyId,
  basicConstraints,
  certificatePolicies,
  distributionPoints,
  encodeKeyUsage,
  EXTENSION,
  extendedKeyUsageOid,
  extension,
  keyIdentifier,
} from './extensions.ts';
import { encodeDn, parseDn } from './names.ts';
import { certificateParts, readCertificate, type CertificateFacts } from './read-certificate.ts';
import { signed, signerAlgorithm, type Signer } from './signer.ts';

/** What a certificate is to say. */
export interface CertificateOrder {
  /** Who signs; without a certificate it signs for itself: a root. */
  readonly issuer: {
    readonly certificate: Pick<CertificateFacts, 'der' | 'subjectKeyId'> | null;
    readonly signer: Signer;
  };
  /** Most specific part first (RFC 4514); may be empty when there are alternative names. */
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Names of RFC 5280 section 4.2.1.3. */
  readonly keyUsage: readonly string[];
  /** Names or object identifiers. */
  readonly extendedKeyUsage: readonly string[];
  /** An authority, and how many may stand below it. */
  readonly authority?: { readonly pathLength: number | null };
  readonly crlUrl?: string | undefined;
  readonly deltaUrl?: string | undefined;
  readonly ocspUrl?: string | undefined;
  /** Where the issuer's certificate is. */
  readonly issuerUrl?: string | undefined;
  /** Object identifiers of certificate policies. */
  readonly policies?: readonly string[];
  /** A responder's certificate: nobody asks whether it is revoked (RFC 6960 section 4.2.2.2.1). */
  readonly ocspNoCheck?: boolean;
  /** Hex; without one, 127 random bits. */
  readonly serial?: string;
}

/**
 * Signs a certificate (RFC 5280 section 4.1). The subject's and the alternative names' form is checked here; whether
 * they are the requester's to have is for the caller to know.
 *
 * @throws ServerError `subject_invalid`
 * @throws RangeError for usages and times that no certificate can have
 */
export async function signCertificate(order: CertificateOrder): Promise<CertificateFacts> {
  const { issuer, publicKey, notBefore, notAfter, authority = null } = order;
  if (!(notBefore.getTime() < notAfter.getTime()))
    throw new RangeError('expected notAfter behind notBefore');
  if (order.sans.length > MAX_ALT_NAMES)
    throw new RangeError(`expected at most ${MAX_ALT_NAMES} alternative names`);
  const name = parseDn(order.subject);
  const sans = unique(order.sans.map((san) => checkAltName(san)));
  if (name.length === 0 && sans.length === 0)
    throw new RangeError('expected a subject or alternative names, got neither');
  const subject = encodeDn(name);
  const ownId = keyIdentifier(publicKey);
  const issuerId = issuer.certificate?.subjectKeyId;
  const extensions = [
    basicConstraints(authority),
    ...(order.keyUsage.length === 0
      ? []
      : [extension(EXTENSION.keyUsage, true, encodeKeyUsage(order.keyUsage))]),
    ...(order.extendedKeyUsage.length === 0
      ? []
      : [
          extension(
            EXTENSION.extendedKeyUsage,
            false,
            sequence(...order.extendedKeyUsage.map((usage) => oid(extendedKeyUsageOid(usage)))),
          ),
        ]),
    extension(EXTENSION.subjectKeyId, false, octets(ownId)),
    authorityKeyId(
      issuer.certificate === null
        ? ownId
        : issuerId === undefined || issuerId === null
          ? keyIdentifier(issuer.signer.publicKey)
          : octetsOf(issuerId),
    ),
    // Critical when the name says nothing (RFC 5280 section 4.2.1.6).
    ...(sans.length === 0
      ? []
      : [extension(EXTENSION.subjectAltName, name.length === 0, encodeAltNames(sans))]),
    ...(order.policies === undefined || order.policies.length === 0
      ? []
      : [certificatePolicies(order.policies)]),
    ...(order.crlUrl === undefined
      ? []
      : [distributionPoints(EXTENSION.crlDistributionPoints, order.crlUrl)]),
    ...(order.deltaUrl === undefined
      ? []
      : [distributionPoints(EXTENSION.freshestCrl, order.deltaUrl)]),
    ...(order.ocspUrl === undefined && order.issuerUrl === undefined
      ? []
      : [
          authorityInfoAccess({
            ...(order.ocspUrl === undefined ? {} : { ocsp: order.ocspUrl }),
            ...(order.issuerUrl === undefined ? {} : { issuer: order.issuerUrl }),
          }),
        ]),
    ...(order.ocspNoCheck === true
      ? [extension(EXTENSION.ocspNoCheck, false, Buffer.of(0x05, 0x00))]
      : []),
  ];
  const body = sequence(
    context(0, integer(2)),
    integer(order.serial === undefined ? randomSerial() : BigInt(`0x${order.serial}`)),
    signerAlgorithm(issuer.signer),
    issuer.certificate === null ? subject : certificateParts(issuer.certificate.der).subject,
    sequence(time(wholeSeconds(notBefore)), time(wholeSeconds(notAfter))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  return readCertificate(await signed(issuer.signer, body));
}

/** A serial number of 127 random bits, positive, never zero, always 16 bytes (RFC 5280 section 4.1.2.2), hex. */
export function newSerial(): string {
  return randomSerial().toString('hex');
}

function randomSerial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes[0] === 0 ? randomSerial() : bytes;
}

function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1_000) * 1_000);
}

function octetsOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function unique(sans: readonly SubjectAltName[]): SubjectAltName[] {
  return [...new Map(sans.map((san) => [`${san.type}:${san.value}`, san])).values()];
}
