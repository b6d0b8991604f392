import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryReader } from '../test/memory-reader.ts';
import { naivePath, naiveProof, naiveRoot } from '../test/naive-tree.ts';
import { faultOf } from '../test/one-spelling.ts';
import {
  checkConsistency,
  checkInclusion,
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  rangeNodes,
  TlogError,
  toBase64,
  treeHash,
  utf8,
  type Hash,
  type HashReader,
  type TlogErrorCode,
} from './index.ts';

/** One more than a power of two, and some: every shape of tree up to seven levels. */
const MAX_SIZE = 130;
/** Every shape up to five levels, and the ones about the powers of two beyond: each costs thousands of refusals. */
const CORRUPTED_SIZES = [...Array.from({ length: 34 }, (_, i) => i + 1), 63, 64, 65, 127, 128, 129];
const leaves = Array.from({ length: MAX_SIZE }, (_, index) => leafHash(utf8(`leaf ${index}`)));
const roots = Array.from({ length: MAX_SIZE + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));
const reader = memoryReader(leaves);
const leafAt = (index: number) => leaves[index] as Hash;
const rootAt = (size: number) => roots[size] as Hash;

beforeAll(() => {
  Error.stackTraceLimit = 0; // a million refusals are thrown below
});

/** Runs a check that must refuse; cheaper than `expect`, for the loops below. */
function refuse(check: () => void, code: TlogErrorCode): 1 {
  try {
    check();
  } catch (error) {
    if (error instanceof TlogError && error.code === code) return 1;
    throw error;
  }
  throw new Error('something wrong was accepted');
}

/**
 * Demands that a proof changed in one place is refused: any byte, or a hash more or less. Which bit of the
 * byte takes turns. Returns how often it was refused.
 */
function refuseCorruptions(
  proof: readonly Hash[],
  turn: number,
  code: TlogErrorCode,
  check: (proof: readonly Hash[]) => void,
): number {
  let refused = 0;
  for (const hash of proof) {
    for (let i = 0; i < hash.length; i += 1) {
      const bit = 1 << ((turn + i) % 8);
      hash[i] = (hash[i] as number) ^ bit;
      refused += refuse(() => check(proof), code);
      hash[i] = (hash[i] as number) ^ bit;
    }
  }
  refused += refuse(() => check([...proof, EMPTY_ROOT]), code);
  for (let i = 0; i < proof.length; i += 1) {
    const hash = proof[i] as Hash;
    refused += refuse(() => check(proof.slice(0, i)), code);
    refused += refuse(() => check(proof.toSpliced(i, 1)), code);
    refused += refuse(() => check(proof.toSpliced(i, 0, hash)), code);
    refused += refuse(() => check(proof.toSpliced(i, 1, hash.subarray(0, 31))), code);
  }
  return refused;
}

/** As text, which is compared faster. */
const spell = (proof: readonly Hash[]) => proof.map(toBase64).join();

/** The hashes are copied, so that a test may change them in place. */
const copyOf = (proof: readonly Hash[]) => proof.map((hash) => hash.slice());

describe('inclusion', () => {
  it('is proved as RFC 6962 defines it, and accepted, for every leaf of every size', async () => {
    for (let size = 1; size <= MAX_SIZE; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proveInclusion(index, size, reader);
        expect(spell(proof)).toBe(spell(naivePath(index, leaves.slice(0, size))));
        checkInclusion(proof, index, size, rootAt(size), leafAt(index));
      }
    }
  });

  it('is refused with any corruption of the proof', async () => {
    let refused = 0;
    for (const size of CORRUPTED_SIZES) {
      for (let index = 0; index < size; index += 1) {
        const proof = copyOf(await proveInclusion(index, size, reader));
        refused += refuseCorruptions(proof, index, 'inclusion_invalid', (changed) =>
          checkInclusion(changed, index, size, rootAt(size), leafAt(index)),
        );
      }
    }
    expect(refused).toBeGreaterThan(230_000);
  });

  it('is refused for another leaf, another index and another root', async () => {
    let refused = 0;
    const code = 'inclusion_invalid';
    for (let size = 2; size <= 34; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proveInclusion(index, size, reader);
        const [root, leaf] = [rootAt(size), leafAt(index)];
        for (let other = 0; other <= 34; other += 1) {
          if (other !== index) {
            refused += refuse(() => checkInclusion(proof, other, size, root, leaf), code);
            refused += refuse(() => checkInclusion(proof, index, size, root, leafAt(other)), code);
          }
          if (other !== size) {
            refused += refuse(() => checkInclusion(proof, index, size, rootAt(other), leaf), code);
          }
        }
      }
    }
    expect(refused).toBe(594 * 34 * 3);
  });

  it('says what is wrong', () => {
    const [leaf, root] = [leafAt(0), rootAt(1)];
    const fault = (proof: Hash[], index: number, size: number, used = root, of = leaf) =>
      faultOf(() => checkInclusion(proof, index, size, used, of));
    const code = 'inclusion_invalid';
    expect(fault([], 1, 1)).toEqual({
      code,
      message: "index: expected less than the tree's size 1, got 1",
    });
    expect(fault([], 0, 0).message).toBe("index: expected less than the tree's size 0, got 0");
    expect(fault([], -1, 1)).toEqual({
      code,
      message: 'index: expected an integer from 0 to 9007199254740991, got -1',
    });
    expect(fault([], 0, 2 ** 53).message).toBe(
      'size: expected an integer from 0 to 9007199254740991, got 9007199254740992',
    );
    expect(fault([], 0.5, 1).code).toBe(code);
    expect(fault([leaf], 0, 1)).toEqual({
      code,
      message: 'inclusion proof: expected 0 hashes, got 1',
    });
    expect(fault([], 0, 1, root.subarray(1))).toEqual({
      code,
      message: 'expected hashes of 32 bytes, got one of 31',
    });
    expect(fault([], 0, 1, EMPTY_ROOT).message).toMatch(
      /^root of leaf 0 of 1: expected 47DEQpj8.*, got /,
    );
  });

  it('cannot be proved for a leaf that is not there', async () => {
    await expect(proveInclusion(5, 5, reader)).rejects.toThrow(
      new RangeError("index: expected less than the tree's size 5, got 5"),
    );
    await expect(proveInclusion(-1, 5, reader)).rejects.toThrow(RangeError);
    await expect(proveInclusion(0, 2 ** 53, reader)).rejects.toThrow(RangeError);
  });
});

describe('consistency', () => {
  it('is proved as RFC 6962 defines it, and accepted, for every pair of sizes', async () => {
    for (let to = 1; to <= MAX_SIZE; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = await proveConsistency(from, to, reader);
        expect(spell(proof)).toBe(spell(naiveProof(from, leaves.slice(0, to))));
        checkConsistency(proof, from, to, rootAt(from), rootAt(to));
      }
    }
  });

  it('is refused with any corruption of the proof', async () => {
    let refused = 0;
    for (const to of CORRUPTED_SIZES) {
      for (let from = 1; from <= to; from += 1) {
        const proof = copyOf(await proveConsistency(from, to, reader));
        refused += refuseCorruptions(proof, from, 'consistency_invalid', (changed) =>
          checkConsistency(changed, from, to, rootAt(from), rootAt(to)),
        );
      }
    }
    expect(refused).toBeGreaterThan(230_000);
  });

  it('is refused for other roots', async () => {
    let refused = 0;
    const code = 'consistency_invalid';
    for (let to = 1; to <= 34; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = await proveConsistency(from, to, reader);
        const [fromRoot, toRoot] = [rootAt(from), rootAt(to)];
        for (let other = 0; other <= 34; other += 1) {
          const otherRoot = rootAt(other);
          if (other !== from) {
            refused += refuse(() => checkConsistency(proof, from, to, otherRoot, toRoot), code);
          }
          if (other !== to) {
            refused += refuse(() => checkConsistency(proof, from, to, fromRoot, otherRoot), code);
          }
        }
      }
    }
    expect(refused).toBe(595 * 34 * 2);
  });

  it('starts anywhere from the empty tree, without a proof', async () => {
    expect(await proveConsistency(0, 5, reader)).toEqual([]);
    checkConsistency([], 0, 5, EMPTY_ROOT, rootAt(5));
    checkConsistency([], 0, 0, EMPTY_ROOT, EMPTY_ROOT);
    const code = 'consistency_invalid';
    expect(faultOf(() => checkConsistency([leafAt(0)], 0, 5, EMPTY_ROOT, rootAt(5)))).toEqual({
      code,
      message: 'consistency proof: expected 0 hashes, got 1',
    });
    expect(faultOf(() => checkConsistency([], 0, 5, rootAt(1), rootAt(5))).message).toMatch(
      /^root of the empty tree: /,
    );
    expect(faultOf(() => checkConsistency([], 0, 0, rootAt(1), rootAt(1))).code).toBe(code);
    expect(faultOf(() => checkConsistency([], 0, 0, EMPTY_ROOT, rootAt(1))).code).toBe(code);
  });

  it('says what is wrong', async () => {
    const fault = (proof: Hash[], from: number, to: number) =>
      faultOf(() => checkConsistency(proof, from, to, rootAt(2), rootAt(3)));
    expect(fault([], 3, 2)).toEqual({
      code: 'consistency_invalid',
      message: 'from: expected at most 2, got 3',
    });
    expect(fault([], 2, 3).message).toBe('consistency proof: expected 1 hashes, got 0');
    expect(fault([leafAt(0)], 2, 3).message).toMatch(/^root of the tree of 3: expected /);
    expect(fault([], 2, 2).message).toMatch(/^root of the tree of 2: expected /);
    await expect(proveConsistency(3, 2, reader)).rejects.toThrow(
      new RangeError('from: expected at most 2, got 3'),
    );
  });
});

describe('trees of more than 2^32 leaves', () => {
  // All leaves are the same, so the root of a complete subtree depends on its level alone.
  const uniform: Hash[] = [leafHash(utf8('the same'))];
  for (let level = 1; level < 53; level += 1) {
    const below = uniform[level - 1] as Hash;
    uniform.push(nodeHash(below, below));
  }
  const leaf = uniform[0] as Hash;
  const endless: HashReader = {
    readHashes: (nodes) =>
      Promise.resolve(
        nodes.map(({ level, index }) => {
          expect(Number.isSafeInteger(index)).toBe(true);
          return uniform[level] as Hash;
        }),
      ),
  };
  const sizes = fc.oneof(
    fc.maxSafeNat().map((size) => Math.max(size, 1)),
    fc
      .tuple(fc.integer({ min: 28, max: 52 }), fc.integer({ min: -3, max: 3 }))
      .map(([exponent, more]) => 2 ** exponent + more),
  );

  it('have proofs that are accepted, and refused when changed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.maxSafeNat(), async (size, random) => {
        const index = random % size;
        const root = await treeHash(size, endless);
        const proof = await proveInclusion(index, size, endless);
        checkInclusion(proof, index, size, root, leaf);
        const code = 'inclusion_invalid';
        const longer = [...proof, leaf];
        expect(refuse(() => checkInclusion(longer, index, size, root, leaf), code)).toBe(1);
        expect(refuse(() => checkInclusion(proof, index, size, EMPTY_ROOT, leaf), code)).toBe(1);
      }),
    );
  });

  it('have consistency proofs', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const proof = await proveConsistency(from, to, endless);
        const [fromRoot, toRoot] = [await treeHash(from, endless), await treeHash(to, endless)];
        checkConsistency(proof, from, to, fromRoot, toRoot);
        const code = 'consistency_invalid';
        const wrong = () => checkConsistency(proof, from, to, fromRoot, EMPTY_ROOT);
        expect(refuse(wrong, code)).toBe(1);
      }),
    );
  });

  it('consist of complete subtrees, left to right', () => {
    expect(rangeNodes(2 ** 40 + 2 ** 33 + 5)).toEqual([
      { level: 40, index: 0 },
      { level: 33, index: 128 },
      { level: 2, index: (2 ** 40 + 2 ** 33) / 4 },
      { level: 0, index: 2 ** 40 + 2 ** 33 + 4 },
    ]);
    expect(rangeNodes(Number.MAX_SAFE_INTEGER).length).toBe(53);
    expect(() => rangeNodes(2 ** 53)).toThrow(RangeError);
  });
});

describe('any tree', () => {
  it('agrees with the naive one', async () => {
    const inputs = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(), fc.nat(), async (data, a, b) => {
        const hashes = data.map(leafHash);
        const some = memoryReader(hashes);
        const size = (a % hashes.length) + 1;
        const index = b % size;
        expect(await treeHash(size, some)).toEqual(naiveRoot(hashes.slice(0, size)));
        expect(await proveInclusion(index, size, some)).toEqual(
          naivePath(index, hashes.slice(0, size)),
        );
        expect(await proveConsistency(index + 1, size, some)).toEqual(
          naiveProof(index + 1, hashes.slice(0, size)),
        );
      }),
    );
  });

  it('has the root of nothing without leaves', async () => {
    expect(await treeHash(0, reader)).toEqual(EMPTY_ROOT);
  });

  it('complains about a reader that answers too little', async () => {
    const short: HashReader = { readHashes: () => Promise.resolve([]) };
    await expect(treeHash(5, short)).rejects.toThrow(
      new TypeError('hash reader: expected 2 hashes, got 0'),
    );
  });
});
