import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { whyNoPostgres } from './binaries.ts';
import { ONLY_POSTGRES, OVER_BOTH } from './files.ts';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));
const why = whyNoPostgres();

test.skipIf(why !== null)(
  `what is about the state is tested over PostgreSQL, too${why === null ? '' : `: not here, ${why}`}`,
  async () => {
    for (const pattern of [...OVER_BOTH, ...ONLY_POSTGRES]) {
      const files = await Array.fromAsync(glob(pattern, { cwd: root }));
      expect({ pattern, files }).not.toEqual({ pattern, files: [] });
    }
  },
);
