import { readWhole } from '../ca/der.ts';
import { decodeDn, formatDn } from '../ca/names.ts';
import { certificateParts } from '../ca/read-certificate.ts';

/** Whose certificate it is and who issued it, as the records say it. */
export interface CertificateNames {
  /** Most specific part first, as Dogtag writes it: `CN=admin,OU=…,O=…` (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  /** Decimal. */
  readonly serial: string;
}

/** Reads the names of a DER certificate. Throws when it is none. */
export function readNames(der: Uint8Array): CertificateNames {
  const { subject, issuer, serial } = certificateParts(der);
  return {
    subject: formatDn(decodeDn(subject)),
    issuer: formatDn(decodeDn(issuer)),
    serial: BigInt(`0x${readWhole(serial).content.toString('hex')}`).toString(),
  };
}
