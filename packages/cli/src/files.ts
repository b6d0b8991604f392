import { constants } from 'node:fs';
import { access, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliError, fileTrouble, systemCode } from './errors.ts';

/** Reads a file named by an option or argument; `what` is how the message calls it, e.g. `--record`. */
export async function readInput(what: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CliError(
      'file_unreadable',
      `${what} "${path}" cannot be read: ${fileTrouble(error)}`,
      { cause: error, details: { path } },
    );
  }
}

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly force?: boolean | undefined;
  /** Of a new file; what the process makes files with unless given. */
  readonly mode?: number;
}

/** Writes a new file and, unless told to, never over an old one: evidence is not replaced by a repeated command. */
export async function writeNew(
  what: string,
  path: string,
  content: string | Uint8Array,
  { force = false, mode }: WriteOptions = {},
): Promise<void> {
  try {
    await writeFile(path, content, {
      flag: force ? 'w' : 'wx',
      ...(mode !== undefined && { mode }),
    });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new CliError(
        'file_exists',
        `${what} "${path}" exists already; name another file or remove it`,
        { details: { path } },
      );
    }
    throw new CliError(
      'file_unwritable',
      `${what} "${path}" cannot be written: ${fileTrouble(error)}`,
      { cause: error, details: { path } },
    );
  }
}

/** The parts of a data folder. */
export interface DataFolder {
  readonly dir: string;
  readonly log: string;
  /** What the writer of the log holds while it runs. */
  readonly lock: string;
  readonly index: string;
  readonly state: string;
  readonly verifierKey: string;
}

export function dataFolder(dir: string): DataFolder {
  const full = resolve(dir);
  return {
    dir: full,
    log: join(full, 'log'),
    lock: join(full, 'log.lock'),
    index: join(full, 'index.db'),
    state: join(full, 'state.db'),
    verifierKey: join(full, 'keys', 'log.vkey'),
  };
}

/** The data folder of an existing log. */
export async function existingData(dir: string): Promise<DataFolder> {
  const folder = dataFolder(dir);
  if (!(await isFolder(folder.dir))) {
    throw new CliError(
      'data_missing',
      `--data "${dir}" is not a folder; \`countersign start --data ${dir}\` makes one`,
      { details: { data: dir } },
    );
  }
  if (!(await isFolder(folder.log))) {
    throw new CliError(
      'data_missing',
      `--data "${dir}" has no folder "log": it is not the data folder of a log`,
      { details: { data: dir } },
    );
  }
  return folder;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw new CliError('file_unreadable', `"${path}" cannot be read: ${fileTrouble(error)}`, {
      cause: error,
      details: { path },
    });
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
