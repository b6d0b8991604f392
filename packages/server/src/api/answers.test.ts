import { expect, test } from 'vitest';
import type { z } from '@hono/zod-openapi';
import { startTestServer } from '../testing/harness.ts';
import { Catalogue } from './audit/catalogue.ts';
import { Facets } from './audit/facets.ts';
import { HealthDetails } from './audit/health.ts';
import { RecordPage } from './audit/records.ts';
import { VerificationState } from './audit/verification.ts';
import { Health, Histogram, Problem, RecordDetails, SessionInfo } from './schemas.ts';

const system = await startTestServer();
const cookie = await system.signIn('auditor');
await system.request('/portal/audit', { cookie: await system.signIn('admin') });

const ANSWERS: [path: string, schema: z.ZodType][] = [
  ['/api/v1/session', SessionInfo],
  ['/api/v1/audit/records?limit=500', RecordPage],
  ['/api/v1/audit/records/0', RecordDetails],
  ['/api/v1/audit/records/8', RecordDetails],
  ['/api/v1/audit/facets', Facets],
  ['/api/v1/audit/histogram', Histogram],
  ['/api/v1/audit/catalogue', Catalogue],
  ['/api/v1/audit/health', Health],
  ['/api/v1/audit/health/details', HealthDetails],
  ['/api/v1/audit/verification', VerificationState],
  ['/api/v1/audit/records/99999', Problem],
];

test.each(ANSWERS)('%s answers what its schema says, and nothing else', async (path, schema) => {
  const answer = await system.request(path, { cookie });
  const body: unknown = await answer.json();
  // A member that the schema does not know would be dropped by parsing.
  expect(schema.parse(body)).toEqual(body);
});

test('a verification that is done answers what its schema says', async () => {
  await system.request('/api/v1/audit/verification', { method: 'POST', cookie });
  for (;;) {
    const answer = await system.request('/api/v1/audit/verification', { cookie });
    const body = (await answer.json()) as { state: string };
    expect(VerificationState.parse(body)).toEqual(body);
    if (body.state !== 'running') break;
  }
});
