import type { Disk } from './disk.ts';

/**
 * Reads a file from front to back through one buffer. What `view` returns is a slice of that buffer
 * and is valid until the next call.
 */
export class Window {
  readonly #disk: Pick<Disk, 'read'>;
  readonly #fd: number;
  #buffer: Uint8Array;
  #start = 0;
  #length = 0;

  constructor(disk: Pick<Disk, 'read'>, fd: number, chunk = 1 << 20) {
    this.#disk = disk;
    this.#fd = fd;
    this.#buffer = new Uint8Array(chunk);
  }

  /** Returns `length` bytes from `offset`, fewer at the end of the file. */
  view(offset: number, length: number): Uint8Array {
    if (offset < this.#start || offset + length > this.#start + this.#length) {
      if (length > this.#buffer.length) this.#buffer = new Uint8Array(length * 2);
      this.#start = offset;
      this.#length = this.#disk.read(this.#fd, this.#buffer, offset);
    }
    const from = offset - this.#start;
    return this.#buffer.subarray(from, Math.min(from + length, this.#length));
  }
}

/** Returns the offset of the first byte other than zero from `offset` on, or null. */
export function firstNonZero(disk: Pick<Disk, 'read'>, fd: number, offset: number): number | null {
  const buffer = Buffer.allocUnsafe(ZEROS.length);
  for (let at = offset; ;) {
    const count = disk.read(fd, buffer, at);
    if (count === 0) return null;
    if (buffer.compare(ZEROS, 0, count, 0, count) !== 0) {
      for (let i = 0; i < count; i += 1) if (buffer[i] !== 0) return at + i;
    }
    at += count;
  }
}

const ZEROS = Buffer.alloc(64 * 1024);
