import { describe, expect, test } from 'vitest';
import { attribute, startTestServer } from '../testing/harness.ts';

const system = await startTestServer();
const token = await system.createProducer('ca1');
const bearer = { authorization: `Bearer ${token}` };

function draft(seq: number, subject = `user ${seq}`): Record<string, unknown> {
  return {
    seq,
    time: '2026-11-22T05:00:00.000Z',
    event: 'AUTH',
    outcome: 'Success',
    content: { actor: { id: subject, kind: 'user' }, source: { system: 'ca1' } },
  };
}

async function send(
  records: unknown,
  headers: Record<string, string> = bearer,
  name = 'ca1',
): Promise<Response> {
  return await system.request(`/api/v1/producers/${name}/records`, {
    method: 'POST',
    body: { records },
    headers,
  });
}

describe('appending', () => {
  test('answers with indexes, and the same numbers again with the same indexes', async () => {
    const first = await send([draft(1), draft(2), draft(3)]);
    expect(first.status).toBe(200);
    const { appended, nextSeq } = (await first.json()) as {
      appended: { seq: number; index: number; duplicate: boolean }[];
      nextSeq: number;
    };
    expect(nextSeq).toBe(4);
    expect(appended.map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);

    const again = await send([draft(2), draft(3), draft(4)]);
    const repeated = (await again.json()) as {
      appended: { seq: number; index: number; duplicate: boolean }[];
    };
    expect(repeated.appended.map(({ duplicate }) => duplicate)).toEqual([true, true, false]);
    expect(repeated.appended[0]?.index).toBe(appended[1]?.index);
    expect(repeated.appended[1]?.index).toBe(appended[2]?.index);
  });

  test('a gap is refused with the number expected, and nothing of the batch is kept', async () => {
    const answer = await send([draft(9), draft(10)]);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: 'sequence_gap',
      producer: 'ca1',
      expected: 5,
      got: 9,
    });
    const state = await system.request('/api/v1/producers/ca1', { headers: bearer });
    expect(await state.json()).toMatchObject({ name: 'ca1', nextSeq: 5, lastSeq: 4 });
  });

  test('another record under a number that is taken is refused', async () => {
    const answer = await send([draft(4, 'somebody else')]);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'sequence_conflict', producer: 'ca1' });
  });

  test('an id is given by the log alone: its time says when a record was taken in', async () => {
    const id = '00000000-0000-7000-8000-000000000000';
    const answer = await send([draft(5), { ...draft(6), id }]);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'record_invalid',
      errors: [{ field: '$.records[1].id', expected: 'no id, since the log gives it' }],
    });
  });

  test('bytes that are no UTF-8 are refused, not replaced', async () => {
    const body = new TextEncoder().encode(JSON.stringify({ records: [draft(5, 'x?x')] }));
    body[body.indexOf(0x3f)] = 0xff;
    const answer = await system.server.app.request('/api/v1/producers/ca1/records', {
      method: 'POST',
      body,
      headers: { ...bearer, 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'malformed_json' });
  });

  test('all faults of all records are named by their place', async () => {
    const answer = await send([
      { ...draft(5), outcome: 'Maybe' },
      { ...draft(6), content: { actor: { id: 'a', kind: 'robot' }, source: { system: 's' } } },
    ]);
    expect(answer.status).toBe(422);
    const body = (await answer.json()) as { code: string; errors: { field: string }[] };
    expect(body.code).toBe('record_invalid');
    expect(body.errors.map(({ field }) => field)).toEqual([
      '$.records[0].outcome',
      '$.records[1].content.actor.kind',
    ]);
  });

  test('a secret is refused at the door, and not repeated', async () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----';
    const answer = await send([
      { ...draft(5), content: { ...(draft(5)['content'] as object), reason: key } },
    ]);
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'record_contains_secret' });
    expect(text).not.toContain('MIIEvQ');
  });

  test('duplicate keys, no records and too many records are refused', async () => {
    const twice = await system.request('/api/v1/producers/ca1/records', {
      method: 'POST',
      body: '{"records":[],"records":[]}',
      headers: bearer,
    });
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ code: 'malformed_json' });
    for (const [records, got] of [
      [[], '0 records'],
      [Array.from({ length: 1001 }, (_, i) => draft(i + 5)), '1001 records'],
    ] as const) {
      const answer = await send(records);
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({
        errors: [{ field: '$.records', expected: '1 to 1000 records', got }],
      });
    }
  });

  test('sixteen requests at once, one record each, all end up in order', async () => {
    const other = { authorization: `Bearer ${await system.createProducer('busy')}` };
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, i) => await send([draft(i + 1)], other, 'busy')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
  });
});

describe('tokens', () => {
  test.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer csp_wrong' }],
    ['a password instead', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ])('%s is refused and recorded with an empty list of roles', async (_, headers) => {
    let answer: Response | null = null;
    const records = await system.recordsOf(async () => {
      answer = await send([draft(5)], headers);
    });
    expect(answer!.status).toBe(401);
    expect(answer!.headers.get('www-authenticate')).toContain('Bearer');
    expect(await answer!.json()).toMatchObject({ code: 'token_invalid' });
    expect(records).toHaveLength(1);
    expect(records[0]?.envelope).toMatchObject({
      event: 'AUTHZ',
      outcome: 'Failure',
      level: 'Warning',
    });
    expect(attribute(records[0], "User's Roles")).toBe('');
    expect(JSON.stringify(records)).not.toContain('csp_wrong');
  });

  test("cannot append under another producer's name", async () => {
    await system.createProducer('ca2');
    const records = await system.recordsOf(async () => {
      const answer = await send([draft(1)], bearer, 'ca2');
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'access_denied', operation: 'append' });
    });
    expect(records).toHaveLength(1);
    expect(attribute(records[0], 'Username')).toBe('ca1');
  });

  test('an administrator admits a producer once; the change is recorded without the token', async () => {
    const cookie = await system.signIn('admin');
    const create = async () =>
      await system.request('/api/v1/producers', {
        method: 'POST',
        body: { name: 'ocsp1' },
        cookie,
      });
    let created = '';
    const records = await system.recordsOf(async () => {
      const answer = await create();
      expect(answer.status).toBe(201);
      created = ((await answer.json()) as { token: string }).token;
    });
    expect(created).toMatch(/^csp_[\w-]{43}$/);
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ', 'PRODUCER_CREATED']);
    expect(JSON.stringify(records)).not.toContain(created);
    const again = await create();
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'already_exists' });
    for (const name of ['countersign', 'Upper', 'sp ace', '', `csp_${'a'.repeat(43)}`]) {
      const faulty = await system.request('/api/v1/producers', {
        method: 'POST',
        body: { name },
        cookie,
      });
      expect([name, faulty.status >= 400 && faulty.status < 500]).toEqual([name, true]);
    }
  });

  test('an auditor may not admit producers', async () => {
    const cookie = await system.signIn('auditor');
    const answer = await system.request('/api/v1/producers', {
      method: 'POST',
      body: { name: 'x' },
      cookie,
    });
    expect(answer.status).toBe(403);
  });
});
