import type { Problem } from '@countersign/ledger';
import {
  equalBytes,
  formatTilePath,
  HASH_SIZE,
  TILE_WIDTH,
  type Hash,
  type Tile,
} from '@countersign/tlog';
import { messageOf } from '../errors.ts';

/** Levels of the tree that one level of tiles spans. */
const TILE_HEIGHT = 8;

/**
 * Compares the tiles somebody gives out with the hashes that follow from the entries. Takes the tree's nodes as they
 * come into being and holds no more than one tile a level.
 */
export class TileChecker {
  readonly #fetchTile: (tile: Tile) => Promise<Uint8Array>;
  /** By level of tiles: the hashes of the tile that is being filled, and which one it is. */
  readonly #filling: { index: number; hashes: Hash[] }[] = [];
  readonly #full: { tile: Tile; hashes: readonly Hash[] }[] = [];

  constructor(fetchTile: (tile: Tile) => Promise<Uint8Array>) {
    this.#fetchTile = fetchTile;
  }

  /** Takes a complete subtree; every one must come, in order. */
  readonly add = (level: number, index: number, hash: Hash): void => {
    if (level % TILE_HEIGHT !== 0) return;
    const tileLevel = level / TILE_HEIGHT;
    const filling = (this.#filling[tileLevel] ??= { index: 0, hashes: [] });
    filling.hashes.push(hash);
    if (filling.hashes.length < TILE_WIDTH) return;
    const tile = { level: tileLevel, index: Math.floor(index / TILE_WIDTH), width: TILE_WIDTH };
    this.#full.push({ tile, hashes: filling.hashes });
    this.#filling[tileLevel] = { index: tile.index + 1, hashes: [] };
  };

  /** Fetches and compares the tiles that have become full. */
  async checkFull(problems: Problem[]): Promise<void> {
    for (const { tile, hashes } of this.#full.splice(0)) await this.#check(tile, hashes, problems);
  }

  /** Fetches and compares the tiles at the right edge, too. */
  async finish(problems: Problem[]): Promise<void> {
    await this.checkFull(problems);
    for (const [level, { index, hashes }] of this.#filling.entries()) {
      if (hashes.length > 0)
        await this.#check({ level, index, width: hashes.length }, hashes, problems);
    }
  }

  async #check(tile: Tile, hashes: readonly Hash[], problems: Problem[]): Promise<void> {
    const file = formatTilePath(tile);
    let bytes: Uint8Array;
    try {
      bytes = await this.#fetchTile(tile);
    } catch (error) {
      problems.push({
        kind: 'unverifiable',
        file,
        message: `the tile cannot be had: ${messageOf(error)}`,
      });
      return;
    }
    if (bytes.length !== tile.width * HASH_SIZE) {
      const message = `expected ${tile.width} hashes of ${HASH_SIZE} bytes, got ${bytes.length} bytes`;
      problems.push({ kind: 'tampered', file, message });
      return;
    }
    const wrong = hashes.findIndex(
      (hash, i) => !equalBytes(hash, bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE)),
    );
    if (wrong >= 0) {
      const message = `hash ${wrong} of the tile is not the one that follows from the entries`;
      problems.push({ kind: 'tampered', file, offset: wrong * HASH_SIZE, message });
    }
  }
}
