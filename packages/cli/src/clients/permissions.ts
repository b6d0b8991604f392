import { chmod, mkdir, stat } from 'node:fs/promises';
import { CliError, fileTrouble, systemCode } from '../errors.ts';

const OTHERS = 0o077;
/** Where the system has no such modes, its own protection of home folders has to do. */
const HAS_MODES = process.platform !== 'win32';

/**
 * Makes sure that nobody but the user can read a file or folder of the store.
 *
 * @returns whether it is there
 * @throws CliError `store_insecure`, `file_unreadable`
 */
export async function checkPrivate(path: string): Promise<boolean> {
  let found;
  try {
    found = await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw new CliError('file_unreadable', `"${path}" cannot be read: ${fileTrouble(error)}`, {
      cause: error,
      details: { path },
    });
  }
  if (!HAS_MODES) return true;
  const mode = found.mode & 0o777;
  if ((mode & OTHERS) !== 0) {
    const wanted = found.isDirectory() ? '700' : '600';
    throw new CliError(
      'store_insecure',
      `"${path}" may be read or written by others: expected mode ${wanted}, got ${mode.toString(8)}; \`chmod ${wanted} ${path}\` if nobody else has used it, otherwise have the certificates revoked`,
      { details: { path, mode: mode.toString(8) } },
    );
  }
  const user = process.getuid?.();
  if (user !== undefined && found.uid !== user && user !== 0) {
    throw new CliError(
      'store_insecure',
      `"${path}" belongs to another user: expected ${user}, got ${found.uid}`,
      { details: { path } },
    );
  }
  return true;
}

/** Makes a folder only its user can enter, when there is none; one that is there stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
  if (await checkPrivate(path)) return;
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    throw new CliError('file_unwritable', `"${path}" cannot be made: ${fileTrouble(error)}`, {
      cause: error,
      details: { path },
    });
  }
}
