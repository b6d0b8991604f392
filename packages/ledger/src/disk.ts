/**
 * What the log asks of a file system. One small interface, so that tests can break each call in
 * turn. Writing goes to the page cache and is synchronous; what waits for the disk is not.
 */
import * as fs from 'node:fs';
import { dirname } from 'node:path';

export interface Disk {
  /** Opens for reading and writing; creates the file when it is absent and `create` is set. */
  open(path: string, options?: { readonly create?: boolean }): number;
  close(fd: number): void;
  size(fd: number): number;
  /** Number of names the open file has: 0 when somebody removed it. */
  links(fd: number): number;
  /** Reads up to `into.length` bytes; fewer only at the end of the file. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** Writes all the bytes. */
  write(fd: number, bytes: Uint8Array, position: number): void;
  /** Writes all the bytes without blocking the caller. */
  writeLater(fd: number, bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves when all written bytes, and the size, would survive a loss of power. */
  datasync(fd: number): Promise<void>;
  truncate(fd: number, size: number): void;
  /** Bytes that can still be written to the file system of a path. */
  free(path: string): number;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): void;
  mkdir(path: string): void;
  /** Names in a folder, sorted; none when it is absent. */
  list(path: string): string[];
  exists(path: string): boolean;
  /** Makes creations, removals and renames in a folder durable. */
  syncDirectory(path: string): Promise<void>;
}

export const nodeDisk: Disk = {
  open(path, { create = false } = {}) {
    const flags = fs.constants.O_RDWR | (create ? fs.constants.O_CREAT : 0);
    const fd = fs.openSync(path, flags, 0o600);
    if (fs.fstatSync(fd).isFile()) return fd;
    fs.closeSync(fd);
    // A device or a pipe may be endless, or silent for ever.
    throw Object.assign(new Error(`expected a file at ${path}, got something else`), {
      code: 'EINVAL',
    });
  },
  close: fs.closeSync,
  size: (fd) => fs.fstatSync(fd).size,
  links: (fd) => fs.fstatSync(fd).nlink,
  read(fd, into, position) {
    let done = 0;
    while (done < into.length) {
      const count = fs.readSync(fd, into, done, into.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  },
  write(fd, bytes, position) {
    let done = 0;
    while (done < bytes.length) {
      done += fs.writeSync(fd, bytes, done, bytes.length - done, position + done);
    }
  },
  async writeLater(fd, bytes, position) {
    let done = 0;
    while (done < bytes.length) {
      done += await new Promise<number>((resolve, reject) => {
        fs.write(fd, bytes, done, bytes.length - done, position + done, settle(resolve, reject));
      });
    }
  },
  datasync: (fd) =>
    new Promise((resolve, reject) => {
      fs.fdatasync(fd, settle<void>(resolve, reject));
    }),
  truncate: fs.ftruncateSync,
  free(path) {
    const { bavail, bsize } = fs.statfsSync(path);
    return bavail * bsize;
  },
  rename: (from, to) =>
    new Promise((resolve, reject) => {
      fs.rename(from, to, settle<void>(resolve, reject));
    }),
  unlink: (path) => fs.rmSync(path, { force: true }),
  mkdir: (path) => void fs.mkdirSync(path, { recursive: true, mode: 0o700 }),
  list: (path) => (fs.existsSync(path) ? fs.readdirSync(path).sort() : []),
  exists: fs.existsSync,
  async syncDirectory(path) {
    // Windows has no such thing: a folder cannot be opened there, and NTFS journals its names.
    if (process.platform === 'win32') return;
    const folder = await fs.promises.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** More than what is derived from any one commit. */
const KEPT_FREE_BYTES = 4 << 20;

/**
 * Throws unless so many bytes can be written without filling the disk. Tiles, offsets and checkpoints come after the
 * records and have no space of their own: to run out there stops the log until it is opened anew, to stop before is
 * only a pause.
 */
export function checkSpace(disk: Disk, path: string, bytes: number): void {
  const left = disk.free(path);
  if (left - bytes >= KEPT_FREE_BYTES) return;
  const text = `ENOSPC: no space left on device: expected ${bytes + KEPT_FREE_BYTES} bytes, got ${left}`;
  throw Object.assign(new Error(text), { code: 'ENOSPC' });
}

function settle<T>(resolve: (value: T) => void, reject: (error: Error) => void) {
  return (error: Error | null, value?: T) => {
    if (error === null) resolve(value as T);
    else reject(error);
  };
}

/** Replaces a file so that readers see the old or the new content, and a crash leaves one of them. */
export async function replaceFile(
  disk: Disk,
  path: string,
  bytes: Uint8Array,
  temporary: string,
): Promise<void> {
  const fd = disk.open(temporary, { create: true });
  try {
    disk.truncate(fd, 0);
    disk.write(fd, bytes, 0);
    // Without this a loss of power could leave the new name with nothing in it.
    await disk.datasync(fd);
  } finally {
    disk.close(fd);
  }
  await disk.rename(temporary, path);
}

/** Reads a whole file. Throws when it has more than `limit` bytes. */
export function readFile(disk: Disk, path: string, limit = 1 << 30): Uint8Array {
  const fd = disk.open(path);
  try {
    const size = disk.size(fd);
    if (size > limit) throw new Error(`expected ${limit} bytes at most, got ${size}`);
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, disk.read(fd, bytes, 0));
  } finally {
    disk.close(fd);
  }
}

/** Makes a new folder and its name durable. */
export async function makeDirectory(disk: Disk, path: string): Promise<void> {
  disk.mkdir(path);
  await disk.syncDirectory(dirname(path));
}
