import type { CompactRange, Hash } from '@countersign/tlog';
import { replaceFile, type Disk } from './disk.ts';
import type { Layout, LogPaths } from './layout.ts';
import { OffsetWriter, SEGMENT_START, type RecordEnd } from './offsets.ts';
import type { Producers } from './producers.ts';
import { TileWriter } from './tiles.ts';

/** What of a record goes into derived data. */
export interface DerivedRecord {
  readonly leaf: Hash;
  readonly producer: string;
  readonly seq: number;
  /** Bytes the record takes in its two files. */
  readonly entrySize: number;
  readonly contentSize: number;
}

export interface DerivedOptions {
  readonly disk: Disk;
  readonly paths: LogPaths;
  readonly layout: Layout;
  /** The tree at the start of a segment. */
  readonly tree: CompactRange;
  /** Who has written what before that segment. */
  readonly producers: Producers;
}

/**
 * Everything that follows from the records: tree, tiles, offsets, producers' numbering. There is one way in,
 * `add`, which both commit and recovery use. What belongs to a full segment is made durable by `sealFull`; what
 * belongs to the segment in progress is not, and is derived anew when the log is opened.
 */
export class Derived {
  readonly tree: CompactRange;
  readonly producers: Producers;
  readonly #disk: Disk;
  readonly #paths: LogPaths;
  readonly #layout: Layout;
  readonly #tiles: TileWriter;
  #offsets: OffsetWriter | null = null;
  #end: RecordEnd = SEGMENT_START;
  #full: {
    readonly segment: number;
    readonly snapshot: Uint8Array;
    readonly offsets: OffsetWriter;
  }[] = [];

  constructor({ disk, paths, layout, tree, producers }: DerivedOptions) {
    if (tree.size % layout.segmentRecords !== 0) throw new Error('bad math in Derived');
    this.#disk = disk;
    this.#paths = paths;
    this.#layout = layout;
    this.tree = tree;
    this.producers = producers;
    this.#tiles = new TileWriter(disk, paths, tree.size);
  }

  /** Number of records taken in. */
  get size(): number {
    return this.tree.size;
  }

  /** Where the last record ends in its segment; the segment's start when it has none. */
  get end(): RecordEnd {
    return this.#end;
  }

  /** Takes in the next record. Its number must be the producer's next one. */
  add({ leaf, producer, seq, entrySize, contentSize }: DerivedRecord): void {
    const index = this.tree.size;
    const segment = Math.floor(index / this.#layout.segmentRecords);
    this.#offsets ??= new OffsetWriter(this.#disk, this.#paths.offsets(segment));
    this.#end = { entry: this.#end.entry + entrySize, content: this.#end.content + contentSize };
    this.#offsets.push(this.#end);
    this.tree.append(leaf, this.#tiles.visit);
    this.producers.add(producer, seq, index);
    if (this.tree.size % this.#layout.segmentRecords === 0) {
      const snapshot = this.producers.snapshot(segment);
      this.#full.push({ segment, snapshot, offsets: this.#offsets });
      this.#offsets = null;
      this.#end = SEGMENT_START;
    }
  }

  /** Hands what was derived to the operating system, where readers find it. */
  flush(): void {
    this.#tiles.flush();
    for (const { offsets } of this.#full) offsets.flush();
    this.#offsets?.flush();
  }

  /** Removes what lies behind the last record: left by a write that was cut short. */
  trim(): void {
    this.#tiles.trim();
    this.#offsets?.trim();
    for (const { offsets } of this.#full) offsets.trim();
  }

  /**
   * Makes durable what was derived from full segments. The records themselves must be durable before. The
   * producers' snapshot comes last: where it is, the rest is.
   */
  async sealFull(): Promise<void> {
    const full = this.#full;
    this.#full = [];
    for (const { segment, snapshot, offsets } of full) {
      await this.#tiles.datasync();
      await offsets.datasync();
      await this.#disk.syncDirectory(this.#paths.tilesDir);
      await this.#disk.syncDirectory(this.#paths.offsetsDir);
      const path = this.#paths.producers(segment);
      await replaceFile(this.#disk, path, snapshot, `${path}.next`);
      await this.#disk.syncDirectory(this.#paths.producersDir);
      this.producers.sealed(segment);
      offsets.close();
    }
  }

  get hasFull(): boolean {
    return this.#full.length > 0;
  }

  close(): void {
    this.#tiles.close();
    this.#offsets?.close();
    for (const { offsets } of this.#full) offsets.close();
  }
}
