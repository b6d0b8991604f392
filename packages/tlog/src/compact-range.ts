/**
 * The state a log needs in order to grow: the roots of the complete subtrees that make up the tree,
 * left to right, largest first. There is one for every set bit of the size, so at most 53.
 */
import { EMPTY_ROOT, HASH_SIZE, nodeHash, type Hash } from './hash.ts';

/** Is told of every complete node as it comes into being, leaves (level 0) included. */
export type NodeVisitor = (level: number, index: number, hash: Hash) => void;

export class CompactRange {
  #size: number;
  readonly #hashes: Hash[];

  /**
   * Starts from an empty tree, or from one of `size` leaves whose complete subtrees have these hashes
   * (the nodes of `rangeNodes(size)`).
   */
  constructor(size = 0, hashes: readonly Hash[] = []) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RangeError(
        `size: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${size}`,
      );
    }
    const expected = countBits(size);
    if (hashes.length !== expected) {
      throw new RangeError(
        `hashes: expected ${expected} for a tree of ${size} leaves, got ${hashes.length}`,
      );
    }
    for (const hash of hashes) {
      if (hash.length !== HASH_SIZE) {
        throw new RangeError(`hashes: expected 32 bytes each, got ${hash.length}`);
      }
    }
    this.#size = size;
    this.#hashes = [...hashes];
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** The roots of the complete subtrees, left to right, largest first. */
  get hashes(): readonly Hash[] {
    return [...this.#hashes];
  }

  /** Adds a leaf by its hash. Costs one hash on average, and at most one for each complete subtree. */
  append(leaf: Hash, visit?: NodeVisitor): void {
    if (leaf.length !== HASH_SIZE) {
      throw new RangeError(`leaf: expected a hash of 32 bytes, got ${leaf.length}`);
    }
    if (this.#size === Number.MAX_SAFE_INTEGER) throw new RangeError('size: the tree is full');
    const hashes = this.#hashes;
    let index = this.#size;
    let level = 0;
    let hash = leaf;
    if (visit !== undefined) visit(0, index, hash);
    // A set bit is a complete subtree of the same size to the left: together they make the next larger one.
    // Bits are taken by division, because the bit operators of the language end at 32.
    while (index % 2 === 1) {
      hash = nodeHash(hashes.pop() as Hash, hash);
      index = (index - 1) / 2;
      level += 1;
      if (visit !== undefined) visit(level, index, hash);
    }
    hashes.push(hash);
    this.#size += 1;
  }

  /** Returns the root of the tree: `EMPTY_ROOT` without leaves. */
  root(): Hash {
    return foldRange(this.#hashes);
  }

  /** Returns an independent copy. */
  clone(): CompactRange {
    return new CompactRange(this.#size, this.#hashes);
  }
}

/** Hashes complete subtrees, left to right and largest first, into their common root, from the right. */
export function foldRange(hashes: readonly Hash[]): Hash {
  let root: Hash | undefined;
  for (let i = hashes.length - 1; i >= 0; i -= 1) {
    const hash = hashes[i] as Hash;
    root = root === undefined ? hash : nodeHash(hash, root);
  }
  return root ?? EMPTY_ROOT;
}

function countBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
