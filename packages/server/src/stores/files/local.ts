import { constants, type Stats } from 'node:fs';
import {
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  unlink,
  type FileHandle,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isWithin } from '../../config/store-roots.ts';
import { ServerError } from '../../errors.ts';
import {
  assertPath,
  MAX_ENTRIES,
  notAFile,
  pathRefused,
  temporaryName,
  tooLarge,
  type FileEntry,
  type StoreFiles,
} from './store-files.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * The files of this machine, in the folders that the operator has named and nowhere else. A link counts as what it leads
 * to. The folder of a file is opened first and looked at then, so that nobody who may write below a root can put a link
 * in its place between the check and the use (on Linux, where an open folder has a path of its own).
 */
export class LocalFiles implements StoreFiles {
  readonly #roots: readonly string[];
  readonly #forbidden: string;
  /** `forbidden`: the data folder, wherever the roots lead. */
  constructor(roots: readonly string[], forbidden: string) {
    this.#roots = roots;
    this.#forbidden = forbidden;
  }

  async read(path: string, limit: number): Promise<Buffer | null> {
    return await this.#at(path, async ({ here }) => {
      const file = await orNull(open(here, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
      if (file === null) return null;
      try {
        const { size } = assertFile(path, await file.stat());
        if (size > limit) throw tooLarge(path, limit);
        return await readAtMost(file, path, limit);
      } finally {
        await file.close();
      }
    });
  }

  async replace(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    const there = await this.#at(path, async ({ here, folder, name }) => {
      const old = await orNull(lstat(here));
      if (old !== null) assertFile(path, old);
      const temporary = join(folder, temporaryName(name));
      await orNull(unlink(temporary));
      const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      try {
        try {
          await file.writeFile(bytes);
          await keep(file, path, old, mode);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, here);
      } catch (error) {
        await orNull(unlink(temporary));
        throw error;
      }
      await sync(folder);
      return true;
    });
    if (there === null) throw pathRefused(`${path}: its folder is not there`);
  }

  async remove(path: string): Promise<void> {
    await this.#at(path, async ({ here, folder }) => {
      const old = await orNull(lstat(here));
      if (old === null) return;
      assertFile(path, old);
      await unlink(here);
      await sync(folder);
    });
  }

  async list(path: string): Promise<FileEntry[] | null> {
    // A root has no folder above it that is ours: it is the folder of whatever would be in it.
    if (this.#roots.includes(path))
      return await this.#at(join(path, 'listed'), async ({ folder }) => await entriesOf(folder));
    return await this.#at(path, async ({ here }) => {
      const found = await orNull(lstat(here));
      if (found === null) return null;
      if (!found.isDirectory()) throw pathRefused(`${path}: expected a folder, got something else`);
      return await entriesOf(here);
    });
  }

  async makeFolder(path: string): Promise<void> {
    const made = await this.#at(path, async ({ here, folder }) => {
      if ((await orNull(lstat(here))) !== null) return true;
      await mkdir(here, 0o750);
      await sync(folder);
      return true;
    });
    if (made === null) throw pathRefused(`${path}: the folder above it is not there`);
  }

  async close(): Promise<void> {}

  /**
   * Works on a path whose folder is held open, so that it stays the one that was checked; null when there is no such
   * folder.
   */
  async #at<T>(
    path: string,
    work: (place: { here: string; folder: string; name: string }) => Promise<T>,
  ): Promise<T | null> {
    assertPath(path);
    if (this.#roots.length === 0)
      throw pathRefused(
        `${path}: stores on this machine are off; the operator allows folders with COUNTERSIGN_STORE_ROOTS`,
      );
    try {
      const real = await this.#resolve(path);
      if (real === null) {
        // Even that it is not there is nothing to be learned about elsewhere.
        if (!this.#roots.some((root) => isWithin(path, root))) throw this.#outside(path);
        return null;
      }
      await this.#assertInside(path, real);
      const folder = await open(dirname(real), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      try {
        const held = await heldPath(folder);
        if (held !== null) await this.#assertInside(path, join(await readlink(held), 'x'));
        const base = held ?? dirname(real);
        const name = basename(real);
        return await work({ here: join(base, name), folder: base, name });
      } finally {
        await folder.close();
      }
    } catch (error) {
      throw asRefusal(path, error);
    }
  }

  /** Where a path really leads; null: its folder is not there. */
  async #resolve(path: string): Promise<string | null> {
    const whole = await orNull(realpath(path));
    if (whole !== null) return whole;
    const folder = await orNull(realpath(dirname(path)));
    if (folder === null) return null;
    const real = join(folder, basename(path));
    // A link into nothing: a file written there would come to be wherever it points.
    if ((await orNull(lstat(real))) !== null)
      throw pathRefused(`${path}: is a link to something that is not there`);
    return real;
  }

  async #assertInside(path: string, real: string): Promise<void> {
    const forbidden = (await orNull(realpath(this.#forbidden))) ?? this.#forbidden;
    if (isWithin(real, forbidden)) throw this.#outside(path);
    for (const root of this.#roots) {
      const allowed = await orNull(realpath(root));
      if (allowed !== null && real !== allowed && isWithin(real, allowed)) return;
    }
    throw this.#outside(path);
  }

  #outside(path: string): ServerError {
    return pathRefused(
      `${path}: expected a path below ${this.#roots.join(' or ')} (COUNTERSIGN_STORE_ROOTS), got another`,
    );
  }
}

async function entriesOf(folder: string): Promise<FileEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .slice(0, MAX_ENTRIES)
    .map((entry): FileEntry => {
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
      return { name: entry.name, kind };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The path by which an open folder is reached whatever happens to its name; null where there is none such. */
async function heldPath(folder: FileHandle): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const held = `/proc/self/fd/${folder.fd}`;
  return (await orNull(readlink(held))) === null ? null : held;
}

/** Mode and owner of the old file for the new one. */
async function keep(
  file: FileHandle,
  path: string,
  old: Stats | null,
  mode: number,
): Promise<void> {
  const made = await file.stat();
  if (old !== null && (old.uid !== made.uid || old.gid !== made.gid)) {
    try {
      await file.chown(old.uid, old.gid);
    } catch (error) {
      // Somebody reads it by that owner or group; without it he could not any more.
      throw new ServerError(
        'store_write_failed',
        `${path}: its owner ${old.uid}:${old.gid} cannot be kept by this server's account`,
        { cause: error },
      );
    }
  }
  await file.chmod(old === null ? mode : old.mode & 0o7777);
}

function assertFile(path: string, stats: Stats): Stats {
  if (!stats.isFile()) throw notAFile(path);
  return stats;
}

async function readAtMost(file: FileHandle, path: string, limit: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limit + 1);
  let size = 0;
  while (size <= limit) {
    const { bytesRead } = await file.read(buffer, size, limit + 1 - size, size);
    if (bytesRead === 0) return Buffer.from(buffer.subarray(0, size));
    size += bytesRead;
  }
  throw tooLarge(path, limit);
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, O_RDONLY | O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

/** What the operating system says, with the path that was asked for instead of the one that was used. */
function asRefusal(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof ServerError || code === null) return error;
  if (code === 'ELOOP') return pathRefused(`${path}: is a link`, error);
  return new ServerError('store_write_failed', `${path}: the operating system says ${code}`, {
    cause: error,
  });
}
