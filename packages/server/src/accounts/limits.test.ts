import { expect, test } from 'vitest';
import { attribute, PASSWORDS, startTestServer, type SeenRecord } from '../testing/harness.ts';

const MINUTE = 60_000;

function told(records: readonly SeenRecord[]): string[] {
  return records.map(({ envelope, content }) =>
    [envelope.event, envelope.outcome, content.actor.id, content.reason]
      .filter(Boolean)
      .join(' | '),
  );
}

test('a session not used for too long is refused, recorded once, and its end is recorded once', async () => {
  const system = await startTestServer();
  const cookie = await system.signIn('auditor');
  system.clock.advance(15 * MINUTE + 1);
  const refused = await system.recordsOf(async () => {
    const answer = await system.request('/api/v1/audit/records', { cookie });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      code: 'session_expired',
      detail: 'the session was not used for too long',
    });
  });
  expect(told(refused)).toEqual([
    'AUTHZ | Failure | $Unidentified$ | the session was not used for too long',
  ]);
  const { sessions, recorder } = system.server.platform;
  const ended = await system.recordsOf(async () => await sessions.sweep(recorder));
  expect(told(ended)).toEqual([
    'SESSION_TERMINATED | Success | auditor | the session was not used for too long',
  ]);
  const again = await system.recordsOf(async () => await sessions.sweep(recorder));
  expect(again).toEqual([]);
  const rows = await system.server.platform.state.db.selectFrom('sessions').selectAll().execute();
  expect(rows).toEqual([]);
});

test('a session in use ends after eight hours all the same', async () => {
  const system = await startTestServer();
  const cookie = await system.signIn('admin');
  for (let i = 0; i < 48; i += 1) {
    system.clock.advance(10 * MINUTE);
    expect((await system.request('/api/v1/session', { cookie })).status).toBe(200);
  }
  system.clock.advance(10 * MINUTE);
  const refused = await system.recordsOf(async () => {
    const answer = await system.request('/api/v1/producers', { method: 'POST', body: {}, cookie });
    expect(answer.status).toBe(401);
  });
  expect(told(refused)).toEqual([
    'AUTHZ | Failure | $Unidentified$ | the session has reached its longest duration',
  ]);
});

test('a lock is recorded when it begins and when its time is up', async () => {
  const system = await startTestServer();
  const attempt = async (password: string) =>
    await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'auditor', password },
    });
  const locking = await system.recordsOf(async () => {
    for (let i = 0; i < 5; i += 1) expect((await attempt(`wrong ${i}`)).status).toBe(401);
  });
  expect(locking.at(-1)?.envelope.event).toBe('ACCOUNT_LOCKED');
  expect(attribute(locking.at(-1), 'Attempts')).toBe('5');
  const locked = await system.recordsOf(async () => {
    expect((await attempt(PASSWORDS.auditor)).status).toBe(403);
  });
  expect(locked).toHaveLength(1);
  expect(told(locked)[0]).toMatch(/^AUTH \| Failure .* \| the account is locked until /);

  system.clock.advance(15 * MINUTE + 1);
  const opened = await system.recordsOf(async () => {
    expect((await attempt(PASSWORDS.auditor)).status).toBe(200);
  });
  expect(told(opened)).toEqual([
    'ACCOUNT_UNLOCKED | Success | $System$ | the time of the lock was up',
    'AUTH | Success | auditor',
    'AUTHZ | Success | auditor',
    'ROLE_ASSUME | Success | auditor',
  ]);
});

test('a sign-in asked for by a page of another site is refused and recorded', async () => {
  const system = await startTestServer();
  const records = await system.recordsOf(async () => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'auditor', password: PASSWORDS.auditor },
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'cross_site_request' });
  });
  expect(records).toHaveLength(1);
  expect(told(records)[0]).toMatch(/^AUTHZ \| Failure \| \$Unidentified\$ \| cross-site request: /);
});
