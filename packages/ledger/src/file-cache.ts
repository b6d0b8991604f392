import * as fs from 'node:fs';
import { LedgerError } from './errors.ts';

/** Opens files for reading once and keeps the most recently used ones open. */
export class FileCache {
  readonly #open = new Map<string, number>();
  readonly #limit: number;

  constructor(limit = 64) {
    this.#limit = limit;
  }

  /** Reads `length` bytes from `position`, fewer at the end of the file; none when the file is absent. */
  read(path: string, position: number, length: number): Uint8Array {
    const fd = this.#fd(path);
    const bytes = new Uint8Array(length);
    if (fd === null) return bytes.subarray(0, 0);
    let done = 0;
    while (done < length) {
      const count = fs.readSync(fd, bytes, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  close(): void {
    for (const fd of this.#open.values()) fs.closeSync(fd);
    this.#open.clear();
  }

  #fd(path: string): number | null {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    let fd: number;
    try {
      fd = openFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    this.#open.set(path, fd);
    if (this.#open.size > this.#limit) {
      const [oldest, oldestFd] = this.#open.entries().next().value as [string, number];
      this.#open.delete(oldest);
      fs.closeSync(oldestFd);
    }
    return fd;
  }
}

/** Opens a file for reading. A pipe that somebody put in its place must not stop everything: nobody waits for it. */
function openFile(path: string): number {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  if (fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  throw new LedgerError('record_corrupt', `expected a file at ${path}, got something else`, {
    file: path,
  });
}
