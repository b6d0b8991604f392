import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { sha256 as digest } from '@noble/hashes/sha2.js';
import type { Platform, SignatureScheme } from './platform.ts';

export function sha256(data: Uint8Array): Uint8Array {
  return digest(data);
}

export const ed25519: SignatureScheme = {
  publicKeySize: 32,
  signatureSize: 64,
  publicKey(seed) {
    checkLength('seed', seed, 32);
    return curve.getPublicKey(seed);
  },
  signer(seed) {
    checkLength('seed', seed, 32);
    const key = seed.slice();
    return (message) => curve.sign(message, key);
  },
  verifier(publicKey) {
    checkLength('public key', publicKey, 32);
    const key = publicKey.slice();
    return (message, signature) => {
      if (signature.length !== 64) return false;
      try {
        // Strict RFC 8032, as OpenSSL does it: no ZIP 215 leniency.
        return curve.verify(signature, message, key, { zip215: false });
      } catch {
        return false; // not a point of the curve
      }
    };
  },
};

/** No runtime offers ML-DSA synchronously outside Node; such signatures stay unverified there. */
export const mlDsa44: SignatureScheme | null = null;

function checkLength(what: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) {
    throw new RangeError(`${what}: expected ${expected} bytes, got ${bytes.length}`);
  }
}

({ sha256, ed25519, mlDsa44 }) satisfies Platform;
