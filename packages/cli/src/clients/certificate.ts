import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** All certificates of a PEM text, in their order. Throws for a block that is none. */
export function parseCertificates(pem: string): X509Certificate[] {
  return (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
}

/** A name as Dogtag writes it: most specific part first, `CN=admin,OU=…,O=…` (RFC 4514). */
export function formatDn(name: string): string {
  return name.split('\n').reverse().join(',');
}

/** Hexadecimal with `0x`, as Dogtag writes serial numbers. */
export function formatSerial(hexOrDecimal: string, base: 10 | 16 = 16): string {
  return `0x${BigInt(base === 16 ? `0x${hexOrDecimal}` : hexOrDecimal).toString(16)}`;
}

/** SHA-256 over the certificate, 64 lower-case hexadecimal digits, as the server names certificates. */
export function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** The common name of the subject; null when it has none. */
export function commonName(certificate: X509Certificate): string | null {
  const line = certificate.subject?.split('\n').findLast((part) => part.startsWith('CN='));
  return line?.slice('CN='.length) ?? null;
}

/** Whether it may vouch for others: a root of somebody's, not a person's certificate. */
export function isAuthority(certificate: X509Certificate): boolean {
  return certificate.ca && certificate.checkIssued(certificate);
}

/** What is wrong with the certificate's validity now, in words; null when nothing is. */
export function validityFault(certificate: X509Certificate, now: Date): string | null {
  const day = (text: string): string => new Date(text).toISOString().slice(0, 10);
  if (Date.parse(certificate.validTo) < now.getTime())
    return `has expired on ${day(certificate.validTo)}`;
  if (Date.parse(certificate.validFrom) > now.getTime())
    return `is not valid before ${day(certificate.validFrom)}`;
  return null;
}
