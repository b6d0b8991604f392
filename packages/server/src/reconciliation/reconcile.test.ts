import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@countersign/records';
import { addRevocations, releaseCertificates } from '../authorities/revocations.ts';
import { certificateModel, findCertificate } from '../certificates/certificate-view.ts';
import { insertCertificate } from '../certificates/insert-certificate.ts';
import { certificateRef } from '../certificates/refs.ts';
import { insertCertificateRows, realCertificate } from '../certificates/testing.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { ownSource, SYSTEM_ACTOR } from '../recording/facts.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import { attribute, startTestServer } from '../testing/harness.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';

const system = await startTestServer();
const { platform, log } = system.server;
const { recorder, state } = platform;
const auditor = await system.signIn('auditor');
const admin = await system.signIn('admin');
const now = system.clock.read();
const [authority] = await state.db
  .selectFrom('authorities')
  .select(['id', 'name'])
  .orderBy('name')
  .execute();
if (authority === undefined) throw new Error('bad test: the first start makes authorities');

async function run(): Promise<Reconciliation> {
  return await reconcile({
    reader: log.reader,
    db: state.db,
    size: async () => {
      await recorder.idle();
      return log.size;
    },
  });
}

/** What is found, kind by kind, with the messages. */
async function found(): Promise<[kind: string, message: string][]> {
  const { problems, problemCount } = await run();
  expect(problemCount).toBe(problems.length);
  return problems.map(({ kind, message }) => [kind, message]);
}

function draft(
  event: string,
  certificate: { readonly fingerprint: string; readonly subject: string },
  models: { before?: JsonObject; after?: JsonObject },
): OwnDraft {
  return {
    event,
    outcome: 'Success',
    category: 'Certificate',
    operation: 'Updated',
    level: 'Information',
    retention: 'extended',
    content: {
      actor: SYSTEM_ACTOR,
      source: ownSource('test', '0'),
      target: certificateRef(certificate),
      ...models,
    },
  };
}

async function model(tx: AuditedTransaction, id: number): Promise<JsonObject> {
  return certificateModel(await findCertificate(tx.db, id, now));
}

/** Issues a certificate as the product does: row and record in one transaction. */
async function issue(subject: string, metadata: Record<string, string> = {}): Promise<number> {
  const facts = await realCertificate(subject);
  const { result } = await recorder.audited(async (tx) => {
    const id = await insertCertificate(tx.db, {
      facts,
      authority: authority?.id ?? null,
      template: 'Web',
      requester: 'jdoe',
      request: null,
      origin: 'issued',
      metadata,
      now,
    });
    tx.record(draft('CERT_REQUEST_PROCESSED', facts, { after: await model(tx, id) }));
    return id;
  });
  return result;
}

/** Revokes, holds or releases a certificate as the product does. */
async function setState(id: number, to: 'active' | 'held' | 'revoked'): Promise<void> {
  await recorder.audited(async (tx) => {
    const certificate = await findCertificate(tx.db, id, now);
    const before = await model(tx, id);
    const { serial, notAfter } = certificate;
    const reason = to === 'held' ? 6 : 1;
    const one = { authority: authority?.id ?? '', serial, reason, revokedAt: now, notAfter };
    if (to === 'active') await releaseCertificates(tx.db, [one], now);
    else await addRevocations(tx.db, [one], now);
    const revoked = to !== 'active';
    await tx.db
      .updateTable('certificates')
      .set({
        state: to,
        revoked_at: revoked ? now.toISOString() : null,
        revocation_reason: revoked ? reason : null,
      })
      .where('id', '=', id)
      .execute();
    const after = await model(tx, id);
    tx.record(draft('CERT_STATUS_CHANGE_REQUEST_PROCESSED', certificate, { before, after }));
  });
}

await system.behind
  .insertInto('metadata_fields')
  .values({ name: 'Team', definition: '{}', position: 0, created_at: now.toISOString() })
  .execute();
const web = await issue('CN=web.example.com', { Team: 'A' });
const revoked = await issue('CN=revoked.example.com');
await setState(revoked, 'held');
await setState(revoked, 'revoked');
const released = await issue('CN=released.example.com');
await setState(released, 'held');
await setState(released, 'active');
await platform.authorities.turn();

describe('the state agrees with the log', () => {
  test('after the first start, issues, revocations, holds, releases', async () => {
    const result = await run();
    expect(result).toMatchObject({ problems: [], problemCount: 0 });
    expect(result.checked.certificates).toBeGreaterThanOrEqual(4);
    expect(result.checked.crls).toBeGreaterThanOrEqual(1);
    expect(result.checked.revocations).toBe(2);
  });

  test('after a deletion, and when the certificate comes back', async () => {
    const id = await issue('CN=gone.example.com');
    const { fingerprint, subject } = await findCertificate(state.db, id, now);
    const facts = { fingerprint, subject };
    const rows = await system.behind
      .selectFrom('certificates')
      .selectAll()
      .where('id', '=', id)
      .execute();
    const contents = await system.behind
      .selectFrom('certificate_contents')
      .selectAll()
      .where('certificate', '=', id)
      .execute();
    await recorder.audited(async (tx) => {
      tx.record(draft('CERT_DELETED', facts, { before: await model(tx, id) }));
      await tx.db.deleteFrom('certificates').where('id', '=', id).execute();
    });
    expect(await found()).toEqual([]);
    await recorder.audited(async (tx) => {
      await tx.db.insertInto('certificates').values(rows).execute();
      await tx.db.insertInto('certificate_contents').values(contents).execute();
      tx.record(draft('CERT_IMPORTED', facts, { after: await model(tx, id) }));
    });
    expect(await found()).toEqual([]);
  });

  test('while records are still on their way to the log', async () => {
    const size = log.size;
    await issue('CN=on-its-way.example.com');
    await recorder.idle();
    // The log as it was before; the records are in the outbox, which is swept by the next transaction only.
    const result = await reconcile({ reader: log.reader, db: state.db, size: async () => size });
    expect(result.problems).toEqual([]);
  });
});

describe('what is done behind the product’s back is found and named', () => {
  const serialOf = async (id: number) => (await findCertificate(state.db, id, now)).serial;

  test('a certificate that nobody issued', async () => {
    const [id = 0] = await insertCertificateRows(system.behind, [
      { subject: 'CN=evil.example.com' },
    ]);
    const serial = await serialOf(id);
    expect(await found()).toEqual([
      [
        'certificate_content',
        `certificate "CN=evil.example.com" (serial 0x${serial}): the bytes kept of it do not have its fingerprint`,
      ],
      [
        'certificate_unrecorded',
        `certificate "CN=evil.example.com" (serial 0x${serial}) is there, and no record says how it came`,
      ],
    ]);
    await system.behind.deleteFrom('certificates').where('id', '=', id).execute();
    expect(await found()).toEqual([]);
  });

  test('a certificate that was taken away', async () => {
    const rows = await system.behind
      .selectFrom('certificates')
      .selectAll()
      .where('id', '=', web)
      .execute();
    const contents = await system.behind
      .selectFrom('certificate_contents')
      .selectAll()
      .where('certificate', '=', web)
      .execute();
    await system.behind.deleteFrom('certificates').where('id', '=', web).execute();
    const { problems } = await run();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      kind: 'certificate_missing',
      object: `certificate ${rows[0]?.fingerprint}`,
    });
    expect(problems[0]?.message).toBe(
      `record ${problems[0]?.index} says that certificate "CN=web.example.com" (serial 0x${rows[0]?.serial}) is there; there is none, and no record of its deletion`,
    );
    await system.behind.insertInto('certificates').values(rows).execute();
    await system.behind.insertInto('certificate_contents').values(contents).execute();
    await system.behind
      .insertInto('certificate_metadata')
      .values({ certificate: web, field: 'Team', value: 'A', folded: 'a' })
      .execute();
    expect(await found()).toEqual([]);
  });

  test.each([
    [{ requester: 'mallory' }, { requester: 'jdoe' }, 'requester is "mallory", and was "jdoe"'],
    [{ state: 'revoked' }, { state: 'active' }, 'state is "revoked", and was "active"'],
    [{ template: 'Other' }, { template: 'Web' }, 'template is "Other", and was "Web"'],
    [{ owner_role: 'RA' }, { owner_role: null }, 'ownerRole is "RA", and was absent'],
  ] as const)('a certificate with %j', async (changed, back, message) => {
    const change = async (set: object) =>
      await system.behind.updateTable('certificates').set(set).where('id', '=', web).execute();
    await change(changed);
    const problems = await found();
    await change(back);
    expect(problems.map(([kind]) => kind)).toEqual(['certificate_changed']);
    expect(problems[0]?.[1]).toContain(`: ${message}, by record `);
  });

  test('a certificate that is not revoked any more', async () => {
    const set = { state: 'active' as const, revoked_at: null, revocation_reason: null };
    await system.behind.updateTable('certificates').set(set).where('id', '=', revoked).execute();
    await system.behind
      .deleteFrom('revoked_certificates')
      .where('serial', '=', await serialOf(revoked))
      .execute();
    const problems = await found();
    expect(problems.map(([kind]) => kind)).toEqual(['certificate_changed', 'revocation_missing']);
    expect(problems[0]?.[1]).toContain(
      `state is "active", and was "revoked"; revokedAt is absent, and was "${now.toISOString()}"; revocationReason is absent, and was 1`,
    );
    expect(problems[1]?.[1]).toMatch(
      new RegExp(
        `^record \\d+ says that serial 0x${await serialOf(revoked)} of authority ${authority.id} is revoked; its lists do not know it$`,
      ),
    );
    await system.behind
      .updateTable('certificates')
      .set({ state: 'revoked', revoked_at: now.toISOString(), revocation_reason: 1 })
      .where('id', '=', revoked)
      .execute();
    await system.behind
      .insertInto('revoked_certificates')
      .values({
        authority: authority.id,
        serial: await serialOf(revoked),
        reason: 1,
        revoked_at: now.toISOString(),
        invalid_since: null,
        not_after: now.toISOString(),
        released_at: null,
        changed_at: now.toISOString(),
      })
      .execute();
    expect(await found()).toEqual([]);
  });

  test('a revocation that nobody asked for, and one that was lifted', async () => {
    const row = {
      authority: authority.id,
      serial: 'abc123',
      reason: 0,
      revoked_at: now.toISOString(),
      invalid_since: null,
      not_after: now.toISOString(),
      released_at: null,
      changed_at: now.toISOString(),
    };
    await system.behind.insertInto('revoked_certificates').values(row).execute();
    const lift = async (released_at: string | null) =>
      await system.behind
        .updateTable('revoked_certificates')
        .set({ released_at })
        .where('serial', '=', await serialOf(revoked))
        .execute();
    await lift(now.toISOString());
    const problems = await found();
    await lift(null);
    await system.behind.deleteFrom('revoked_certificates').where('serial', '=', 'abc123').execute();
    expect(problems).toContainEqual([
      'revocation_unrecorded',
      `serial 0xabc123 of authority ${authority.id} is on its lists, and no record says that it was revoked`,
    ]);
    const changed = problems.find(([kind]) => kind === 'revocation_changed');
    expect(changed?.[1]).toContain(
      ` is released, and was revoked for reason 1 at ${now.toISOString()}, by record `,
    );
    expect(problems).toHaveLength(2);
  });

  test('lists that were put in, taken away or exchanged', async () => {
    const [list] = await system.behind
      .selectFrom('crls')
      .selectAll()
      .where('authority', '=', authority.id)
      .execute();
    if (list === undefined) throw new Error('bad test: there is no list');
    await system.behind
      .insertInto('crls')
      .values({ ...list, number: 999 })
      .execute();
    const forged = createHash('sha256').update('forged').digest('hex');
    const exchange = async (fingerprint: string) =>
      await system.behind
        .updateTable('crls')
        .set({ fingerprint })
        .where('authority', '=', authority.id)
        .where('number', '=', list.number)
        .execute();
    await exchange(forged);
    const problems = await found();
    expect(problems).toHaveLength(2);
    expect(problems[0]?.[0]).toBe('crl_changed');
    expect(problems[0]?.[1]).toContain(
      `list ${list.number} of authority ${authority.id}: its fingerprint is ${forged}, and was ${list.fingerprint}, by record `,
    );
    expect(problems[1]).toEqual([
      'crl_unrecorded',
      `list 999 of authority ${authority.id} is there, and no record says that it was made`,
    ]);
    await system.behind
      .deleteFrom('crls')
      .where('authority', '=', authority.id)
      .where('number', 'in', [list.number, 999])
      .execute();
    expect((await found()).map(([kind]) => kind)).toEqual(['crl_missing']);
    await system.behind.insertInto('crls').values(list).execute();
    expect(await found()).toEqual([]);
  });

  test('the bytes of a list that is published', async () => {
    const current = system.behind
      .selectFrom('crls')
      .select(['number', 'der'])
      .where('authority', '=', authority.id)
      .where('der', '!=', '');
    const { number, der } = await current.executeTakeFirstOrThrow();
    const publish = async (bytes: string) =>
      await system.behind
        .updateTable('crls')
        .set({ der: bytes })
        .where('authority', '=', authority.id)
        .where('number', '=', number)
        .execute();
    await publish(Buffer.from('an older list').toString('base64'));
    const problems = await found();
    await publish(der);
    expect(problems).toEqual([
      [
        'crl_content',
        `list ${number} of authority ${authority.id}: the bytes kept of it do not have its fingerprint`,
      ],
    ]);
    expect(await found()).toEqual([]);
  });

  test('what searches compare, by which collections are made', async () => {
    const setFolded = async (subject_folded: string) =>
      await system.behind
        .updateTable('certificates')
        .set({ subject_folded })
        .where('id', '=', web)
        .execute();
    await setFolded('cn=another.example.com');
    const problems = await found();
    await setFolded('cn=web.example.com');
    await system.behind
      .insertInto('certificate_sans')
      .values({ certificate: web, position: 0, type: 'dns', value: 'a.b', folded: 'a.b' })
      .execute();
    const named = await found();
    await system.behind.deleteFrom('certificate_sans').where('certificate', '=', web).execute();
    expect(problems.map(([kind]) => kind)).toEqual(['certificate_changed']);
    expect(problems[0]?.[1]).toContain(': what searches compare is not what it says, by record ');
    expect(named.map(([kind]) => kind)).toEqual(['certificate_changed']);
    expect(named[0]?.[1]).toContain(': its alternative names are others, by record ');
    expect(await found()).toEqual([]);
  });

  test('metadata, by which collections are made, and the bytes of a certificate', async () => {
    const setTeam = async (value: string) =>
      await system.behind
        .updateTable('certificate_metadata')
        .set({ value, folded: value.toLowerCase() })
        .where('certificate', '=', web)
        .execute();
    await setTeam('B');
    const der = async (certificate: number) =>
      (
        await system.behind
          .selectFrom('certificate_contents')
          .select('der')
          .where('certificate', '=', certificate)
          .executeTakeFirstOrThrow()
      ).der;
    const setDer = async (bytes: string) =>
      await system.behind
        .updateTable('certificate_contents')
        .set({ der: bytes })
        .where('certificate', '=', web)
        .execute();
    const own = await der(web);
    await setDer(await der(released));
    const problems = await found();
    await setTeam('A');
    await setDer(own);
    expect(problems.map(([kind]) => kind).sort()).toEqual([
      'certificate_changed',
      'certificate_content',
    ]);
    expect(problems.find(([kind]) => kind === 'certificate_changed')?.[1]).toContain(
      ': metadata Team is "B", and was "A", by record ',
    );
    expect(await found()).toEqual([]);
  });
});

describe('a run', () => {
  async function get(path: string, cookie = auditor): Promise<Record<string, unknown>> {
    const answer = await system.request(path, { cookie });
    return (await answer.json()) as Record<string, unknown>;
  }

  test('is asked for by an auditor, recorded, and shown in the health of the log', async () => {
    expect(await get('/api/v1/reconciliation')).toEqual({ state: 'never' });
    const records = await system.recordsOf(async () => {
      const started = await system.request('/api/v1/reconciliation', {
        method: 'POST',
        cookie: auditor,
      });
      expect(started.status).toBe(202);
      expect(await started.json()).toMatchObject({ state: 'running', startedBy: 'auditor' });
      await platform.reconciliations.idle();
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual([
      'AUTHZ',
      'AUDIT_RECONCILIATION',
    ]);
    expect(records[1]?.envelope).toMatchObject({ outcome: 'Success', level: 'Information' });
    expect(attribute(records[1], 'Problems')).toBe('0');
    expect(await get('/api/v1/reconciliation')).toMatchObject({
      state: 'done',
      ok: true,
      problems: [],
      checked: { revocations: 2 },
    });
  });

  test('that finds something is a failure that names it, and degrades the health', async () => {
    const [id = 0] = await insertCertificateRows(system.behind, [{ subject: 'CN=evil2' }]);
    const records = await system.recordsOf(async () => {
      platform.reconciliations.start(null);
      await platform.reconciliations.idle();
    });
    expect(records).toHaveLength(1);
    expect(records[0]?.envelope).toMatchObject({
      event: 'AUDIT_RECONCILIATION',
      category: 'AuditLog',
      outcome: 'Failure',
      level: 'Failure',
    });
    expect(records[0]?.content.actor).toMatchObject({ id: '$System$' });
    expect(records[0]?.content.reason).toContain('certificate "CN=evil2"');
    expect(records[0]?.content.after).toMatchObject({
      problemCount: 2,
      problems: [{ kind: 'certificate_content' }, { kind: 'certificate_unrecorded' }],
    });
    expect(await get('/api/v1/audit/health/details')).toMatchObject({
      status: 'degraded',
      reasons: ['the state does not agree with the log'],
      reconciliation: { state: 'done', ok: false, problemCount: 2 },
    });
    await system.behind.deleteFrom('certificates').where('id', '=', id).execute();
  });

  test('is refused to administrators', async () => {
    const refused = await system.request('/api/v1/reconciliation', {
      method: 'POST',
      cookie: admin,
    });
    expect(refused.status).toBe(403);
  });

  test('is due again after a day', async () => {
    const startedAt = () => {
      const report = platform.reconciliations.report();
      return report.state === 'never' ? null : report.startedAt;
    };
    const before = startedAt();
    platform.reconciliations.turn();
    expect(startedAt()).toBe(before);
    system.clock.advance(24 * 60 * 60_000);
    platform.reconciliations.turn();
    await platform.reconciliations.idle();
    expect(startedAt()).toBe(system.clock.read().toISOString());
    expect(platform.reconciliations.report()).toMatchObject({ state: 'done', ok: true });
  });

  test('names records that contradict one another', async () => {
    const { fingerprint, subject } = await findCertificate(state.db, web, now);
    await recorder.record(
      draft(
        'CERT_REQUEST_PROCESSED',
        { fingerprint, subject },
        { after: certificateModel(await findCertificate(state.db, web, now)) },
      ),
    );
    const problems = await found();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.[0]).toBe('record_contradiction');
    expect(problems[0]?.[1]).toMatch(
      /^record \d+ \(CERT_REQUEST_PROCESSED\) of certificate "CN=web.example.com": it came already by record \d+$/,
    );
  });
});
