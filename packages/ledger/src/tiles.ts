/**
 * `tiles/<level>`: the hashes of a tile level of tlog-tiles, one after the other. Hash i of level l is
 * the root of the 256^l leaves from i * 256^l on; a tile is 256 hashes, a slice of the file.
 */
import { HASH_SIZE, type Hash, type Tile } from '@countersign/tlog';
import type { Disk } from './disk.ts';
import { LedgerError } from './errors.ts';
import type { LogPaths } from './layout.ts';

/** Number of complete hashes at a tile level in a tree. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / 256 ** level);
}

/** Number of tile levels a tree has hashes at. */
export function tileLevels(size: number): number {
  let levels = 0;
  while (hashesAtLevel(size, levels) > 0) levels += 1;
  return levels;
}

/** Appends to the tile files. Nothing is durable before `datasync`. */
export class TileWriter {
  readonly #disk: Disk;
  readonly #paths: LogPaths;
  readonly #levels: LevelWriter[] = [];
  /** Leaves of the tree continued, and of the tree now. */
  readonly #startSize: number;
  #size: number;

  /** Continues a tree of `size` leaves whose tiles are complete. */
  constructor(disk: Disk, paths: LogPaths, size: number) {
    this.#disk = disk;
    this.#paths = paths;
    this.#startSize = size;
    this.#size = size;
  }

  /** To be called for every complete node of the tree, as `CompactRange.append` visits them. */
  readonly visit = (level: number, _index: number, hash: Hash): void => {
    if (level % 8 === 0) this.#level(level / 8).push(hash);
    if (level === 0) this.#size += 1;
  };

  /** Hands what was visited to the operating system. */
  flush(): void {
    for (const level of this.#levels) level.flush();
  }

  async datasync(): Promise<void> {
    await Promise.all(this.#levels.map((level) => level.datasync()));
  }

  /** Removes hashes beyond the tree: left by a write that was cut short. */
  trim(): void {
    for (const name of this.#disk.list(this.#paths.tilesDir)) {
      const level = Number(name);
      if (!/^(?:0|[1-6]?[0-9])$/.test(name)) continue;
      if (hashesAtLevel(this.#size, level) === 0) this.#disk.unlink(this.#paths.tiles(level));
      else this.#level(level).trim();
    }
  }

  close(): void {
    for (const level of this.#levels) level.close();
  }

  #level(level: number): LevelWriter {
    while (this.#levels.length <= level) {
      const next = this.#levels.length;
      const fd = this.#disk.open(this.#paths.tiles(next), { create: true });
      this.#levels.push(new LevelWriter(this.#disk, fd, hashesAtLevel(this.#startSize, next)));
    }
    return this.#levels[level] as LevelWriter;
  }
}

class LevelWriter {
  readonly #disk: Disk;
  readonly #fd: number;
  #written: number;
  #pending: Uint8Array = new Uint8Array(256 * HASH_SIZE);
  #used = 0;

  constructor(disk: Disk, fd: number, hashes: number) {
    this.#disk = disk;
    this.#fd = fd;
    this.#written = hashes * HASH_SIZE;
  }

  push(hash: Hash): void {
    if (this.#used === this.#pending.length) {
      const larger = new Uint8Array(this.#pending.length * 2);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    this.#pending.set(hash, this.#used);
    this.#used += HASH_SIZE;
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#disk.write(this.#fd, this.#pending.subarray(0, this.#used), this.#written);
    this.#written += this.#used;
    this.#used = 0;
  }

  datasync(): Promise<void> {
    return this.#disk.datasync(this.#fd);
  }

  trim(): void {
    this.#disk.truncate(this.#fd, this.#written);
  }

  close(): void {
    this.#disk.close(this.#fd);
  }
}

/** Reads a tile, partial ones included. Throws LedgerError `tile_missing` when the file is too short. */
export function readTile(
  read: (path: string, position: number, length: number) => Uint8Array,
  paths: LogPaths,
  tile: Tile,
): Uint8Array {
  const path = paths.tiles(tile.level);
  const position = tile.index * 256 * HASH_SIZE;
  const length = tile.width * HASH_SIZE;
  const bytes = read(path, position, length);
  if (bytes.length < length) {
    throw new LedgerError(
      'tile_missing',
      `tile ${tile.index} of level ${tile.level}: expected ${length} bytes at ${position} of ${path}, got ${bytes.length}`,
      { file: path, offset: position },
    );
  }
  return bytes;
}
