import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type SeenRecord, type TestServer } from '../testing/harness.ts';
import { applySetup, type SetupResult } from './apply.ts';
import { planSetup, type SetupClient } from './plan.ts';
import { checkSetup } from './setup-file.ts';

let system: TestServer;
let client: SetupClient;
beforeAll(async () => {
  system = await startTestServer();
  const cookie = await system.signIn('admin');
  client = {
    async ask(method, path, body) {
      const answer = await system.request(path, {
        method,
        cookie,
        ...(body === undefined ? {} : { body }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
      return JSON.parse(text) as unknown;
    },
  };
});

/** Carries a file out; what it changed, and the records it left beside those of checks. */
async function setUp(
  file: unknown,
  smtpPassword: string | null = null,
): Promise<{ result: SetupResult; told: ReturnType<typeof told>[] }> {
  let result: SetupResult = { changes: [], secrets: [] };
  const seen = await system.recordsOf(async () => {
    const steps = await planSetup(client, { file: checkSetup(file), smtpPassword });
    result = await applySetup(client, steps);
  });
  return { result, told: seen.filter(({ envelope }) => envelope.event !== 'AUTHZ').map(told) };
}

function told({ envelope, content }: SeenRecord): string {
  const { category, operation } = envelope;
  return `${content.actor.id} ${operation} ${category} ${content.target?.name ?? ''}`;
}

const FILE = {
  settings: { 'certificates.pageSize': 100, 'console.expiringSoonDays': 60 },
  smtp: { host: 'mail.example.com', port: 465, security: 'tls', user: 'countersign' },
  templates: [
    { name: 'WebServer', policy: { validityDays: 47, keyAlgorithms: ['P-256', 'P-384'] } },
    { name: 'Printers', description: 'All of them', policy: { extendedKeyUsage: ['serverAuth'] } },
  ],
  applications: [
    { name: 'enrollment', disabled: false },
    { name: 'inventory', description: 'Reads', roles: ['RA'], disabled: true },
  ],
};

describe('setting up from a file', () => {
  test('changes what is other, each with its record, and a second time nothing', async () => {
    const { authorities } = (await client.ask('GET', '/api/v1/authorities')) as {
      authorities: { name: string }[];
    };
    const formerly = authorities[0]?.name ?? '';
    const file = { ...FILE, authorities: [{ name: 'Corporate CA', formerly }] };
    const first = await setUp(file, 'the password of the mail server');
    expect(first.told.sort()).toEqual(
      [
        'admin Updated CertificateAuthority Corporate CA',
        'admin Updated ApplicationSetting Days before expiration that are soon',
        'admin Updated ApplicationSetting Certificates on a page',
        'admin Updated SMTP mail.example.com',
        'admin Updated Template WebServer',
        'admin Created Template Printers',
        'admin Updated ApiApplication enrollment',
        'admin Created ApiApplication inventory',
        'admin Updated SecurityRole RA',
        'admin Updated ApiApplication inventory',
      ].sort(),
    );
    expect(first.result.changes).toContain('setting certificates.pageSize: 100 instead of 50');
    expect(first.result.changes).toContain('setting smtp.password: another');
    expect(first.result.changes).toContainEqual(
      expect.stringMatching(/^template WebServer, policy: validityDays 47 instead of \d+$/),
    );
    expect(first.result.secrets).toEqual([
      {
        application: 'inventory',
        key: expect.stringMatching(/^csa_/),
        secret: expect.stringMatching(/^css_/),
      },
    ]);
    const second = await setUp(file, 'the password of the mail server');
    expect(second).toEqual({ result: { changes: [], secrets: [] }, told: [] });
  });

  test('takes roles as a set, and a setting back to its default', async () => {
    await setUp({ applications: [{ name: 'Both', roles: ['RA', 'SSH Server Admin'] }] });
    const again = { applications: [{ name: 'Both', roles: ['SSH Server Admin', 'RA'] }] };
    expect((await setUp(again)).told).toEqual([]);
    await setUp({ settings: { 'alerts.retryHours': 5 } });
    const file = { settings: { 'alerts.retryHours': null } };
    expect((await setUp(file)).result.changes).toEqual([
      'setting alerts.retryHours: its default instead of 5',
    ]);
    expect((await setUp(file)).result.changes).toEqual([]);
  });

  test('names every fault of the file before anything is asked', () => {
    const faulty = { settings: { x: [] }, smtp: { password: 'x' }, templates: [{}], more: 1 };
    expect(() => checkSetup(faulty)).toThrow(
      expect.objectContaining({
        code: 'request_invalid',
        message: expect.stringMatching(
          /settings\.x: .*; password: expected no such field.*; templates\.0\.name: .*; more: expected no such field/,
        ),
      }),
    );
  });

  test('refuses to rename an authority there is not', async () => {
    const file = checkSetup({ authorities: [{ name: 'New', formerly: 'Never was' }] });
    await expect(planSetup(client, { file, smtpPassword: null })).rejects.toMatchObject({
      code: 'request_invalid',
      message: 'authorities.0.formerly: expected the name of an authority, got "Never was"',
    });
  });
});
