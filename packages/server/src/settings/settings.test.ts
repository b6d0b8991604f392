import { beforeAll, expect, test } from 'vitest';
import { putCertificate } from '../alerts/testing/objects.ts';
import { ask, done } from '../api/certificates/testing.ts';
import { startTestServer, type TestServer } from '../testing/harness.ts';

/** What settings decide elsewhere. */

let system: TestServer;
let admin: string;
let operator: string;
beforeAll(async () => {
  system = await startTestServer({ withoutTimers: true });
  admin = await system.signIn('admin');
  operator = await system.signInAs('operator', ['CA Operations']);
});

async function set(body: Record<string, unknown>): Promise<void> {
  await done(system, admin, { method: 'PATCH', path: 'settings', body });
}

test('a page of certificates has as many as the settings say, unless it is asked for another number', async () => {
  for (let i = 0; i < 12; i += 1) await putCertificate(system, { subject: `CN=host-${i}` });
  await set({ 'certificates.pageSize': 10 });
  const page = await ask(system, operator, { method: 'GET', path: 'certificates' });
  expect(page.body['certificates']).toHaveLength(10);
  expect(page.body['next']).toEqual(expect.any(String));
  const other = await ask(system, operator, { method: 'GET', path: 'certificates?limit=11' });
  expect(other.body['certificates']).toHaveLength(11);
});

test('everybody who is signed in is told how many days are soon', async () => {
  await set({ 'console.expiringSoonDays': 90 });
  const { body } = await ask(system, operator, { method: 'GET', path: 'session' });
  expect(body['expiringSoonDays']).toBe(90);
});

test('a password that somebody chooses for a key file has at least as many characters as they say', async () => {
  await set({ 'enrollment.pkcs12PasswordLength': 20 });
  const body = { template: 'WebServer', subject: 'CN=length.example.com' };
  const short = { ...body, password: 'nineteen characters' };
  const refused = await ask(system, operator, { path: 'enrollment/pfx', body: short });
  expect(refused).toMatchObject({
    status: 422,
    body: { detail: 'password: expected 20 to 256 characters, got 19 characters' },
  });
  const long = { ...body, password: 'now twenty characters' };
  expect(await ask(system, operator, { path: 'enrollment/pfx', body: long })).toMatchObject({
    status: 201,
  });
});

test('one person may ask and agree where they let him', async () => {
  const body = { template: 'WebServerApproved', subject: 'CN=*.example.com' };
  const enrolled = await done(system, operator, { path: 'enrollment/pfx', body });
  const path = `requests/${Number(enrolled.body['request'])}/approve`;
  expect(await ask(system, operator, { path, body: {} })).toMatchObject({
    status: 409,
    body: { code: 'own_request' },
  });
  await set({ 'enrollment.separateApprover': false });
  expect(await ask(system, operator, { path, body: {} })).toMatchObject({
    status: 200,
    body: { state: 'issued' },
  });
});

test('the state is compared with the log when they say', async () => {
  const { reconciliations } = system.server.platform;
  reconciliations.start(null);
  await reconciliations.idle();
  const began = () => {
    const report = reconciliations.report();
    return report.state === 'never' ? null : report.startedAt;
  };
  const first = began();
  // It is 05:00 UTC.
  await set({ 'certificates.reconciliationTime': '05:30' });
  system.clock.advance(29 * 60_000);
  reconciliations.turn();
  expect(began()).toBe(first);
  system.clock.advance(60_000);
  reconciliations.turn();
  await reconciliations.idle();
  expect(began()).toBe('2026-11-22T05:30:00.000Z');
});
