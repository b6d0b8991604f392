import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyLog, type Verdict } from '@countersign/ledger';
import { parseVerifierKey } from '@countersign/tlog';

/**
 * Verifies everything in a data folder and throws unless all of it holds: the assertion to make after every step.
 * The key is the folder's own; a test that tampers with keys brings its own check.
 *
 * @param dataDir the data folder, not its `log`
 */
export async function checkLog(dataDir: string): Promise<Verdict> {
  const key = (await readFile(join(dataDir, 'keys', 'log.vkey'), 'utf8')).trim();
  const verdict = await verifyLog({
    dir: join(dataDir, 'log'),
    verifiers: [parseVerifierKey(key)],
    workers: 1,
  });
  if (!verdict.ok)
    throw new Error(
      `the log does not verify:\n${verdict.problems.map((problem) => JSON.stringify(problem)).join('\n')}`,
    );
  return verdict;
}
