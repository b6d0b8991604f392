/**
 * `offsets/NNNNNN`: where each record of a segment ends in its two files, `u32 || u64` big-endian. A record starts
 * where the one before it ends. Derived from the segment, so readers find a record in one step.
 */
import type { Disk } from './disk.ts';
import { readUint32, writeUint32 } from './stored.ts';

/** Bytes per record. A segment's entries end far below 2^32: the spellings of its values keep an envelope below 1 KiB. */
export const OFFSET_SIZE = 12;

export interface RecordEnd {
  readonly entry: number;
  readonly content: number;
}

export const SEGMENT_START: RecordEnd = { entry: 0, content: 0 };

export function writeOffset(into: Uint8Array, at: number, end: RecordEnd): void {
  writeUint32(into, at, end.entry);
  writeUint32(into, at + 4, Math.floor(end.content / 2 ** 32));
  writeUint32(into, at + 8, end.content % 2 ** 32);
}

export function readOffset(from: Uint8Array, at: number): RecordEnd {
  return {
    entry: readUint32(from, at),
    content: readUint32(from, at + 4) * 2 ** 32 + readUint32(from, at + 8),
  };
}

/** Appends to one segment's offsets. Nothing is durable before `datasync`. */
export class OffsetWriter {
  readonly #disk: Disk;
  readonly #fd: number;
  #written = 0;
  #pending: Uint8Array = new Uint8Array(256 * OFFSET_SIZE);
  #used = 0;

  /** Starts at the segment's first record. */
  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#fd = disk.open(path, { create: true });
  }

  push(end: RecordEnd): void {
    if (this.#used === this.#pending.length) {
      const larger = new Uint8Array(this.#pending.length * 2);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    writeOffset(this.#pending, this.#used, end);
    this.#used += OFFSET_SIZE;
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#disk.write(this.#fd, this.#pending.subarray(0, this.#used), this.#written);
    this.#written += this.#used;
    this.#used = 0;
  }

  /** Removes what lies behind the last record pushed: left by a write that was cut short. */
  trim(): void {
    this.#disk.truncate(this.#fd, this.#written);
  }

  datasync(): Promise<void> {
    return this.#disk.datasync(this.#fd);
  }

  close(): void {
    this.#disk.close(this.#fd);
  }
}
