import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { whyNoPostgres } from './packages/server/src/testing/postgres/binaries.ts';
import { OVER_BOTH, ONLY_POSTGRES } from './packages/server/src/testing/postgres/files.ts';

const include = [
  'packages/*/src/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'tools/**/*.test.ts',
];
const noPostgres = whyNoPostgres();

/** What is about the state runs a second time in the project "postgres", with the state in PostgreSQL. */
export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A file a core: many wait for a process, a browser or a disk, and none counts on having the machine to itself.
    maxWorkers: availableParallelism(),
    reporters: ['default', './tools/closing-line.ts'],
    projects: [
      { extends: true, test: { name: 'sqlite', include, exclude: [...ONLY_POSTGRES] } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: noPostgres === null ? [...OVER_BOTH, ...ONLY_POSTGRES] : [],
          env: { COUNTERSIGN_TEST_DATABASE: 'postgres' },
          globalSetup: './packages/server/src/testing/postgres/setup.ts',
        },
      },
    ],
  },
});
