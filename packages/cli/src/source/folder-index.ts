import { LedgerError, openIndex, type LogIndex } from '@countersign/ledger';
import { CliError, EXIT_TROUBLE, messageOf } from '../errors.ts';
import type { DataFolder } from '../files.ts';
import { holdWriterLock } from '../writer-lock.ts';

/** What to tell people beside the result; on stderr. */
type Say = (line: string) => void;

/**
 * Opens the search index of a folder. Beside a running server it is only read: the server keeps it up to date. Without
 * one, what is missing is added first, so that searches find everything; where that may not be written, they go without.
 *
 * @throws CliError `data_missing` when there is no index and none can be made
 */
export async function openFolderIndex(
  folder: DataFolder,
  size: number,
  say: Say,
): Promise<LogIndex> {
  let index = await openExisting(folder);
  if (index === null || index.indexedSize() < size) {
    const problem = await catchUp(folder, size);
    await index?.close();
    index = await openExisting(folder);
    if (index === null) {
      throw new CliError(
        'data_missing',
        `--data "${folder.dir}" has no search index, and none can be made: ${problem}`,
        {
          exitCode: EXIT_TROUBLE,
          details: { data: folder.dir },
        },
      );
    }
  }
  const behind = size - index.indexedSize();
  if (behind > 0)
    say(`note: the index is ${behind} of ${size} records behind; the newest are not found yet`);
  return index;
}

async function openExisting(folder: DataFolder): Promise<LogIndex | null> {
  try {
    return await openIndex({ path: folder.index, logDir: folder.log, readOnly: true });
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'index_missing') return null;
    throw error;
  }
}

/** @returns why the index could not be brought up to date, or null */
async function catchUp(folder: DataFolder, size: number): Promise<string | null> {
  try {
    using _ = holdWriterLock(folder);
    const index = await openIndex({ path: folder.index, logDir: folder.log });
    try {
      index.catchUp(size);
      await index.whenIndexed(size);
    } finally {
      await index.close();
    }
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
