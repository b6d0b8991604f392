import { posix } from 'node:path';
import type { Client, SFTPWrapper, Stats } from 'ssh2';
import { ServerError } from '../../errors.ts';
import {
  assertPath,
  MAX_ENTRIES,
  notAFile,
  temporaryName,
  tooLarge,
  type FileEntry,
  type StoreFiles,
} from './store-files.ts';

/** Longest time for one request; a machine that says nothing for so long is gone. */
const REQUEST_MS = 30_000;
const GOODBYE_MS = 5_000;
/** Longest time for everything that is done at one go: a machine that answers, but never ends, holds up nobody else. */
const SESSION_MS = 10 * 60_000;
/** One answer of SFTP: `NO_SUCH_FILE`. */
const NO_SUCH_FILE = 2;

/** The files of a machine at which we have signed in. */
export class SftpFiles implements StoreFiles {
  readonly #machine: string;
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #lost: Promise<never>;
  constructor(machine: string, client: Client, sftp: SFTPWrapper) {
    this.#machine = machine;
    this.#client = client;
    this.#sftp = sftp;
    this.#lost = new Promise<never>((_, reject) => {
      client.once('close', () => {
        reject(new Error('the connection was closed'));
      });
    });
    this.#lost.catch(() => undefined);
    const over = setTimeout(() => void client.destroy(), SESSION_MS).unref();
    client.once('close', () => {
      clearTimeout(over);
    });
    // What is no SFTP ends the connection; the request that waits says so.
    sftp.on('error', () => void client.destroy());
  }

  async read(path: string, limit: number): Promise<Buffer | null> {
    assertPath(path);
    const handle = await this.#orNull(
      this.#ask<Buffer>((done) => this.#sftp.open(path, 'r', done)),
    );
    if (handle === null) return null;
    try {
      const { size } = this.#assertFile(path, await this.#statOf(handle));
      if (size > limit) throw tooLarge(path, limit);
      return await this.#readAtMost(path, handle, limit);
    } finally {
      await this.#closeHandle(handle);
    }
  }

  async replace(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    assertPath(path);
    const old = await this.#stat(path);
    if (old !== null) this.#assertFile(path, old);
    // A link stays one: what it leads to is replaced.
    const real =
      old === null ? path : await this.#ask<string>((done) => this.#sftp.realpath(path, done));
    const temporary = posix.join(posix.dirname(real), temporaryName(posix.basename(real)));
    await this.#orNull(this.#tell((done) => this.#sftp.unlink(temporary, done)));
    const handle = await this.#ask<Buffer>((done) =>
      this.#sftp.open(temporary, 'wx', { mode: 0o600 }, done),
    );
    try {
      try {
        const content = Buffer.from(bytes);
        if (content.length > 0)
          await this.#tell((done) => this.#sftp.write(handle, content, 0, content.length, 0, done));
        await this.#keep(path, handle, old, mode);
        await this.#sync(handle);
      } finally {
        await this.#closeHandle(handle);
      }
      await this.#rename(path, temporary, real, old !== null);
    } catch (error) {
      await this.#tell((done) => this.#sftp.unlink(temporary, done)).catch(() => undefined);
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    assertPath(path);
    await this.#orNull(this.#tell((done) => this.#sftp.unlink(path, done)));
  }

  async list(path: string): Promise<FileEntry[] | null> {
    assertPath(path);
    const entries = await this.#orNull(
      this.#ask<{ filename: string; attrs: Stats }[]>((done) => this.#sftp.readdir(path, done)),
    );
    if (entries === null) return null;
    return entries
      .slice(0, MAX_ENTRIES)
      .filter(({ filename }) => !/[/\p{Cc}]/u.test(filename) && !/^\.{1,2}$/.test(filename))
      .map(({ filename, attrs }): FileEntry => {
        const kind = attrs.isFile() ? 'file' : attrs.isDirectory() ? 'folder' : 'other';
        return { name: filename, kind };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async makeFolder(path: string): Promise<void> {
    assertPath(path);
    if ((await this.#stat(path)) !== null) return;
    await this.#tell((done) => this.#sftp.mkdir(path, { mode: 0o750 }, done));
  }

  async close(): Promise<void> {
    this.#client.end();
    // Nobody waits for the other side's goodbye; one that never comes keeps nothing open.
    const gone = setTimeout(() => void this.#client.destroy(), GOODBYE_MS).unref();
    this.#client.once('close', () => {
      clearTimeout(gone);
    });
  }

  async #readAtMost(path: string, handle: Buffer, limit: number): Promise<Buffer> {
    const buffer = Buffer.alloc(limit + 1);
    let size = 0;
    while (size <= limit) {
      const at = size;
      const room = Math.min(32_768, limit + 1 - at);
      const got = await this.#ask<number>((done) =>
        // The end of the file is no error to ssh2: nothing was read.
        this.#sftp.read(handle, buffer, at, room, at, done),
      );
      if (got === 0) return Buffer.from(buffer.subarray(0, size));
      size += got;
    }
    throw tooLarge(path, limit);
  }

  async #keep(path: string, handle: Buffer, old: Stats | null, mode: number): Promise<void> {
    const made = await this.#statOf(handle);
    if (old !== null && (old.uid !== made.uid || old.gid !== made.gid)) {
      const { uid, gid } = old;
      const kept = this.#tell((done) => this.#sftp.fchown(handle, uid, gid, done));
      await kept.catch((error: unknown) => {
        throw this.#failed(
          `${path}: its owner ${uid}:${gid} cannot be kept by that account`,
          error,
        );
      });
    }
    const bits = (old === null ? mode : old.mode) & 0o7777;
    await this.#tell((done) => this.#sftp.fchmod(handle, bits, done));
  }

  /** What the machine has not written to its disk is lost when it fails; not all servers can be asked for it. */
  async #sync(handle: Buffer): Promise<void> {
    await this.#extension((done) => this.#sftp.ext_openssh_fsync(handle, done));
  }

  async #rename(path: string, from: string, to: string, over: boolean): Promise<void> {
    if (await this.#extension((done) => this.#sftp.ext_openssh_rename(from, to, done))) return;
    // SFTP's own rename takes no place that is taken.
    if (over)
      throw this.#failed(
        `${path}: the server cannot put a file in the place of another at once (posix-rename@openssh.com)`,
      );
    await this.#tell((done) => this.#sftp.rename(from, to, done));
  }

  /** Asks for something that not every server does; false: this one does not. */
  async #extension(
    ask: (done: (error: Error | null | undefined) => void) => void,
  ): Promise<boolean> {
    try {
      await this.#tell(ask);
      return true;
    } catch (error) {
      const { cause } = error as ServerError;
      if (cause instanceof Error && cause.message.includes('does not support this extended'))
        return false;
      throw error;
    }
  }

  #assertFile(path: string, stats: Stats): Stats {
    if (!stats.isFile()) throw notAFile(path);
    return stats;
  }

  async #stat(path: string): Promise<Stats | null> {
    return await this.#orNull(this.#ask<Stats>((done) => this.#sftp.stat(path, done)));
  }

  async #statOf(handle: Buffer): Promise<Stats> {
    return await this.#ask<Stats>((done) => this.#sftp.fstat(handle, done));
  }

  async #closeHandle(handle: Buffer): Promise<void> {
    await this.#tell((done) => this.#sftp.close(handle, done)).catch(() => undefined);
  }

  async #tell(ask: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
    await this.#ask<void>((done) => {
      ask((error) => {
        done(error ?? undefined, undefined);
      });
    });
  }

  async #ask<T>(
    ask: (done: (error: Error | null | undefined, answer: T) => void) => void,
  ): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      ask((error, got) => {
        if (error === undefined || error === null) resolve(got);
        else reject(error);
      });
    });
    try {
      return await within(this.#machine, Promise.race([answer, this.#lost]));
    } catch (error) {
      if (error instanceof ServerError) throw error;
      throw this.#failed(`${this.#machine}: ${wordsOf(error)}`, error);
    }
  }

  async #orNull<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      const { cause } = error as ServerError;
      if (cause instanceof Error && 'code' in cause && cause.code === NO_SUCH_FILE) return null;
      throw error;
    }
  }

  #failed(message: string, cause?: unknown): ServerError {
    return new ServerError('store_write_failed', message, { cause });
  }
}

/** Throws `store_unreachable` when an answer takes too long. */
export async function within<T>(machine: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const seconds = REQUEST_MS / 1_000;
      reject(new ServerError('store_unreachable', `${machine}: no answer for ${seconds} seconds`));
    }, REQUEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a machine says is a stranger's text: short, and one line. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200) || 'no reason given';
}
