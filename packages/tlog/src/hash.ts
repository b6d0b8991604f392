/** The hashes of an RFC 6962 tree: section 2.1, the same as RFC 9162 section 2.1.1, with SHA-256. */
import { sha256 } from '#platform';
import { fromHex } from './encoding.ts';

export { sha256 };

/** A SHA-256 value, always 32 bytes. Hashes are passed on without being copied: never write to one. */
export type Hash = Uint8Array;

/** Length of a hash, in bytes. */
export const HASH_SIZE = 32;

/** The root of the tree without leaves: SHA-256 of nothing. Do not write to it. */
export const EMPTY_ROOT: Hash = fromHex(
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
);

// Inputs are assembled here: hashing is synchronous, so nobody sees them between two calls.
const LEAF_PREFIX = Uint8Array.of(0x00);
const nodeInput = new Uint8Array(1 + 2 * HASH_SIZE);
nodeInput[0] = 0x01;
const joinedInput = new Uint8Array(65_536 + HASH_SIZE);

/** Returns SHA-256(head || tail). Allocates nothing but the result as long as the input is short. */
export function sha256Joined(head: Uint8Array, tail: Uint8Array): Hash {
  const length = head.length + tail.length;
  const input =
    length <= joinedInput.length ? joinedInput.subarray(0, length) : new Uint8Array(length);
  input.set(head, 0);
  input.set(tail, head.length);
  return sha256(input);
}

/** Returns the hash of a leaf: SHA-256(0x00 || data). */
export function leafHash(data: Uint8Array): Hash {
  return sha256Joined(LEAF_PREFIX, data);
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
