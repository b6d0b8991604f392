import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { signCertificate } from '../ca/certificate.ts';
import { signCrl } from '../ca/crl.ts';
import { generateKeyPair } from '../ca/key-algorithm.ts';
import { formatDn, nameOf } from '../ca/names.ts';
import { formatPem } from '../ca/pem.ts';
import { readCertificate } from '../ca/read-certificate.ts';
import { softwareSigner } from '../ca/signer.ts';

/** A key and the certificate for it. */
export interface Identity {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  /** Both as PEM: PKCS#8, then the certificate. */
  readonly pem: string;
}

/** What a certificate is for; it decides key usage, extended key usage and how long it is valid. */
export type Purpose = 'authority' | 'server' | 'client' | 'audit-signing';

export interface CertificateRequest {
  readonly purpose: Purpose;
  /** Most general part first. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  /** Host names and addresses of a server. */
  readonly names?: readonly string[];
  readonly now: Date;
  /** Validity other than the purpose's, in days; negative: ended so long ago. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;
const PURPOSES: Readonly<
  Record<Purpose, { keyUsage: readonly string[]; extended: string | null; days: number }>
> = {
  authority: { keyUsage: ['keyCertSign', 'cRLSign'], extended: null, days: 3_652 },
  // Browsers refuse more than 398 days; the server renews it by itself.
  server: { keyUsage: ['digitalSignature'], extended: 'serverAuth', days: 397 },
  client: { keyUsage: ['digitalSignature'], extended: 'clientAuth', days: 825 },
  'audit-signing': {
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extended: null,
    days: 1_826,
  },
};

/** Makes a P-384 key and a certificate for it, signed by `issuer`, or by itself when that is null. */
export async function issue(
  request: CertificateRequest,
  issuer: Identity | null,
): Promise<Identity> {
  const { purpose, now } = request;
  const { keyUsage, extended, days } = PURPOSES[purpose];
  const { privateKey, publicKey } = await generateKeyPair('P-384');
  // Clocks differ: what is valid from now is not yet valid on a machine that is a minute behind.
  const from = new Date(now.getTime() - DAY_MS);
  const until = now.getTime() + (request.days ?? days) * DAY_MS;
  const last = issuer === null ? until : Math.min(until, Date.parse(issuer.certificate.validTo));
  const { der } = await signCertificate({
    issuer: {
      certificate: issuer === null ? null : readCertificate(issuer.certificate.raw),
      signer: softwareSigner(issuer?.key ?? privateKey),
    },
    subject: formatDn(nameOf(request.subject)),
    sans: (request.names ?? []).map((value) => ({
      type: isIP(value) === 0 ? 'dns' : 'ip',
      value,
    })),
    publicKey,
    notBefore: last > from.getTime() ? from : new Date(last - DAY_MS),
    notAfter: new Date(last),
    keyUsage,
    extendedKeyUsage: extended === null ? [] : [extended],
    ...(purpose === 'authority' ? { authority: { pathLength: 0 } } : {}),
  });
  return identity(privateKey, new X509Certificate(der));
}

/** A certificate that is revoked: its serial number, decimal or hexadecimal (`0x…`), and since when. */
export interface Revoked {
  readonly serial: string;
  readonly at: Date;
}

/** privilegeWithdrawn, RFC 5280 section 5.3.1. */
const WITHDRAWN = 9;

/** A revocation list of the authority; serial numbers alone are revoked from now on. PEM. */
export async function issueRevocationList(
  authority: Identity,
  revoked: readonly (string | Revoked)[],
  now: Date,
  days = 3_652,
): Promise<string> {
  const der = await signCrl({
    issuer: readCertificate(authority.certificate.raw),
    signer: softwareSigner(authority.key),
    number: now.getTime(),
    entries: revoked
      .map((one) => (typeof one === 'string' ? { serial: one, at: now } : one))
      .map(({ serial, at }) => ({
        serial: BigInt(serial).toString(16),
        revokedAt: at,
        reason: WITHDRAWN,
      })),
    thisUpdate: new Date(now.getTime() - DAY_MS),
    nextUpdate: new Date(now.getTime() + days * DAY_MS),
  });
  return formatPem('X509 CRL', der);
}

/** Reads a PEM file with a key and its certificate. Throws when one is missing or they do not belong together. */
export function parseIdentity(text: string): Identity {
  const key = createPrivateKey(text);
  const certificate = new X509Certificate(text);
  if (!certificate.checkPrivateKey(key))
    throw new Error('expected the key of the certificate, got another key');
  return identity(key, certificate);
}

function identity(key: KeyObject, certificate: X509Certificate): Identity {
  const keyText = key.export({ type: 'pkcs8', format: 'pem' });
  return { key, certificate, pem: keyText + certificate.toString() };
}
