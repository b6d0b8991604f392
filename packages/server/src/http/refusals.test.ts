import { describe, expect, test } from 'vitest';
import { PASSWORDS, startTestServer } from '../testing/harness.ts';

const system = await startTestServer();
const auditor = await system.signIn('auditor');
const admin = await system.signIn('admin');

async function problemOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const body = (await answer.json()) as Record<string, unknown>;
  expect(body['status']).toBe(answer.status);
  expect(body['type']).toBe(`urn:countersign:problem:${String(body['code'])}`);
  expect(body['requestId']).toBe(answer.headers.get('x-request-id'));
  return body;
}

describe('refusals are problem documents', () => {
  test('404 for what is not there', async () => {
    const answer = await system.request('/api/v1/nothing', { cookie: auditor });
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({
      code: 'not_found',
      detail: 'there is nothing at /api/v1/nothing',
    });
    const record = await system.request('/api/v1/audit/records/999999', { cookie: auditor });
    expect(record.status).toBe(404);
    expect((await problemOf(record))['detail']).toMatch(
      /^there is no record 999999; the log has \d+$/,
    );
  });

  test('405 with the methods that are allowed', async () => {
    const answer = await system.request('/api/v1/audit/records', {
      method: 'DELETE',
      cookie: auditor,
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(await problemOf(answer)).toMatchObject({
      code: 'method_not_allowed',
      detail: '/api/v1/audit/records: expected GET or HEAD, got DELETE',
    });
    const options = await system.request('/api/v1/session', { method: 'OPTIONS' });
    expect(options.status).toBe(405);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('400 with every faulty parameter, what was expected and what came', async () => {
    const answer = await system.request('/api/v1/audit/records?limit=501&order=up', {
      cookie: auditor,
    });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({
      code: 'parameter_invalid',
      in: 'query',
      errors: [
        { field: 'limit', expected: 'at most 500', got: '"501"' },
        { field: 'order', expected: '"asc" or "desc"', got: '"up"' },
      ],
    });
    for (const index of ['-1', '01', '1e3', '0x1', '9'.repeat(17)]) {
      const faulty = await system.request(`/api/v1/audit/records/${index}`, { cookie: auditor });
      expect([index, faulty.status]).toEqual([index, 400]);
    }
  });

  test('400 query_syntax with position and length', async () => {
    const query = encodeURIComponent('Level -eq "Warning" AND Colour -eq "red"');
    for (const path of ['records', 'facets', 'histogram', 'export']) {
      const answer = await system.request(`/api/v1/audit/${path}?query=${query}`, {
        cookie: auditor,
      });
      expect(answer.status).toBe(400);
      expect(await problemOf(answer)).toMatchObject({
        code: 'query_syntax',
        parameter: 'query',
        position: 24,
        length: 6,
      });
    }
  });

  test('400 for a body that is not JSON', async () => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: '{"username":',
    });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({ code: 'malformed_json' });
  });

  test('422 with every faulty field, and never the value of a password', async () => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 5, password: 'x'.repeat(1025), extra: true },
    });
    expect(answer.status).toBe(422);
    const text = JSON.stringify(await problemOf(answer));
    expect(text).not.toContain('xxx');
    expect(JSON.parse(text)).toMatchObject({
      code: 'request_invalid',
      errors: [
        { field: 'username', expected: 'a string', got: '5' },
        { field: 'password', expected: 'at most 1024 characters', got: '1025 characters' },
        { field: 'extra', expected: 'no such field', got: 'a value' },
      ],
    });
  });

  test('415 for another type of body', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await system.request('/api/v1/session', {
        method: 'POST',
        body: JSON.stringify({ username: 'auditor', password: PASSWORDS.auditor }),
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(415);
      expect(await problemOf(answer)).toMatchObject({
        code: 'unsupported_media_type',
        errors: [{ field: 'content-type', expected: 'application/json', got: type }],
      });
    }
  });

  test('413 for a body that is too large', async () => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'a', password: 'b'.repeat(70_000) },
      headers: { 'content-length': '70040' },
    });
    expect(answer.status).toBe(413);
    expect(await problemOf(answer)).toMatchObject({ code: 'body_too_large', limit: 65_536 });
  });
});

describe('requests from elsewhere', () => {
  const body = { name: 'from-elsewhere' };
  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
  ])('are refused by %j, and recorded once', async (headers) => {
    const answers: Response[] = [];
    const records = await system.recordsOf(async () => {
      answers.push(
        await system.request('/api/v1/producers', { method: 'POST', body, headers, cookie: admin }),
      );
    });
    expect(answers[0]?.status).toBe(403);
    expect(await problemOf(answers[0]!)).toMatchObject({ code: 'cross_site_request' });
    expect(records.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`)).toEqual([
      'AUTHZ Failure',
    ]);
    expect(records[0]?.content.reason).toMatch(/^cross-site request: /);
  });

  test('cannot sign anybody in', async () => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'auditor', password: PASSWORDS.auditor },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test.each([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://localhost' },
  ])('are let through when they are ours: %j', async (headers) => {
    const answer = await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: 'auditor', password: PASSWORDS.auditor },
      headers,
    });
    expect(answer.status).toBe(200);
  });

  test('for another host name are refused: a rebound name reaches nothing', async () => {
    for (const host of ['evil.example', 'evil.example:8080', 'localhost.evil.example']) {
      const answer = await system.request('/api/v1/audit/health', { headers: { host } });
      expect(answer.status).toBe(421);
      expect(await problemOf(answer)).toMatchObject({ code: 'host_not_allowed' });
    }
    for (const host of ['localhost:8080', '127.0.0.1:1', '[::1]:8080']) {
      expect((await system.request('/api/v1/audit/health', { headers: { host } })).status).toBe(
        200,
      );
    }
  });
});

test('every answer carries the security headers', async () => {
  for (const path of [
    '/api/v1/audit/health',
    '/api/v1/nothing',
    '/portal/sign-in',
    '/openapi.json',
  ]) {
    const { headers } = await system.request(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('server')).toBeNull();
  }
});

test('behind https the cookie has the __Host- name and the answer HSTS', async () => {
  const secure = await startTestServer({ args: { publicUrl: 'https://log.example' } });
  const answer = await secure.request('/api/v1/session', {
    method: 'POST',
    body: { username: 'auditor', password: PASSWORDS.auditor },
    headers: { host: 'log.example', origin: 'https://log.example' },
  });
  expect(answer.headers.get('set-cookie')).toMatch(/^__Host-countersign=.*; Path=\/;.*; Secure$/);
  expect(answer.headers.get('strict-transport-security')).toContain('max-age=63072000');
});
