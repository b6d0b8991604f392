import { beforeAll, describe, expect, test } from 'vitest';
import { EVENTS } from '@countersign/records';
import { attribute, startTestServer } from '../../testing/harness.ts';
import { Configuration } from './configuration.ts';

const PATH = '/api/v1/audit/configuration';
const system = await startTestServer();
let admin: string;
let auditor: string;
beforeAll(async () => {
  admin = await system.signIn('admin');
  auditor = await system.signIn('auditor');
});

async function change(body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await system.request(PATH, { method: 'PATCH', cookie: admin, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function read(cookie = admin) {
  const answer = await system.request(PATH, { cookie });
  expect(answer.status).toBe(200);
  const body: unknown = await answer.json();
  expect(Configuration.parse(body)).toEqual(body);
  return Configuration.parse(body);
}

describe('the audit configuration', () => {
  test('has every event of the catalogue and how files are written; auditors see it, too', async () => {
    const configuration = await read();
    expect(configuration.events.map(({ event }) => event)).toEqual(EVENTS.map(({ name }) => name));
    expect(configuration.events).toContainEqual({
      event: 'AUTHZ',
      title: 'Access decision',
      group: 'Authorization',
      status: 'mandatory',
      filter: null,
    });
    expect(configuration.files).toEqual({
      enabled: true,
      bufferSize: 512,
      flushInterval: 5,
      maxFileSize: 2_000,
      rolloverInterval: 2_592_000,
      eventNames: 'current',
      current: 'ca_audit',
      signingCertificate: expect.stringMatching(
        /^CN=CA Audit Signing Certificate,OU=countersign\.local\/[0-9a-f]{8},O=Countersign$/,
      ),
    });
    expect(await read(auditor)).toEqual(configuration);
  });

  test('a change holds at once and is recorded whole, with Dogtag’s parameters', async () => {
    const records = await system.recordsOf(async () => {
      const { status, body } = await change({
        events: {
          SESSION_TERMINATED: { enabled: false },
          ACCESS_SESSION_ESTABLISH: { filter: 'outcome=Failure' },
        },
        files: { bufferSize: 1_024 },
      });
      expect(status).toBe(200);
      expect(body).toEqual(await read());
      await system.request('/api/v1/session', {
        method: 'DELETE',
        cookie: await system.signIn('admin'),
      });
    });
    const events = records.map(({ envelope }) => envelope.event);
    expect(events).not.toContain('SESSION_TERMINATED');
    const record = records.find(({ envelope }) => envelope.event === 'CONFIG_SIGNED_AUDIT');
    expect(record?.envelope).toMatchObject({ outcome: 'Success', retention: 'extended' });
    expect(record?.content).toMatchObject({
      actor: { id: 'admin' },
      target: { type: 'audit configuration', id: 'SignedAudit' },
      before: { filters: {}, files: { bufferSize: 512, flushInterval: 5 } },
      after: {
        filters: { ACCESS_SESSION_ESTABLISH: '(Outcome=Failure)' },
        files: { bufferSize: 1_024, flushInterval: 5 },
      },
    });
    expect(record?.content.reason).toBe(
      'ACCESS_SESSION_ESTABLISH recorded only where (Outcome=Failure); SESSION_TERMINATED not recorded any more; bufferSize 1024 instead of 512',
    );
    const selected = (side: 'before' | 'after') => record?.content[side]?.['events'] as string[];
    expect(selected('before').filter((event) => !selected('after').includes(event))).toEqual([
      'SESSION_TERMINATED',
    ]);
    expect(selected('before')).not.toContain('AUTHZ');
    const parameters = attribute(record, 'ParamNameValPairs') ?? '';
    expect(parameters).toMatch(
      /^enable;;Enabled\+logSigning;;true\+flushInterval;;5\+bufferSize;;1024\+events;;[A-Z_,]+\+mandatory\.events;;[A-Z_,]+\+maxFileSize;;2000\+rolloverInterval;;2592000\+filters\.ACCESS_SESSION_ESTABLISH;;\(Outcome=Failure\)$/,
    );
    expect(parameters).not.toMatch(/AUDIT_LOG_SIGNING|[,;]SESSION_TERMINATED/);
    expect(system.server.platform.signedAudit.settings.bufferSize).toBe(1_024);
  });

  test('survives a restart of the server’s memory, and can be taken back', async () => {
    const { selection, state } = system.server.platform;
    await selection.load(state.db);
    await change({
      events: {
        SESSION_TERMINATED: { enabled: true },
        ACCESS_SESSION_ESTABLISH: { filter: null },
      },
      files: { bufferSize: 512 },
    });
    const { events, files } = await read();
    expect(events.filter(({ status, filter }) => status === 'disabled' || filter !== null)).toEqual(
      [],
    );
    expect(files.bufferSize).toBe(512);
  });

  test('what changes nothing leaves no record but that of the check', async () => {
    const records = await system.recordsOf(async () => {
      await change({});
      await change({ events: { AUTHZ: { enabled: true } }, files: { bufferSize: 512 } });
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ', 'AUTHZ']);
  });

  test.each([
    [
      { events: { NO_SUCH: { enabled: true } } },
      422,
      'request_invalid',
      'events.NO_SUCH: expected an event of the catalogue, got "NO_SUCH"',
    ],
    [
      { events: { CRL_VALIDATION: { filter: '(ClientIP=1)' } } },
      422,
      'filter_syntax',
      'events.CRL_VALIDATION.filter: expected an attribute of the event (AuditEvent, SubjectID, Outcome), got "ClientIP" (at position 2)',
    ],
    [
      { events: { CRL_VALIDATION: { on: true } } },
      422,
      'request_invalid',
      'on: expected no such field, got a value',
    ],
    [{ fles: {} }, 422, 'request_invalid', 'fles: expected no such field, got a value'],
    [
      { files: { bufferSize: 0, flushInterval: 1.5, maxFileSize: -1 } },
      422,
      'request_invalid',
      'files.bufferSize: expected at least 1, got 0; files.flushInterval: expected int, got 1.5; files.maxFileSize: expected at least 0, got -1',
    ],
    [
      { files: { enabled: false } },
      422,
      'request_invalid',
      'enabled: expected no such field, got a value',
    ],
  ])('%j is refused and changes nothing', async (body, status, code, detail) => {
    const before = await read();
    const refused = await change(body);
    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({ code, detail });
    expect(await read()).toEqual(before);
  });

  test('a faulty filter is told with its place and what was meant', async () => {
    const { body } = await change({
      events: { INTER_BOUNDARY: { filter: '(Outcome!=Failure)' } },
    });
    expect(body).toMatchObject({
      code: 'filter_syntax',
      position: 8,
      expected: '"="',
      got: '"!=Failure)"',
      hint: '(!(Outcome=Failure))',
      errors: [{ field: 'events.INTER_BOUNDARY.filter', expected: '"="', got: '"!=Failure)"' }],
    });
  });

  test('a mandatory event stays, all changes of the request with it, and the attempt is recorded', async () => {
    const records = await system.recordsOf(async () => {
      const { status, body } = await change({
        events: { SESSION_TERMINATED: { enabled: false }, AUTHZ: { enabled: false } },
      });
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'event_mandatory',
        event: 'AUTHZ',
        detail: 'events.AUTHZ.enabled: expected no change, since the event is mandatory, got false',
      });
    });
    expect(records.map(({ envelope: { event, outcome } }) => `${event} ${outcome}`)).toEqual([
      'AUTHZ Success',
      'CONFIG_SIGNED_AUDIT Failure',
    ]);
    expect(records[1]?.content.reason).toMatch(/^events\.AUTHZ\.enabled: expected no change/);
    expect(attribute(records[1], 'ParamNameValPairs')).toMatch(/^Action;;modify\+Info;;events\./);
    const { events } = await read();
    expect(events.filter(({ status }) => status === 'disabled')).toEqual([]);
  });

  test('is changed by administrators only', async () => {
    const answer = await system.request(PATH, {
      method: 'PATCH',
      cookie: auditor,
      body: { events: { SESSION_TERMINATED: { enabled: false } } },
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      code: 'access_denied',
      resource: 'certServer.log.configuration',
      operation: 'modify',
    });
  });

  test('changes that come together are all made', async () => {
    await Promise.all(
      ['INTER_BOUNDARY', 'CRL_VALIDATION', 'CRL_RETRIEVAL', 'SELFTESTS_EXECUTION'].map(
        async (event) => await change({ events: { [event]: { enabled: false } } }),
      ),
    );
    const { events } = await read();
    expect(events.filter(({ status }) => status === 'disabled')).toHaveLength(4);
  });
});
