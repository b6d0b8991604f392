import type { KeyObject } from 'node:crypto';
import { context, integer, oid, sequence, tlv, TAG } from './der.ts';
import { formatPem } from './pem.ts';

/** A PKCS#7 file with certificates and nothing signed (RFC 2315, a "degenerate" SignedData). DER. */
export function formatP7b(certificates: readonly Uint8Array[]): Buffer {
  return sequence(
    oid('1.2.840.113549.1.7.2'),
    context(
      0,
      sequence(
        integer(1),
        tlv(TAG.set),
        sequence(oid('1.2.840.113549.1.7.1')),
        // SET OF, but every reader takes them as they come, and people expect the chain in order.
        context(0, ...certificates),
        tlv(TAG.set),
      ),
    ),
  );
}

/** The same as PEM. */
export function formatP7bPem(certificates: readonly Uint8Array[]): string {
  return formatPem('PKCS7', formatP7b(certificates));
}

/** Certificates as PEM, one after another. */
export function formatPemChain(certificates: readonly Uint8Array[]): string {
  return certificates.map((der) => formatPem('CERTIFICATE', der)).join('');
}

/** A private key as PKCS#8; with a password encrypted by AES-256-CBC and PBKDF2 (OpenSSL's, 2048 rounds of SHA-256). */
export function formatPrivateKey(key: KeyObject, password: string | null): string {
  const form = { type: 'pkcs8', format: 'pem' } as const;
  if (password === null) return key.export(form);
  return key.export({ ...form, cipher: 'aes-256-cbc', passphrase: password });
}

export { formatPkcs12 } from './pkcs12.ts';
