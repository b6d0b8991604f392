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

/** Bytes behind the records that are looked at: no writer prepares more, and a file can claim to be endless. */
const MAX_AHEAD = 256 << 20;

/**
 * Opens a regular file; null when there is none. Devices, pipes and folders can stand where a file was: they are no
 * files of a log, and reading them might never end. What stands beside is named as such elsewhere.
 */
function openRegular(path: string): number | null {
  let fd: number;
  try {
    // Not to wait for the other end of a pipe.
    fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO'].includes(code)) return null;
    throw error;
  }
  if (fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  return null;
}

/** A file being verified. An absent one reads as an empty one. */
export class CheckedFile {
  readonly path: string;
  readonly #fd: number | null;

  constructor(path: string) {
    this.path = path;
    this.#fd = openRegular(path);
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

  /** Returns the offset of the first byte from `offset` on that is not zero, or that no writer would have prepared. */
  firstNonZero(offset: number): number | null {
    if (this.#fd === null) return null;
    const limit = offset + MAX_AHEAD;
    const bounded = {
      read: (fd: number, into: Uint8Array, at: number) =>
        at >= limit ? 0 : readOnly.read(fd, into, at),
    };
    return firstNonZero(bounded, this.#fd, offset) ?? (this.size > limit ? limit : null);
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
