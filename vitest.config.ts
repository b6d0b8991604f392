import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A file a core: many wait for a process, a browser or a disk, and none counts on having the machine to itself.
    maxWorkers: availableParallelism(),
    reporters: ['default', './tools/closing-line.ts'],
  },
});
