import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { bits, sequence } from './der.ts';
import { keyAlgorithmOf, type KeyAlgorithm } from './key-algorithm.ts';
import { encodeSignatureAlgorithm, signatureAlgorithmFor } from './signature.ts';

/** A private key that can sign, wherever it is: in memory, in a token. */
export interface Signer {
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: KeyObject;
  /** Signs by the algorithm that belongs to the key; ECDSA signatures are DER (RFC 3279 section 2.2.3). */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A signer over a key in memory. Throws TypeError when certificates are not signed with such keys. */
export function softwareSigner(privateKey: KeyObject): Signer {
  const algorithm = keyAlgorithmOf(privateKey);
  if (privateKey.type !== 'private' || algorithm === null)
    throw new TypeError(`expected a private key to sign with, got ${privateKey.asymmetricKeyType}`);
  const { hash } = signatureAlgorithmFor(algorithm);
  return {
    algorithm,
    publicKey: createPublicKey(privateKey),
    sign: async (data) => await promisify(sign)(hash, data, privateKey),
  };
}

/**
 * `SEQUENCE { what is signed, the algorithm, the signature }`: the outer form of certificates, requests, revocation
 * lists. The signature is verified before it goes anywhere: a faulty one may give away the key, and a token may hold
 * another key under the same name.
 */
export async function signed(
  signer: Signer,
  body: Uint8Array,
  ...more: readonly Uint8Array[]
): Promise<Buffer> {
  const algorithm = signatureAlgorithmFor(signer.algorithm);
  const signature = await signer.sign(body);
  if (!(await promisify(verify)(algorithm.hash, body, signer.publicKey, signature)))
    throw new Error(`the ${signer.algorithm} signer made a signature that its own key refuses`);
  return sequence(body, encodeSignatureAlgorithm(algorithm), bits(signature), ...more);
}

/** The AlgorithmIdentifier that stands inside what a signer signs. */
export function signerAlgorithm({ algorithm }: Signer): Buffer {
  return encodeSignatureAlgorithm(signatureAlgorithmFor(algorithm));
}
