import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveRoot } from '../test/naive-tree.ts';
import { CompactRange, leafHash, rangeNodes, utf8, type Hash } from './index.ts';

const LEAVES = Array.from({ length: 300 }, (_, index) => leafHash(utf8(`leaf ${index}`)));

describe('CompactRange', () => {
  it('has the root of the naive tree at every size', () => {
    const range = new CompactRange();
    for (const [index, leaf] of LEAVES.entries()) {
      expect(range.root()).toEqual(naiveRoot(LEAVES.slice(0, index)));
      range.append(leaf);
      expect(range.size).toBe(index + 1);
    }
    expect(range.root()).toEqual(naiveRoot(LEAVES));
  });

  it('visits every complete node once, children before parents, with its hash', () => {
    const seen = new Map<string, Hash>();
    const range = new CompactRange();
    for (const leaf of LEAVES) {
      range.append(leaf, (level, index, hash) => {
        expect(seen.has(`${level}/${index}`)).toBe(false);
        const [from, to] = [index * 2 ** level, (index + 1) * 2 ** level];
        expect(hash).toEqual(naiveRoot(LEAVES.slice(from, to)));
        expect(level === 0 || seen.has(`${level - 1}/${2 * index + 1}`)).toBe(true);
        seen.set(`${level}/${index}`, hash);
      });
    }
    // 300 leaves, 150 pairs, 75 fours, 37 eights and so on.
    const expected = Array.from({ length: 9 }, (_, level) => Math.floor(300 / 2 ** level));
    expect(seen.size).toBe(expected.reduce((total, count) => total + count));
  });

  it('goes on from its size and hashes', () => {
    for (let size = 0; size <= 70; size += 1) {
      const whole = new CompactRange();
      for (const leaf of LEAVES.slice(0, size)) whole.append(leaf);
      expect(whole.hashes.length).toBe(rangeNodes(size).length);
      const resumed = new CompactRange(whole.size, whole.hashes);
      for (const leaf of LEAVES.slice(size, 80)) resumed.append(leaf);
      expect(resumed.root()).toEqual(naiveRoot(LEAVES.slice(0, 80)));
    }
  });

  it('is not changed through a clone or through the hashes it gave out', () => {
    const range = new CompactRange();
    for (const leaf of LEAVES.slice(0, 7)) range.append(leaf);
    const root = range.root();
    range.clone().append(LEAVES[7] as Hash);
    (range.hashes as Hash[]).pop();
    expect(range.size).toBe(7);
    expect(range.root()).toEqual(root);
  });

  it('appends beyond 2^32 leaves and up to the last safe integer', () => {
    const [leaf, other] = LEAVES as [Hash, Hash];
    for (const size of [2 ** 31, 2 ** 32, 2 ** 40, 2 ** 52]) {
      const nodes: string[] = [];
      const range = new CompactRange(size, [leaf]);
      range.append(other, (level, index) => nodes.push(`${level}/${index}`));
      range.append(other, (level, index) => nodes.push(`${level}/${index}`));
      expect(nodes).toEqual([`0/${size}`, `0/${size + 1}`, `1/${size / 2}`]);
      expect(range.hashes.length).toBe(2);
    }
    const last = Array.from({ length: 53 }, () => leaf);
    const full = new CompactRange(Number.MAX_SAFE_INTEGER, last);
    expect(() => full.append(leaf)).toThrow(new RangeError('size: the tree is full'));
    const folded = new CompactRange(2 ** 33 - 1, last.slice(0, 33));
    folded.append(leaf);
    expect([folded.size, folded.hashes.length]).toEqual([2 ** 33, 1]);
  });

  it('resumes at any size with the right number of hashes, and with no other', () => {
    const sizes = fc.oneof(fc.maxSafeNat(), fc.nat());
    fc.assert(
      fc.property(sizes, (size) => {
        const hashes = rangeNodes(size).map(() => LEAVES[0] as Hash);
        expect(new CompactRange(size, hashes).size).toBe(size);
        expect(() => new CompactRange(size, [...hashes, LEAVES[0] as Hash])).toThrow(
          `hashes: expected ${hashes.length} for a tree of ${size} leaves, got ${hashes.length + 1}`,
        );
      }),
    );
  });

  it('refuses sizes that are no safe integers and hashes that are not 32 bytes', () => {
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => new CompactRange(size)).toThrow(
        new RangeError(`size: expected an integer from 0 to 9007199254740991, got ${size}`),
      );
    }
    expect(() => new CompactRange(1, [new Uint8Array(31)])).toThrow(
      new RangeError('hashes: expected 32 bytes each, got 31'),
    );
    expect(() => new CompactRange().append(new Uint8Array(33))).toThrow(
      new RangeError('leaf: expected a hash of 32 bytes, got 33'),
    );
  });
});
