import { DatabaseSync } from 'node:sqlite';
import { CliError } from './errors.ts';
import type { DataFolder } from './files.ts';

/** SQLite's code for a lock that somebody else holds. */
const SQLITE_BUSY = 5;

/**
 * Holds the folder's writer lock while something derived is made anew, so that no server starts meanwhile; disposing
 * of it lets go. It is the lock the log itself takes: an exclusive transaction on an empty database beside the log.
 *
 * @throws CliError `data_locked` when a server (or another such command) is running on the folder
 */
export function holdWriterLock(folder: DataFolder): Disposable {
  const database = new DatabaseSync(`${folder.log}.lock`, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new CliError(
      'data_locked',
      `--data "${folder.dir}" is in use by a running server: stop it first`,
      {
        cause: error,
        details: { data: folder.dir },
      },
    );
  }
  return { [Symbol.dispose]: () => database.close() };
}
