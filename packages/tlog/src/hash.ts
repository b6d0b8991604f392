/** The hashes of an RFC 6962 tree: section 2.1, the same as RFC 9162 section 2.1.1, with SHA-256. */
import { sha256 } from '#platform';
import { fromHex } from './encoding.ts';
import { TlogError } from './errors.ts';

export { sha256 };

/** A SHA-256 value, always 32 bytes. */
export type Hash = Uint8Array;

/** Length of a hash, in bytes. */
export const HASH_SIZE = 32;

/** The root of the tree without leaves: SHA-256 of nothing. Do not write to it. */
export const EMPTY_ROOT: Hash = fromHex(
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
);

// The inputs are assembled here: hashing is synchronous, so nobody sees them between two calls.
const nodeInput = new Uint8Array(1 + 2 * HASH_SIZE);
nodeInput[0] = 0x01;
const leafInput = new Uint8Array(1 + 65_535);

/** Returns the hash of a leaf: SHA-256(0x00 || data). */
export function leafHash(data: Uint8Array): Hash {
  const input =
    data.length < leafInput.length
      ? leafInput.subarray(0, 1 + data.length)
      : new Uint8Array(1 + data.length);
  input.set(data, 1);
  return sha256(input);
}

/** Returns the hash of an inner node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== HASH_SIZE || right.length !== HASH_SIZE) {
    throw new RangeError(
      `node hash: expected two hashes of 32 bytes, got ${left.length} and ${right.length}`,
    );
  }
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_SIZE);
  return sha256(nodeInput);
}

/** @throws TlogError `hash_malformed` unless the value has 32 bytes */
export function checkHash(hash: Uint8Array, field: string): Hash {
  if (hash.length !== HASH_SIZE) {
    throw new TlogError(
      'hash_malformed',
      `${field}: expected a hash of 32 bytes, got ${hash.length}`,
    );
  }
  return hash;
}
