import { beforeAll, describe, expect, test } from 'vitest';
import { startMailServer } from '../alerts/testing/receivers.ts';
import { putCertificate } from '../alerts/testing/objects.ts';
import { startTestServer, type SeenRecord, type TestServer } from '../testing/harness.ts';

let system: TestServer;
let admin: string;
beforeAll(async () => {
  system = await startTestServer({ withoutTimers: true });
  admin = await system.signIn('admin');
});

async function ask(method: string, path: string, body?: unknown, cookie = admin) {
  let answer = { status: 0, body: {} as Record<string, unknown> };
  const seen = await system.recordsOf(async () => {
    const got = await system.request(`/api/v1/alerts/${path}`, {
      method,
      cookie,
      ...(body === undefined ? {} : { body }),
    });
    const text = await got.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    answer = { status: got.status, body: parsed };
  });
  return { ...answer, told: seen.filter(({ envelope }) => envelope.event !== 'AUTHZ').map(told) };
}

function told({ envelope, content }: SeenRecord) {
  const { category, operation, level } = envelope;
  return {
    is: `${category} ${operation} ${level}`,
    actor: content.actor.id,
    name: content.target?.name,
    before: content.before ?? null,
    after: content.after ?? null,
    reason: content.reason ?? null,
  };
}

const BODY = {
  displayName: 'Web servers',
  subject: 'About {cn}',
  message: '{dn}',
  recipients: ['pki@example.com', '{requester}'],
};

describe.each([
  ['expiration', 'ExpirationAlert', { ...BODY, daysBefore: 30 }],
  ['pending', 'PendingAlert', BODY],
  ['issued', 'IssuedAlert', BODY],
  ['denied', 'DeniedAlert', BODY],
])('an alert of kind %s', (kind, category, body) => {
  test('is created, changed and deleted, each with one record of the whole of it', async () => {
    const by = { actor: 'admin', reason: null };
    const made = await ask('POST', kind, body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...body, kind, enabled: true, webhook: null });
    const model = expect.objectContaining({ kind, displayName: 'Web servers' });
    expect(made.told).toEqual([
      {
        is: `${category} Created Information`,
        ...by,
        name: 'Web servers',
        before: null,
        after: model,
      },
    ]);
    const path = `${kind}/${Number(made.body['id'])}`;
    const changed = await ask('PATCH', path, { displayName: 'Servers' });
    expect(changed.told).toEqual([
      {
        is: `${category} Updated Information`,
        ...by,
        name: 'Servers',
        before: model,
        after: expect.objectContaining({ displayName: 'Servers', recipients: BODY.recipients }),
      },
    ]);
    expect((await ask('PATCH', path, { displayName: 'Servers' })).told).toEqual([]);
    const listed = await ask('GET', kind);
    expect(listed.body['alerts']).toEqual([changed.body]);
    const deleted = await ask('DELETE', path);
    expect(deleted.status).toBe(204);
    expect(deleted.told).toMatchObject([
      { is: `${category} Deleted Information`, name: 'Servers', after: null },
    ]);
    expect((await ask('DELETE', path)).body['code']).toBe('not_found');
  });

  test('has no other of its name', async () => {
    const { body: made } = await ask('POST', kind, body);
    const { status, body: refused, told: records } = await ask('POST', kind, body);
    expect({ status, code: refused['code'], detail: refused['detail'] }).toEqual({
      status: 409,
      code: 'already_exists',
      detail: `displayName: there is a ${kind} alert "Web servers" already`,
    });
    expect(records).toEqual([]);
    await ask('DELETE', `${kind}/${Number(made['id'])}`);
  });
});

describe('an alert is refused', () => {
  test.each([
    [
      'without anybody to tell',
      { recipients: [] },
      'recipients: expected a recipient or a webhook, got neither',
    ],
    [
      'with a placeholder of nothing',
      { message: '{password}' },
      'message: expected known placeholders, got {password}',
    ],
    [
      'with two addresses in one',
      { recipients: ['a@example.com, b@example.com'] },
      'recipients.0: expected an e-mail address, {requester} or {metadata:<field>}, got a@example.com, b@example.com',
    ],
    [
      'with a webhook that is never called',
      { webhook: 'https://169.254.169.254/latest/meta-data' },
      'webhook: expected the address of a host that may be called, got https://169.254.169.254/latest/meta-data',
    ],
    ['without days', { daysBefore: null }, 'daysBefore: expected a number of days, got nothing'],
    [
      'with a query that cannot be read',
      { query: 'CN -eq' },
      expect.stringMatching(/^query: expected a query of certificates, got /),
    ],
    [
      'with a collection that is none',
      { collection: 77 },
      'collection: expected the number of a collection, got 77',
    ],
  ])('%s', async (_, more, detail) => {
    const {
      status,
      body,
      told: records,
    } = await ask('POST', 'expiration', {
      ...BODY,
      daysBefore: 30,
      ...more,
    });
    expect({ status, code: body['code'], detail: body['detail'] }).toEqual({
      status: 422,
      code: 'request_invalid',
      detail,
    });
    expect(records).toEqual([]);
  });

  test('with what chooses certificates, when it is not about expiration', async () => {
    const { body } = await ask('POST', 'issued', { ...BODY, daysBefore: 3 });
    expect(body['detail']).toBe('daysBefore: expected nothing for issued alerts, got 3');
  });
});

describe('the schedule of a kind', () => {
  test.each([
    [
      'expiration',
      'ExpirationAlert',
      { weekly: { days: ['Monday'], time: '07:00' } },
      'on Monday at 07:00 UTC',
    ],
    ['pending', 'PendingAlert', { interval: { minutes: 60 } }, 'every 60 minutes'],
    ['issued', 'IssuedAlert', { daily: { time: '18:00' } }, 'daily at 18:00 UTC'],
  ])('%s is changed with one record', async (kind, category, schedule, name) => {
    const { status, body, told: records } = await ask('PUT', `${kind}/schedule`, { schedule });
    expect({ status, body }).toEqual({ status: 200, body: { schedule } });
    expect(records).toEqual([
      {
        is: `${category} Updated Information`,
        actor: 'admin',
        name,
        before: { kind, schedule: expect.any(String) },
        after: { kind, schedule: name },
        reason: null,
      },
    ]);
    expect((await ask('PUT', `${kind}/schedule`, { schedule })).told).toEqual([]);
    expect((await ask('GET', `${kind}/schedule`)).body).toEqual({ schedule });
  });

  test('comes again, or is at once where nothing is looked for', async () => {
    const { body } = await ask('PUT', 'pending/schedule', { schedule: { immediate: true } });
    expect(body['detail']).toBe(
      'schedule: expected an interval, or times of days or weeks, got immediately',
    );
  });
});

describe('a test of an alert', () => {
  test('about expiration is of the valid certificate that expires next', async () => {
    const near = new Date(Date.now() + 3_600_000).toISOString();
    const subject = 'CN=next.example.com';
    await putCertificate(system, { subject, notAfter: near });
    const sooner = new Date(Date.now() + 60_000).toISOString();
    await putCertificate(system, {
      subject: 'CN=gone.example.com',
      notAfter: sooner,
      state: 'revoked',
    });
    await putCertificate(system, {
      subject: 'CN=over.example.com',
      notAfter: '2026-01-02T00:00:00.000Z',
    });
    const { body: made } = await ask('POST', 'expiration', { ...BODY, daysBefore: 30 });
    const preview = await ask('POST', `expiration/${Number(made['id'])}/test`, { send: false });
    expect(preview.body).toMatchObject({ subject: 'About next.example.com', message: subject });
  });

  test('shows what it says, and is sent to nobody but who asks, with one record', async () => {
    const mail = await startMailServer();
    const settings = {
      'smtp.host': '127.0.0.1',
      'smtp.port': mail.port,
      'smtp.sender': 'countersign@example.com',
      'smtp.security': 'opportunistic',
    };
    await system.request('/api/v1/settings', { method: 'PATCH', cookie: admin, body: settings });
    const { body: made } = await ask('POST', 'issued', BODY);
    const path = `issued/${Number(made['id'])}/test`;
    const preview = await ask('POST', path, { send: false });
    expect(preview.body).toMatchObject({
      subject: expect.stringMatching(/^About ./),
      sentTo: null,
    });
    expect(preview.told).toEqual([]);
    await putCertificate(system, { subject: 'CN=newest.example.com', requester: 'admin' });
    const none = await ask('POST', path, { send: true });
    expect({ status: none.status, code: none.body['code'] }).toEqual({
      status: 409,
      code: 'no_mail_address',
    });
    expect(none.told).toEqual([]);
    await system.behind
      .updateTable('users')
      .set({ email: 'admin@example.com' })
      .where('username', '=', 'admin')
      .execute();
    const sent = await ask('POST', path, { send: true });
    expect(sent.body).toEqual({
      subject: 'About newest.example.com',
      message: 'CN=newest.example.com',
      recipients: ['pki@example.com', 'admin@example.com'],
      unresolved: [],
      sentTo: 'admin@example.com',
    });
    expect(sent.told).toMatchObject([
      { is: 'IssuedAlert Sent Information', actor: 'admin', name: 'Web servers', reason: 'a test' },
    ]);
    expect(mail.arrived.map(({ to }) => to)).toEqual([['admin@example.com']]);
    const broken = { 'smtp.port': 1 };
    await system.request('/api/v1/settings', { method: 'PATCH', cookie: admin, body: broken });
    const failed = await ask('POST', path, { send: true });
    expect({ status: failed.status, code: failed.body['code'] }).toEqual({
      status: 503,
      code: 'mail_failed',
    });
    expect(failed.told).toMatchObject([{ is: 'IssuedAlert Sent Failure', name: 'Web servers' }]);
  });
});
