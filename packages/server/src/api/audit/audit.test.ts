import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import {
  checkTlogProof,
  fromBase64,
  leafHash,
  parseTlogProof,
  parseVerifierKey,
  toHex,
} from '@countersign/tlog';
import { contentDigest } from '@countersign/records';
import { attribute, startTestServer } from '../../testing/harness.ts';

const system = await startTestServer();
const cookie = await system.signIn('auditor');

interface Shown {
  index: number;
  envelope: { event: string; digest: string; outcome: string; seq: number };
  content: { actor: { id: string } } | null;
  sentence: string;
  leafHash: string;
}
interface Page {
  records: Shown[];
  next: string | null;
  count?: { value: number; exact: boolean };
  treeSize: number;
  indexedSize: number;
}

async function get<T>(path: string): Promise<T> {
  const answer = await system.request(`/api/v1/audit/${path}`, { cookie });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

describe('searching', () => {
  test('pages through everything without a gap, newest first', async () => {
    const seen: number[] = [];
    let page = await get<Page>('records?limit=4');
    expect(page.count?.exact).toBe(true);
    seen.push(...page.records.map(({ index }) => index));
    while (page.next !== null) {
      page = await get<Page>(`records?limit=4&cursor=${encodeURIComponent(page.next)}`);
      expect(page.count).toBeUndefined();
      seen.push(...page.records.map(({ index }) => index));
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => seen.length - 1 - i));
  });

  test('finds by field and by word, and is recorded with its query and count', async () => {
    const query = 'Event -eq "ROLE_ASSUME" AND ActingUser -eq %ME%';
    let page: Page | null = null;
    const records = await system.recordsOf(async () => {
      page = await get<Page>(`records?query=${encodeURIComponent(query)}&limit=1`);
    });
    expect(page!.records.map((r) => [r.envelope.event, r.content?.actor.id])).toEqual([
      ['ROLE_ASSUME', 'auditor'],
    ]);
    expect(records.map(({ envelope }) => envelope.event).sort()).toEqual([
      'AUDIT_LOG_SEARCH',
      'AUTHZ',
    ]);
    const search = records.find(({ envelope }) => envelope.event === 'AUDIT_LOG_SEARCH');
    expect(attribute(search, 'Query')).toBe(query);
    expect(attribute(search, 'Count')).toBe('1');
    expect(search?.content.actor.id).toBe('auditor');
  });

  test('finds what was acknowledged just before: a denial as soon as it is answered', async () => {
    const admin = await system.signIn('admin');
    const denied = await system.request('/portal/audit', { cookie: admin });
    expect(denied.status).toBe(403);
    const query = encodeURIComponent('Category -eq "AuthorizationFailure"');
    const page = await get<Page>(`records?query=${query}`);
    expect(page.records[0]).toMatchObject({
      envelope: { event: 'AUTHZ', outcome: 'Failure' },
      content: { actor: { id: 'admin' } },
    });
  });

  test('refuses a cursor that is not one of ours', async () => {
    const answer = await system.request('/api/v1/audit/records?cursor=nonsense', { cookie });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'cursor_invalid' });
  });

  test('counts facets and a histogram; their AUTHZ record holds the query', async () => {
    const records = await system.recordsOf(async () => {
      const { facets } = await get<{
        facets: { field: string; values: { value: string; count: number }[] }[];
      }>('facets?fields=Event,Level&query=Outcome%20-eq%20%22Success%22');
      expect(facets.map(({ field }) => field)).toEqual(['Event', 'Level']);
      expect(facets[0]?.values.map(({ value }) => value)).toContain('AUDIT_LOG_STARTUP');
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ']);
    expect(attribute(records[0], 'Query')).toBe('Outcome -eq "Success"');
    const histogram = await get<{ buckets: Record<string, number>[]; bucketMs: number }>(
      'histogram?buckets=10',
    );
    const total = histogram.buckets.reduce((sum, b) => sum + (b['Information'] ?? 0), 0);
    expect(total).toBeGreaterThan(0);
    const wrong = await system.request(
      '/api/v1/audit/histogram?from=2026-11-22T05:00:00Z&to=2026-11-22T04:00:00Z',
      { cookie },
    );
    expect(wrong.status).toBe(400);
    const unknown = await system.request('/api/v1/audit/facets?fields=Colour', { cookie });
    expect(unknown.status).toBe(400);
    expect((await unknown.json()) as object).toMatchObject({ code: 'parameter_invalid' });
  });

  test('knows the fields of facets by all their names, and has some when none is asked for', async () => {
    const fieldsOf = async (path: string) =>
      (await get<{ facets: { field: string }[] }>(path)).facets.map(({ field }) => field);
    expect(await fieldsOf('facets?fields=level,EntityType,actor,User,verb')).toEqual([
      'Level',
      'Category',
      'ActingUser',
      'Verb',
    ]);
    expect(await fieldsOf('facets')).toContain('Category');
  });
});

describe('one record', () => {
  test('comes with the bytes that its proof is about, and the proof checks offline', async () => {
    const details = await get<
      Shown & { salt: string; contentBytes: string; envelopeBytes: string; dogtagLine: string }
    >('records/5');
    const envelopeBytes = fromBase64(details.envelopeBytes);
    expect(contentDigest(fromBase64(details.salt), fromBase64(details.contentBytes))).toEqual(
      fromBase64(details.envelope.digest),
    );
    expect(toHex(leafHash(envelopeBytes))).toBe(details.leafHash);
    expect(details.dogtagLine).toMatch(
      /^0\.\w+ - \[22\/Nov\/2026:05:00:00 UTC\] \[14\] \[6\] \[AuditEvent=/,
    );

    const answer = await system.request('/api/v1/audit/records/5/proof?download', { cookie });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="record-5.tlog-proof"',
    );
    const { keys } = system.server.platform;
    const proof = parseTlogProof(await answer.text());
    const verifiers = keys.vkeys.map(parseVerifierKey);
    checkTlogProof(proof, leafHash(envelopeBytes), { origin: keys.origin, verifiers });
    envelopeBytes[10] = (envelopeBytes[10] ?? 0) ^ 1;
    expect(() =>
      checkTlogProof(proof, leafHash(envelopeBytes), { origin: keys.origin, verifiers }),
    ).toThrow('root');
  });

  test('that was read leaves a record naming it', async () => {
    const records = await system.recordsOf(async () => await get('records/2'));
    expect(records.map(({ envelope }) => envelope.event).sort()).toEqual([
      'AUDIT_LOG_READ',
      'AUTHZ',
    ]);
    const read = records.find(({ envelope }) => envelope.event === 'AUDIT_LOG_READ');
    expect(attribute(read, 'Index')).toBe('2');
  });

  test('names those related to it', async () => {
    const { index } = (await system.records()).find(
      ({ envelope }) => envelope.event === 'ROLE_ASSUME',
    ) ?? { index: 0 };
    const { related } = await get<{
      related: { index: number; relation: string; sentence: string }[];
    }>(`records/${index}`);
    expect(related.length).toBeGreaterThan(0);
    for (const other of related)
      expect(other.relation).toMatch(/^(?:target|object|correlation|session)$/);
  });
});

describe('exporting', () => {
  test('sends each record with its exact bytes, and records the export before it', async () => {
    const before = await get<Page>('records?limit=1');
    let lines: string[] = [];
    const records = await system.recordsOf(async () => {
      const answer = await system.request('/api/v1/audit/export?format=ndjson', { cookie });
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      lines = (await answer.text()).trimEnd().split('\n');
    });
    expect(lines.length).toBeGreaterThanOrEqual(before.treeSize);
    lines.forEach((line, i) => {
      const record = JSON.parse(line) as Shown & { envelopeBytes: string };
      expect(record.index).toBe(i);
      expect(toHex(leafHash(fromBase64(record.envelopeBytes)))).toBe(record.leafHash);
    });
    expect(records.map(({ envelope }) => envelope.event)).toContain('AUDIT_LOG_EXPORT');
    const exported = records.find(({ envelope }) => envelope.event === 'AUDIT_LOG_EXPORT');
    expect(attribute(exported, 'Format')).toBe('ndjson');
    expect(attribute(exported, 'Count')).toBe(String(lines.length));
  });

  test('as CSV disarms formulas in values that strangers chose', async () => {
    await system.request('/api/v1/session', {
      method: 'POST',
      body: { username: '=HYPERLINK("http://evil.example","x")', password: 'x' },
    });
    const query = encodeURIComponent('Event -eq "AUTH" AND Outcome -eq "Failure"');
    const answer = await system.request(`/api/v1/audit/export?format=csv&query=${query}`, {
      cookie,
    });
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="audit-log-.*\.csv"$/,
    );
    const text = await answer.text();
    expect(text.split('\r\n')[0]).toMatch(/^index,time,event,category/);
    for (const line of text.split('\r\n').slice(1)) {
      for (const field of line.split(',')) expect(field).not.toMatch(/^"?[=+@]/);
    }
  });

  test('that is broken off is recorded as a failure with what was sent', async () => {
    const records = await system.recordsOf(async () => {
      const answer = await system.request('/api/v1/audit/export?format=csv', { cookie });
      await answer.body?.cancel();
    });
    const exports = records.filter(({ envelope }) => envelope.event === 'AUDIT_LOG_EXPORT');
    expect(exports.map(({ envelope }) => envelope.outcome)).toEqual(['Success', 'Failure']);
  });
});

describe('health', () => {
  test('says two sizes to anybody and nothing more', async () => {
    const answer = await system.request('/api/v1/audit/health');
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as Record<string, unknown>;
    expect(Object.keys(body).sort()).toEqual(['indexedSize', 'status', 'treeSize']);
    expect(body['status']).toBe('ok');
  });

  test('tells auditors about checkpoint, key, producers, space and index', async () => {
    const details = await get<Record<string, unknown>>('health/details');
    expect(details).toMatchObject({
      status: 'ok',
      reasons: [],
      origin: system.server.platform.keys.origin,
      keys: system.server.platform.keys.vkeys,
      verification: { state: 'never' },
    });
    expect(details['producers']).toEqual([expect.objectContaining({ name: 'countersign' })]);
    expect((details['checkpoint'] as { text: string }).text).toContain(
      system.server.platform.keys.origin,
    );
  });

  test('a verification of the whole log ends with a verdict that is kept and recorded', async () => {
    const records = await system.recordsOf(async () => {
      const started = await system.request('/api/v1/audit/verification', {
        method: 'POST',
        cookie,
      });
      expect(started.status).toBe(202);
      expect(await started.json()).toMatchObject({ state: 'running', startedBy: 'auditor' });
      for (;;) {
        const report = await get<{ state: string; ok?: boolean }>('verification');
        if (report.state !== 'running') {
          expect(report).toMatchObject({ state: 'done', ok: true });
          break;
        }
      }
    });
    const verified = records.find(({ envelope }) => envelope.event === 'AUDIT_LOG_VERIFY');
    expect(verified?.envelope.outcome).toBe('Success');
    expect(attribute(verified, 'Verdict')).toBe('verified');
  });
});

test('a verification tells when the index disagrees with the log, and the log is not at fault', async () => {
  const other = await startTestServer();
  const auditor = await other.signIn('auditor');
  const path = join(other.server.config.dataDir, 'index.db');
  await other.server.index.whenIndexed(other.server.log.size);
  const db = new DatabaseSync(path, { timeout: 2_000 });
  db.exec('delete from entry where rowid = (select min(rowid) + 2 from entry)');
  db.close();
  await other.request('/api/v1/audit/verification', { method: 'POST', cookie: auditor });
  for (;;) {
    const answer = await other.request('/api/v1/audit/verification', { cookie: auditor });
    const report = (await answer.json()) as {
      state: string;
      ok?: boolean;
      verdict?: { axes: { integrity: { verdict: string } }; problems: { kind: string }[] };
    };
    if (report.state === 'running') continue;
    expect(report).toMatchObject({ state: 'done', ok: false });
    expect(report.verdict?.axes.integrity.verdict).toBe('verified');
    expect(new Set(report.verdict?.problems.map(({ kind }) => kind))).toEqual(new Set(['index']));
    break;
  }
});

test('the catalogue is there for both roles', async () => {
  const admin = await system.signIn('admin');
  for (const who of [admin, cookie]) {
    const answer = await system.request('/api/v1/audit/catalogue', { cookie: who });
    const body = (await answer.json()) as Record<string, unknown[]>;
    expect(Object.keys(body)).toEqual([
      'events',
      'categories',
      'operations',
      'levels',
      'queryFields',
    ]);
    for (const list of Object.values(body)) expect(list.length).toBeGreaterThan(0);
  }
});
