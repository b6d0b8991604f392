import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryReader } from '../test/memory-reader.ts';
import { naiveRoot } from '../test/naive-tree.ts';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  checkConsistency,
  checkInclusion,
  formatEntriesPath,
  formatEntryBundle,
  formatTilePath,
  leafHash,
  MAX_ENTRY_BYTES,
  nodeHash,
  parseEntriesPath,
  parseEntryBundle,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  tileHashReader,
  tileRoot,
  tilesForSize,
  tileWidth,
  treeHash,
  utf8,
  type Hash,
  type NodeId,
  type Tile,
} from './index.ts';

const indexes = fc.oneof(fc.nat(2000), fc.maxSafeNat());
const widths = fc.integer({ min: 1, max: 256 });

describe('tile paths', () => {
  it('have one spelling', () => {
    for (const path of [
      'tile/0/000',
      'tile/0/x001/067.p/112',
      'tile/63/x001/x234/067',
      'tile/7/999.p/1',
      'tile/1/x009/x007/x199/x254/x740/991.p/255',
    ]) {
      checkOneSpelling(path, parseTilePath, formatTilePath);
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), indexes, widths, (level, index, width) => {
        const tile = { level, index, width };
        expect(parseTilePath(formatTilePath(tile))).toEqual(tile);
      }),
    );
  });

  it('of entries have one spelling', () => {
    for (const path of ['tile/entries/000', 'tile/entries/x001/067.p/112']) {
      checkOneSpelling(path, parseEntriesPath, ({ index, width }) =>
        formatEntriesPath(index, width),
      );
    }
    fc.assert(
      fc.property(indexes, widths, (index, width) => {
        expect(parseEntriesPath(formatEntriesPath(index, width))).toEqual({ index, width });
      }),
    );
  });

  it('are refused in every other form', () => {
    for (const path of [
      '',
      'tile/0',
      'tile/0/',
      'tile/0/0',
      'tile/0/00',
      'tile/0/0000',
      'tile/00/000',
      'tile/64/000',
      'tile/100/000',
      'tile/-1/000',
      'tile/0/x000/000',
      'tile/0/x001/0',
      'tile/0/001/000',
      'tile/0/x001',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/000.p/',
      'tile/0/000.p',
      'tile/0/x001/x000/000.p/257',
      'tile/0/x009/x007/x199/x254/x740/992',
      '/tile/0/000',
      'tile/0/000/',
      'tile/8/../000',
      'tile/data/000',
    ]) {
      expect(faultOf(() => parseTilePath(path))).toEqual({
        code: 'tile_path_malformed',
        message: `expected a path such as tile/0/x001/067.p/112, got ${JSON.stringify(path)}`,
      });
    }
    expect(faultOf(() => parseEntriesPath('tile/entries/0'))).toEqual({
      code: 'tile_path_malformed',
      message: 'expected a path such as tile/entries/x001/067.p/112, got "tile/entries/0"',
    });
    expect(faultOf(() => parseTilePath('tile/entries/000')).code).toBe('tile_path_malformed');
  });

  it('are not written for tiles that cannot be', () => {
    expect(() => formatTilePath({ level: 64, index: 0, width: 1 })).toThrow(
      new RangeError('level: expected an integer from 0 to 63, got 64'),
    );
    expect(() => formatTilePath({ level: 0, index: -1, width: 1 })).toThrow(
      new RangeError('index: expected a non-negative integer, got -1'),
    );
    for (const width of [0, 257, 1.5]) {
      expect(() => formatEntriesPath(0, width)).toThrow(
        new RangeError(`width: expected an integer from 1 to 256, got ${width}`),
      );
    }
  });
});

describe('tilesForSize', () => {
  it('names the tiles that are new since a size', () => {
    expect(tilesForSize(0)).toEqual([]);
    expect(tilesForSize(257, 255)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 0, index: 1, width: 1 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect(tilesForSize(257, 256)).toEqual([{ level: 0, index: 1, width: 1 }]);
    expect(tilesForSize(300, 300)).toEqual([]);
    expect(() => tilesForSize(1, 2)).toThrow(
      new RangeError('from: expected an integer from 0 to 1, got 2'),
    );
  });

  it('names every tile once as the tree grows, and the last one of each index is as wide as it gets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(70_000), { minLength: 1, maxLength: 6 }), (steps) => {
        const sizes = steps.toSorted((a, b) => a - b);
        const newest = new Map<string, number>();
        let before = 0;
        for (const size of sizes) {
          for (const { level, index, width } of tilesForSize(size, before)) {
            expect(width).toBeGreaterThan(newest.get(`${level}/${index}`) ?? 0);
            newest.set(`${level}/${index}`, width);
          }
          before = size;
        }
        const all = tilesForSize(before);
        expect(newest.size).toBe(all.length);
        for (const { level, index, width } of all) {
          expect(newest.get(`${level}/${index}`)).toBe(width);
          expect(tileWidth(level, index, before)).toBe(width);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('tileHashReader', () => {
  const size = 70_000;
  const leaves = Array.from({ length: size }, (_, index) => leafHash(utf8(`${index}`)));
  const complete = memoryReader(leaves);

  async function tileBytes({ level, index, width }: Tile): Promise<Uint8Array> {
    const nodes: NodeId[] = Array.from({ length: width }, (_, i) => ({
      level: level * 8,
      index: index * 256 + i,
    }));
    const bytes = new Uint8Array(width * 32);
    for (const [i, hash] of (await complete.readHashes(nodes)).entries()) bytes.set(hash, i * 32);
    return bytes;
  }

  it('proves from tiles what is proved from all nodes', async () => {
    for (const now of [1, 2, 255, 256, 257, 300, 511, 512, 513, 65_535, 65_536, 65_537, size]) {
      const reader = tileHashReader(now, tileBytes);
      const root = await treeHash(now, reader);
      expect(root).toEqual(await treeHash(now, complete));
      for (const index of [0, Math.floor(now / 3), now - 1]) {
        const proof = await proveInclusion(index, now, reader);
        checkInclusion(proof, index, now, root, leaves[index] as Hash);
        const from = index + 1;
        const consistency = await proveConsistency(from, now, reader);
        checkConsistency(consistency, from, now, await treeHash(from, complete), root);
      }
    }
  });

  it('reads each tile once, and only tiles of its size', async () => {
    const read: string[] = [];
    const reader = tileHashReader(size, (tile) => {
      read.push(formatTilePath(tile));
      return tileBytes(tile);
    });
    await proveInclusion(69_999, size, reader);
    expect(read.toSorted()).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
  });

  it('takes the full tile where a partial one is gone', async () => {
    const reader = tileHashReader(300, (tile) => tileBytes({ ...tile, width: 256 }));
    expect(await treeHash(300, reader)).toEqual(await treeHash(300, complete));
  });

  it('refuses tiles of the wrong length, and nodes that the tree does not have', async () => {
    const short = tileHashReader(300, () => Promise.resolve(new Uint8Array(31)));
    await expect(treeHash(300, short)).rejects.toMatchObject({
      code: 'tile_malformed',
      message: 'tile/1/000.p/1: expected 32 bytes, got 31',
    });
    const reader = tileHashReader(300, tileBytes);
    for (const node of [
      { level: 0, index: 300 },
      { level: 8, index: 1 },
      { level: 9, index: 0 },
    ]) {
      await expect(reader.readHashes([node])).rejects.toThrow(
        new RangeError(`node ${node.level}/${node.index} is no complete subtree of 300 leaves`),
      );
    }
  });

  it('passes on that a tile cannot be read', async () => {
    const broken = tileHashReader(size, () => Promise.reject(new Error('disk on fire')));
    await expect(proveInclusion(5, size, broken)).rejects.toThrow('disk on fire');
  });

  it('finds the hashes of trees beyond 2^32 leaves', async () => {
    const uniform: Hash[] = [leafHash(utf8('same'))];
    for (let level = 1; level < 53; level += 1) {
      const below = uniform[level - 1] as Hash;
      uniform.push(nodeHash(below, below));
    }
    const huge = 2 ** 45 + 2 ** 33 + 77;
    const seen: Tile[] = [];
    const reader = tileHashReader(huge, (tile) => {
      seen.push(parseTilePath(formatTilePath(tile)));
      const bytes = new Uint8Array(tile.width * 32);
      for (let i = 0; i < tile.width; i += 1) bytes.set(uniform[tile.level * 8] as Hash, i * 32);
      return Promise.resolve(bytes);
    });
    const root = await treeHash(huge, reader);
    const index = 2 ** 45 + 2 ** 33 + 50;
    const proof = await proveInclusion(index, huge, reader);
    checkInclusion(proof, index, huge, root, uniform[0] as Hash);
    expect(seen).toContainEqual({ level: 0, index: 2 ** 37 + 2 ** 25, width: 77 });
  });

  it('agrees with tileRoot on the root of a full tile', async () => {
    const tile = await tileBytes({ level: 0, index: 1, width: 256 });
    expect(tileRoot(tile)).toEqual(naiveRoot(leaves.slice(256, 512)));
    expect(faultOf(() => tileRoot(tile.subarray(32)))).toEqual({
      code: 'tile_malformed',
      message: 'full tile: expected 8192 bytes, got 8160',
    });
  });
});

describe('entry bundles', () => {
  it('keep their entries', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseEntryBundle(formatEntryBundle(list), list.length)).toEqual(list);
      }),
    );
    const largest = new Uint8Array(MAX_ENTRY_BYTES).fill(7);
    expect(parseEntryBundle(formatEntryBundle([largest]), 1)).toEqual([largest]);
  });

  it('are refused when cut, extended or counted wrongly', () => {
    const bundle = formatEntryBundle([utf8('one'), utf8(''), utf8('three')]);
    const code = 'entry_bundle_malformed';
    for (let length = 0; length < bundle.length; length += 1) {
      expect(faultOf(() => parseEntryBundle(bundle.subarray(0, length), 3)).code).toBe(code);
    }
    expect(faultOf(() => parseEntryBundle(bundle, 4))).toEqual({
      code,
      message: 'entry bundle: expected 4 entries, got 3 and 0 bytes',
    });
    expect(faultOf(() => parseEntryBundle(bundle, 2))).toEqual({
      code,
      message: 'entry bundle: expected to end after 2 entries, got 7 more bytes',
    });
    expect(faultOf(() => formatEntryBundle([new Uint8Array(MAX_ENTRY_BYTES + 1)]))).toEqual({
      code: 'entry_too_large',
      message: 'entry: expected at most 65535 bytes, got 65536',
    });
  });
});
