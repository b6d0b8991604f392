import { verify as verifyWith, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { DerReader, nothing, oid, readOid, sequence, TAG, type Element } from './der.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';

/** A signature algorithm: how it is named in DER, for people, and to node:crypto. */
export interface SignatureAlgorithm {
  readonly name: string;
  readonly oid: string;
  /** Null: the algorithm hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** RSA's identifiers have a NULL as parameters (RFC 4055); the others have none (RFC 5758, 8410, 9881). */
  readonly nullParameters: boolean;
  /** Keys of these types make such signatures (node's names). */
  readonly keyTypes: readonly string[];
}

const RSA = { nullParameters: true, keyTypes: ['rsa'] } as const;
const EC = { nullParameters: false, keyTypes: ['ec'] } as const;

/** What we sign with and accept. SHA-1 and MD5 are not in it: nobody shall vouch with them. */
const ALGORITHMS: readonly SignatureAlgorithm[] = [
  { name: 'sha256WithRSAEncryption', oid: '1.2.840.113549.1.1.11', hash: 'sha256', ...RSA },
  { name: 'sha384WithRSAEncryption', oid: '1.2.840.113549.1.1.12', hash: 'sha384', ...RSA },
  { name: 'sha512WithRSAEncryption', oid: '1.2.840.113549.1.1.13', hash: 'sha512', ...RSA },
  { name: 'ecdsa-with-SHA256', oid: '1.2.840.10045.4.3.2', hash: 'sha256', ...EC },
  { name: 'ecdsa-with-SHA384', oid: '1.2.840.10045.4.3.3', hash: 'sha384', ...EC },
  { name: 'ecdsa-with-SHA512', oid: '1.2.840.10045.4.3.4', hash: 'sha512', ...EC },
  ...(
    [
      ['Ed25519', '1.3.101.112', 'ed25519'],
      ['ML-DSA-44', '2.16.840.1.101.3.4.3.17', 'ml-dsa-44'],
      ['ML-DSA-65', '2.16.840.1.101.3.4.3.18', 'ml-dsa-65'],
      ['ML-DSA-87', '2.16.840.1.101.3.4.3.19', 'ml-dsa-87'],
    ] as const
  ).map(([name, id, keyType]) => ({
    name,
    oid: id,
    hash: null,
    nullParameters: false,
    keyTypes: [keyType],
  })),
];

/** Names of those that are only ever read. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.3.101.113': 'Ed448',
};

const OF_KEY: Readonly<Record<KeyAlgorithm, string>> = {
  'RSA-2048': 'sha256WithRSAEncryption',
  'RSA-3072': 'sha256WithRSAEncryption',
  'RSA-4096': 'sha384WithRSAEncryption',
  'P-256': 'ecdsa-with-SHA256',
  'P-384': 'ecdsa-with-SHA384',
  'P-521': 'ecdsa-with-SHA512',
  Ed25519: 'Ed25519',
  'ML-DSA-44': 'ML-DSA-44',
  'ML-DSA-65': 'ML-DSA-65',
  'ML-DSA-87': 'ML-DSA-87',
};

/** How keys of an algorithm sign. */
export function signatureAlgorithmFor(key: KeyAlgorithm): SignatureAlgorithm {
  const found = ALGORITHMS.find(({ name }) => name === OF_KEY[key]);
  if (found === undefined) throw new Error(`bad table: no signature algorithm for ${key}`);
  return found;
}

/** The AlgorithmIdentifier (RFC 5280 section 4.1.1.2). */
export function encodeSignatureAlgorithm({ oid: id, nullParameters }: SignatureAlgorithm): Buffer {
  return nullParameters ? sequence(oid(id), nothing()) : sequence(oid(id));
}

/** For people: the name, or the object identifier where it has none here. */
export function signatureAlgorithmName(identifier: Element): string {
  const id = readOid(new DerReader(identifier.content).next(TAG.oid, 'an algorithm'));
  return ALGORITHMS.find((known) => known.oid === id)?.name ?? OTHER_NAMES[id] ?? id;
}

/**
 * Verifies a signature by an AlgorithmIdentifier. `unsupported` names an algorithm that is not accepted, or not with
 * such a key.
 */
export async function verifySignature(
  identifier: Element,
  data: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): Promise<'valid' | 'invalid' | { unsupported: string }> {
  const name = signatureAlgorithmName(identifier);
  const algorithm = ALGORITHMS.find((known) => known.name === name);
  if (algorithm === undefined || !algorithm.keyTypes.includes(key.asymmetricKeyType ?? ''))
    return { unsupported: name };
  return (await promisify(verifyWith)(algorithm.hash, data, key, signature)) ? 'valid' : 'invalid';
}
