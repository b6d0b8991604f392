import { beforeAll, describe, expect, test } from 'vitest';
import { EVENTS } from '@countersign/records';
import { attribute, startTestServer } from '../../testing/harness.ts';
import { DogtagAuditConfig, DogtagAuditFiles } from './audit.ts';

const system = await startTestServer();
let admin: string;
let auditor: string;
beforeAll(async () => {
  admin = await system.signIn('admin');
  auditor = await system.signIn('auditor');
});

async function send(method: string, path: string, body?: unknown, cookie = admin) {
  const answer = await system.request(path, { method, cookie, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function configuration(base = '/ca/v2'): Promise<ReturnType<typeof DogtagAuditConfig.parse>> {
  const { status, body } = await send('GET', `${base}/audit`);
  expect(status).toBe(200);
  const parsed = DogtagAuditConfig.parse(body);
  expect(parsed).toEqual(body);
  return parsed;
}

describe.each(['/ca/v2', '/ca/rest'])('%s/audit', (base) => {
  test('is the configuration in Dogtag’s shape', async () => {
    const { Events, ...rest } = await configuration(base);
    expect(rest).toEqual({ Status: 'Enabled', Signed: true, Interval: 5, bufferSize: 512 });
    expect(Object.keys(Events)).toEqual(EVENTS.map(({ name }) => name).sort());
    expect(Events).toMatchObject({ AUTHZ: 'mandatory', ACCESS_SESSION_ESTABLISH: 'enabled' });
  });

  test('takes it back with changes', async () => {
    const before = await configuration(base);
    const wanted = {
      ...before,
      Interval: 9,
      bufferSize: 700,
      Events: { ...before.Events, INTER_BOUNDARY: 'disabled' },
    };
    const records = await system.recordsOf(async () => {
      expect(await send('PATCH', `${base}/audit`, wanted)).toEqual({ status: 200, body: wanted });
    });
    expect(await configuration(base)).toEqual(wanted);
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ', 'CONFIG_SIGNED_AUDIT']);
    expect(attribute(records[0], 'Info')).toBe(`PATCH:${base}/audit`);
    expect(records[0]?.content.request?.type).toBe('API Endpoint');
    expect(attribute(records[1], 'ParamNameValPairs')).toMatch(
      /^enable;;Enabled\+logSigning;;true\+flushInterval;;9\+bufferSize;;700\+events;;/,
    );
    expect(await send('PATCH', `${base}/audit`, before)).toEqual({ status: 200, body: before });
  });

  test('cannot be switched off', async () => {
    const records = await system.recordsOf(async () => {
      expect(await send('POST', `${base}/audit?action=disable`)).toMatchObject({
        status: 409,
        body: {
          code: 'event_mandatory',
          detail:
            'action: expected "enable", got "disable": the audit log cannot be switched off, nor its signatures',
        },
      });
    });
    expect(records.map(({ envelope: { event, outcome } }) => `${event} ${outcome}`)).toEqual([
      'AUTHZ Success',
      'CONFIG_SIGNED_AUDIT Failure',
    ]);
    expect(attribute(records[1], 'ParamNameValPairs')).toBe(
      'Action;;disable+Info;;action: expected "enable", got "disable": the audit log cannot be switched off, nor its signatures',
    );
    expect(await send('POST', `${base}/audit?action=enable`)).toEqual({
      status: 200,
      body: await configuration(base),
    });
    expect(await send('POST', `${base}/audit?action=pause`)).toMatchObject({
      status: 400,
      body: {
        code: 'parameter_invalid',
        detail: 'action: expected "enable" or "disable", got "pause"',
      },
    });
  });

  test('files are for auditors', async () => {
    const found = await send('GET', `${base}/audit/files`, undefined, auditor);
    expect(found.status).toBe(200);
    expect(DogtagAuditFiles.parse(found.body)).toEqual(found.body);
    expect(found.body).toEqual({
      total: 1,
      entries: [{ name: 'ca_audit', size: expect.any(Number) }],
    });
    expect((await send('GET', `${base}/audit/files`)).status).toBe(403);
    const file = await system.request(`${base}/audit/files/ca_audit`, { cookie: auditor });
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(await file.text()).toContain('[AuditEvent=AUDIT_LOG_STARTUP][SubjectID=$System$]');
  });
});

describe('what a change of Dogtag’s shape may not do', () => {
  test('remove or add an event, or name a state there is not: every fault is told', async () => {
    const { Events, ...rest } = await configuration();
    const { CRL_VALIDATION: _, ...fewer } = Events;
    const { status, body } = await send('PATCH', '/ca/v2/audit', {
      ...rest,
      Events: { ...fewer, MY_EVENT: 'enabled', CRL_RETRIEVAL: 'on', INTER_BOUNDARY: 'mandatory' },
    });
    expect(status).toBe(422);
    expect(body['code']).toBe('request_invalid');
    expect(body['errors']).toEqual([
      {
        field: 'Events.INTER_BOUNDARY',
        expected: '"enabled" or "disabled"',
        got: '"mandatory"',
      },
      {
        field: 'Events.CRL_RETRIEVAL',
        expected: '"enabled" or "disabled"',
        got: '"on"',
      },
      {
        field: 'Events.CRL_VALIDATION',
        expected: '"enabled" or "disabled"',
        got: 'nothing: an event cannot be removed',
      },
      { field: 'Events.MY_EVENT', expected: 'no further event', got: 'a value' },
    ]);
  });

  test.each([
    [{ Events: { AUTHZ: 'disabled' } }, 'Events.AUTHZ', 'mandatory'],
    [{ Events: { AUTHZ: 'enabled' } }, 'Events.AUTHZ', 'mandatory'],
    [{ Status: 'Disabled' }, 'Status: expected "Enabled", got "Disabled"', 'switched off'],
    [{ Signed: false }, 'Signed: expected true, got "false"', 'switched off'],
  ])('%j: recorded as a failure', async (part, field, why) => {
    const whole = await configuration();
    const events = { ...whole.Events, ...('Events' in part ? part.Events : {}) };
    const records = await system.recordsOf(async () => {
      const { status, body } = await send('PATCH', '/ca/v2/audit', {
        ...whole,
        ...part,
        Events: events,
      });
      expect(status).toBe(409);
      expect(body['code']).toBe('event_mandatory');
      expect(body['detail']).toMatch(field);
      expect(body['detail']).toMatch(why);
    });
    expect(records.map(({ envelope: { event, outcome } }) => `${event} ${outcome}`)).toEqual([
      'AUTHZ Success',
      'CONFIG_SIGNED_AUDIT Failure',
    ]);
    expect(await configuration()).toEqual(whole);
  });

  test.each([
    [{ FileName: '/tmp/x' }, 'FileName: expected no such field, got a value'],
    [{ Interval: 'soon' }, 'Interval: expected a number, got "soon"'],
    [{ bufferSize: 0 }, 'bufferSize: expected at least 1, got 0'],
  ])('%j', async (body, detail) => {
    expect(await send('PATCH', '/ca/v2/audit', body)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', detail },
    });
  });

  test('leave out what it does not name', async () => {
    const whole = await configuration();
    expect((await send('PATCH', '/ca/v2/audit', { Interval: 6 })).body).toEqual({
      ...whole,
      Interval: 6,
    });
  });
});
