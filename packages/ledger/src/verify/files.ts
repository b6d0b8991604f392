import * as fs from 'node:fs';
import { firstNonZero, Window } from '../window.ts';

/** Reading only: a log may be verified on a medium that can't be written. */
export const readOnly = {
  read(fd: number, into: Uint8Array, position: number): number {
    let done = 0;
    while (done < into.length) {
      const count = fs.readSync(fd, into, done, into.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  },
};

/** A file being verified. An absent one reads as an empty one. */
export class CheckedFile {
  readonly path: string;
  readonly #fd: number | null;

  constructor(path: string) {
    this.path = path;
    let fd: number | null = null;
    try {
      fd = fs.openSync(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.#fd = fd;
  }

  get exists(): boolean {
    return this.#fd !== null;
  }

  get size(): number {
    return this.#fd === null ? 0 : fs.fstatSync(this.#fd).size;
  }

  read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return this.#fd === null
      ? bytes.subarray(0, 0)
      : bytes.subarray(0, readOnly.read(this.#fd, bytes, position));
  }

  window(): Window {
    const fd = this.#fd;
    return new Window(
      { read: (_, into, position) => (fd === null ? 0 : readOnly.read(fd, into, position)) },
      fd ?? -1,
      Math.min(1 << 20, this.size + 4096),
    );
  }

  /** Returns the offset of the first byte from `offset` on that is not zero. */
  firstNonZero(offset: number): number | null {
    return this.#fd === null ? null : firstNonZero(readOnly, this.#fd, offset);
  }

  close(): void {
    if (this.#fd !== null) fs.closeSync(this.#fd);
  }
}

/** Opens files, hands them on, closes them whatever happens. */
export function withFiles<T>(paths: readonly string[], use: (files: CheckedFile[]) => T): T {
  const files: CheckedFile[] = [];
  try {
    for (const path of paths) files.push(new CheckedFile(path));
    return use(files);
  } finally {
    for (const file of files) file.close();
  }
}

/**
 * Compares derived bytes with what a file holds from `start` on. Returns the items that differ, by number; `missing` when
 * the file ends before.
 */
export function compareItems(
  file: CheckedFile,
  start: number,
  derived: Uint8Array,
  itemSize: number,
): { readonly items: readonly number[]; readonly missing: boolean } {
  const stored = file.read(start, derived.length);
  const items: number[] = [];
  if (Buffer.compare(stored, derived) === 0) return { items, missing: false };
  for (let at = 0; at + itemSize <= stored.length; at += itemSize) {
    const item = stored.subarray(at, at + itemSize);
    if (Buffer.compare(item, derived.subarray(at, at + itemSize)) !== 0) items.push(at / itemSize);
  }
  return { items, missing: stored.length < derived.length };
}
