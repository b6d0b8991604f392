import { createPublicKey, type KeyObject } from 'node:crypto';
import { publicKeyId } from '../../certificates/insert-certificate.ts';
import { certificateParts, type CertificateFacts } from '../../ca/read-certificate.ts';
import { ServerError } from '../../errors.ts';
import { isLine, isRecordable } from '../../security/names.ts';

/** One certificate in a store. */
export interface Found {
  /** By what it is called there; that of a file's or entry's own certificate is also that of those above it. */
  readonly alias: string;
  /** 0: an entry's own certificate; 1, 2 …: those above it. */
  readonly chainPosition: number;
  readonly certificate: CertificateFacts;
  /** Whether its private key is in the store. */
  readonly hasPrivateKey: boolean;
}

/** A certificate that is to be in a store. */
export interface Entry {
  readonly certificate: CertificateFacts;
  /** Those above it, without the root. */
  readonly chain: readonly CertificateFacts[];
  /** Null: without its key, or the store has the key already. */
  readonly key: KeyObject | null;
  /** Encrypts the key in PEM. */
  readonly entryPassword: string | null;
  /** What stands in its place may go. */
  readonly overwrite: boolean;
}

/** SHA-256 of a certificate's public key, hex. */
export function keyIdOf({ der }: CertificateFacts): string {
  return publicKeyId(certificateParts(der).publicKey);
}

/** SHA-256 of the public key that belongs to a private one, hex. */
export function keyIdOfPrivate(key: KeyObject): string {
  return publicKeyId(createPublicKey(key));
}

/** Whether `above` may have issued `certificate`, by names and key identifiers. */
export function mayIssue(above: CertificateFacts, certificate: CertificateFacts): boolean {
  return (
    above.isAuthority &&
    above.fingerprint !== certificate.fingerprint &&
    above.subject === certificate.issuer &&
    (above.subjectKeyId === null ||
      certificate.authorityKeyId === null ||
      above.subjectKeyId === certificate.authorityKeyId)
  );
}

/** The certificates above one, as far as they are among `others`, the nearest first. */
export function chainIn(
  certificate: CertificateFacts,
  others: readonly CertificateFacts[],
): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let below = certificate;
  for (;;) {
    const current = below;
    const above = others.find((other) => mayIssue(other, current) && !chain.includes(other));
    if (above === undefined) return chain;
    chain.push(above);
    below = above;
  }
}

/** Of `chain`, what no other certificate that stays needs above it. */
export function orphans(
  chain: readonly CertificateFacts[],
  stay: readonly CertificateFacts[],
): CertificateFacts[] {
  const all = [...chain, ...stay];
  const needed = new Set(
    stay
      .filter((one) => !chain.includes(one))
      .flatMap((one) => chainIn(one, all).map(({ fingerprint }) => fingerprint)),
  );
  return chain.filter(({ fingerprint }) => !needed.has(fingerprint));
}

/** Longest alias. */
export const MAX_ALIAS = 255;

/** Whether a text can be shown, recorded and asked for as an alias. Stores of others hold all kinds of things. */
export function isAlias(text: string): boolean {
  return text !== '' && text.length <= MAX_ALIAS && isLine(text) && isRecordable(text);
}

export function entryExists(alias: string): ServerError {
  return new ServerError(
    'entry_exists',
    `the store has another certificate as "${alias}": allow overwriting to replace it`,
  );
}

export function keyMissing(alias: string): ServerError {
  return new ServerError(
    'key_not_kept',
    `"${alias}" has a private key in the store that is not this certificate's: expected the certificate with its key, got it alone`,
  );
}

export function malformed(what: string, message: string, cause?: unknown): ServerError {
  return new ServerError('store_malformed', `${what}: ${message}`, { cause });
}
