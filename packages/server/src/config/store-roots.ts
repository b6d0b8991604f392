import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { ConfigFault } from './config.ts';
import { ENVIRONMENT, type Raw } from './names.ts';

/**
 * The folders in which stores may be. Whoever manages stores can write there, so the data folder, with the log and its
 * keys, and everything above it is refused.
 */
export function readStoreRoots(raw: Raw, data: string, faults: ConfigFault[]): string[] {
  const roots = (raw.storeRoots ?? '')
    .split(',')
    .map((root) => root.trim())
    .filter((root) => root !== '');
  for (const root of roots) {
    const name = ENVIRONMENT.storeRoots;
    if (!isAbsolute(root)) faults.push({ name, expected: 'absolute paths of folders', got: root });
    else if (isWithin(data, resolve(root)) || isWithin(resolve(root), data))
      faults.push({ name, expected: 'folders apart from the data folder', got: root });
  }
  return roots.map((root) => resolve(root));
}

/** Whether a path is a folder or lies below it; both absolute and without `..`. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
