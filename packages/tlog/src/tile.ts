/**
 * The tree cut into tiles, and their paths (c2sp.org/tlog-tiles). A tile holds up to 256 neighbouring
 * hashes of one level; tile level L holds the roots of complete subtrees of 256^L leaves. Full tiles never
 * change; a partial tile only ever grows into a longer one.
 */
import { quoteShort } from './encoding.ts';
import { TlogError } from './errors.ts';
import { HASH_SIZE, nodeHash, type Hash } from './hash.ts';
import type { HashReader, NodeId } from './tree.ts';

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 256;

/** Levels of the tree within one tile. */
const TILE_HEIGHT = 8;

/** The highest tile level that a path can name. */
const MAX_TILE_LEVEL = 63;

/** Hashes `index * 256` to `index * 256 + width` of a tile level; `width` is 1 to 256. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/**
 * Returns a tile's path, such as `tile/0/x001/067.p/112`.
 * @throws RangeError unless level, index and width are in their ranges
 */
export function formatTilePath({ level, index, width }: Tile): string {
  if (!Number.isInteger(level) || level < 0 || level > MAX_TILE_LEVEL) {
    throw new RangeError(`level: expected an integer from 0 to ${MAX_TILE_LEVEL}, got ${level}`);
  }
  return `tile/${level}/${formatIndex(index, width)}`;
}

/**
 * Returns the tile that a path names. Accepts exactly what `formatTilePath` writes.
 * @throws TlogError `tile_path_malformed`
 */
export function parseTilePath(path: string): Tile {
  const match = /^tile\/(0|[1-9][0-9]?)\/([x0-9/]+)(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  const tile = match === null ? null : tileOf(Number(match[1]), match[2], match[3]);
  if (tile === null || tile.level > MAX_TILE_LEVEL || formatTilePath(tile) !== path) {
    throw new TlogError(
      'tile_path_malformed',
      `expected a path such as tile/0/x001/067.p/112, got ${quoteShort(path)}`,
    );
  }
  return tile;
}

/**
 * Returns the path of a bundle of entries, such as `tile/entries/x001/067.p/112`.
 * @throws RangeError unless index and width are in their ranges
 */
export function formatEntriesPath(index: number, width: number): string {
  return `tile/entries/${formatIndex(index, width)}`;
}

/**
 * Returns index and width of the bundle that a path names. Accepts exactly what `formatEntriesPath` writes.
 * @throws TlogError `tile_path_malformed`
 */
export function parseEntriesPath(path: string): { readonly index: number; readonly width: number } {
  const match = /^tile\/entries\/([x0-9/]+)(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  const tile = match === null ? null : tileOf(0, match[1], match[2]);
  if (tile === null || formatEntriesPath(tile.index, tile.width) !== path) {
    throw new TlogError(
      'tile_path_malformed',
      `expected a path such as tile/entries/x001/067.p/112, got ${quoteShort(path)}`,
    );
  }
  return { index: tile.index, width: tile.width };
}

/**
 * Returns the tiles of a tree, level by level, that were not there when the tree had `from` leaves; a
 * partial tile that has grown counts as new. Without `from`: all tiles, one for every 256 leaves and more,
 * so do not ask for the size that a stranger claims.
 */
export function tilesForSize(size: number, from = 0): Tile[] {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`size: got ${size}`);
  if (!Number.isSafeInteger(from) || from < 0 || from > size) {
    throw new RangeError(`from: expected an integer from 0 to ${size}, got ${from}`);
  }
  const tiles: Tile[] = [];
  let before = from;
  let count = size;
  for (let level = 0; count > 0; level += 1) {
    if (count > before) {
      for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < count; index += 1) {
        tiles.push({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) });
      }
    }
    before = Math.floor(before / TILE_WIDTH);
    count = Math.floor(count / TILE_WIDTH);
  }
  return tiles;
}

/** Returns the width of a tile in a tree of `size` leaves: 0 when the tree does not reach it. */
export function tileWidth(level: number, index: number, size: number): number {
  const count = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, count - index * TILE_WIDTH));
}

/**
 * Reads hashes of the tree of `size` leaves from tiles, each tile once per batch. The tiles are not
 * authenticated: what is built from them must be checked against a signed root. `readTile` may answer
 * with the full tile when a partial one is gone, as tlog-tiles allows.
 * @throws TlogError `tile_malformed` when a tile has the wrong length
 */
export function tileHashReader(
  size: number,
  readTile: (tile: Tile) => Promise<Uint8Array>,
): HashReader {
  async function readChecked(tile: Tile): Promise<Uint8Array> {
    const bytes = await readTile(tile);
    const expected = tile.width * HASH_SIZE;
    if (bytes.length !== expected && bytes.length !== TILE_WIDTH * HASH_SIZE) {
      throw new TlogError(
        'tile_malformed',
        `${formatTilePath(tile)}: expected ${expected} bytes, got ${bytes.length}`,
      );
    }
    return bytes;
  }
  return {
    async readHashes(nodes) {
      const tiles = new Map<string, Promise<Uint8Array>>();
      const places = nodes.map((node) => {
        const place = placeOf(node, size);
        const path = formatTilePath(place.tile);
        const bytes = tiles.get(path) ?? readChecked(place.tile);
        tiles.set(path, bytes);
        return { ...place, bytes };
      });
      // All are awaited before any is used, so that no failing read is left without a listener.
      await Promise.all(tiles.values());
      return Promise.all(
        places.map(async ({ offset, count, bytes }) => subtreeHash(await bytes, offset, count)),
      );
    },
  };
}

/** Which tile holds a node: the `count` hashes from `offset` on, whose common root it is. */
function placeOf(
  { level, index }: NodeId,
  size: number,
): { tile: Tile; offset: number; count: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const offset = first % TILE_WIDTH;
  const width = tileWidth(tileLevel, tileIndex, size);
  if (offset + count > width) {
    throw new RangeError(`node ${level}/${index} is no complete subtree of ${size} leaves`);
  }
  return { tile: { level: tileLevel, index: tileIndex, width }, offset, count };
}

/** Returns the root of `count` hashes, a power of two, of a tile. */
function subtreeHash(tile: Uint8Array, offset: number, count: number): Hash {
  if (count === 1) return tile.slice(offset * HASH_SIZE, (offset + 1) * HASH_SIZE);
  const middle = count / 2;
  return nodeHash(subtreeHash(tile, offset, middle), subtreeHash(tile, offset + middle, middle));
}

/**
 * Returns a bundle of entries: each as its length in two bytes, big-endian, and its bytes.
 * @throws TlogError `entry_too_large` for an entry of more than 65,535 bytes
 */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  let total = 0;
  for (const { length } of entries) {
    if (length > MAX_ENTRY_BYTES) {
      throw new TlogError(
        'entry_too_large',
        `entry: expected at most ${MAX_ENTRY_BYTES} bytes, got ${length}`,
      );
    }
    total += 2 + length;
  }
  const bundle = new Uint8Array(total);
  let offset = 0;
  for (const entry of entries) {
    bundle[offset] = entry.length >>> 8;
    bundle[offset + 1] = entry.length & 0xff;
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** The largest entry that a bundle can hold, in bytes. */
export const MAX_ENTRY_BYTES = 65_535;

/**
 * Returns the `count` entries of a bundle, as views of its bytes.
 * @throws TlogError `entry_bundle_malformed` when it ends early or late
 */
export function parseEntryBundle(bundle: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (entries.length < count) {
    const start = offset + 2;
    const length = ((bundle[offset] ?? 0) << 8) | (bundle[offset + 1] ?? 0);
    if (start > bundle.length || start + length > bundle.length) {
      throw new TlogError(
        'entry_bundle_malformed',
        `entry bundle: expected ${count} entries, got ${entries.length} and ${bundle.length - offset} bytes`,
      );
    }
    offset = start + length;
    entries.push(bundle.subarray(start, offset));
  }
  if (offset !== bundle.length) {
    throw new TlogError(
      'entry_bundle_malformed',
      `entry bundle: expected to end after ${count} entries, got ${bundle.length - offset} more bytes`,
    );
  }
  return entries;
}

/** Returns the root of a full tile: its hash on the next tile level. */
export function tileRoot(tile: Uint8Array): Hash {
  if (tile.length !== TILE_WIDTH * HASH_SIZE) {
    throw new TlogError('tile_malformed', `full tile: expected 8192 bytes, got ${tile.length}`);
  }
  return subtreeHash(tile, 0, TILE_WIDTH);
}

function formatIndex(index: number, width: number): string {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new RangeError(`index: expected a non-negative integer, got ${index}`);
  }
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new RangeError(`width: expected an integer from 1 to ${TILE_WIDTH}, got ${width}`);
  }
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/') + (width === TILE_WIDTH ? '' : `.p/${width}`);
}

/** Reads a path leniently; the caller compares with the one spelling. */
function tileOf(level: number, index: string | undefined, width: string | undefined): Tile | null {
  const digits = (index ?? '').replaceAll(/[x/]/g, '').replace(/^0+(?=[0-9])/, '');
  if (digits === '' || digits.length > 16) return null;
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return null;
  const count = width === undefined ? TILE_WIDTH : Number(width);
  return count < 1 || count > TILE_WIDTH ? null : { level, index: value, width: count };
}
