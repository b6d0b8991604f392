import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The repository's top folder. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const TESTDATA = join(ROOT, 'testdata');
export const PORTAL = join(ROOT, 'packages', 'portal');
export const CLI = join(ROOT, 'packages', 'cli', 'bin', 'countersign.mjs');

/** The folder of one of the signed sets in `testdata/dogtag`. */
export function dogtagSet(name: string): string {
  return join(TESTDATA, 'dogtag', name);
}
