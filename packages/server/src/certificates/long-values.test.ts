import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateIn, done } from '../api/certificates/testing.ts';
import { startTestServer } from '../testing/harness.ts';

/** A text that nothing can compress. */
function text(length: number): string {
  return randomBytes(length).toString('base64').replaceAll(/[+/]/g, 'x').slice(0, length);
}

test('the longest values of names and metadata are kept whole and found, in either database', async () => {
  const system = await startTestServer({ withoutTimers: true });
  const admin = await system.signIn('admin');
  const operator = await system.signInAs('operator', ['CA Operations']);
  await done(system, admin, { path: 'metadata-fields', body: { name: 'Notes', type: 'text' } });
  // Words, so that no part of it looks like a secret.
  const notes = Array.from({ length: 390 }, () => text(9)).join(' ');
  const uri = `https://example.com/${text(1_000)}`;
  const template = {
    name: 'Long',
    displayName: 'Long',
    policy: { sans: { allowed: ['uri'], required: false, regexes: [], commonNameAsDns: false } },
  };
  await done(system, admin, { path: 'templates', body: template });
  const subject = `CN=long,${Array.from({ length: 22 }, () => `OU=${text(64)}`).join(',')}`;
  const body = { template: 'Long', subject, sans: [{ type: 'uri', value: uri }] };
  const { id } = certificateIn(await done(system, operator, { path: 'enrollment/pfx', body }));
  await done(system, operator, {
    method: 'PATCH',
    path: `certificates/${id}/metadata`,
    body: { metadata: { Notes: notes } },
  });
  const kept = await done(system, operator, { method: 'GET', path: `certificates/${id}` });
  expect(kept.body).toMatchObject({ subject, metadata: { Notes: notes } });
  for (const query of [
    `Notes -contains "${notes.slice(0, 40)}"`,
    `DN -contains "${subject.slice(-40)}"`,
    `SAN -contains "${uri.slice(-40)}"`,
  ]) {
    const path = `certificates?query=${encodeURIComponent(query)}`;
    const found = await done(system, operator, { method: 'GET', path });
    expect({ query, total: found.body['total'] }).toEqual({ query, total: 1 });
  }
});
