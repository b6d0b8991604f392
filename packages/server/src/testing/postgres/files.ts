const SERVER = 'packages/server/src';

/** The tests that run over SQLite and over PostgreSQL: each kind of table and statement, not each rule about them. */
export const OVER_BOTH: readonly string[] = [
  `${SERVER}/{alerts,authorities,certificates,collections,metadata,recording,reconciliation,settings,stores}/*.test.ts`,
  `${SERVER}/keyfactor-actions.test.ts`,
  `${SERVER}/accounts/accounts.test.ts`,
  `${SERVER}/api/{alerts,certificates,collections,settings,stores}/**/*.test.ts`,
  `${SERVER}/api/{collections,metadata-fields,producers,templates}.test.ts`,
  `${SERVER}/api/audit/configuration.test.ts`,
  `${SERVER}/api/security/{identities,reviews,roles}.test.ts`,
  `${SERVER}/authorization/access-policy.test.ts`,
  `${SERVER}/erasure/erasures.test.ts`,
];

/** The tests that are about PostgreSQL alone. */
export const ONLY_POSTGRES: readonly string[] = [`${SERVER}/database/postgres/**/*.test.ts`];
