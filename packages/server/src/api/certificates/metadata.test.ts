import { describe, expect, test } from 'vitest';
import { reconcile } from '../../reconciliation/reconcile.ts';
import { startTestServer } from '../../testing/harness.ts';
import { ask, certificateIn, done, type AnsweredCertificate } from './testing.ts';

const system = await startTestServer();
const { platform, log } = system.server;
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');
const operator = await system.signInAs('operator', ['CA Operations']);

for (const field of [
  { name: 'Team', type: 'string', enrollment: 'required', defaultValue: 'None' },
  { name: 'Cost', type: 'integer' },
  { name: 'Stage', type: 'choice', options: ['Test', 'Live'] },
])
  await done(system, admin, { path: 'metadata-fields', body: field });
await done(system, admin, {
  path: 'templates',
  body: { name: 'Kept', displayName: 'Kept', policy: { extendedKeyUsage: ['clientAuth'] } },
});

async function enroll(subject: string, metadata = {}): Promise<AnsweredCertificate> {
  const body = { template: 'Kept', subject, metadata };
  return certificateIn(await done(system, operator, { path: 'enrollment/pfx', body }));
}

const one = await enroll('CN=one');
const two = await enroll('CN=two', { Team: 'Red', Cost: '5' });
const metadataOf = async (id: number) =>
  (await done(system, operator, { method: 'GET', path: `certificates/${id}` })).body['metadata'];

describe('metadata of one certificate', () => {
  test('is changed with the whole certificate before and after', async () => {
    const changed = await done(system, operator, {
      method: 'PATCH',
      path: `certificates/${one.id}/metadata`,
      body: { metadata: { Team: 'Blue', Cost: '12', Stage: '' } },
    });
    expect(changed.body['metadata']).toEqual({ Team: 'Blue', Cost: '12' });
    expect(changed.records).toHaveLength(1);
    expect(changed.records[0]?.envelope).toMatchObject({
      event: 'CERT_METADATA_CHANGED',
      category: 'Certificate',
      operation: 'Updated',
      level: 'Information',
      outcome: 'Success',
    });
    expect(changed.records[0]?.content).toMatchObject({
      target: { type: 'certificate', id: one.fingerprint, name: 'CN=one' },
      before: { id: one.id, subject: 'CN=one', metadata: { Team: 'None' } },
      after: { id: one.id, subject: 'CN=one', metadata: { Team: 'Blue', Cost: '12' } },
    });
  });

  test('that is as it was is no change', async () => {
    const same = await done(system, operator, {
      method: 'PATCH',
      path: `certificates/${one.id}/metadata`,
      body: { metadata: { Team: 'Blue' } },
    });
    expect(same.records).toEqual([]);
  });

  test('is refused with every fault at once', async () => {
    const refused = await ask(system, operator, {
      method: 'PATCH',
      path: `certificates/${one.id}/metadata`,
      body: { metadata: { Team: null, Cost: 'much', Stage: 'live', Nothing: 'x' } },
    });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'request_invalid',
        detail: 'metadata.Team: expected a value, which is required, got "none"',
        errors: [
          { field: 'metadata.Team', expected: 'a value, which is required', got: 'none' },
          {
            field: 'metadata.Cost',
            expected: 'a whole number of at most 15 digits, without leading zeros',
            got: 'much',
          },
          { field: 'metadata.Stage', expected: 'one of Test, Live', got: 'live' },
          { field: 'metadata.Nothing', expected: 'a metadata field that is there', got: 'Nothing' },
        ],
      },
      records: [],
    });
  });

  test('is changed by nobody who may only read', async () => {
    const refused = await ask(system, auditor, {
      method: 'PATCH',
      path: `certificates/${one.id}/metadata`,
      body: { metadata: { Team: 'Mine' } },
    });
    expect(refused).toMatchObject({ status: 403, records: [] });
    expect(await metadataOf(one.id)).toMatchObject({ Team: 'Blue' });
  });
});

describe('metadata of many certificates', () => {
  test('is set where there is none, a record for each that changes', async () => {
    const set = await done(system, operator, {
      path: 'certificates/metadata',
      body: { query: 'Template -eq "Kept"', metadata: { Cost: '7', Stage: 'Live' } },
    });
    expect(set.body).toEqual({ changed: 2, refused: [] });
    expect(set.records.map(({ content }) => content.target?.name)).toEqual(['CN=one', 'CN=two']);
    expect(await metadataOf(one.id)).toEqual({ Team: 'Blue', Cost: '12', Stage: 'Live' });
    expect(await metadataOf(two.id)).toEqual({ Team: 'Red', Cost: '5', Stage: 'Live' });
  });

  test('is overwritten when told to; what is as it was has no record', async () => {
    const set = await done(system, operator, {
      path: 'certificates/metadata',
      body: { ids: [one.id, two.id, 9_999], metadata: { Cost: '5' }, overwrite: true },
    });
    expect(set.body).toEqual({
      changed: 2,
      refused: [{ id: 9_999, code: 'not_found', detail: 'there is no certificate 9999' }],
    });
    expect(set.records.map(({ content }) => content.target?.name)).toEqual(['CN=one']);
  });

  test('is not set at all with a value that no field takes', async () => {
    const refused = await ask(system, operator, {
      path: 'certificates/metadata',
      body: { query: '', metadata: { Stage: 'Nowhere' } },
    });
    expect(refused).toMatchObject({ status: 422, records: [] });
  });
});

describe('somebody with a right on one collection', () => {
  test('changes what it holds alone; what he takes out of it he cannot take back', async () => {
    const { body } = await done(system, admin, {
      path: 'collections',
      body: { name: 'Red', query: 'Team -eq "Red"' },
    });
    const id = Number(body['id']);
    await done(system, admin, {
      path: 'security/roles',
      body: { name: 'Red Team', description: '', permissions: [] },
    });
    await done(system, admin, {
      method: 'PUT',
      path: `collections/${id}/permissions`,
      body: { permissions: [{ role: 'Red Team', operations: ['read', 'edit-metadata'] }] },
    });
    const guest = await system.signInAs('guest', ['Red Team']);
    const outside = await ask(system, guest, {
      method: 'PATCH',
      path: `certificates/${one.id}/metadata`,
      body: { metadata: { Team: 'Red' } },
    });
    expect(outside).toMatchObject({ status: 403, records: [] });
    expect(outside.checks[0]?.envelope).toMatchObject({ outcome: 'Failure', level: 'Failure' });
    const many = await done(system, guest, {
      path: 'certificates/metadata',
      body: { query: '*', metadata: { Cost: '99' }, overwrite: true },
    });
    expect(many.body).toEqual({ changed: 1, refused: [] });
    expect(many.records.map(({ content }) => content.target?.name)).toEqual(['CN=two']);
    const named = await done(system, guest, {
      path: 'certificates/metadata',
      body: { ids: [one.id], metadata: { Team: 'Red' }, overwrite: true },
    });
    expect(named.body).toMatchObject({ changed: 0, refused: [{ code: 'access_denied' }] });
    const patch = { method: 'PATCH', path: `certificates/${two.id}/metadata` } as const;
    await done(system, guest, { ...patch, body: { metadata: { Team: 'Green' } } });
    const back = await ask(system, guest, { ...patch, body: { metadata: { Team: 'Red' } } });
    expect(back.status).toBe(403);
  });
});

describe('who may do what with a certificate', () => {
  test('is told to who sees who holds what, with what grants it', async () => {
    const { body } = await done(system, auditor, {
      method: 'GET',
      path: `certificates/${one.id}/access`,
    });
    const accounts = body['accounts'] as Readonly<Record<string, unknown>>[];
    expect(accounts.map(({ username }) => username)).toEqual(['auditor', 'operator']);
    expect(accounts[0]).toMatchObject({
      operations: [
        {
          operation: 'read',
          by: 'rule certServer.certificate.collections: allow (read) group="Auditors"',
          collection: null,
        },
      ],
    });
    const patch = { method: 'PATCH', path: `certificates/${one.id}/metadata` } as const;
    await done(system, operator, { ...patch, body: { metadata: { Team: 'Red' } } });
    const after = await done(system, auditor, {
      method: 'GET',
      path: `certificates/${one.id}/access`,
    });
    const guest = (after.body['accounts'] as typeof accounts).find(
      (a) => a['username'] === 'guest',
    );
    expect(guest?.['operations']).toMatchObject([
      { operation: 'read', collection: 'Red' },
      { operation: 'edit-metadata', collection: 'Red' },
    ]);
    const refused = await ask(system, operator, {
      method: 'GET',
      path: `certificates/${one.id}/access`,
    });
    expect(refused.status).toBe(403);
  });
});

describe('the timeline of a certificate', () => {
  test('tells its life from the log, oldest first, with comments, and not who looked', async () => {
    await done(system, operator, {
      path: 'certificates/revoke',
      body: { ids: [one.id], reason: 4, comment: 'there is a better one' },
    });
    const { body } = await done(system, operator, {
      method: 'GET',
      path: `certificates/${one.id}/timeline`,
    });
    const steps = body['steps'] as Readonly<Record<string, unknown>>[];
    expect(body['more']).toBe(false);
    expect(steps.map(({ event }) => event)).toEqual([
      'CERT_REQUEST_PROCESSED',
      'CERT_METADATA_CHANGED',
      'CERT_METADATA_CHANGED',
      'CERT_METADATA_CHANGED',
      'CERT_METADATA_CHANGED',
      'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
    ]);
    expect(steps.at(-1)).toMatchObject({
      operation: 'Revoked',
      outcome: 'Success',
      producer: 'countersign',
      actor: 'operator',
      comment: 'there is a better one',
    });
    const indexes = steps.map(({ index }) => Number(index));
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    expect(String(steps[0]?.['sentence'])).toContain("'operator' issued certificate");
    const none = await ask(system, operator, { method: 'GET', path: 'certificates/999/timeline' });
    expect(none).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('begins with the request where somebody had to agree', async () => {
    await done(system, admin, {
      path: 'templates',
      body: { name: 'Asked', displayName: 'Asked', policy: { requiresApproval: true } },
    });
    const asked = await done(system, operator, {
      path: 'enrollment/pfx',
      body: {
        template: 'Asked',
        subject: 'CN=asked',
        sans: [{ type: 'dns', value: 'asked.example.com' }],
      },
    });
    // A program that sends records numbers its requests as it likes.
    const token = await system.createProducer('elsewhere');
    const sent = await system.request('/api/v1/producers/elsewhere/records', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: {
        records: [
          {
            seq: 1,
            time: '2026-11-22T05:00:00.000Z',
            event: 'CERT_REQUEST_PROCESSED',
            outcome: 'Success',
            content: {
              actor: { id: 'somebody', kind: 'user' },
              source: { system: 'elsewhere' },
              target: { type: 'request', id: String(asked.body['request']) },
            },
          },
        ],
      },
    });
    expect(sent.status).toBe(200);
    const approver = await system.signInAs('approver', ['CA Operations']);
    const approved = await done(system, approver, {
      path: `requests/${Number(asked.body['request'])}/approve`,
      body: { comment: 'seen' },
    });
    const { body } = await done(system, operator, {
      method: 'GET',
      path: `certificates/${Number(approved.body['certificate'])}/timeline`,
    });
    const steps = body['steps'] as Readonly<Record<string, unknown>>[];
    expect(steps.map(({ event }) => event)).toEqual([
      'PROFILE_CERT_REQUEST',
      'CERT_REQUEST_APPROVED',
      'CERT_REQUEST_PROCESSED',
    ]);
    expect(steps[1]).toMatchObject({ actor: 'approver', comment: 'seen' });
  });
});

test('after all of this the state agrees with the log, and when a field is gone with its values', async () => {
  const { id } = await enroll('CN=deleted');
  await done(system, operator, { method: 'DELETE', path: `certificates/${id}` });
  const held = await enroll('CN=held');
  const body = { ids: [held.id], reason: 6, comment: 'for now' };
  await done(system, operator, { path: 'certificates/revoke', body });
  await done(system, operator, {
    path: 'certificates/release',
    body: { ids: [held.id], comment: 'found' },
  });
  await done(system, operator, {
    method: 'PUT',
    path: `certificates/${held.id}/owner`,
    body: { role: 'RA' },
  });
  await done(system, admin, { method: 'DELETE', path: 'metadata-fields/Stage?force=true' });
  const found = await reconcile({
    reader: log.reader,
    db: platform.state.db,
    size: async () => {
      await platform.recorder.idle();
      return log.size;
    },
  });
  expect(found.problems).toEqual([]);
  expect(found.checked.revocations).toBe(2);
});
