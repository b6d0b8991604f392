import { describe, expect, test } from 'vitest';
import { insertCertificate } from '../../certificates/insert-certificate.ts';
import { insertCertificateRows, realCertificate } from '../../certificates/testing.ts';
import { noteOf } from '../../recording/testing.ts';
import { attribute, startTestServer } from '../../testing/harness.ts';

const system = await startTestServer();
const { platform } = system.server;
const operator = await system.signInAs('operator', ['CA Operations']);
const auditor = await system.signIn('auditor');
const admin = await system.signIn('admin');

const facts = await realCertificate('CN=App01.example.com,O=Example', [
  { type: 'dns', value: 'app01.example.com' },
  { type: 'email', value: 'Admin@example.com' },
]);
const { result: first } = await platform.recorder.audited(async (tx) => {
  tx.record(noteOf('a certificate'));
  return await insertCertificate(tx.db, {
    facts,
    authority: null,
    template: 'Web Server',
    requester: 'operator',
    request: null,
    origin: 'issued',
    now: system.clock.read(),
  });
});
const rows = await insertCertificateRows(
  system.behind,
  Array.from({ length: 5 }, (_, i) => ({
    subject: `CN=host${i}.example.com`,
    template: i % 2 === 0 ? 'Web Server' : 'VPN',
    ...(i === 4 ? { state: 'revoked' as const, revoked_at: '2026-05-01T00:00:00.000Z' } : {}),
    ...(i === 3 ? { not_after: '2026-02-01T00:00:00.000Z' } : {}),
  })),
);

/** The first start has made others. */
const OURS = { query: 'example.com' };

interface Page {
  readonly certificates: readonly { readonly id: number; readonly commonName: string }[];
  readonly total: number;
  readonly next: string | null;
}

async function get(path: string, cookie = operator): Promise<{ status: number; body: unknown }> {
  const answer = await system.request(`/api/v1/certificates${path}`, { cookie });
  return { status: answer.status, body: await answer.json() };
}

async function list(parameters: Record<string, string>, cookie = operator): Promise<Page> {
  const { status, body } = await get(`?${new URLSearchParams(parameters).toString()}`, cookie);
  expect([status, body]).toMatchObject([200, {}]);
  return body as Page;
}

const names = ({ certificates }: Page) => certificates.map(({ commonName }) => commonName);

describe('the list of certificates', () => {
  test('has the newest first, with how many there are, and what was looked for is recorded', async () => {
    const seen = await system.recordsOf(async () => {
      const page = await list({ query: 'CN -contains "example.com"', limit: '2' });
      expect(names(page)).toEqual(['host4.example.com', 'host3.example.com']);
      expect(page.total).toBe(6);
      const next = await list({
        query: 'CN -contains "example.com"',
        limit: '500',
        after: page.next ?? '',
      });
      expect(names(next)).toEqual([
        'host2.example.com',
        'host1.example.com',
        'host0.example.com',
        'App01.example.com',
      ]);
      expect(next.next).toBeNull();
    });
    expect(seen.map(({ envelope }) => `${envelope.event} ${envelope.outcome}`)).toEqual([
      'AUTHZ Success',
      'AUTHZ Success',
    ]);
    expect(attribute(seen[0], 'Query')).toBe('CN -contains "example.com"');
    expect(attribute(seen[0], 'aclResource')).toBe('certServer.certificate.collections');
  });

  test('shows certificates whole, with names as they are written in them', async () => {
    const page = await list({ query: `SerialNumber -eq "${facts.serial}"` });
    expect(page.certificates).toEqual([
      {
        id: first,
        fingerprint: facts.fingerprint,
        thumbprint: facts.thumbprint,
        serial: facts.serial,
        subject: 'CN=App01.example.com,O=Example',
        commonName: 'App01.example.com',
        issuer: 'CN=App01.example.com,O=Example',
        authority: null,
        notBefore: '2026-01-01T00:00:00.000Z',
        notAfter: '2027-01-01T00:00:00.000Z',
        keyType: 'EC',
        keySize: 256,
        signatureAlgorithm: facts.signatureAlgorithm,
        sans: [
          { type: 'dns', value: 'app01.example.com' },
          { type: 'email', value: 'Admin@example.com' },
        ],
        template: 'Web Server',
        requester: 'operator',
        origin: 'issued',
        state: 'active',
        expired: false,
        revokedAt: null,
        revocationReason: null,
        revocationComment: null,
        hasPrivateKey: false,
        ownerRole: null,
        renews: null,
        renewedBy: null,
        metadata: {},
        createdAt: system.clock.read().toISOString(),
      },
    ]);
  });

  test('leaves out what is revoked or expired when told to', async () => {
    const without = await list({ ...OURS, includeRevoked: 'false', includeExpired: 'false' });
    expect(without.total).toBe(4);
    expect((await list({ ...OURS, includeRevoked: 'false' })).total).toBe(5);
  });

  test('is sorted by several columns, each its own way', async () => {
    const page = await list({ ...OURS, sort: 'template,commonName', order: 'desc,asc' });
    expect(names(page)).toEqual([
      'App01.example.com',
      'host0.example.com',
      'host2.example.com',
      'host4.example.com',
      'host1.example.com',
      'host3.example.com',
    ]);
  });

  test.each([
    ['query=CN', 200, undefined],
    ['query=CN+-eq', 400, 'query_syntax'],
    ['sort=password', 400, 'parameter_invalid'],
    ['sort=id,id', 400, 'parameter_invalid'],
    ['order=up', 400, 'parameter_invalid'],
    ['sort=id&order=asc,desc', 400, 'parameter_invalid'],
    ['after=x', 400, 'cursor_invalid'],
    ['collection=99', 404, 'not_found'],
  ])('%s is answered %i %s', async (parameters, status, code) => {
    const answer = await get(`?${parameters}`);
    expect(answer).toMatchObject({ status, body: code === undefined ? {} : { code } });
  });

  test('says where a query is faulty', async () => {
    const { body } = await get('?query=CN+-eq+"x"+AND+Nme+-eq+"y"');
    expect(body).toMatchObject({
      code: 'query_syntax',
      reason: 'query_unknown_field',
      position: 15,
      length: 3,
      detail: 'expected the name of a field, got "Nme" (at position 16)',
    });
  });
});

describe('one certificate', () => {
  test('is shown with what its bytes say and what I may do with it', async () => {
    const { status, body } = await get(`/${first}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: first,
      pem: facts.pem,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth'],
      collections: [],
      stores: [],
      rights: [
        'read',
        'edit-metadata',
        'recover',
        'revoke',
        'delete',
        'import-private-key',
        'change-owner',
      ],
    });
    expect((await get(`/${first}`, auditor)).body).toMatchObject({ rights: ['read'] });
  });

  test('is found by its fingerprint', async () => {
    expect(await get(`/by-fingerprint/${facts.fingerprint}`)).toEqual({
      status: 200,
      body: { id: first },
    });
    expect(await get(`/by-fingerprint/${'0'.repeat(64)}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: `there is no certificate ${'0'.repeat(64)}` },
    });
  });

  test('that is not there is not found', async () => {
    expect(await get('/999')).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'there is no certificate 999' },
    });
  });
});

describe('somebody with a right on one collection alone', () => {
  let guest = '';
  let collection = 0;
  test('is let through, and the record names the collection', async () => {
    ({ id: collection } = await system.behind
      .insertInto('collections')
      .values({
        name: 'VPN',
        description: '',
        query: 'Template -eq "VPN"',
        on_dashboard: 0,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      })
      .returning('id')
      .executeTakeFirstOrThrow());
    const made = await system.request('/api/v1/security/roles', {
      method: 'POST',
      cookie: admin,
      body: {
        name: 'VPN Team',
        description: '',
        permissions: [`certServer.certificate.collections.${collection}:read`],
      },
    });
    expect(made.status).toBe(201);
    guest = await system.signInAs('guest', ['VPN Team']);
    const seen = await system.recordsOf(async () => {
      const page = await list({}, guest);
      expect(names(page)).toEqual(['host3.example.com', 'host1.example.com']);
      expect(page.total).toBe(2);
    });
    expect(seen.map(({ envelope }) => envelope.outcome)).toEqual(['Success']);
    expect(attribute(seen[0], 'aclResource')).toBe(
      `certServer.certificate.collections.${collection}`,
    );
  });

  test('sees nothing more whatever is asked for', async () => {
    for (const query of ['', '*', 'Template -ne "VPN"', 'x OR *', 'NOT Template -eq "VPN"'])
      for (const certificate of (await list({ query }, guest)).certificates)
        expect(['host3.example.com', 'host1.example.com']).toContain(certificate.commonName);
    expect((await list({ query: 'host0' }, guest)).total).toBe(0);
  });

  test('sees a certificate of it, with the collection and his right', async () => {
    expect((await get(`/${rows[1]}`, guest)).status).toBe(404); // its bytes are not kept
    await system.behind
      .updateTable('certificates')
      .set({ template: 'VPN' })
      .where('id', '=', first)
      .execute();
    expect(await get(`/${first}`, guest)).toMatchObject({
      status: 200,
      body: { collections: [{ id: collection, name: 'VPN' }], rights: ['read'] },
    });
  });

  test('is refused a certificate outside it, at level Failure, by its fingerprint', async () => {
    const seen = await system.recordsOf(async () => {
      const answer = await get(`/${rows[0]}`, guest);
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'access_denied', object: { type: 'certificate' } },
      });
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.envelope).toMatchObject({
      event: 'AUTHZ',
      outcome: 'Failure',
      category: 'AuthorizationFailure',
      level: 'Failure',
    });
    expect(seen[0]?.content.target).toMatchObject({
      type: 'certificate',
      name: 'CN=host0.example.com',
    });
  });

  test('is refused another collection, and everything when the collection is gone', async () => {
    const { id } = await system.behind
      .insertInto('collections')
      .values({
        name: 'All',
        description: '',
        query: '',
        on_dashboard: 0,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const seen = await system.recordsOf(async () => {
      expect((await get(`?collection=${id}`, guest)).status).toBe(403);
    });
    expect(seen[0]?.envelope).toMatchObject({ event: 'AUTHZ', level: 'Failure' });
    expect((await list({ collection: String(collection) }, guest)).total).toBe(3);
    await system.behind.deleteFrom('collections').where('id', '=', collection).execute();
    expect((await list({}, guest)).total).toBe(0);
  });

  test('sees nothing where the query of the collection cannot be read any more', async () => {
    const { id } = await system.behind
      .insertInto('collections')
      .values({
        id: collection,
        name: 'VPN again',
        description: '',
        query: 'NoSuchField -ne "x"',
        on_dashboard: 0,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect(id).toBe(collection);
    expect((await list({}, guest)).total).toBe(0);
  });
});
