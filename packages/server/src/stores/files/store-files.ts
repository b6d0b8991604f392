import { ServerError } from '../../errors.ts';

/** The files of a machine, this one or one that is reached by SFTP. Paths are absolute. */
export interface StoreFiles {
  /** A file's bytes; null: there is none. Throws for what is no file, and for more than `limit` bytes. */
  read(path: string, limit: number): Promise<Buffer | null>;
  /**
   * Puts a file in the place of the old one, or where none was. Whoever reads it finds the old one or the new one, whole,
   * also when the machine or the connection fails on the way. Mode and owner of the old one stay; a new one has `mode`.
   */
  replace(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  /** What is in a folder, by name; null: there is no folder. */
  list(path: string): Promise<FileEntry[] | null>;
  /** Makes a folder whose parent is there. */
  makeFolder(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Something in a folder. Links are neither: nobody follows them by looking around. */
export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Most entries of one folder that are looked at. */
export const MAX_ENTRIES = 5_000;

const LONGEST_PATH = 1_024;

/** Why a text is not the path of a store, or null: absolute, every part spelled out, nothing unseen. */
export function faultOfPath(path: string): string | null {
  const expected = `an absolute path without "..", empty parts and control characters, of at most ${LONGEST_PATH} bytes`;
  const parts = path.split('/');
  const bad =
    Buffer.byteLength(path) > LONGEST_PATH ||
    !path.isWellFormed() ||
    /\p{Cc}/u.test(path) ||
    parts[0] !== '' ||
    parts.length < 2 ||
    parts.slice(1).some((part) => part === '' || part === '.' || part === '..');
  return bad ? expected : null;
}

/** Throws `store_path_refused` for a path that is none. */
export function assertPath(path: string): void {
  const fault = faultOfPath(path);
  if (fault !== null) throw pathRefused(`path: expected ${fault}, got "${path.slice(0, 200)}"`);
}

export function pathRefused(message: string, cause?: unknown): ServerError {
  return new ServerError('store_path_refused', message, { cause });
}

export function tooLarge(path: string, limit: number): ServerError {
  return new ServerError('store_malformed', `${path}: expected at most ${limit} bytes, got more`);
}

export function notAFile(path: string): ServerError {
  return new ServerError('store_malformed', `${path}: expected a file, got something else`);
}

/** The name under which a file is written before it takes the place of the old one. */
export function temporaryName(name: string): string {
  return `.${name.slice(0, 200)}.countersign-new`;
}
