import { beforeAll, describe, expect, test } from 'vitest';
import { SETTING_NAMES, SETTINGS } from '../settings/definitions.ts';
import { startTestServer, type SeenRecord, type TestServer } from '../testing/harness.ts';

let system: TestServer;
let admin: string;
beforeAll(async () => {
  system = await startTestServer();
  admin = await system.signIn('admin');
});

async function change(body: unknown, cookie = admin) {
  let answer = { status: 0, body: {} as Record<string, unknown> };
  const seen = await system.recordsOf(async () => {
    const got = await system.request('/api/v1/settings', { method: 'PATCH', body, cookie });
    answer = { status: got.status, body: (await got.json()) as Record<string, unknown> };
  });
  return { ...answer, seen: seen.filter(({ envelope }) => envelope.event !== 'AUTHZ') };
}

function told({ envelope, content }: SeenRecord) {
  const { category, operation, level } = envelope;
  return {
    is: `${category} ${operation} ${level}`,
    actor: content.actor.id,
    name: content.target?.name,
    before: content.before,
    after: content.after,
  };
}

describe('the first start', () => {
  test('records each setting as created, once, and the next start nothing', async () => {
    const created = (await system.records()).filter(
      ({ envelope }) => envelope.category === 'ApplicationSetting',
    );
    expect(created.map(told)).toEqual(
      SETTING_NAMES.map((name) => ({
        is: 'ApplicationSetting Created Information',
        actor: '$System$',
        name: SETTINGS[name].displayName,
        before: undefined,
        after: expect.objectContaining({ name, displayName: SETTINGS[name].displayName }),
      })),
    );
    const again = await startAgainAfter(async () => undefined);
    expect(again).toEqual([]);
  });

  test('after an upgrade records what is new, what has another default, and what is gone', async () => {
    const again = await startAgainAfter(async (behind) => {
      await behind
        .deleteFrom('application_settings')
        .where('name', '=', 'certificates.pageSize')
        .execute();
      await behind
        .updateTable('application_settings')
        .set({ default_value: '7' })
        .where('name', '=', 'console.expiringSoonDays')
        .execute();
      const old = { name: 'old.thing', value: null, default_value: '1' };
      await behind
        .insertInto('application_settings')
        .values({ ...old, updated_at: '2026-01-01T00:00:00.000Z', updated_by: '$System$' })
        .execute();
    });
    expect(again.map(told)).toMatchObject([
      { is: 'ApplicationSetting Created Information', name: 'Certificates on a page' },
      {
        is: 'ApplicationSetting Updated Information',
        name: 'Days before expiration that are soon',
        before: { value: 7, default: 7 },
        after: { value: 30, default: 30 },
      },
      { is: 'ApplicationSetting Deleted Information', before: { name: 'old.thing', default: 1 } },
    ]);
  });

  /** The records of settings that a second start leaves after something was changed while there was no server. */
  async function startAgainAfter(
    meanwhile: (behind: TestServer['behind']) => Promise<void>,
  ): Promise<SeenRecord[]> {
    const first = await startTestServer();
    await meanwhile(first.behind);
    await first.server.close();
    const second = await startTestServer({ dir: first.dir });
    const records = await second.records(first.server.log.size);
    return records.filter(({ envelope }) => envelope.category === 'ApplicationSetting');
  }
});

describe('a setting', () => {
  test('is changed at once, with one record of itself, before and after', async () => {
    const { status, body, seen } = await change({
      'certificates.pageSize': 100,
      'enrollment.separateApprover': false,
    });
    expect(status).toBe(200);
    expect(body['settings']).toContainEqual(
      expect.objectContaining({ name: 'certificates.pageSize', value: 100, default: 50 }),
    );
    expect(seen.map(told)).toEqual([
      {
        is: 'ApplicationSetting Updated Information',
        actor: 'admin',
        name: 'Certificates on a page',
        before: expect.objectContaining({ value: 50 }),
        after: expect.objectContaining({ value: 100 }),
      },
      {
        is: 'ApplicationSetting Updated Information',
        actor: 'admin',
        name: 'Requests are approved by somebody else',
        before: expect.objectContaining({ value: true }),
        after: expect.objectContaining({ value: false }),
      },
    ]);
    expect(system.server.platform.settings.get('certificates.pageSize')).toBe(100);
  });

  test('that is what it was before leaves no record', async () => {
    await change({ 'certificates.pageSize': 80 });
    const { status, seen } = await change({ 'certificates.pageSize': 80 });
    expect(status).toBe(200);
    expect(seen).toEqual([]);
  });

  test('is its default again by null', async () => {
    await change({ 'certificates.pageSize': 90 });
    const { seen } = await change({ 'certificates.pageSize': null });
    expect(seen.map(told)).toMatchObject([{ before: { value: 90 }, after: { value: 50 } }]);
    expect(system.server.platform.settings.get('certificates.pageSize')).toBe(50);
  });

  test('is refused with every fault at once, and then nothing is changed', async () => {
    const { status, body, seen } = await change({
      'certificates.pageSize': 5,
      'certificates.reconciliationTime': '25:00',
      'smtp.security': 'none',
      'smtp.authorities': 'no certificate',
      'smtp.password': 7,
      'console.expiringSoonDays': 60,
      constructor: 1,
    });
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'request_invalid' });
    expect(body['errors']).toEqual([
      { field: 'certificates.pageSize', expected: 'a whole number from 10 to 500', got: '5' },
      {
        field: 'certificates.reconciliationTime',
        expected: 'a time HH:MM from 00:00 to 23:59, at most 5 characters',
        got: '"25:00"',
      },
      {
        field: 'smtp.security',
        expected: 'one of starttls, tls, opportunistic',
        got: '"none"',
      },
      {
        field: 'smtp.authorities',
        expected: 'certificates, PEM, at most 65536 characters',
        got: '"no certificate"',
      },
      {
        field: 'smtp.password',
        expected: 'text without control characters, at most 1024 characters',
        got: 'something else',
      },
      { field: 'constructor', expected: 'the name of a setting', got: 'another' },
    ]);
    expect(seen).toEqual([]);
    expect(system.server.platform.settings.get('console.expiringSoonDays')).toBe(30);
  });

  test('is changed by administrators only', async () => {
    const auditor = await system.signIn('auditor');
    const { status, body } = await change({ 'certificates.pageSize': 100 }, auditor);
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'access_denied' });
  });
});

describe('how mail is sent', () => {
  test('is one thing in the log, and the password is nowhere but in the vault', async () => {
    const password = 'a very long password of the mail server';
    const { status, body, seen } = await change({
      'smtp.host': 'mail.example.com',
      'smtp.user': 'countersign',
      'smtp.password': password,
    });
    expect(status).toBe(200);
    expect(seen.map(told)).toEqual([
      {
        is: 'SMTP Updated Information',
        actor: 'admin',
        name: 'mail.example.com',
        before: expect.objectContaining({ host: '', hasCredentials: false }),
        after: expect.objectContaining({ host: 'mail.example.com', hasCredentials: true }),
      },
    ]);
    expect(body['settings']).toContainEqual(
      expect.objectContaining({ name: 'smtp.password', value: null, isSet: true }),
    );
    const rows = await system.behind.selectFrom('application_settings').selectAll().execute();
    const kept = JSON.stringify([await system.records(), rows, body]);
    expect(kept).not.toContain(password);
    expect(system.server.platform.settings.get('smtp.password')).toBe(password);
    const same = await change({ 'smtp.password': password });
    expect(same.seen).toEqual([]);
    const other = await change({ 'smtp.password': 'another long password' });
    expect(other.seen.map(({ content }) => content.reason)).toEqual(['another password was set']);
  });

  test('to another server only with the password given again', async () => {
    const password = 'the password of another server';
    const { status, body, seen } = await change({ 'smtp.host': 'elsewhere.example.com' });
    expect({ status, code: body['code'], detail: body['detail'], seen }).toEqual({
      status: 422,
      code: 'request_invalid',
      detail: 'smtp.password: expected the password, for another mail server, got none',
      seen: [],
    });
    const away = await change({ 'smtp.host': '' });
    expect(away.status).toBe(200);
    expect((await change({ 'smtp.host': 'elsewhere.example.com' })).status).toBe(422);
    const known = await change({
      'smtp.host': 'elsewhere.example.com',
      'smtp.password': password,
    });
    expect(known.status).toBe(200);
    expect((await change({ 'smtp.port': 2525 })).status).toBe(200);
  });

  test('with a password never without knowing who gets it', async () => {
    const { status, body } = await change({
      'smtp.security': 'opportunistic',
      'smtp.user': 'countersign',
    });
    expect({ status, detail: body['detail'] }).toEqual({
      status: 422,
      detail: 'smtp.security: expected starttls or tls with an SMTP user, got opportunistic',
    });
  });
});
