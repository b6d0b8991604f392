/**
 * One process writes to a log. SQLite's exclusive lock on an empty database file is a lock of the
 * operating system: it vanishes with its process, however that ends, so it can never be stale.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError, messageOf } from './errors.ts';

export interface WriterLock {
  /** False when somebody removed or replaced the lock's file: another process may hold a lock of that name now. */
  isHeld(): boolean;
  release(): void;
}

const SQLITE_BUSY = 5;

/** Takes the lock or throws LedgerError `log_locked` at once. The file stays empty and may stay behind. */
export function takeWriterLock(path: string): WriterLock {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
  } catch (cause) {
    throw new LedgerError(
      'log_unavailable',
      `couldn't open the lock ${path}: ${messageOf(cause)}`,
      {
        cause,
        file: path,
      },
    );
  }
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw new LedgerError(
        'log_locked',
        `another process is writing to this log: it holds ${path}; stop it first`,
        { cause, file: path },
      );
    }
    throw new LedgerError(
      'log_unavailable',
      `couldn't take the lock ${path}: ${messageOf(cause)}`,
      {
        cause,
        file: path,
      },
    );
  }
  const fileOf = () => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
  const file = fileOf();
  return {
    isHeld: () => fileOf() === file,
    release() {
      if (database.isOpen) database.close();
    },
  };
}
