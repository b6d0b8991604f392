import { defineConfig } from 'vitest/config';

/** Slow suites (whole processes, a browser) run one file at a time beside the unit tests. */
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    reporters: ['default', './tools/closing-line.ts'],
  },
});
