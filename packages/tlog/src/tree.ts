/**
 * Proofs of an RFC 6962 tree. Proving is split in two: pure arithmetic says which subtrees a proof
 * consists of, then one batched read fetches their hashes. Checking needs no storage at all.
 */
import { foldRange } from './compact-range.ts';
import { EMPTY_ROOT, HASH_SIZE, nodeHash, type Hash } from './hash.ts';
import { equalBytes, toBase64 } from './encoding.ts';
import { TlogError, type TlogErrorCode } from './errors.ts';

/** A complete subtree: the `2 ** level` leaves from `index * 2 ** level` on. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** Where proofs get their hashes from. Is only asked for complete subtrees, and answers in the same order. */
export interface HashReader {
  readHashes(nodes: readonly NodeId[]): Promise<Hash[]>;
}

/** Returns the complete subtrees that make up a tree, left to right, largest first. */
export function rangeNodes(size: number): NodeId[] {
  checkSize('size', size);
  return subtreesOf({ from: 0, to: size });
}

/** Returns the root of the tree of the first `size` leaves. */
export async function treeHash(size: number, reader: HashReader): Promise<Hash> {
  checkSize('size', size);
  if (size === 0) return EMPTY_ROOT;
  const [root] = await readRanges([{ from: 0, to: size }], reader);
  return root as Hash;
}

/**
 * Proves that a leaf is part of a tree. RFC 6962 section 2.1.1 calls this the Merkle audit path.
 * @throws RangeError when there is no such leaf
 */
export async function proveInclusion(
  index: number,
  size: number,
  reader: HashReader,
): Promise<Hash[]> {
  checkSize('size', size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`index: expected less than the tree's size ${size}, got ${index}`);
  }
  return readRanges(inclusionRanges(index, size), reader);
}

/**
 * Checks that `leaf` is the hash of leaf `index` of the tree with `size` leaves and that root
 * (RFC 9162 section 2.1.3.2). Takes all its arguments from strangers.
 * @throws TlogError `inclusion_invalid`
 */
export function checkInclusion(
  proof: readonly Hash[],
  index: number,
  size: number,
  root: Hash,
  leaf: Hash,
): void {
  const code = 'inclusion_invalid';
  checkInteger(code, 'size', size);
  checkInteger(code, 'index', index);
  if (index >= size) {
    throw new TlogError(code, `index: expected less than the tree's size ${size}, got ${index}`);
  }
  checkHashes(code, [root, leaf, ...proof]);
  const expected = inclusionRanges(index, size).length;
  if (proof.length !== expected) {
    throw new TlogError(code, `inclusion proof: expected ${expected} hashes, got ${proof.length}`);
  }
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      // On the right border there is no sibling until the path turns left again.
      while (position % 2 === 0 && position !== 0) {
        position = position / 2;
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  if (last !== 0) throw new Error('bad math in checkInclusion');
  checkRoot(code, `leaf ${index} of ${size}`, root, hash);
}

/**
 * Proves that the tree of `to` leaves extends the tree of `from` leaves (RFC 6962 section 2.1.2). From an
 * empty tree, and from the tree itself, the proof is empty.
 * @throws RangeError when `from` is larger than `to`
 */
export async function proveConsistency(
  from: number,
  to: number,
  reader: HashReader,
): Promise<Hash[]> {
  checkSize('to', to);
  checkSize('from', from);
  if (from > to) throw new RangeError(`from: expected at most ${to}, got ${from}`);
  return readRanges(consistencyRanges(from, to), reader);
}

/**
 * Checks that a tree of `to` leaves extends a tree of `from` leaves (RFC 9162 section 2.1.4.2). Takes all
 * its arguments from strangers. Every tree extends the empty one: then the proof must be empty and
 * `fromRoot` must be `EMPTY_ROOT`; whether to accept that as a starting point is the caller's rule.
 * @throws TlogError `consistency_invalid`
 */
export function checkConsistency(
  proof: readonly Hash[],
  from: number,
  to: number,
  fromRoot: Hash,
  toRoot: Hash,
): void {
  const code = 'consistency_invalid';
  checkInteger(code, 'from', from);
  checkInteger(code, 'to', to);
  if (from > to) throw new TlogError(code, `from: expected at most ${to}, got ${from}`);
  checkHashes(code, [fromRoot, toRoot, ...proof]);
  const expected = consistencyRanges(from, to).length;
  if (proof.length !== expected) {
    throw new TlogError(
      code,
      `consistency proof: expected ${expected} hashes, got ${proof.length}`,
    );
  }
  if (from === 0 || to === 0) checkRoot(code, 'the empty tree', fromRoot, EMPTY_ROOT);
  if (from === 0 && to > 0) return;
  if (from === to) {
    checkRoot(code, `the tree of ${to}`, toRoot, fromRoot);
    return;
  }

  let position = from - 1;
  let last = to - 1;
  while (position % 2 === 1) {
    position = half(position);
    last = half(last);
  }
  // A complete old tree is itself the first hash of the proof and is not repeated in it.
  const path = position === 0 ? [fromRoot, ...proof] : proof;
  let oldHash = path[0] as Hash;
  let newHash = oldHash;
  for (const hash of path.slice(1)) {
    if (position % 2 === 1 || position === last) {
      oldHash = nodeHash(hash, oldHash);
      newHash = nodeHash(hash, newHash);
      while (position % 2 === 0 && position !== 0) {
        position = position / 2;
        last = half(last);
      }
    } else {
      newHash = nodeHash(newHash, hash);
    }
    position = half(position);
    last = half(last);
  }
  if (last !== 0) throw new Error('bad math in checkConsistency');
  checkRoot(code, `the tree of ${from}`, fromRoot, oldHash);
  checkRoot(code, `the tree of ${to}`, toRoot, newHash);
}

/** Leaves `from` (inclusive) to `to` (exclusive) under one node of some tree. */
interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1 as ranges of leaves, from the leaf's sibling up. */
function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** SUBPROOF(m, D[n], true) of RFC 6962 section 2.1.2 as ranges of leaves. */
function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = newSize;
  while (oldSize < to) {
    const middle = from + splitPoint(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // What is left ends where the old tree ends. Unless it is the whole old tree, its hash belongs to the proof.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

async function readRanges(ranges: readonly LeafRange[], reader: HashReader): Promise<Hash[]> {
  const subtrees = ranges.map(subtreesOf);
  const nodes = subtrees.flat();
  if (nodes.length === 0) return [];
  const hashes = await reader.readHashes(nodes);
  if (hashes.length !== nodes.length) {
    throw new TypeError(`hash reader: expected ${nodes.length} hashes, got ${hashes.length}`);
  }
  let next = 0;
  return subtrees.map(({ length }) => foldRange(hashes.slice(next, (next += length))));
}

/** Splits a range into complete subtrees, largest first. `from` is a multiple of the first one's size. */
function subtreesOf({ from, to }: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let start = from;
  while (start < to) {
    const level = floorLog2(to - start);
    const width = 2 ** level;
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}

/** The largest power of two less than `count`, which is at least 2: where RFC 6962 splits a tree. */
function splitPoint(count: number): number {
  return 2 ** floorLog2(count - 1);
}

/** Position of the highest set bit of an integer from 1 to 2^53 - 1. */
function floorLog2(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function checkSize(field: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new RangeError(
      `${field}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${size}`,
    );
  }
}

function checkInteger(code: TlogErrorCode, field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TlogError(
      code,
      `${field}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${value}`,
    );
  }
}

function checkHashes(code: TlogErrorCode, hashes: readonly Hash[]): void {
  for (const { length } of hashes) {
    if (length !== HASH_SIZE) {
      throw new TlogError(code, `expected hashes of 32 bytes, got one of ${length}`);
    }
  }
}

function checkRoot(code: TlogErrorCode, what: string, expected: Hash, got: Hash): void {
  if (!equalBytes(expected, got)) {
    throw new TlogError(
      code,
      `root of ${what}: expected ${toBase64(expected)}, got ${toBase64(got)}`,
    );
  }
}
