import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyLog } from '@countersign/ledger';
import { dataPaths } from '../data-folder/keys.ts';
import { silentLoggers } from '../logger.ts';
import { Administration } from '../security/testing.ts';
import {
  attribute,
  startTestServer,
  temporaryFolder,
  type SeenRecord,
  type TestServer,
} from '../testing/harness.ts';
import { Erasures } from './erasures.ts';
import { findRequest } from './requests.ts';

interface View {
  readonly id: string;
  readonly index: number;
  readonly state: string;
  readonly own: boolean;
  readonly code?: string;
  readonly detail?: string;
  readonly recordIndex?: number;
  readonly erasureRecord: number | null;
  readonly [member: string]: unknown;
}

const BASE = '/api/v1/audit/erasures';
const BASIS = { legalBasis: 'GDPR Art. 17(1)(a)', reason: 'typed into the wrong field' };

const dir = await temporaryFolder();
const system = await startTestServer({ dir });
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');
const anna = await new Administration(system).person(admin, 'anna', ['Auditor']);

async function ask(cookie: string, path: string, body?: unknown, on: TestServer = system) {
  const answer = await on.request(`${BASE}${path}`, {
    method: path.startsWith('?') || (path === '' && body === undefined) ? 'GET' : 'POST',
    cookie,
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, body: (await answer.json()) as View };
}

/** Somebody types a password where the user name belongs; the index of the record that keeps it. */
async function mishap(secretName: string, on: TestServer = system): Promise<number> {
  const records = await on.recordsOf(
    async () =>
      await on.request('/api/v1/session', {
        method: 'POST',
        body: { username: secretName, password: 'x' },
      }),
  );
  const failed = records.find(({ envelope }) => envelope.event === 'AUTH');
  if (failed === undefined) throw new Error('nothing was recorded');
  return failed.index;
}

async function requested(index: number, cookie = auditor): Promise<string> {
  const { status, body } = await ask(cookie, '', { index, ...BASIS });
  expect(status).toBe(201);
  return body.id;
}

async function found(word: string): Promise<number> {
  const answer = await system.request(`/api/v1/audit/records?query=${word}`, { cookie: auditor });
  const { records } = (await answer.json()) as {
    records: { envelope: { event: string } }[];
  };
  // Searching is recorded with what was searched for.
  return records.filter(({ envelope }) => envelope.event === 'AUTH').length;
}

function eventsOf(records: readonly SeenRecord[]): string[] {
  return records.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`);
}

async function verify() {
  const paths = dataPaths(join(dir, 'data'));
  const { log, index, platform } = system.server;
  await log.published();
  index.catchUp(log.size);
  await index.whenIndexed(log.size);
  const verifiers = platform.keys.signers.map(({ verifier }) => verifier);
  return await verifyLog({ dir: paths.log, verifiers, indexPath: paths.index, workers: 0 });
}

describe('erasing a content', () => {
  test('needs two auditors: asked for by one, approved by another, then it is gone', async () => {
    const index = await mishap('Aurelia-1994-Geheim');
    expect(await found('aurelia')).toBe(1);
    const asking = await system.recordsOf(async () => {
      const { status, body } = await ask(auditor, '', { index, ...BASIS });
      expect(status).toBe(201);
      expect(body).toMatchObject({
        index,
        state: 'pending',
        own: true,
        record: { event: 'AUTH', producer: 'countersign' },
        requestedBy: { username: 'auditor' },
        decidedBy: null,
        erasureRecord: null,
      });
      expect(body).not.toHaveProperty('requestedById');
    });
    expect(eventsOf(asking)).toEqual(['AUTHZ Success', 'AUDIT_ERASURE_REQUESTED Success']);
    expect(asking[1]?.envelope).toMatchObject({ operation: 'Requested', retention: 'extended' });
    expect(asking[1]?.content).toMatchObject({
      target: { type: 'audit record', id: String(index) },
      reason: BASIS.reason,
    });

    const { body: list } = await ask(anna, '?state=open');
    const [open] = list['erasures'] as View[];
    expect(open).toMatchObject({ index, state: 'pending', own: false });
    const id = open?.id ?? '';

    const erasing = await system.recordsOf(async () => {
      const { status, body } = await ask(anna, `/${id}/approve`, {});
      expect(status).toBe(200);
      expect(body).toMatchObject({
        state: 'done',
        decidedBy: { username: 'anna' },
        erasedAt: '2026-11-22T05:00:00.000Z',
      });
    });
    expect(eventsOf(erasing)).toEqual(['AUTHZ Success', 'AUDIT_DATA_ERASED Success']);
    const erased = erasing[1];
    expect(erased?.content.actor.id).toBe('anna');
    expect(erased?.content.correlation).toBe(id);
    expect(erased?.content.attributes).toEqual([
      ['Index', String(index)],
      ['LegalBasis', 'GDPR Art. 17(1)(a)'],
      ['RequestedBy', 'auditor'],
      ['Approver', 'auditor'],
      ['Approver', 'anna'],
    ]);

    expect(await found('aurelia')).toBe(0);
    const answer = await system.request(`/api/v1/audit/records/${index}`, { cookie: auditor });
    expect(await answer.json()).toMatchObject({ content: null, salt: null, contentBytes: null });
    const verdict = await verify();
    expect(verdict.ok).toBe(true);
    expect(verdict.problems).toMatchObject([{ kind: 'erased', index }]);
    const { body: closed } = await ask(auditor, `?state=closed&index=${index}`);
    expect(closed).toMatchObject({ total: 1, next: null });
    expect((closed['erasures'] as View[])[0]).toMatchObject({
      state: 'done',
      own: true,
      erasureRecord: erased?.index,
    });
  });

  test('whoever asked does not decide: refused and recorded, and nothing is erased', async () => {
    const index = await mishap('Barbara-1961');
    const id = await requested(index);
    for (const [path, body, event] of [
      ['approve', {}, 'AUDIT_DATA_ERASED'],
      ['deny', { reason: 'no' }, 'AUDIT_ERASURE_DENIED'],
    ] as const) {
      const records = await system.recordsOf(async () => {
        const refused = await ask(auditor, `/${id}/${path}`, body);
        expect(refused.status).toBe(409);
        expect(refused.body).toMatchObject({
          code: 'own_request',
          detail:
            'another auditor than auditor, who asked for it, has to decide; the attempt was recorded',
        });
        expect(refused.body.recordIndex).toBeGreaterThan(index);
      });
      expect(eventsOf(records)).toEqual(['AUTHZ Success', `${event} Failure`]);
      expect(records[1]?.envelope.level).toBe('Warning');
      expect(attribute(records[1], 'Index')).toBe(String(index));
    }
    // Not in another session of the same person either.
    const elsewhere = await system.signIn('auditor');
    expect((await ask(elsewhere, `/${id}/approve`, {})).body.code).toBe('own_request');
    expect((await system.server.log.reader.read(index)).contentBytes).not.toBeNull();
    expect((await verify()).problems.every(({ kind }) => kind === 'erased')).toBe(true);
  });

  test('a request is denied by another auditor, withdrawn by who asked, and decided once', async () => {
    const index = await mishap('Claude-1916');
    const first = await requested(index);
    const again = await ask(anna, '', { index, ...BASIS });
    expect(again).toMatchObject({ status: 409, body: { code: 'already_exists', id: first } });

    const denied = await system.recordsOf(async () => {
      const { body } = await ask(anna, `/${first}/deny`, { reason: 'a court case needs it' });
      expect(body).toMatchObject({ state: 'denied', decidedBecause: 'a court case needs it' });
    });
    expect(eventsOf(denied)).toEqual(['AUTHZ Success', 'AUDIT_ERASURE_DENIED Success']);
    expect(denied[1]?.content.reason).toBe('a court case needs it');
    const late = await ask(anna, `/${first}/approve`, {});
    expect(late).toMatchObject({
      status: 409,
      body: {
        code: 'erasure_decided',
        detail: `the request to erase record ${index} is denied already`,
      },
    });

    const second = await requested(index, anna);
    const foreign = await system.recordsOf(async () => {
      const refused = await ask(auditor, `/${second}/withdraw`, { reason: 'not mine' });
      expect(refused).toMatchObject({ status: 403, body: { code: 'access_denied' } });
    });
    expect(eventsOf(foreign)).toEqual(['AUTHZ Failure']);
    expect(foreign[0]?.envelope.level).toBe('Failure');
    const withdrawn = await system.recordsOf(async () => {
      const { body } = await ask(anna, `/${second}/withdraw`, { reason: 'the wrong record' });
      expect(body).toMatchObject({ state: 'withdrawn', decidedBy: { username: 'anna' } });
    });
    expect(eventsOf(withdrawn)).toEqual(['AUTHZ Success', 'AUDIT_ERASURE_WITHDRAWN Success']);
    expect((await system.server.log.reader.read(index)).contentBytes).not.toBeNull();
  });

  test('two who approve at the same time erase once', async () => {
    const berta = await new Administration(system).person(admin, 'berta', ['Auditor']);
    const index = await mishap('Dennis-1941');
    const id = await requested(index);
    const records = await system.recordsOf(async () => {
      const answers = await Promise.all([
        ask(anna, `/${id}/approve`, {}),
        ask(berta, `/${id}/approve`, {}),
      ]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    });
    const events = eventsOf(records).filter((event) => event.startsWith('AUDIT_DATA_ERASED'));
    expect(events).toEqual(['AUDIT_DATA_ERASED Success']);
  });

  test('refuses what is never erased, what is gone, and what is not there', async () => {
    const refusal = async (index: number) => {
      const { status, body } = await ask(auditor, '', { index, ...BASIS });
      return `${status} ${body.code}: ${body.detail}`;
    };
    const records = await system.records();
    const indexOf = (event: string) =>
      records.find(({ envelope }) => envelope.event === event)?.index ?? -1;
    const kept = (index: number, why: string) =>
      `409 record_kept: the content of record ${index} is never erased: ${why}`;
    const signing = indexOf('AUDIT_LOG_SIGNING');
    expect(await refusal(signing)).toBe(
      kept(signing, 'AUDIT_LOG_SIGNING is a record of the log about itself'),
    );
    const asked = indexOf('AUDIT_ERASURE_REQUESTED');
    expect(await refusal(asked)).toBe(
      kept(asked, 'its retention is extended, and no end of it is known'),
    );
    const { body } = await ask(auditor, '?state=closed');
    const gone = (body['erasures'] as View[]).find(({ state }) => state === 'done')?.index ?? -1;
    expect(await refusal(gone)).toBe(
      `410 content_erased: the content of record ${gone} was erased before`,
    );
    expect(await refusal(999_999)).toMatch(
      /^404 not_found: there is no record 999999; the log has \d+$/,
    );
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await ask(anna, `/${nobody}/approve`, {})).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: `there is no erasure "${nobody}"` },
    });
    const faulty = await ask(auditor, '', { index: 1, legalBasis: '', reason: 'a\nb' });
    expect(faulty).toMatchObject({ status: 422, body: { code: 'request_invalid' } });
  });

  test('is no business of administrators, nor of programs that hold an auditor’s token', async () => {
    const index = await mishap('Edith-1923');
    expect(await ask(admin, '', { index, ...BASIS })).toMatchObject({
      status: 403,
      body: { code: 'access_denied' },
    });
    const made = await system.request('/api/v1/account/tokens', {
      method: 'POST',
      cookie: anna,
      body: { name: 'script', days: 1 },
    });
    const { secret } = (await made.json()) as { secret: string };
    const id = await requested(index);
    for (const [path, body] of [
      ['', { index, ...BASIS }],
      [`/${id}/approve`, {}],
    ] as const) {
      const records = await system.recordsOf(async () => {
        const refused = await system.request(`${BASE}${path}`, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${secret}` },
        });
        expect(refused.status).toBe(403);
        expect(await refused.json()).toMatchObject({ code: 'access_denied' });
      });
      const check = records.find(({ envelope }) => envelope.event === 'AUTHZ');
      expect(check?.envelope).toMatchObject({ outcome: 'Failure', level: 'Failure' });
      expect(check?.content.target).toEqual({ type: 'audit record', id: String(index) });
    }
    expect((await system.server.log.reader.read(index)).contentBytes).not.toBeNull();
  });

  test('requests are listed in pages, the newest first', async () => {
    const seen: string[] = [];
    let after = '';
    let total = 0;
    do {
      const { body } = await ask(auditor, `?limit=2${after}`);
      total = body['total'] as number;
      seen.push(...(body['erasures'] as View[]).map(({ id }) => id));
      after = body['next'] === null ? '' : `&after=${body['next'] as string}`;
    } while (after !== '');
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
    expect(await ask(auditor, '?after=x')).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });
});

/** The erasures of a server, of whose calls the `at`th fails: what a crash there would leave. */
function brokenAt(at: number, { server }: TestServer): { erasures: Erasures; calls: string[] } {
  const { platform, log, index } = server;
  const { recorder } = platform;
  const calls: string[] = [];
  const step = (name: string): void => {
    calls.push(name);
    if (calls.length === at) throw new Error(`nothing more after ${name}`);
  };
  const erasures = new Erasures({
    ...platform,
    logger: silentLoggers('server:test'),
    log: {
      reader: log.reader,
      get size() {
        return log.size;
      },
      erase: async (record, because) => {
        step('erase');
        await log.erase(record, because);
      },
    },
    index: {
      forget: async (record) => {
        step('forget');
        await index.forget(record);
      },
    },
    recorder: {
      record: async (draft) => await recorder.record(draft),
      audited: async (work) => {
        step('finish');
        return await recorder.audited(work);
      },
    },
  });
  return { erasures, calls };
}

/** Approves a request, and stops at one of the steps that follow. */
async function approveUntil(at: number, id: string, cookie: string, on: TestServer) {
  const { erasures, calls } = brokenAt(at, on);
  const { platform } = on.server;
  const whole = platform.erasures.carryOut.bind(platform.erasures);
  platform.erasures.carryOut = async () => await erasures.carryOut();
  try {
    const { status, body } = await ask(cookie, `/${id}/approve`, {}, on);
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'approved' });
  } finally {
    platform.erasures.carryOut = whole;
  }
  expect(calls).toEqual(['forget', 'erase', 'forget', 'finish'].slice(0, at));
}

describe('an erasure that is cut short', () => {
  test.each([1, 2, 3, 4])('at step %i is finished by the next one', async (at) => {
    const { platform } = system.server;
    const index = await mishap(`Grace-190${at}`);
    const id = await requested(index);
    await approveUntil(at, id, anna, system);
    await platform.erasures.carryOut();
    expect(await findRequest(platform.state.db, id)).toMatchObject({ state: 'done' });
    expect((await system.server.log.reader.read(index)).contentBytes).toBeNull();
    expect(await found(`grace-190${at}`)).toBe(0);
    expect((await verify()).ok).toBe(true);
  });

  test.each([
    ['before anything was forgotten', 1, 'whole'],
    ['before the zeros', 2, 'whole'],
    ['in the middle of the zeros', 2, 'torn'],
    ['after the zeros', 4, 'gone'],
  ])('%s is finished by the next start', async (_when, at, left) => {
    const place = await temporaryFolder();
    const first = await startTestServer({ dir: place });
    const root = await first.signIn('admin');
    const hedy = await new Administration(first).person(root, 'hedy', ['Auditor']);
    const index = await mishap('Radia-1951-Geheim', first);
    const other = await first.signIn('auditor');
    const { body } = await ask(other, '', { index, ...BASIS }, first);
    await approveUntil(at, body.id, hedy, first);
    await first.server.close();
    if (left === 'torn') tear(place, index);

    const second = await startTestServer({ dir: place });
    const { platform, log } = second.server;
    expect(await findRequest(platform.state.db, body.id)).toMatchObject({ state: 'done' });
    expect((await log.reader.read(index)).contentBytes).toBeNull();
    expect((await log.reader.read(index + 1)).contentBytes).not.toBeNull();
    await second.server.close();
    const paths = dataPaths(join(place, 'data'));
    const verifiers = platform.keys.signers.map(({ verifier }) => verifier);
    const options = { dir: paths.log, verifiers, indexPath: paths.index, workers: 0 };
    const { ok, problems } = await verifyLog(options);
    expect(problems).toMatchObject([{ kind: 'erased', index }]);
    expect(ok).toBe(true);
    for (const file of [paths.index, join(paths.log, 'contents/000000.seg')]) {
      const bytes = readFileSync(file, 'latin1').toLowerCase();
      expect({ file, holdsIt: bytes.includes('radia-1951') }).toEqual({ file, holdsIt: false });
    }
  });
});

/** Writes half of the zeros, as a loss of power might leave them: the end of the content is still there. */
function tear(place: string, index: number): void {
  const path = join(dataPaths(join(place, 'data')).log, 'contents/000000.seg');
  const stored = readFileSync(path);
  let at = 0;
  for (let i = 0; i < index; i += 1) at += 20 + stored.readUInt32BE(at);
  const file = openSync(path, 'r+');
  writeSync(file, new Uint8Array(16 + stored.readUInt32BE(at) / 2), 0, undefined, at + 4);
  closeSync(file);
}
