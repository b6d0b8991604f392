/** The tests that run over SQLite and over PostgreSQL. */
export const OVER_BOTH: readonly string[] = [
  'packages/server/src/recording/recorder.test.ts',
  'packages/server/src/recording/watch-changes.test.ts',
  'packages/server/src/accounts/accounts.test.ts',
];

/** The tests that are about PostgreSQL alone. */
export const ONLY_POSTGRES: readonly string[] = [
  'packages/server/src/database/postgres/**/*.test.ts',
];
