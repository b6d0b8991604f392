import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Vault } from '../ca/vault.ts';
import type { TemplatePolicy } from '../templates/policy.ts';
import { keyOfCertificate } from './insert-certificate.ts';

const DAY_MS = 86_400_000;

/** Seals a private key (PKCS#8) about what it belongs to. */
export function sealKey(vault: Vault, key: KeyObject, about: string): string {
  return vault.seal(key.export({ type: 'pkcs8', format: 'der' }), about);
}

/** Opens a private key again. */
export function openKey(vault: Vault, sealed: string, about: string): KeyObject {
  return createPrivateKey({ key: vault.open(sealed, about), format: 'der', type: 'pkcs8' });
}

/** What the vault seals the key of a request that waits about. */
export function keyOfRequest(publicKey: string): string {
  return `request-key:${publicKey}`;
}

/** What the vault seals the key of a request generated here about. */
export function keyOfCsr(publicKey: string): string {
  return `csr:${publicKey}`;
}

/** Until when a template keeps the key of a certificate; null: for good; undefined: not at all. */
export function retainedUntil(
  { keyRetention, keyRetentionDays }: TemplatePolicy,
  notAfter: string,
  now: Date,
): string | null | undefined {
  const from = { 'after-expiration': Date.parse(notAfter), 'from-issuance': now.getTime() };
  switch (keyRetention) {
    case 'none':
      return undefined;
    case 'indefinite':
      return null;
    case 'after-expiration':
    case 'from-issuance':
      return new Date(from[keyRetention] + keyRetentionDays * DAY_MS).toISOString();
  }
}

/** A certificate's key as its row holds it. */
export function keptKey(
  vault: Vault,
  key: KeyObject,
  fingerprint: string,
  until: string | null,
): { sealed: string; retainedUntil: string | null } {
  return { sealed: sealKey(vault, key, keyOfCertificate(fingerprint)), retainedUntil: until };
}
