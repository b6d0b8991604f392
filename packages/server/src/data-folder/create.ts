import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '@countersign/ledger';
import { createLogKeys, dataPaths, loadLogKeys, type LogKeys } from './keys.ts';

/**
 * Makes what a data folder needs and does not have: keys, then an empty log signed by them. May be called on a
 * complete folder; it changes nothing there. `origin` counts only when the keys are made.
 */
export async function createDataFolder(
  dataDir: string,
  options: { readonly origin?: string | null } = {},
): Promise<LogKeys> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const paths = dataPaths(dataDir);
  await createLogKeys(dataDir, options.origin ?? null);
  const keys = await loadLogKeys(dataDir);
  const hasLog = await stat(join(paths.log, 'checkpoint')).then(
    () => true,
    () => false,
  );
  if (!hasLog) await createLog({ dir: paths.log, origin: keys.origin, signers: keys.signers });
  return keys;
}
