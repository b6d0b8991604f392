import { constants } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, asFile } from './disk.ts';
import { CURRENT_FILE, isAuditFile, sortAuditFiles } from './file-names.ts';

/** A file as the API lists it. */
export interface AuditFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: Date;
  readonly current: boolean;
}

/** A file to be read, as it was when it was asked for, whatever is written or set aside meanwhile. */
export interface OpenAuditFile {
  /** Bytes of whole lines. */
  readonly size: number;
  /** Its bytes in parts. The file is open only while they are taken. */
  read(): AsyncGenerator<Uint8Array>;
}

/** Bytes read at a time. */
const PART = 65_536;
const LINE_FEED = 0x0a;

/** The files of a folder, oldest first and the current one last. Symbolic links are none of them. */
export async function listFiles(folder: string): Promise<AuditFile[]> {
  const files: AuditFile[] = [];
  for (const name of await namesIn(folder)) {
    const found = await lstat(join(folder, name)).catch(() => null);
    if (found?.isFile() !== true) continue;
    const current = name === CURRENT_FILE;
    const size = current ? ((await openFile(folder, name))?.size ?? found.size) : found.size;
    files.push({ name, size, modifiedAt: found.mtime, current });
  }
  return files;
}

/** A file as it is now; null: there is none of that name. */
export async function openFile(folder: string, name: string): Promise<OpenAuditFile | null> {
  if (!isAuditFile(name)) return null;
  const handle = await openThere(folder, name);
  if (handle === null) return null;
  try {
    const { ino, size } = await handle.stat({ bigint: true });
    const whole = name === CURRENT_FILE ? await endOfLines(handle, Number(size)) : Number(size);
    return { size: whole, read: () => readParts(folder, ino, whole) };
  } finally {
    await handle.close();
  }
}

async function* readParts(folder: string, inode: bigint, size: number): AsyncGenerator<Uint8Array> {
  const handle = await findByInode(folder, inode);
  try {
    for (let at = 0; at < size;) {
      const part = new Uint8Array(Math.min(PART, size - at));
      const { bytesRead } = await handle.read(part, 0, part.length, at);
      if (bytesRead === 0) throw new Error('a signed audit file became shorter while it was read');
      yield part.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** The file under whatever name it has by now: it may have been set aside. */
async function findByInode(folder: string, inode: bigint): Promise<FileHandle> {
  for (const name of (await namesIn(folder)).reverse()) {
    const handle = await openThere(folder, name);
    if (handle === null) continue;
    if ((await handle.stat({ bigint: true })).ino === inode) return handle;
    await handle.close();
  }
  throw new Error('a signed audit file was taken away while it was read');
}

/** Where the last whole line ends: a write that failed may have left the beginning of another. */
async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - PART);
    const part = Buffer.alloc(end - start);
    await handle.read(part, 0, part.length, start);
    const at = part.lastIndexOf(LINE_FEED);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}

async function openThere(folder: string, name: string): Promise<FileHandle | null> {
  try {
    return await open(join(folder, name), constants.O_RDONLY | asFile());
  } catch (error) {
    // Gone, or a symbolic link that somebody has laid there.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return sortAuditFiles(await readdir(folder));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
