import { LedgerError, messageOf } from '../errors.ts';
import { checkIndex } from '../search/check-index.ts';
import type { Problems } from './verdict.ts';

/** Compares the search index with the log. Returns what was found, in words. */
export async function compareIndex(
  path: string,
  logDir: string,
  problems: Problems,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (problems.count('tampered', 'truncated') > 0) {
    return 'the search index was not compared: the log itself is not as it was signed';
  }
  try {
    const report = await checkIndex({ path, logDir, ...(signal === undefined ? {} : { signal }) });
    const { size, indexed, checked } = report;
    for (const { kind, index, message } of report.problems) {
      // It follows the log at a distance: what it has not come to yet is not wrong.
      if (kind === 'missing' && index !== undefined && index >= indexed) continue;
      problems.add({ kind: 'index', message, ...(index === undefined ? {} : { index }) });
    }
    const lag = size > indexed ? `; it has ${size - indexed} records to come` : '';
    return `${checked} records were compared with the search index${lag}`;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    if (error instanceof LedgerError && error.code === 'index_missing') {
      return `${messageOf(error)}; it can be made anew from the log`;
    }
    problems.add({ kind: 'index', message: `the search index can't be read: ${messageOf(error)}` });
    return 'the search index could not be read';
  }
}
