import { afterAll, describe, expect, test } from 'vitest';
import { bits, DerReader, integer, readBytes, readHex, readWhole, sequence } from '../../ca/der.ts';
import { readCertificate } from '../../ca/read-certificate.ts';
import { openSsl } from '../../ca/testing/openssl.ts';
import { deleteExpiredKeys } from '../../certificates/private-keys.ts';
import { reconcile } from '../../reconciliation/reconcile.ts';
import { told } from '../../security/testing.ts';
import { attribute, startTestServer } from '../../testing/harness.ts';
import { ask, certificateIn, done, type AnsweredCertificate } from './testing.ts';

const system = await startTestServer();
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');
const operator = await system.signInAs('operator', ['CA Operations']);
const colleague = await system.signInAs('colleague', ['CA Operations']);
const ra = await system.signInAs('ra', ['RA']);
const ssl = await openSsl();
afterAll(async () => await ssl[Symbol.asyncDispose]());

await done(system, admin, {
  path: 'templates',
  body: {
    name: 'Kept',
    displayName: 'Keys are kept',
    policy: {
      keyRetention: 'from-issuance',
      keyRetentionDays: 30,
      extendedKeyUsage: ['clientAuth'],
    },
  },
});

let count = 0;

/** A certificate whose key is kept. */
async function enrolled(template = 'Kept', subject?: string): Promise<AnsweredCertificate> {
  count += 1;
  const answer = await done(system, operator, {
    path: 'enrollment/pfx',
    body: { template, subject: subject ?? `CN=number ${count}` },
  });
  return certificateIn(answer);
}

async function certificate(id: number): Promise<Readonly<Record<string, unknown>>> {
  return (await done(system, operator, { method: 'GET', path: `certificates/${id}` })).body;
}

/** What records hold of a certificate. */
function model({ pem: _pem, chain: _chain, ...rest }: AnsweredCertificate) {
  return rest;
}

/** The order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A certificate with the other signature that verifies as well: n - s in place of s. */
function withOtherSignature(der: Buffer): Buffer {
  const whole = new DerReader(readWhole(der).content);
  const [body, algorithm] = [whole.next(), whole.next()];
  const signature = new DerReader(readWhole(readBytes(whole.next())).content);
  const [r, s] = [signature.next(), signature.next()];
  const other = sequence(r.bytes, integer(ORDER - BigInt(`0x${readHex(s)}`)));
  return sequence(body.bytes, algorithm.bytes, bits(other));
}

const CERTIFICATE = { category: 'Certificate', level: 'Information', outcome: 'Success' };
const STATUS = { ...CERTIFICATE, event: 'CERT_STATUS_CHANGE_REQUEST_PROCESSED' };

describe('revocation', () => {
  test('of several: one record for each, with before and after', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    const answer = await done(system, operator, {
      path: 'certificates/revoke',
      body: {
        ids: [one.id, two.id, 99_999],
        reason: 1,
        comment: 'the laptop was stolen',
        effectiveDate: '2026-11-21T00:00:00Z',
      },
    });
    expect(answer.body).toEqual({
      revoked: [one.id, two.id],
      refused: [{ id: 99_999, code: 'not_found', detail: 'there is no certificate 99999' }],
    });
    const revoked = {
      state: 'revoked',
      revokedAt: '2026-11-22T05:00:00.000Z',
      revocationReason: 1,
      revocationComment: 'the laptop was stolen',
    };
    expect(answer.records.map(told)).toEqual(
      [one, two].map((given) => ({
        ...STATUS,
        operation: 'Revoked',
        actor: 'operator',
        name: given.subject,
        reason: 'the laptop was stolen',
        before: model(given),
        after: { ...model(given), ...revoked },
      })),
    );
    expect(attribute(answer.records[0], 'RequestType')).toBe('revoke');
    expect(attribute(answer.records[0], 'RevokeReasonNum')).toBe('1');
    expect(attribute(answer.records[0], 'CertSerialNum')).toBe(`0x${one.serial}`);
    const listed = await system.behind
      .selectFrom('revoked_certificates')
      .select(['reason', 'revoked_at', 'invalid_since'])
      .where('serial', '=', one.serial)
      .execute();
    expect(listed).toEqual([
      {
        reason: 1,
        revoked_at: '2026-11-22T05:00:00.000Z',
        invalid_since: '2026-11-21T00:00:00.000Z',
      },
    ]);
  });

  test('hold and release, each one record; then it can be revoked after all', async () => {
    const given = await enrolled();
    const held = await done(system, operator, {
      path: 'certificates/revoke',
      body: { ids: [given.id], reason: 6, comment: 'is looked for' },
    });
    expect(held.records.map(told)).toMatchObject([
      { ...STATUS, operation: 'Revoked', after: { state: 'held', revocationReason: 6 } },
    ]);
    expect(attribute(held.records[0], 'RequestType')).toBe('on-hold');
    const again = await ask(system, operator, {
      path: 'certificates/revoke',
      body: { ids: [given.id], reason: 6, comment: 'again' },
    });
    expect(again.body['refused']).toEqual([
      {
        id: given.id,
        code: 'already_revoked',
        detail: `certificate ${given.id} is on hold since 2026-11-22T05:00:00.000Z`,
      },
    ]);
    const released = await done(system, operator, {
      path: 'certificates/release',
      body: { ids: [given.id], comment: 'it was found' },
    });
    expect(released.body).toEqual({ released: [given.id], refused: [] });
    expect(released.records.map(told)).toMatchObject([
      {
        ...STATUS,
        operation: 'Removed from Hold',
        reason: 'it was found',
        before: { state: 'held' },
        after: { state: 'active', revocationReason: null },
      },
    ]);
    const twice = await ask(system, operator, {
      path: 'certificates/release',
      body: { ids: [given.id], comment: 'again' },
    });
    expect(twice.body['refused']).toEqual([
      { id: given.id, code: 'not_held', detail: `certificate ${given.id} is active, not on hold` },
    ]);
    expect(twice.records).toEqual([]);
  });

  test('at once by two people: the second is refused', async () => {
    const { id } = await enrolled();
    const body = { ids: [id], reason: 4, comment: 'replaced' };
    const records = await system.recordsOf(async () => {
      const answers = await Promise.all(
        [operator, colleague].map(async (cookie) => {
          const answer = await system.request('/api/v1/certificates/revoke', {
            method: 'POST',
            cookie,
            body,
          });
          return (await answer.json()) as { revoked: number[]; refused: { code: string }[] };
        }),
      );
      expect(answers.map(({ revoked }) => revoked.length).sort((a, b) => a - b)).toEqual([0, 1]);
      expect(answers.flatMap(({ refused }) => refused.map(({ code }) => code))).toEqual([
        'already_revoked',
      ]);
    });
    expect(records.filter(({ envelope }) => envelope.event === STATUS.event)).toHaveLength(1);
  });

  test('of all that a query finds', async () => {
    for (const name of ['fleet a', 'fleet b']) await enrolled('Kept', `CN=${name}`);
    const answer = await done(system, operator, {
      path: 'certificates/revoke',
      body: { query: 'CN -contains "fleet"', reason: 5, comment: 'the fleet is sold' },
    });
    expect(answer.body['revoked']).toHaveLength(2);
    expect(answer.records.map((record) => record.content.target?.name)).toEqual([
      'CN=fleet a',
      'CN=fleet b',
    ]);
  });

  test('never of certificates of the authorities themselves', async () => {
    const row = await system.behind
      .selectFrom('certificates')
      .select('id')
      .where('requester', '=', '$System$')
      .executeTakeFirstOrThrow();
    const body = { ids: [row.id], reason: 0, comment: 'oops' };
    const revoked = await ask(system, operator, { path: 'certificates/revoke', body });
    expect(revoked.body).toMatchObject({ revoked: [], refused: [{ code: 'built_in' }] });
    const deleted = await ask(system, operator, {
      method: 'DELETE',
      path: `certificates/${row.id}`,
    });
    expect(deleted).toMatchObject({ status: 409, body: { code: 'built_in' }, records: [] });
  });

  test.each([
    ['a reason that none is', { ids: [1], reason: 7, comment: 'x' }, 'request_invalid'],
    ['no comment', { ids: [1], reason: 1, comment: '' }, 'request_invalid'],
    ['neither ids nor query', { reason: 1, comment: 'x' }, 'request_invalid'],
    [
      'a date to come',
      { ids: [1], reason: 1, comment: 'x', effectiveDate: '2030-01-01T00:00:00Z' },
      'request_invalid',
    ],
    ['a query that cannot be read', { query: 'CN -eq', reason: 1, comment: 'x' }, 'query_syntax'],
  ])('refuses %s', async (_name, body, code) => {
    const answer = await ask(system, operator, { path: 'certificates/revoke', body });
    expect(answer.body['code']).toBe(code);
    expect(answer.records).toEqual([]);
  });

  test('by somebody without the right changes nothing and leaves the denial', async () => {
    const { id } = await enrolled();
    for (const cookie of [ra, auditor, admin]) {
      const answer = await ask(system, cookie, {
        path: 'certificates/revoke',
        body: { ids: [id], reason: 1, comment: 'x' },
      });
      expect(answer).toMatchObject({ status: 403, body: { code: 'access_denied' }, records: [] });
      expect(answer.checks.map(({ envelope }) => envelope.outcome)).toEqual(['Failure']);
    }
    expect((await certificate(id))['state']).toBe('active');
  });

  test('many go on after the answer, and the progress can be asked for', async () => {
    // Numbers of none: only how far it is matters here.
    const ids = Array.from({ length: 501 }, (_, i) => 50_000 + i);
    const asked = await ask(system, operator, {
      path: 'certificates/revoke',
      body: { ids, reason: 1, comment: 'x' },
    });
    expect(asked).toMatchObject({ status: 202, body: { total: 501, done: 0 } });
    await system.server.platform.certificateJobs.idle();
    const path = `certificates/jobs/${String(asked.body['id'])}`;
    const job = await ask(system, operator, { method: 'GET', path });
    expect(job.body).toMatchObject({
      total: 501,
      done: 0,
      finishedAt: '2026-11-22T05:00:00.000Z',
      failure: null,
    });
    expect(job.body['refused']).toHaveLength(501);
    expect(await ask(system, colleague, { method: 'GET', path })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});

describe('somebody with a right on one collection alone', () => {
  test('revokes what is in it; the rest is refused one by one, at level Failure', async () => {
    const [inside, outside] = [await enrolled('Kept', 'CN=lab one'), await enrolled()];
    const { body } = await done(system, admin, {
      path: 'collections',
      body: { name: 'Lab', description: '', query: 'CN -contains "lab"' },
    });
    const right = `certServer.certificate.collections.${String(body['id'])}:revoke`;
    await done(system, admin, {
      path: 'security/roles',
      body: { name: 'Lab Team', description: '', permissions: [right] },
    });
    const guest = await system.signInAs('guest', ['Lab Team']);
    const answer = await ask(system, guest, {
      path: 'certificates/revoke',
      body: { ids: [inside.id, outside.id], reason: 1, comment: 'the lab is closed' },
    });
    expect(answer.body).toMatchObject({
      revoked: [inside.id],
      refused: [{ id: outside.id, code: 'access_denied' }],
    });
    expect(answer.records.map((record) => record.content.target?.name)).toEqual(['CN=lab one']);
    expect(
      answer.checks.map(({ envelope, content }) => [
        envelope.outcome,
        envelope.level,
        content.target?.id,
      ]),
    ).toEqual([
      ['Success', 'Information', undefined],
      ['Failure', 'Failure', outside.fingerprint],
    ]);
    expect((await certificate(outside.id))['state']).toBe('active');
    const all = await ask(system, guest, {
      path: 'certificates/revoke',
      body: { query: '', reason: 1, comment: 'all of them' },
    });
    expect(all.body).toMatchObject({ revoked: [], refused: [{ id: inside.id }] });
  });
});

describe('renewal by one click', () => {
  test('a new key, the same names; old and new are linked; one record', async () => {
    const first = await done(system, operator, {
      path: 'enrollment/pfx',
      body: {
        template: 'SMIME',
        subject: 'CN=Jane',
        sans: [{ type: 'email', value: 'Jane@example.com' }],
      },
    });
    const old = certificateIn(first);
    const available = await done(system, operator, {
      method: 'GET',
      path: `certificates/${old.id}/renewal`,
    });
    expect(available.body['type']).toBe('one-click');
    const answer = await done(system, operator, { path: `certificates/${old.id}/renew`, body: {} });
    expect(answer.status).toBe(201);
    const renewed = certificateIn(answer);
    expect(renewed).toMatchObject({
      subject: old.subject,
      sans: [{ type: 'email', value: 'Jane@example.com' }],
      renews: old.id,
      template: 'SMIME',
      hasPrivateKey: true,
    });
    expect(answer.body['replacements']).toEqual([]);
    expect(answer.body['pkcs12']).not.toBeNull();
    expect((await certificate(old.id))['renewedBy']).toBe(renewed.id);
    expect(answer.records.map(told)).toEqual([
      {
        ...CERTIFICATE,
        event: 'CERT_REQUEST_PROCESSED',
        operation: 'Renewed',
        actor: 'operator',
        name: old.subject,
        after: model(renewed),
      },
    ]);
    expect(answer.records[0]?.content.related).toContainEqual({
      type: 'certificate',
      id: old.fingerprint,
      name: old.subject,
      relation: 'replaces',
    });
    const keys = [old, renewed].map(async ({ pem }, i) => {
      await ssl.write(`k${i}.pem`, pem);
      return await ssl.run('x509', '-in', `k${i}.pem`, '-noout', '-pubkey');
    });
    const [before, after] = await Promise.all(keys);
    expect(before).not.toBe(after);
  });

  test('seeded: an enrollment that says what it replaces is a renewal, too', async () => {
    const old = await enrolled();
    const answer = await done(system, operator, {
      path: 'enrollment/pfx',
      body: { template: 'Kept', subject: old.subject, renews: old.id },
    });
    expect(certificateIn(answer)['renews']).toBe(old.id);
    expect(answer.records.map(told)).toMatchObject([{ operation: 'Renewed', name: old.subject }]);
  });

  test('is not for revoked ones', async () => {
    const { id } = await enrolled();
    await done(system, operator, {
      path: 'certificates/revoke',
      body: { ids: [id], reason: 1, comment: 'x' },
    });
    const available = await done(system, operator, {
      method: 'GET',
      path: `certificates/${id}/renewal`,
    });
    expect(available.body['type']).toBe('seeded');
    expect(
      await ask(system, operator, { path: `certificates/${id}/renew`, body: {} }),
    ).toMatchObject({
      status: 409,
      body: { code: 'renewal_unavailable' },
      records: [],
    });
  });
});

describe('downloads', () => {
  test.each([
    ['pem', 'false', 1],
    ['pem', 'true', 3],
    ['der', 'false', 1],
    ['p7b', 'true', 3],
  ])(
    '%s (chain: %s): openssl reads %i certificates; one record',
    async (format, chain, certificates) => {
      const given = await enrolled();
      const answer = await done(system, ra, {
        method: 'GET',
        path: `certificates/${given.id}/download?format=${format}&chain=${chain}`,
      });
      expect(answer.headers.get('content-disposition')).toMatch(
        /^attachment; filename="number_\d+\./,
      );
      await ssl.write('down', answer.bytes);
      const [reads, inform] = format === 'p7b' ? ['pkcs7', 'DER'] : ['x509', format.toUpperCase()];
      if (format === 'pem')
        expect(answer.bytes.toString().match(/BEGIN CERT/g)).toHaveLength(certificates);
      if (format === 'p7b') {
        const all = await ssl.run(reads, '-inform', inform, '-in', 'down', '-print_certs');
        expect(all.match(/BEGIN CERT/g)).toHaveLength(certificates);
      } else {
        const text = await ssl.run(
          reads,
          '-inform',
          inform,
          '-in',
          'down',
          '-noout',
          '-fingerprint',
          '-sha256',
        );
        expect(text.replaceAll(':', '').toLowerCase()).toContain(given.fingerprint);
      }
      expect(answer.records.map(told)).toEqual([
        {
          ...CERTIFICATE,
          event: 'CERT_DOWNLOADED',
          operation: 'Downloaded',
          actor: 'ra',
          name: given.subject,
          after: model(given),
        },
      ]);
      expect(attribute(answer.records[0], 'Format')).toBe(format);
    },
  );

  test('DER has no place for a chain', async () => {
    const { id } = await enrolled();
    expect(
      await ask(system, operator, {
        method: 'GET',
        path: `certificates/${id}/download?format=der&chain=true`,
      }),
    ).toMatchObject({ status: 422, body: { code: 'request_invalid' }, records: [] });
  });

  test.each([
    ['download-with-key', 'pfx', 'CERT_KEY_EXPORTED', 'Download with Private Key'],
    ['download-with-key', 'pem', 'CERT_KEY_EXPORTED', 'Download with Private Key'],
    ['recover', 'pfx', 'CERT_KEY_RECOVERED', 'Recovered'],
  ])(
    '%s (%s): openssl opens it; one record without the password',
    async (what, format, event, operation) => {
      const given = await enrolled();
      const answer = await done(system, operator, {
        path: `certificates/${given.id}/${what}`,
        body: what === 'recover' ? {} : { format },
      });
      const password = answer.body['password'] as string;
      await ssl.write('withkey', Buffer.from(answer.body['content'] as string, 'base64'));
      const pass = ['-passin', `pass:${password}`];
      const key =
        format === 'pem'
          ? await ssl.run('pkey', '-in', 'withkey', ...pass, '-pubout')
          : await ssl.run('pkcs12', '-in', 'withkey', '-nocerts', '-nodes', ...pass);
      expect(key).toContain(format === 'pem' ? 'PUBLIC KEY' : 'PRIVATE KEY');
      expect(answer.records.map(told)).toEqual([
        {
          ...CERTIFICATE,
          event,
          operation,
          actor: 'operator',
          name: given.subject,
          after: model(given),
        },
      ]);
      expect(JSON.stringify(answer.records)).not.toContain(password);
    },
  );

  test('keys are not for those who may only read', async () => {
    const { id } = await enrolled();
    for (const what of ['download-with-key', 'recover'])
      expect(await ask(system, ra, { path: `certificates/${id}/${what}`, body: {} })).toMatchObject(
        {
          status: 403,
          body: { code: 'access_denied' },
          records: [],
        },
      );
  });
});

describe('private keys', () => {
  test('are deleted with one record; the certificate stays', async () => {
    const given = await enrolled();
    const answer = await done(system, operator, {
      method: 'DELETE',
      path: `certificates/${given.id}/private-key`,
    });
    expect(answer.status).toBe(204);
    expect(answer.records.map(told)).toEqual([
      {
        ...CERTIFICATE,
        event: 'CERT_KEY_DELETED',
        operation: 'Deleted Private Key',
        actor: 'operator',
        name: given.subject,
        before: model(given),
        after: { ...model(given), hasPrivateKey: false },
      },
    ]);
    expect(
      await ask(system, operator, {
        method: 'DELETE',
        path: `certificates/${given.id}/private-key`,
      }),
    ).toMatchObject({
      status: 409,
      body: { code: 'key_unavailable' },
      records: [],
    });
  });

  test('are deleted by the clock when their retention is over', async () => {
    const given = await enrolled();
    const { state, recorder } = server();
    const records = await system.recordsOf(async () => {
      await deleteExpiredKeys({ state, recorder, clock: at('2026-12-22T04:59:59.000Z') });
    });
    expect(records).toEqual([]);
    const later = await system.recordsOf(async () => {
      await deleteExpiredKeys({ state, recorder, clock: at('2026-12-22T05:00:00.000Z') });
    });
    expect(later.map(told)).toContainEqual(
      expect.objectContaining({
        event: 'CERT_KEY_DELETED',
        operation: 'Deleted Private Key',
        actor: '$System$',
        name: given.subject,
        reason: 'its retention is over',
      }),
    );
    expect(await certificate(given.id)).toMatchObject({ hasPrivateKey: false });
    const kept = await system.behind
      .selectFrom('certificate_contents')
      .select('private_key')
      .where('key_retained_until', '<=', '2026-12-22T05:00:00.000Z')
      .execute();
    expect(kept).toEqual([]);
  });

  test('in the state are sealed, and open for their own certificate alone', async () => {
    const [one, two] = [await enrolled(), await enrolled()];
    const keys = await system.behind
      .selectFrom('certificate_contents')
      .select(['certificate', 'private_key'])
      .where('certificate', 'in', [one.id, two.id])
      .orderBy('certificate')
      .execute();
    expect(keys[0]?.private_key).toMatch(/^v1\./);
    await system.behind
      .updateTable('certificate_contents')
      .set({ private_key: keys[1]?.private_key ?? null })
      .where('certificate', '=', one.id)
      .execute();
    expect(
      (await ask(system, operator, { path: `certificates/${one.id}/recover`, body: {} })).status,
    ).toBe(500);
  });
});

describe('deleting, owners', () => {
  test('one: one record with what it was; a revocation goes on', async () => {
    const given = await enrolled();
    await done(system, operator, {
      path: 'certificates/revoke',
      body: { ids: [given.id], reason: 4, comment: 'x' },
    });
    const answer = await done(system, operator, {
      method: 'DELETE',
      path: `certificates/${given.id}`,
    });
    expect(answer.records.map(told)).toMatchObject([
      {
        ...CERTIFICATE,
        event: 'CERT_DELETED',
        operation: 'Deleted',
        actor: 'operator',
        name: given.subject,
        before: { id: given.id, state: 'revoked' },
      },
    ]);
    const rest = await Promise.all([
      system.behind
        .selectFrom('certificate_contents')
        .select('der')
        .where('certificate', '=', given.id)
        .execute(),
      system.behind
        .selectFrom('revoked_certificates')
        .select('reason')
        .where('serial', '=', given.serial)
        .execute(),
    ]);
    expect(rest).toEqual([[], [{ reason: 4 }]]);
    // Brought in again, it is what it is on the lists of its authority.
    const imported = await done(system, operator, {
      path: 'certificates/import',
      body: { content: given.pem },
    });
    const [{ id }] = imported.body['imported'] as [{ id: number }];
    expect(await certificate(id)).toMatchObject({
      state: 'revoked',
      origin: 'imported',
      revocationReason: 4,
    });
  });

  test('several: one record for each', async () => {
    const ids = [(await enrolled()).id, (await enrolled()).id];
    const answer = await done(system, operator, { path: 'certificates/delete', body: { ids } });
    expect(answer.body).toEqual({ deleted: ids, refused: [] });
    expect(answer.records.map(({ envelope }) => envelope.operation)).toEqual([
      'Deleted',
      'Deleted',
    ]);
  });

  test('the owner: one record with before and after; the same again, none', async () => {
    const given = await enrolled();
    const asked = {
      method: 'PUT',
      path: `certificates/${given.id}/owner`,
      body: { role: 'RA' },
    } as const;
    const answer = await done(system, operator, asked);
    expect(answer.body['ownerRole']).toBe('RA');
    expect(answer.records.map(told)).toEqual([
      {
        ...CERTIFICATE,
        event: 'CERT_OWNER_CHANGED',
        operation: 'Updated',
        actor: 'operator',
        name: given.subject,
        before: model(given),
        after: { ...model(given), ownerRole: 'RA' },
      },
    ]);
    expect((await done(system, operator, asked)).records).toEqual([]);
    expect(await ask(system, operator, { ...asked, body: { role: 'Nobody' } })).toMatchObject({
      status: 422,
      body: {
        code: 'request_invalid',
        detail: 'role: expected a role that is there, got "Nobody"',
      },
      records: [],
    });
  });
});

describe('import', () => {
  /** A certificate made elsewhere, its key, both in a PFX. */
  async function foreign(name: string) {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await ssl.run('req', '-x509', ...ec, '-subj', `/CN=${name}`, '-days', '30', ...files);
    await ssl.run(
      'pkcs12',
      '-export',
      '-inkey',
      `${name}.key`,
      '-in',
      `${name}.pem`,
      '-out',
      `${name}.pfx`,
      '-passout',
      'pass:from elsewhere',
    );
    return {
      pem: (await ssl.read(`${name}.pem`)).toString(),
      pfx: (await ssl.read(`${name}.pfx`)).toString('base64'),
    };
  }

  test('of PEM, then its key with a PFX: imported, known, joined', async () => {
    const { pem, pfx } = await foreign('elsewhere');
    const first = await done(system, operator, {
      path: 'certificates/import',
      body: { content: pem },
    });
    expect(first.body['imported']).toEqual([
      { id: expect.any(Number) as number, status: 'imported' },
    ]);
    expect(first.records.map(told)).toMatchObject([
      {
        ...CERTIFICATE,
        event: 'CERT_IMPORTED',
        operation: 'Imported',
        actor: 'operator',
        name: 'CN=elsewhere',
        after: { origin: 'imported', authority: null, hasPrivateKey: false },
      },
    ]);
    const again = await done(system, operator, {
      path: 'certificates/import',
      body: { content: pem },
    });
    expect(again.body['imported']).toMatchObject([{ status: 'known' }]);
    expect(again.records).toEqual([]);
    const key = await done(system, operator, {
      path: 'certificates/import',
      body: { content: pfx, password: 'from elsewhere' },
    });
    expect(key.body['imported']).toMatchObject([{ status: 'joined' }]);
    expect(key.records.map(told)).toMatchObject([
      { operation: 'Imported', before: { hasPrivateKey: false }, after: { hasPrivateKey: true } },
    ]);
    expect(key.checks).toHaveLength(2);
  });

  test('of a copy whose signature is written in another way: it is the certificate that is known', async () => {
    const given = await enrolled();
    const copy = withOtherSignature(readCertificate(given.pem).der);
    expect(readCertificate(copy).fingerprint).not.toBe(given.fingerprint);
    const imported = await done(system, operator, {
      path: 'certificates/import',
      body: { content: copy.toString('base64') },
    });
    expect(imported.body['imported']).toEqual([{ id: given.id, status: 'known' }]);
    expect(imported.records).toEqual([]);
  });

  test('with a wrong password: nothing happens', async () => {
    const { pfx } = await foreign('locked');
    expect(
      await ask(system, operator, {
        path: 'certificates/import',
        body: { content: pfx, password: 'wrong' },
      }),
    ).toMatchObject({ status: 422, body: { code: 'file_password_wrong' }, records: [] });
  });

  test('is refused to who may not', async () => {
    const { pem } = await foreign('refused');
    expect(
      await ask(system, ra, { path: 'certificates/import', body: { content: pem } }),
    ).toMatchObject({
      status: 403,
      records: [],
    });
  });
});

describe('requests that are generated here', () => {
  async function generated(subject: string) {
    return await done(system, ra, {
      path: 'csrs',
      body: { subject, sans: [{ type: 'dns', value: 'csr.example.com' }], template: 'WebServer' },
    });
  }

  test('keep their key for who generated them, whoever else has the public key certified', async () => {
    const made = await generated('CN=waits.example.com');
    const id = Number(made.body['id']);
    const down = await done(system, ra, { method: 'GET', path: `csrs/${id}/download` });
    const body = { template: 'WebServer', csr: down.bytes.toString() };
    const other = await done(system, operator, { path: 'enrollment/csr', body });
    expect(certificateIn(other)['hasPrivateKey']).toBe(false);
    const mine = { method: 'GET', path: 'csrs' } as const;
    const { csrs } = (await done(system, ra, mine)).body as { csrs: readonly { id: number }[] };
    expect(csrs.map((one) => one.id)).toContain(id);
    await done(system, ra, { method: 'DELETE', path: `csrs/${id}` });
  });

  test('generate, download again, delete: one record each, and openssl reads the request', async () => {
    const made = await generated('CN=csr.example.com');
    expect(made.status).toBe(201);
    const id = String(made.body['id']);
    const csr = { category: 'CertificateSigningRequest', level: 'Information', outcome: 'Success' };
    expect(made.records.map(told)).toMatchObject([
      {
        ...csr,
        event: 'CSR_GENERATED',
        operation: 'Created',
        actor: 'ra',
        name: 'CN=csr.example.com',
        after: { template: 'WebServer' },
      },
    ]);
    const down = await done(system, ra, { method: 'GET', path: `csrs/${id}/download` });
    await ssl.write('made.csr', down.bytes);
    expect(await ssl.run('req', '-in', 'made.csr', '-verify', '-noout')).toContain('verify OK');
    expect(down.records.map(told)).toMatchObject([
      { ...csr, event: 'CSR_DOWNLOADED', operation: 'Downloaded', name: 'CN=csr.example.com' },
    ]);
    const deleted = await done(system, ra, { method: 'DELETE', path: `csrs/${id}` });
    expect(deleted.records.map(told)).toMatchObject([
      {
        ...csr,
        event: 'CSR_DELETED',
        operation: 'Deleted',
        name: 'CN=csr.example.com',
        before: { template: 'WebServer' },
      },
    ]);
    const { body } = await done(system, ra, { method: 'GET', path: 'csrs' });
    expect(body['csrs']).toEqual([]);
  });

  test('its key joins the certificate that is issued here', async () => {
    const made = await generated('CN=csr.example.com');
    const answer = await done(system, ra, {
      path: 'enrollment/csr',
      body: { csr: made.body['csr'], template: 'WebServer' },
    });
    const issued = certificateIn(answer);
    expect(issued['hasPrivateKey']).toBe(true);
    expect(answer.records).toHaveLength(1);
    expect(answer.records[0]?.content.related).toContainEqual({
      type: 'csr',
      id: String(made.body['id']),
      name: 'CN=csr.example.com',
    });
    expect((await done(system, ra, { method: 'GET', path: 'csrs' })).body['csrs']).toEqual([]);
    expect(
      (await ask(system, operator, { path: `certificates/${issued.id}/recover`, body: {} })).status,
    ).toBe(200);
  });

  test('its key joins the certificate that another authority has issued', async () => {
    const made = await generated('CN=csr.example.com');
    await ssl.write('theirs.csr', made.body['csr'] as string);
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await ssl.run(
      'req',
      '-x509',
      ...ec,
      '-subj',
      '/CN=Their CA',
      '-keyout',
      'theirs.key',
      '-out',
      'theirs.pem',
    );
    await ssl.run(
      'x509',
      '-req',
      '-in',
      'theirs.csr',
      '-CA',
      'theirs.pem',
      '-CAkey',
      'theirs.key',
      '-days',
      '30',
      '-out',
      'back.pem',
    );
    const answer = await done(system, operator, {
      path: 'certificates/import',
      body: { content: (await ssl.read('back.pem')).toString() },
    });
    expect(answer.body['imported']).toMatchObject([{ status: 'joined' }]);
    expect(answer.records.map(told)).toMatchObject([
      {
        operation: 'Imported',
        after: { hasPrivateKey: true },
        reason: 'with the private key that waited for it',
      },
    ]);
  });

  test('several are deleted, all or none', async () => {
    const ids = [
      (await generated('CN=csr.example.com')).body['id'],
      (await generated('CN=csr.example.com')).body['id'],
    ];
    const none = await ask(system, ra, { path: 'csrs/delete', body: { ids: [...ids, 99_999] } });
    expect(none).toMatchObject({ status: 404, records: [] });
    const all = await done(system, ra, { path: 'csrs/delete', body: { ids } });
    expect(all.records.map(({ envelope }) => envelope.operation)).toEqual(['Deleted', 'Deleted']);
  });
});

test('after all of this the state agrees with the log', async () => {
  await server().recorder.idle();
  const { log, state } = server();
  const { problems } = await reconcile({
    reader: log.reader,
    db: state.db,
    size: () => Promise.resolve(log.size),
    signal: AbortSignal.timeout(60_000),
  });
  expect(problems).toEqual([]);
});

function server() {
  return system.server.platform;
}

function at(time: string): () => Date {
  return () => new Date(time);
}
