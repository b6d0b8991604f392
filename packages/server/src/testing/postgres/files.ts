const SERVER = 'packages/server/src';

/** The tests that run over SQLite and over PostgreSQL: each kind of table and statement, not each rule about them. */
export const OVER_BOTH: readonly string[] = [
  `${SERVER}/keyfactor-actions.test.ts`,
  `${SERVER}/{authorities,certificates,reconciliation,recording,settings}/*.test.ts`,
  `${SERVER}/accounts/accounts.test.ts`,
  `${SERVER}/alerts/alerts.test.ts`,
  `${SERVER}/api/{alerts,collections,metadata-fields,producers,settings,templates}.test.ts`,
  `${SERVER}/api/certificates/*.test.ts`,
  `${SERVER}/api/stores/{stores,reenroll}.test.ts`,
  `${SERVER}/api/audit/configuration.test.ts`,
  `${SERVER}/api/security/reviews.test.ts`,
  `${SERVER}/authorization/access-policy.test.ts`,
];

/** The tests that are about PostgreSQL alone. */
export const ONLY_POSTGRES: readonly string[] = [`${SERVER}/database/postgres/**/*.test.ts`];
