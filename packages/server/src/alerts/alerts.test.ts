import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Identity } from '../pki/issue.ts';
import { noteOf } from '../recording/testing.ts';
import {
  attribute,
  startTestServer,
  type SeenRecord,
  type TestServer,
} from '../testing/harness.ts';
import { makeIdentities, startMailServer, startWebhookServer } from './testing/receivers.ts';
import { putCertificate, putRequest } from './testing/objects.ts';
import type { AlertKind } from './alert.ts';
import type { AlertCause } from './alerts.ts';

let system: TestServer;
let admin: string;
let authority: Identity;
let identity: Identity;

beforeAll(async () => {
  ({ authority, server: identity } = await makeIdentities());
  system = await startTestServer({ withoutTimers: true });
  admin = await system.signIn('admin');
  await system.behind
    .updateTable('users')
    .set({ email: 'admin@example.com' })
    .where('username', '=', 'admin')
    .execute();
});

beforeEach(async () => {
  await system.behind.deleteFrom('alerts').execute();
  // Whatever did not work before is tried again.
  system.server.platform.alerts.settingsChanged();
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks as the administrator; the clock may have ended his session. */
async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await system.request(`/api/v1/${path}`, {
    method,
    cookie: admin,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status === 401) {
    admin = await system.signIn('admin');
    return await ask(method, path, body);
  }
  const text = await answer.text();
  return {
    status: answer.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function makeAlert(kind: AlertKind, values: Record<string, unknown> = {}): Promise<number> {
  const { status, body } = await ask('POST', `alerts/${kind}`, {
    displayName: `An alert ${kind}`,
    subject: 'About {cn}',
    message: 'Of {dn}, by {requester}: {comment}',
    recipients: ['pki@example.com'],
    ...(kind === 'expiration' ? { daysBefore: 30 } : {}),
    ...values,
  });
  expect({ status, body }).toMatchObject({ status: 201, body: { kind } });
  return Number(body['id']);
}

/** Something happens, as those who issue and deny let it happen. */
async function happens(cause: AlertCause): Promise<void> {
  const { recorder, alerts } = system.server.platform;
  await recorder.audited(async (tx) => {
    tx.record(noteOf('cause'));
    await alerts.queue(tx, cause);
  });
}

async function useMailServer(port: number, more: Record<string, unknown> = {}): Promise<void> {
  const settings = {
    'smtp.host': 'localhost',
    'smtp.port': port,
    'smtp.sender': 'countersign@example.com',
    'smtp.security': 'starttls',
    'smtp.authorities': authority.certificate.toString(),
    'smtp.user': null,
    'smtp.password': null,
    ...more,
  };
  expect(await ask('PATCH', 'settings', settings)).toMatchObject({ status: 200 });
}

/** What sending leaves, once everything that is due was tried. */
async function sentBy(work: () => Promise<unknown> = async () => undefined): Promise<SeenRecord[]> {
  const seen = await system.recordsOf(async () => {
    await work();
    await system.server.platform.alerts.turn();
  });
  return seen.filter(({ envelope }) => envelope.event === 'ALERT_SENT');
}

async function waiting(): Promise<number> {
  return (await system.behind.selectFrom('alert_deliveries').select('id').execute()).length;
}

function told({ envelope, content }: SeenRecord) {
  const { category, operation, level, outcome } = envelope;
  return {
    is: `${category} ${operation} ${level} ${outcome}`,
    name: content.target?.name,
    recipients: content.attributes?.find(([name]) => name === 'Recipients')?.[1] ?? null,
    reason: content.reason ?? null,
  };
}

const MINUTE = 60_000;
const SENT = { is: 'IssuedAlert Sent Information Success', name: 'An alert issued', reason: null };
const FAILED = { is: 'IssuedAlert Sent Failure Failure', name: 'An alert issued' };

describe('an alert by mail', () => {
  test('goes over STARTTLS, signed in, and is recorded once with its recipients', async () => {
    const user = { name: 'countersign', password: 'a long password of mail' };
    const mail = await startMailServer({ identity, user });
    await useMailServer(mail.port, { 'smtp.user': user.name, 'smtp.password': user.password });
    await makeAlert('issued', { recipients: ['a@example.com', 'b@example.com'] });
    const certificate = await putCertificate(system, { subject: 'CN=one.example.com' });
    const seen = await system.recordsOf(async () => {
      await happens({ kind: 'issued', certificate });
      await system.server.platform.alerts.turn();
    });
    const sent = seen.filter(({ envelope }) => envelope.event === 'ALERT_SENT');
    expect(sent.map(told)).toEqual([{ ...SENT, recipients: 'a@example.com, b@example.com' }]);
    expect(sent[0]?.content.actor.id).toBe('$System$');
    expect(sent[0]?.content.related).toContainEqual(
      expect.objectContaining({ type: 'certificate', name: 'CN=one.example.com' }),
    );
    const session = seen.find(({ content }) => content.target?.type === 'mail server');
    expect(session?.envelope).toMatchObject({
      event: 'CLIENT_ACCESS_SESSION_ESTABLISH',
      outcome: 'Success',
    });
    const [arrived] = mail.arrived;
    expect(mail.arrived).toHaveLength(1);
    expect(arrived).toMatchObject({
      from: 'countersign@example.com',
      to: ['a@example.com', 'b@example.com'],
      encrypted: true,
      user: 'countersign',
    });
    expect(arrived?.text).toMatch(/^Subject: About one\.example\.com\r$/m);
    expect(arrived?.text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(arrived?.text).toMatch(/^Content-Type: text\/plain/m);
    expect(arrived?.text).toContain('Of CN=one.example.com, by jdoe');
    expect(arrived?.text).toContain(`Message-ID: <${attribute(sent[0], 'Delivery')}@`);
    expect(await waiting()).toBe(0);
    expect(await sentBy()).toEqual([]);
  });

  test('goes over TLS from the start', async () => {
    const mail = await startMailServer({ identity, tls: true });
    await useMailServer(mail.port, { 'smtp.security': 'tls' });
    await makeAlert('issued');
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([{ ...SENT, recipients: 'pki@example.com' }]);
    expect(mail.arrived).toMatchObject([{ encrypted: true, user: null }]);
  });

  test.each([
    ['in the clear, where the server has no TLS and none is required', false],
    ['encrypted, whoever the server is, where none is required', true],
  ])('goes %s', async (_, encrypted) => {
    const mail = await startMailServer({ identity: encrypted ? identity : null });
    await useMailServer(mail.port, { 'smtp.security': 'opportunistic', 'smtp.authorities': null });
    await makeAlert('issued');
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([{ ...SENT, recipients: 'pki@example.com' }]);
    expect(mail.arrived).toMatchObject([{ encrypted }]);
  });

  test.each([
    ['has no TLS', null, {}, /^localhost:\d+ has no STARTTLS, which is required$/],
    [
      'is somebody else',
      'known',
      { 'smtp.authorities': null },
      /^the certificate of localhost:\d+: /,
    ],
    [
      'does not know us',
      'known',
      { 'smtp.user': 'x', 'smtp.password': 'not this one' },
      /^localhost:\d+: 535 authentication failed$/,
    ],
  ])('stays here when the server %s', async (_, who, settings, reason) => {
    const user = 'smtp.user' in settings ? { name: 'countersign', password: 'right' } : undefined;
    const mail = await startMailServer({
      identity: who === null ? null : identity,
      ...(user === undefined ? {} : { user }),
    });
    await useMailServer(mail.port, settings);
    await makeAlert('issued');
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    const expected = { ...FAILED, recipients: null, reason: expect.stringMatching(reason) };
    expect(sent.map(told)).toEqual([expected]);
    expect(JSON.stringify(sent)).not.toContain('not this one');
    expect(mail.arrived).toEqual([]);
    expect(await waiting()).toBe(1);
  });

  test('is tried again for those only who were put off, and never for those refused for good', async () => {
    let full = true;
    const mail = await startMailServer({
      identity,
      refuse(address) {
        if (address.startsWith('gone')) return { code: 550, message: 'no such user' };
        return full && address.startsWith('full') ? { code: 452, message: 'mailbox full' } : null;
      },
    });
    await useMailServer(mail.port);
    const recipients = ['here@example.com', 'gone@example.com', 'full@example.com'];
    await makeAlert('issued', { recipients });
    const certificate = await putCertificate(system);
    const first = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(first.map(told)).toEqual([
      {
        ...FAILED,
        recipients: 'here@example.com',
        reason:
          'gone@example.com was refused: 550 no such user; full@example.com was refused: 452 mailbox full',
      },
    ]);
    expect(await sentBy()).toEqual([]);
    full = false;
    system.clock.advance(MINUTE);
    const second = await sentBy();
    expect(second.map(told)).toEqual([{ ...SENT, recipients: 'full@example.com' }]);
    expect(attribute(second[0], 'Attempt')).toBe('2');
    expect(mail.arrived.map(({ to }) => to)).toEqual([['here@example.com'], ['full@example.com']]);
    const ids = mail.arrived.map(({ text }) => /^Message-ID: (.*)\r$/m.exec(text)?.[1]);
    expect(ids[1]).toBe(ids[0]);
    expect(await waiting()).toBe(0);
  });

  test('waits with all others while the server cannot be reached: one failure stands for them', async () => {
    let down = true;
    const mail = await startMailServer({ identity, drop: () => down });
    await useMailServer(mail.port);
    await makeAlert('issued');
    const sent = await sentBy(async () => {
      for (const name of ['a', 'b', 'c'])
        await happens({
          kind: 'issued',
          certificate: await putCertificate(system, { subject: `CN=${name}` }),
        });
    });
    expect(sent.map(told)).toEqual([
      { ...FAILED, recipients: null, reason: expect.stringMatching(/^localhost:\d+: /) },
    ]);
    expect(await waiting()).toBe(3);
    down = false;
    system.clock.advance(MINUTE);
    const later = await sentBy();
    expect(new Set(later.map(({ content }) => content.related?.[0]?.name))).toEqual(
      new Set(['CN=a', 'CN=b', 'CN=c']),
    );
    expect(mail.arrived).toHaveLength(3);
  });

  test('is given up after the hours of the settings', async () => {
    await useMailServer(1);
    await ask('PATCH', 'settings', { 'alerts.retryHours': 1 });
    await makeAlert('issued');
    const certificate = await putCertificate(system);
    await sentBy(async () => await happens({ kind: 'issued', certificate }));
    system.clock.advance(60 * MINUTE);
    const sent = await sentBy();
    expect(sent.map(({ content }) => content.reason)).toEqual([
      expect.stringMatching(
        /connection refused; given up after 1 hours$|ECONNREFUSED; given up after 1 hours$/,
      ),
    ]);
    expect(await waiting()).toBe(0);
    await ask('PATCH', 'settings', { 'alerts.retryHours': null });
  });

  test('that is cut off is sent again under the same name, and its record says so', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('issued', { enabled: true });
    await ask('PUT', 'alerts/issued/schedule', { schedule: { interval: { minutes: 5 } } });
    const certificate = await putCertificate(system);
    expect(await sentBy(async () => await happens({ kind: 'issued', certificate }))).toEqual([]);
    // The process ended between the server's yes and the record.
    const begun = { begun_at: '2026-11-22T05:00:00.000Z', attempts: 1 };
    await system.behind.updateTable('alert_deliveries').set(begun).execute();
    system.clock.advance(5 * MINUTE);
    const sent = await sentBy();
    expect(sent.map(told)).toEqual([
      {
        ...SENT,
        recipients: 'pki@example.com',
        reason: 'an attempt before was cut off: it may have been sent twice',
      },
    ]);
    await ask('PUT', 'alerts/issued/schedule', { schedule: { immediate: true } });
  });

  test('takes no name of a certificate for anything but text', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('issued', { subject: '{cn}', message: '{dn}' });
    const subject = 'CN=x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>\r\n.\r\nQUIT';
    const certificate = await putCertificate(system, { subject });
    await sentBy(async () => await happens({ kind: 'issued', certificate }));
    const [arrived] = mail.arrived;
    expect(arrived?.to).toEqual(['pki@example.com']);
    expect(arrived?.text).not.toMatch(/^Bcc:/im);
    expect(arrived?.text).toMatch(/^Content-Type: text\/plain/m);
    expect(arrived?.text).not.toMatch(/^Content-Type: text\/html/im);
    expect(arrived?.text).not.toMatch(/^\.\r?$/m);
  });

  test('to nobody is a failure, and the end of it', async () => {
    await makeAlert('issued', { recipients: ['{requester}'] });
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([
      { ...FAILED, recipients: null, reason: '{requester}: no e-mail address' },
    ]);
    expect(await waiting()).toBe(0);
  });

  test('goes to the address of who asked, where he has one', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('issued', { recipients: ['{requester}'] });
    const certificate = await putCertificate(system, { requester: 'admin' });
    await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(mail.arrived).toMatchObject([{ to: ['admin@example.com'] }]);
  });
});

describe('an alert', () => {
  test('is queued if and only if its cause commits', async () => {
    await useMailServer(1);
    await makeAlert('issued');
    const certificate = await putCertificate(system);
    const { recorder, alerts } = system.server.platform;
    const undone = recorder.audited(async (tx) => {
      tx.record(noteOf('cause'));
      await alerts.queue(tx, { kind: 'issued', certificate });
      throw new Error('and then it was not issued');
    });
    await expect(undone).rejects.toThrow('and then it was not issued');
    expect(await waiting()).toBe(0);
  });

  test('is about its template only, and about nothing while it is disabled', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('issued', { displayName: 'Web', template: 'WebServer' });
    await makeAlert('issued', { displayName: 'Other', template: 'Other' });
    await makeAlert('issued', { displayName: 'Off', enabled: false });
    const certificate = await putCertificate(system, { template: 'WebServer' });
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(({ content }) => content.target?.name)).toEqual(['Web']);
  });

  test('of a denied request tells the comment', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('denied');
    const request = await putRequest(system, { state: 'denied', comment: 'not your domain' });
    const sent = await sentBy(async () => await happens({ kind: 'denied', request }));
    expect(sent.map(told)).toMatchObject([{ is: 'DeniedAlert Sent Information Success' }]);
    expect(sent[0]?.content.related).toEqual([
      { type: 'request', id: String(request), name: 'CN=www.example.com' },
    ]);
    expect(mail.arrived[0]?.text).toContain('not your domain');
  });

  test('that is deleted takes with it what was not sent yet', async () => {
    await useMailServer(1);
    const id = await makeAlert('issued');
    const certificate = await putCertificate(system);
    await sentBy(async () => await happens({ kind: 'issued', certificate }));
    const seen = await system.recordsOf(async () => await ask('DELETE', `alerts/issued/${id}`));
    expect(seen.map(({ content }) => content.reason)).toContain('1 messages were not sent yet');
    expect(await waiting()).toBe(0);
  });
});

describe('a webhook', () => {
  const call = async (status: () => number, listed: string, plain = false) => {
    const hook = await startWebhookServer(plain ? null : identity, status);
    const settings = {
      'alerts.webhookHosts': listed,
      'alerts.webhookAuthorities': authority.certificate.toString(),
    };
    expect(await ask('PATCH', 'settings', settings)).toMatchObject({ status: 200 });
    return { hook, url: `${plain ? 'http' : 'https'}://localhost:${hook.port}/pki?key=verysecret` };
  };

  test('is called with JSON over a recorded TLS session, and the record does not say how to call it', async () => {
    const { hook, url } = await call(() => 200, 'localhost');
    await makeAlert('issued', { recipients: [], webhook: url });
    const certificate = await putCertificate(system, { subject: 'CN=<b>"two"' });
    const seen = await system.recordsOf(async () => {
      await happens({ kind: 'issued', certificate });
      await system.server.platform.alerts.turn();
    });
    const sent = seen.filter(({ envelope }) => envelope.event === 'ALERT_SENT');
    expect(sent.map(told)).toEqual([{ ...SENT, recipients: null }]);
    expect(attribute(sent[0], 'Webhook')).toMatch(/^https:\/\/localhost:\d+\/… \([0-9a-f]{12}\)$/);
    expect(JSON.stringify(seen)).not.toContain('verysecret');
    expect(seen.some(({ content }) => content.target?.type === 'webhook')).toBe(true);
    expect(hook.arrived).toMatchObject([
      {
        headers: { 'idempotency-key': attribute(sent[0], 'Delivery') },
        body: {
          id: attribute(sent[0], 'Delivery'),
          kind: 'issued',
          alert: { name: 'An alert issued' },
          subject: 'About <b>"two"',
          facts: { dn: 'CN=<b>"two"' },
        },
      },
    ]);
  });

  test('may be plain http where the settings list the host', async () => {
    const { hook, url } = await call(() => 204, 'localhost', true);
    await makeAlert('issued', { recipients: [], webhook: url });
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([{ ...SENT, recipients: null }]);
    expect(hook.arrived).toHaveLength(1);
  });

  test('that leads elsewhere is not followed, and is tried again', async () => {
    let status = 302;
    const { hook, url } = await call(() => status, 'localhost');
    await makeAlert('issued', { recipients: [], webhook: url });
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([
      { ...FAILED, recipients: null, reason: 'localhost: expected a status of 2xx, got 302' },
    ]);
    status = 200;
    system.clock.advance(MINUTE);
    expect((await sentBy()).map(told)).toEqual([{ ...SENT, recipients: null }]);
    expect(hook.arrived).toHaveLength(2);
  });

  test('on this machine is not called when nobody lists it, whatever its name', async () => {
    const { hook, url } = await call(() => 200, 'localhost');
    await makeAlert('issued', { recipients: [], webhook: url });
    await ask('PATCH', 'settings', { 'alerts.webhookHosts': null });
    const certificate = await putCertificate(system);
    const sent = await sentBy(async () => await happens({ kind: 'issued', certificate }));
    expect(sent.map(told)).toEqual([
      {
        ...FAILED,
        recipients: null,
        reason: 'localhost is at an address that webhooks never call',
      },
    ]);
    expect(hook.arrived).toEqual([]);
  });
});

describe('by schedule', () => {
  test('each certificate that expires soon is told of once for an alert and its days', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    const now = system.clock.read().getTime();
    const inDays = (days: number) => new Date(now + days * 24 * 60 * MINUTE).toISOString();
    await putCertificate(system, { subject: 'CN=soon', notAfter: inDays(20) });
    await putCertificate(system, { subject: 'CN=other', notAfter: inDays(20) });
    await putCertificate(system, { subject: 'CN=soon-later', notAfter: inDays(40) });
    await putCertificate(system, { subject: 'CN=soon-gone', notAfter: inDays(-1) });
    const revoked = { notAfter: inDays(5), state: 'revoked' } as const;
    await putCertificate(system, { subject: 'CN=soon-revoked', ...revoked });
    const query = 'CN -startswith "soon"';
    const id = await makeAlert('expiration', { query, subject: '{cn}: {daysLeft}' });
    await sentBy();
    expect(mail.arrived).toEqual([]);
    // Every day at six: the first time it is looked for.
    system.clock.advance(24 * 60 * MINUTE);
    const sent = await sentBy();
    expect(sent.map(({ content }) => content.related?.[0]?.name)).toEqual(['CN=soon']);
    expect(sent.map(told)).toMatchObject([{ is: 'ExpirationAlert Sent Information Success' }]);
    expect(mail.arrived[0]?.text).toMatch(/^Subject: soon: 19\r$/m);
    system.clock.advance(24 * 60 * MINUTE);
    expect(await sentBy()).toEqual([]);
    await ask('PATCH', `alerts/expiration/${id}`, { daysBefore: 18 });
    system.clock.advance(24 * 60 * MINUTE);
    expect((await sentBy()).map(({ content }) => content.related?.[0]?.name)).toEqual(['CN=soon']);
  });

  test('an alert whose query cannot be read any more is a failure of its own', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    const broken = await makeAlert('expiration', { displayName: 'A broken one' });
    await makeAlert('expiration', { displayName: 'One that works' });
    await system.behind
      .updateTable('alerts')
      .set({ query: 'Metadata.Gone -eq "x"' })
      .where('id', '=', broken)
      .execute();
    const notAfter = new Date(system.clock.read().getTime() + 3 * 24 * 60 * MINUTE).toISOString();
    await putCertificate(system, { notAfter });
    system.clock.advance(24 * 60 * MINUTE);
    const sent = await sentBy();
    expect(sent.map(told)[0]).toEqual({
      is: 'ExpirationAlert Sent Failure Failure',
      name: 'A broken one',
      recipients: null,
      reason: expect.stringMatching(/^what it is about cannot be found: /),
    });
    expect(sent.slice(1).every(({ content }) => content.target?.name === 'One that works')).toBe(
      true,
    );
    expect(sent.length).toBeGreaterThan(1);
  });

  test('each request that waits is told of once', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    await makeAlert('pending', { template: 'WebServer' });
    const request = await putRequest(system);
    await putRequest(system, { template: 'Other' });
    system.clock.advance(10 * MINUTE);
    const sent = await sentBy();
    expect(sent.map(told)).toMatchObject([{ is: 'PendingAlert Sent Information Success' }]);
    expect(sent[0]?.content.related?.[0]?.id).toBe(String(request));
    system.clock.advance(10 * MINUTE);
    expect(await sentBy()).toEqual([]);
  });

  test('nothing is looked for while it is off', async () => {
    const mail = await startMailServer({ identity });
    await useMailServer(mail.port);
    expect(await ask('PUT', 'alerts/pending/schedule', { schedule: null })).toMatchObject({
      status: 200,
    });
    await makeAlert('pending');
    await putRequest(system);
    system.clock.advance(24 * 60 * MINUTE);
    expect(await sentBy()).toEqual([]);
  });
});
