import { beforeAll, describe, expect, it } from 'vitest';
import { readCrl } from '../ca/crl.ts';
import { readCertificate } from '../ca/read-certificate.ts';
import { openSsl } from '../ca/testing/openssl.ts';
import {
  attribute,
  startTestServer,
  type SeenRecord,
  type TestServer,
} from '../testing/harness.ts';
import { issueForTest, revokeForTest, showAuthority, type Shown } from './testing.ts';

let system: TestServer;
let admin: string;
let operator: string;
let operatorName = '';
let started: SeenRecord[];

beforeAll(async () => {
  // OpenSSL judges by the machine's clock.
  let now = new Date();
  system = await startTestServer({
    settings: { COUNTERSIGN_PKI_URL: 'http://ca.example.com/' },
    now: () => now,
    withoutTimers: true,
  });
  pass = async (ms) => {
    now = new Date(now.getTime() + ms);
    // Sessions end meanwhile.
    admin = await system.signIn('admin');
    operatorName = `operator${now.getTime()}`;
    operator = await system.signInAs(operatorName, ['CA Operations']);
  };
  started = await system.records();
  await pass(0);
});
let pass: (ms: number) => Promise<void>;
const HOUR = 3_600_000;

const turn = async () => await system.server.platform.authorities.turn();
const show = async (id: string) => await showAuthority(system, admin, id);

async function ask(cookie: string, method: string, path: string, body?: unknown) {
  const answer = await system.request(path, {
    method,
    cookie,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as object) };
}

async function make(name: string, more: object = {}): Promise<Shown> {
  const { status, body } = await ask(admin, 'POST', '/api/v1/authorities', {
    name,
    subject: `CN=${name},O=Example`,
    keyAlgorithm: 'P-256',
    parent: null,
    days: 365,
    ...more,
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body as unknown as Shown;
}

async function fetchList(id: string, kind: 'full' | 'delta') {
  const answer = await system.request(`/pki/${id}/${kind}.crl`);
  if (answer.status !== 200) return null;
  return readCrl(Buffer.from(await answer.arrayBuffer()));
}

const named = (records: readonly SeenRecord[], event: string) =>
  records.filter(({ envelope }) => envelope.event === event);
const events = (records: readonly SeenRecord[]) =>
  records.map(({ envelope }) => envelope.event).filter((event) => event !== 'AUTHZ');

describe('the first start', () => {
  it('makes a root and an issuing authority, each with its records', async () => {
    const made = named(started, 'AUTHORITY_CONFIG');
    expect(made.map(({ content }) => content.target?.name)).toEqual([
      'Countersign Root CA',
      'Countersign Issuing CA',
    ]);
    const root = await show('Countersign Root CA');
    expect(made[0]).toMatchObject({
      envelope: { category: 'CertificateAuthority', operation: 'Created', outcome: 'Success' },
      content: {
        actor: { id: '$System$' },
        after: {
          subject: 'CN=Countersign Root CA,O=Countersign',
          keyAlgorithm: 'P-384',
          parent: null,
          certificate: { pathLength: 1 },
        },
      },
    });
    expect(JSON.stringify(made)).not.toContain('PRIVATE');
    for (const what of ['CERT', 'CRL', 'OCSP']) {
      const infos = named(started, `${what}_SIGNING_INFO`);
      expect(infos).toHaveLength(2);
      expect(infos.map((info) => attribute(info, 'AuthorityID'))).toContain(root.id);
    }
    const ski = readCertificate(root.pem).subjectKeyId ?? '';
    expect(
      attribute(named(started, 'CERT_SIGNING_INFO')[0], 'SKI')?.replaceAll(':', '').toLowerCase(),
    ).toBe(ski);
    expect(named(started, 'FULL_CRL_GENERATION')).toHaveLength(2);
    // Two authorities and two responders.
    expect(named(started, 'CERT_REQUEST_PROCESSED')).toHaveLength(4);
  });

  it('leaves keys in the state only sealed', async () => {
    const rows = await system.behind.selectFrom('authorities').selectAll().execute();
    for (const { private_key, ocsp_signer } of rows) {
      expect(private_key).toMatch(/^v1\./);
      expect(JSON.parse(ocsp_signer ?? '{}')).toMatchObject({
        key: expect.stringMatching(/^v1\./),
      });
    }
  });
});

describe('creating an authority', () => {
  it('is one change with its records, then its responder and its first list', async () => {
    let made: Shown | null = null;
    const records = await system.recordsOf(async () => {
      made = await make('Sub', {
        parent: 'Countersign Root CA',
        pathLength: 0,
        settings: { crlHours: 12 },
      });
    });
    expect(events(records)).toEqual([
      'AUTHORITY_CONFIG',
      'CERT_REQUEST_PROCESSED',
      'CERT_SIGNING_INFO',
      'CRL_SIGNING_INFO',
      'CERT_REQUEST_PROCESSED',
      'OCSP_SIGNING_INFO',
      'FULL_CRL_GENERATION',
    ]);
    const [config] = named(records, 'AUTHORITY_CONFIG');
    expect(config).toMatchObject({
      envelope: { operation: 'Created', level: 'Information' },
      content: {
        actor: { id: 'admin' },
        target: { type: 'authority', name: 'Sub' },
        related: [
          { type: 'certificate', name: 'CN=Sub,O=Example' },
          { type: 'authority', name: 'Countersign Root CA', relation: 'signed by' },
        ],
        after: { name: 'Sub', settings: { crlHours: 12, deltaMinutes: 0 } },
      },
    });
    expect(attribute(config, 'ParamNameValPairs')).toBe(
      'Scope;;authorities+Operation;;OP_ADD+Resource;;Sub',
    );
    expect(made).toMatchObject({
      lists: { full: { number: 1, entries: 0 }, delta: null, dueSince: null },
      urls: {
        crlUrl: expect.stringMatching(/^http:\/\/ca\.example\.com\/pki\/[0-9a-f]{10}\/full\.crl$/),
      },
    });
  });

  it.each([
    [
      { name: 'Countersign Root CA' },
      409,
      'already_exists',
      'name: "Countersign Root CA" is a certificate authority already',
    ],
    [{ parent: 'nobody' }, 404, 'not_found', 'there is no certificate authority "nobody"'],
    [
      { parent: 'Countersign Issuing CA' },
      422,
      'request_invalid',
      'parent: expected an authority that others may stand below, got "Countersign Issuing CA"',
    ],
    [
      { parent: 'Countersign Root CA', pathLength: 1 },
      422,
      'request_invalid',
      'pathLength: expected at most 0 below "Countersign Root CA", got 1',
    ],
    [
      { parent: 'Countersign Root CA' },
      422,
      'request_invalid',
      'pathLength: expected at most 0 below "Countersign Root CA", got null',
    ],
    [
      { subject: 'Example' },
      422,
      'subject_invalid',
      'subject: expected a part like CN=value, got "Example"',
    ],
    [
      { keyAlgorithm: undefined },
      422,
      'request_invalid',
      'keyAlgorithm: expected an algorithm where there is no token, got nothing',
    ],
    [
      {
        parent: 'Countersign Root CA',
        pathLength: 0,
        subject: 'CN=Countersign Root CA,O=Countersign',
      },
      422,
      'request_invalid',
      `subject: expected another name than the parent's, got "CN=Countersign Root CA,O=Countersign"`,
    ],
  ])('refuses %j', async (more, status, code, detail) => {
    const records = await system.recordsOf(async () => {
      const answer = await ask(admin, 'POST', '/api/v1/authorities', {
        name: 'Another',
        subject: 'CN=Another',
        keyAlgorithm: 'P-256',
        parent: null,
        days: 365,
        ...more,
      });
      expect(answer).toMatchObject({ status, body: { code, detail } });
    });
    expect(events(records)).toEqual([]);
  });

  it('is not for those who issue certificates', async () => {
    const answer = await ask(operator, 'POST', '/api/v1/authorities', {
      name: 'Another',
      subject: 'CN=Another',
      keyAlgorithm: 'P-256',
      parent: null,
      days: 365,
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'access_denied' } });
  });
});

describe('changing an authority', () => {
  it('is recorded with the models before and after, and once', async () => {
    const { id } = await make('Changing');
    const change = { name: 'Changed', enabled: false, settings: { deltaMinutes: 60 } };
    const records = await system.recordsOf(async () => {
      expect(await ask(admin, 'PATCH', `/api/v1/authorities/${id}`, change)).toMatchObject({
        status: 200,
        body: { name: 'Changed', enabled: false, settings: { deltaMinutes: 60, crlHours: 24 } },
      });
      expect(await ask(admin, 'PATCH', `/api/v1/authorities/${id}`, change)).toMatchObject({
        status: 200,
      });
    });
    expect(events(records)).toEqual(['AUTHORITY_CONFIG']);
    expect(named(records, 'AUTHORITY_CONFIG')[0]).toMatchObject({
      envelope: { operation: 'Updated' },
      content: {
        before: { name: 'Changing', enabled: true, settings: { deltaMinutes: 0 } },
        after: { name: 'Changed', enabled: false, settings: { deltaMinutes: 60 } },
      },
    });
    await expect(issueForTest(system, id)).rejects.toMatchObject({
      code: 'authority_disabled',
      message: 'Changed is disabled',
    });
    expect(
      await ask(admin, 'PATCH', `/api/v1/authorities/${id}`, { settings: { crlHours: 0 } }),
    ).toMatchObject({
      status: 422,
    });
  });

  it('deletes one that has issued nothing, and no other', async () => {
    const { id } = await make('Unused');
    const records = await system.recordsOf(async () => {
      expect(await ask(admin, 'DELETE', `/api/v1/authorities/${id}`)).toEqual({
        status: 204,
        body: null,
      });
    });
    expect(events(records)).toEqual(['AUTHORITY_CONFIG']);
    expect(named(records, 'AUTHORITY_CONFIG')[0]).toMatchObject({
      envelope: { operation: 'Deleted' },
      content: { before: { name: 'Unused' }, target: { id } },
    });
    expect(await ask(admin, 'GET', `/api/v1/authorities/${id}`)).toMatchObject({ status: 404 });
    expect((await system.request(`/pki/${id}/full.crl`)).status).toBe(404);

    await issueForTest(system, 'Countersign Issuing CA');
    for (const [name, why] of [
      ['Countersign Root CA', 'has signed the certificate of another authority'],
      ['Countersign Issuing CA', 'has issued certificates'],
    ] as const) {
      const path = `/api/v1/authorities/${encodeURIComponent(name)}`;
      expect(await ask(admin, 'DELETE', path)).toMatchObject({
        status: 409,
        body: { code: 'authority_in_use', detail: `${name} ${why}` },
      });
    }
  });
});

describe('issuing', () => {
  it('makes certificates that openssl verifies, pointing to where the authority publishes', async () => {
    const { id } = await show('Countersign Issuing CA');
    const certificate = await issueForTest(system, id);
    const { db } = system.server.platform.state;
    const chain = await system.server.platform.authorities.chain(db, id);
    await using ssl = await openSsl();
    await ssl.write('leaf.pem', certificate.pem);
    await ssl.write('issuing.pem', chain[0]?.pem ?? '');
    await ssl.write('root.pem', chain[1]?.pem ?? '');
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver'];
    expect(
      await ssl.run(...verify, '-CAfile', 'root.pem', '-untrusted', 'issuing.pem', 'leaf.pem'),
    ).toBe('leaf.pem: OK\n');
    const text = await ssl.run('x509', '-in', 'leaf.pem', '-noout', '-text');
    for (const file of ['full.crl', 'ocsp', 'ca.crt'])
      expect(text).toContain(`URI:http://ca.example.com/pki/${id}/${file}\n`);
    expect(text).not.toContain('delta.crl');
    const published = await system.request(`/pki/${id}/ca.crt`);
    expect(published.headers.get('content-type')).toBe('application/pkix-cert');
    expect(Buffer.from(await published.arrayBuffer())).toEqual(chain[0]?.der);
  });

  it('never outlives the authority, and makes no authorities', async () => {
    const { id, pem } = await show('Sub');
    const { notAfter } = await issueForTest(system, id, { days: 4_000 });
    expect(notAfter).toBe(readCertificate(pem).notAfter);
    await expect(issueForTest(system, id, { keyUsage: ['keyCertSign'] })).rejects.toThrow(
      'expected a certificate for an end entity, got one for an authority',
    );
  });
});

describe('revocation lists', () => {
  it('follow a revocation with one record, by the clock, and are published', async () => {
    const { id } = await make('Lists');
    const certificate = await issueForTest(system, id);
    await turn();
    expect((await fetchList(id, 'full'))?.entries).toEqual([]);
    await revokeForTest(system, id, certificate, 1);
    expect((await show(id)).lists.dueSince).not.toBeNull();
    const records = await system.recordsOf(turn);
    expect(events(records)).toEqual(['FULL_CRL_GENERATION']);
    expect(records[0]).toMatchObject({
      envelope: { category: 'Crl', operation: 'Generated', outcome: 'Success' },
      content: {
        target: { type: 'crl', name: 'Lists CRL 2' },
        related: [{ type: 'authority', id }],
        after: { number: 2, baseNumber: null, entries: 1 },
      },
    });
    expect(attribute(records[0], 'CRLnum')).toBe('2');
    expect(await fetchList(id, 'full')).toMatchObject({
      number: 2,
      entries: [{ serial: certificate.serial, reason: 1 }],
    });
    expect(await system.recordsOf(turn)).toEqual([]);
    const answer = await system.request(`/pki/${id}/full.crl`);
    expect(answer.headers.get('content-type')).toBe('application/pkix-crl');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300, no-transform');
    const again = await system.request(`/pki/${id}/full.crl`, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('are completed by delta lists where the authority has them', async () => {
    const { id } = await make('Deltas', { settings: { deltaMinutes: 60 } });
    expect((await system.request(`/pki/${id}/delta.crl`)).status).toBe(404);
    const first = await issueForTest(system, id);
    const second = await issueForTest(system, id);
    await revokeForTest(system, id, first, 6);
    const records = await system.recordsOf(turn);
    expect(events(records)).toEqual(['DELTA_CRL_GENERATION']);
    expect(await fetchList(id, 'full')).toMatchObject({ number: 1, entries: [] });
    expect(await fetchList(id, 'delta')).toMatchObject({
      number: 2,
      baseNumber: 1,
      entries: [{ serial: first.serial, reason: 6 }],
    });
    await revokeForTest(system, id, first, null);
    await revokeForTest(system, id, second, 4);
    await turn();
    const byReason = (await fetchList(id, 'delta'))?.entries.toSorted(
      (a, b) => a.reason - b.reason,
    );
    expect(byReason).toMatchObject([
      { serial: second.serial, reason: 4 },
      { serial: first.serial, reason: 8 },
    ]);
    // A delta list that is about to end is made anew; a full one supersedes it.
    await pass(HOUR);
    expect(events(await system.recordsOf(turn))).toContain('DELTA_CRL_GENERATION');
    const made = await ask(operator, 'POST', `/api/v1/authorities/${id}/crl`, { kind: 'full' });
    expect(made).toMatchObject({ status: 201, body: { number: 5, baseNumber: null, entries: 1 } });
    expect(await fetchList(id, 'delta')).toBeNull();
    expect(await system.recordsOf(turn)).toEqual([]);
    const kept = await system.behind
      .selectFrom('crls')
      .select(['number', 'der'])
      .where('authority', '=', id)
      .orderBy('number')
      .execute();
    expect(kept.map(({ number, der }) => [number, der !== ''])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ]);
  });

  it('hold what the last delta list said once there are no delta lists any more', async () => {
    const { id } = await make('No more deltas', { settings: { deltaMinutes: 60 } });
    const certificate = await issueForTest(system, id);
    await turn();
    await revokeForTest(system, id, certificate, 1);
    await turn();
    expect((await fetchList(id, 'full'))?.entries).toEqual([]);
    const settings = { deltaMinutes: 0 };
    const changed = await ask(admin, 'PATCH', `/api/v1/authorities/${id}`, { settings });
    expect(changed).toMatchObject({ status: 200 });
    await turn();
    expect((await fetchList(id, 'full'))?.entries).toMatchObject([
      { serial: certificate.serial, reason: 1 },
    ]);
    expect(await fetchList(id, 'delta')).toBeNull();
    expect(await system.recordsOf(turn)).toEqual([]);
  });

  it('are made anew before their end, whatever the settings have become', async () => {
    const settings = { crlHours: 1, crlOverlapHours: 1 };
    const { id } = await make('Longer', { settings });
    await turn();
    const longer = { settings: { crlHours: 168 } };
    const changed = await ask(admin, 'PATCH', `/api/v1/authorities/${id}`, longer);
    expect(changed).toMatchObject({ status: 200 });
    await pass(HOUR);
    await turn();
    expect(await fetchList(id, 'full')).toMatchObject({ number: 2 });
    expect(await system.recordsOf(turn)).toEqual([]);
  });

  it('are made on demand by who may, with his name in the record', async () => {
    const { id } = await show('Lists');
    const records = await system.recordsOf(async () => {
      await ask(operator, 'POST', `/api/v1/authorities/${id}/crl`, { kind: 'full' });
    });
    expect(events(records)).toEqual(['FULL_CRL_GENERATION']);
    expect(named(records, 'FULL_CRL_GENERATION')[0]?.content.actor.id).toBe(operatorName);
    const denied = await ask(admin, 'POST', `/api/v1/authorities/${id}/crl`, { kind: 'full' });
    expect(denied).toMatchObject({ status: 403 });
  });

  it('that cannot be signed leave a failure, told once, and keep no other authority', async () => {
    const { id: other } = await show('Lists');
    const template = await system.behind
      .selectFrom('authorities')
      .selectAll()
      .where('name', '=', 'Sub')
      .executeTakeFirstOrThrow();
    // Another authority's key: the vault does not open it for this one.
    const broken = { ...template, id: 'broken', name: 'A broken one', crl_number: 0 };
    await system.behind.insertInto('authorities').values(broken).execute();
    await revokeForTest(system, other, await issueForTest(system, other), 3);
    const records = await system.recordsOf(async () => {
      await turn();
      await turn();
    });
    expect(events(records)).toEqual(['FULL_CRL_GENERATION', 'FULL_CRL_GENERATION']);
    const why =
      'authority:broken: the sealed text was changed, is of something else, or of another vault';
    expect(records[0]).toMatchObject({
      envelope: { outcome: 'Failure', level: 'Failure' },
      content: { target: { id: 'broken' }, reason: why },
    });
    expect(attribute(records[0], 'FailureReason')).toBe(why);
    expect(records[1]).toMatchObject({ envelope: { outcome: 'Success' } });
    const path = '/api/v1/authorities/broken/crl';
    const asked = await system.recordsOf(async () => {
      expect(await ask(operator, 'POST', path, { kind: 'full' })).toMatchObject({ status: 500 });
    });
    expect(named(asked, 'FULL_CRL_GENERATION')).toMatchObject([
      { envelope: { outcome: 'Failure' }, content: { actor: { id: operatorName } } },
    ]);
    await system.behind.deleteFrom('authorities').where('id', '=', 'broken').execute();
  });

  it('come by their schedule, and keep an entry for one list behind its certificate', async () => {
    const { id } = await make('Scheduled');
    const certificate = await issueForTest(system, id, { days: 1 });
    await revokeForTest(system, id, certificate, 0);
    await turn();
    await pass(25 * HOUR);
    expect(events(await system.recordsOf(turn))).toContain('FULL_CRL_GENERATION');
    // Its time was up when this list was made, but it was good when the one before was.
    expect((await fetchList(id, 'full'))?.entries).toHaveLength(1);
    await pass(24 * HOUR);
    await turn();
    expect(await fetchList(id, 'full')).toMatchObject({ number: 4, entries: [] });
  });
});
