import { generateKeyPair as generate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The keys that certificates are made for and signed with. */
export const KEY_ALGORITHMS = [
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** The family of a key, as people filter by it. */
export type KeyType = 'RSA' | 'EC' | 'Ed25519' | 'ML-DSA' | 'Other';

/** What kind of key it is, and how large. */
export interface KeyFacts {
  readonly keyType: KeyType;
  /** Bits: of the modulus, of the curve's field; 0 where the family has no size (its name says it). */
  readonly keySize: number;
  /** `P-256`, …; another curve by the name OpenSSL has for it; null: no curve. */
  readonly curve: string | null;
}

const CURVES: Readonly<Record<string, { name: string; bits: number }>> = {
  prime256v1: { name: 'P-256', bits: 256 },
  secp384r1: { name: 'P-384', bits: 384 },
  secp521r1: { name: 'P-521', bits: 521 },
  secp224r1: { name: 'P-224', bits: 224 },
  prime192v1: { name: 'P-192', bits: 192 },
  secp256k1: { name: 'secp256k1', bits: 256 },
  brainpoolP256r1: { name: 'brainpoolP256r1', bits: 256 },
  brainpoolP384r1: { name: 'brainpoolP384r1', bits: 384 },
  brainpoolP512r1: { name: 'brainpoolP512r1', bits: 512 },
};

/** What kind of key it is. */
export function keyFacts(key: KeyObject): KeyFacts {
  const type = String(key.asymmetricKeyType);
  const details = key.asymmetricKeyDetails;
  switch (type) {
    case 'rsa':
    case 'rsa-pss':
      return { keyType: 'RSA', keySize: details?.modulusLength ?? 0, curve: null };
    case 'ec': {
      const named = details?.namedCurve ?? '';
      const curve = CURVES[named];
      return { keyType: 'EC', keySize: curve?.bits ?? 0, curve: curve?.name ?? (named || null) };
    }
    case 'ed25519':
      return { keyType: 'Ed25519', keySize: 256, curve: null };
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return { keyType: 'ML-DSA', keySize: Number(type.slice(-2)), curve: null };
    default:
      return { keyType: 'Other', keySize: 0, curve: null };
  }
}

/** Which of our algorithms a key is of; null: none of them. */
export function keyAlgorithmOf(key: KeyObject): KeyAlgorithm | null {
  const { keyType, keySize, curve } = keyFacts(key);
  const name =
    keyType === 'EC' ? curve : keyType === 'Ed25519' ? 'Ed25519' : `${keyType}-${keySize}`;
  if (key.asymmetricKeyType === 'rsa-pss') return null;
  return KEY_ALGORITHMS.find((algorithm) => algorithm === name) ?? null;
}

/** A new key pair. RSA takes up to seconds: never inside a transaction. */
export async function generateKeyPair(
  algorithm: KeyAlgorithm,
): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (algorithm) {
    case 'RSA-2048':
    case 'RSA-3072':
    case 'RSA-4096':
      return await promisify(generate)('rsa', { modulusLength: Number(algorithm.slice(4)) });
    case 'P-256':
    case 'P-384':
    case 'P-521':
      return await promisify(generate)('ec', { namedCurve: algorithm });
    case 'Ed25519':
      return await promisify(generate)('ed25519');
    case 'ML-DSA-44':
      return await promisify(generate)('ml-dsa-44');
    case 'ML-DSA-65':
      return await promisify(generate)('ml-dsa-65');
    case 'ML-DSA-87':
      return await promisify(generate)('ml-dsa-87');
  }
}
