import { LedgerError, takeWriterLock, type WriterLock } from '@countersign/ledger';
import { CliError } from './errors.ts';
import type { DataFolder } from './files.ts';

/**
 * Holds the log's writer lock while something derived is made anew, so that no server starts meanwhile; disposing of
 * it lets go.
 *
 * @throws CliError `data_locked` when a server (or another such command) is running on the folder
 */
export function holdWriterLock(folder: DataFolder): Disposable {
  let lock: WriterLock;
  try {
    lock = takeWriterLock(folder.lock);
  } catch (cause) {
    if (!(cause instanceof LedgerError) || cause.code !== 'log_locked') throw cause;
    throw new CliError(
      'data_locked',
      `--data "${folder.dir}" is in use by a running server: stop it first`,
      { cause, details: { data: folder.dir } },
    );
  }
  return { [Symbol.dispose]: () => lock.release() };
}
