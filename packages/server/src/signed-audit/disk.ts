import { constants } from 'node:fs';
import { link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { readIfThere, writeWhole } from '../pki/files.ts';

/** A file as it lies there. */
export interface Found {
  readonly size: number;
  /** Names the file whatever it is called. */
  readonly inode: string;
  readonly modifiedAt: Date;
}

/** What signed audit files need of a file system. Each step is done and durable when it resolves. */
export interface Disk {
  readonly makeFolder: (path: string) => Promise<void>;
  readonly list: (folder: string) => Promise<string[]>;
  readonly stat: (path: string) => Promise<Found | null>;
  readonly readText: (path: string) => Promise<string | null>;
  readonly readAt: (path: string, offset: number, length: number) => Promise<Uint8Array>;
  /** Replaces a small file whole: a reader finds the old text or the new one. */
  readonly replace: (path: string, text: string) => Promise<void>;
  /** Makes a file, mode 0640. Rejects with EEXIST when there is one. */
  readonly create: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly append: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly sync: (path: string) => Promise<void>;
  /** Gives a file a second name. Rejects with EEXIST when the name is taken. */
  readonly link: (path: string, name: string) => Promise<void>;
  /** Takes one name from a file. */
  readonly unlink: (path: string) => Promise<void>;
  readonly syncFolder: (path: string) => Promise<void>;
}

const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;

/** The file system of the machine. */
export const DISK: Disk = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  },
  list: async (folder) => await readdir(folder),
  async stat(path) {
    try {
      const { size, ino, mtime } = await stat(path, { bigint: true });
      return { size: Number(size), inode: ino.toString(), modifiedAt: mtime };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  readText: readIfThere,
  async readAt(path, offset, length) {
    const file = await open(path, constants.O_RDONLY | asFile());
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
  async replace(path, text) {
    await writeWhole(path, text);
  },
  async create(path, bytes) {
    // Not through a link that somebody has laid there.
    const file = await open(path, 'ax', FILE_MODE);
    try {
      await file.chmod(FILE_MODE);
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  async append(path, bytes) {
    const file = await open(path, constants.O_WRONLY | constants.O_APPEND | asFile());
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  async sync(path) {
    const file = await open(path, constants.O_RDWR | asFile());
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  link,
  unlink,
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** The code of a system error. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Flags for opening what should be a file: no symbolic link is followed, and nobody waited for at a FIFO's other end. */
export function asFile(): number {
  return process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
}
