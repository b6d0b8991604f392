import { afterAll, describe, expect, test } from 'vitest';
import { openSsl } from '../../ca/testing/openssl.ts';
import { told } from '../../security/testing.ts';
import { attribute, startTestServer } from '../../testing/harness.ts';
import { ask, certificateIn, done } from './testing.ts';

const system = await startTestServer();
const admin = await system.signIn('admin');
const auditor = await system.signIn('auditor');
const operator = await system.signInAs('operator', ['CA Operations']);
const colleague = await system.signInAs('colleague', ['CA Operations']);
const ra = await system.signInAs('ra', ['RA']);
const ssl = await openSsl();
afterAll(async () => await ssl[Symbol.asyncDispose]());

let count = 0;

/** A key and a request made by openssl. */
async function opensslCsr(
  subject: string,
  { sans = '', algorithm = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] } = {},
): Promise<string> {
  count += 1;
  const name = `r${count}`;
  const key = ['-newkey', ...algorithm, '-nodes', '-keyout', `${name}.key`];
  const ext = sans === '' ? [] : ['-addext', `subjectAltName=${sans}`];
  await ssl.run('req', '-new', ...key, '-subj', subject, ...ext, '-out', `${name}.csr`);
  return (await ssl.read(`${name}.csr`)).toString();
}

const ISSUED = {
  event: 'CERT_REQUEST_PROCESSED',
  category: 'Certificate',
  level: 'Information',
  outcome: 'Success',
};

describe('enrollment by CSR', () => {
  test('a request of openssl becomes a certificate that openssl verifies', async () => {
    const csr = await opensslCsr('/C=DE/O=Example/CN=www.example.com', {
      sans: 'DNS:www.example.com,DNS:API.example.com,IP:192.0.2.7',
    });
    const answer = await done(system, operator, {
      path: 'enrollment/csr',
      body: { csr, template: 'WebServer', comment: 'for the shop' },
    });
    expect(answer.status).toBe(201);
    const certificate = certificateIn(answer);
    expect(certificate).toMatchObject({
      subject: 'CN=www.example.com,O=Example,C=DE',
      template: 'WebServer',
      requester: 'operator',
      state: 'active',
      hasPrivateKey: false,
      sans: [
        { type: 'dns', value: 'www.example.com' },
        { type: 'dns', value: 'api.example.com' },
        { type: 'ip', value: '192.0.2.7' },
      ],
    });
    await ssl.write('leaf.pem', certificate.pem);
    await ssl.write('chain.pem', certificate.chain);
    const verified = await ssl.run(
      'verify',
      '-no_check_time',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      'chain.pem',
      'leaf.pem',
    );
    expect(verified.trim()).toBe('leaf.pem: OK');
  });

  test('leaves one record, with everything it is about', async () => {
    const csr = await opensslCsr('/CN=one.example.com');
    const answer = await done(system, ra, {
      path: 'enrollment/csr',
      body: { csr, template: 'WebServer' },
    });
    const { pem: _pem, chain: _chain, ...certificate } = certificateIn(answer);
    expect(answer.records.map(told)).toEqual([
      {
        ...ISSUED,
        operation: 'Created',
        actor: 'ra',
        name: certificate.subject,
        after: certificate,
      },
    ]);
    const [record] = answer.records;
    expect(record?.content.target?.id).toBe(certificate.fingerprint);
    expect(attribute(record, 'CertSerialNum')).toBe(`0x${certificate.serial}`);
    expect(attribute(record, 'ReqID')).toBe(String(answer.body['request']));
    expect(record?.content.related).toEqual([
      { type: 'serial', id: certificate.serial, name: certificate['issuer'] },
      { type: 'authority', ...(certificate['authority'] as object) },
      { type: 'template', id: 'WebServer', name: 'WebServer' },
      { type: 'request', id: String(answer.body['request']), name: certificate.subject },
    ]);
    expect(answer.checks).toHaveLength(1);
  });

  test.each([
    [
      'a subject the template refuses',
      '/CN=My Server',
      'WebServer',
      'template "WebServer": subject.CN: expected a host name or an IP address, got "My Server" (and 1 more)',
    ],
    [
      'a wildcard',
      '/CN=*.example.com',
      'WebServer',
      'template "WebServer": sans.dns: expected no wildcard, got "*.example.com" (and 1 more)',
    ],
    [
      'a template that is not there',
      '/CN=x.example.com',
      'Nothing',
      'template: expected a template that is there, got "Nothing"',
    ],
  ])(
    '%s is refused, and nothing is issued or recorded',
    async (_name, subject, template, detail) => {
      const before = await rows();
      const csr = await opensslCsr(subject);
      const answer = await ask(system, operator, {
        path: 'enrollment/csr',
        body: { csr, template },
      });
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'request_invalid', detail },
        records: [],
      });
      expect(await rows()).toEqual(before);
    },
  );

  test('a key that has a certificate is refused', async () => {
    const csr = await opensslCsr('/CN=twice.example.com');
    const asked = { path: 'enrollment/csr', body: { csr, template: 'WebServer' } };
    // At once: the second is looked at when the first is there.
    const answers = await Promise.all([
      system.request('/api/v1/enrollment/csr', {
        method: 'POST',
        cookie: operator,
        body: asked.body,
      }),
      system.request('/api/v1/enrollment/csr', { method: 'POST', cookie: ra, body: asked.body }),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
    expect(await ask(system, operator, asked)).toMatchObject({
      status: 422,
      body: {
        detail:
          'template "WebServer": csr.key: expected a key that is in no certificate yet, got that of "CN=twice.example.com"',
      },
    });
  });

  test('a request that is no request is refused', async () => {
    const answer = await ask(system, operator, {
      path: 'enrollment/csr',
      body: { csr: 'bm9uZQ==', template: 'WebServer' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'csr_invalid' }, records: [] });
  });

  test('what a request says is read without issuing anything', async () => {
    const csr = await opensslCsr('/CN=read.example.com', { sans: 'email:a@example.com' });
    const answer = await done(system, ra, { path: 'enrollment/csr/parse', body: { csr } });
    expect(answer.body).toEqual({
      subject: 'CN=read.example.com',
      sans: [{ type: 'email', value: 'a@example.com' }],
      keyAlgorithm: 'P-256',
    });
    expect(answer.records).toEqual([]);
  });

  test.each([
    ['an administrator', admin],
    ['an auditor', auditor],
  ])('%s is refused: the denial is recorded and nothing is issued', async (_name, cookie) => {
    const before = await rows();
    const csr = await opensslCsr('/CN=denied.example.com');
    const answer = await ask(system, cookie, {
      path: 'enrollment/csr',
      body: { csr, template: 'WebServer' },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'access_denied' }, records: [] });
    expect(answer.checks.map(({ envelope }) => [envelope.outcome, envelope.level])).toEqual([
      ['Failure', 'Warning'],
    ]);
    expect(await rows()).toEqual(before);
  });

  test('somebody whom the template does not name is refused at level Failure', async () => {
    await done(system, admin, {
      path: 'templates',
      body: {
        name: 'OpsOnly',
        displayName: 'Operations only',
        policy: { allowedRequesters: ['CA Operations'] },
      },
    });
    const csr = await opensslCsr('/CN=named.example.com');
    const asked = { path: 'enrollment/csr', body: { csr, template: 'OpsOnly' } };
    const answer = await ask(system, ra, asked);
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'access_denied', object: { type: 'template', id: 'OpsOnly' } },
      records: [],
    });
    expect(answer.checks.map(({ envelope }) => [envelope.outcome, envelope.level])).toEqual([
      ['Failure', 'Failure'],
    ]);
    expect((await ask(system, operator, asked)).status).toBe(201);
    const { body } = await done(system, ra, { method: 'GET', path: 'enrollment/options' });
    expect((body['templates'] as { name: string }[]).map(({ name }) => name)).not.toContain(
      'OpsOnly',
    );
  });
});

describe('enrollment by PFX', () => {
  test('openssl opens the file with the password that was told once', async () => {
    const answer = await done(system, operator, {
      path: 'enrollment/pfx',
      body: {
        template: 'ClientAuthentication',
        subject: 'CN=Jane Doe,O=Example',
        friendlyName: 'Jane',
      },
    });
    const certificate = certificateIn(answer);
    const password = answer.body['password'] as string;
    expect(password).toMatch(/^[0-9a-z]{5}(?:-[0-9a-z]{5}){3}$/);
    await ssl.write('jane.pfx', Buffer.from(answer.body['pkcs12'] as string, 'base64'));
    const opened = await ssl.run(
      'pkcs12',
      '-in',
      'jane.pfx',
      '-nodes',
      '-passin',
      `pass:${password}`,
    );
    expect(opened).toContain('friendlyName: Jane');
    expect(opened.replaceAll('\r', '')).toContain(certificate.pem.trim());
    expect(opened).toContain('BEGIN PRIVATE KEY');
    expect(opened.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    const info = await ssl.run(
      'pkcs12',
      '-in',
      'jane.pfx',
      '-info',
      '-noout',
      '-passin',
      `pass:${password}`,
    );
    expect(info).toContain('PBES2, PBKDF2, AES-256-CBC');
    // One record, and the password in none.
    expect(answer.records.map(told)).toMatchObject([
      { ...ISSUED, operation: 'Created', actor: 'operator', name: 'CN=Jane Doe,O=Example' },
    ]);
    expect(JSON.stringify([answer.records, answer.checks])).not.toContain(password);
  });

  test('a key that the template does not keep is nowhere', async () => {
    const answer = await done(system, operator, {
      path: 'enrollment/pfx',
      body: {
        template: 'ClientAuthentication',
        subject: 'CN=Nobody keeps',
        password: 'a long passphrase',
      },
    });
    expect(answer.body['password']).toBeNull();
    const certificate = certificateIn(answer);
    expect(certificate['hasPrivateKey']).toBe(false);
    expect(
      await ask(system, operator, { path: `certificates/${certificate.id}/recover`, body: {} }),
    ).toMatchObject({
      status: 409,
      body: {
        code: 'key_unavailable',
        detail: `the private key of certificate ${certificate.id} is not kept here`,
      },
      records: [],
    });
  });

  test.each([
    ['short', 'password: expected 8 to 256 characters, got 5 characters'],
    ['aaaaaaaaaaaa', 'password: expected at least 4 different characters, got 1'],
  ])('the password "%s" is refused', async (password, detail) => {
    const answer = await ask(system, operator, {
      path: 'enrollment/pfx',
      body: { template: 'ClientAuthentication', subject: 'CN=x', password },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', detail },
      records: [],
    });
  });
});

describe('requests that have to wait', () => {
  const REQUEST = 'AuditingCertificateRequest';

  async function pending(subject = 'CN=*.example.com', cookie = ra) {
    const answer = await done(system, cookie, {
      path: 'enrollment/pfx',
      body: { template: 'WebServerApproved', subject, comment: 'please' },
    });
    expect(answer.body).toMatchObject({ disposition: 'pending', certificate: null, pkcs12: null });
    return { answer, id: answer.body['request'] as number };
  }

  test('waiting is one record: Created, of the request', async () => {
    const { answer, id } = await pending();
    expect(answer.records.map(told)).toMatchObject([
      {
        event: 'PROFILE_CERT_REQUEST',
        category: REQUEST,
        operation: 'Created',
        level: 'Information',
        outcome: 'Success',
        actor: 'ra',
        name: 'CN=*.example.com',
        reason: 'please',
        after: { id, state: 'pending', requester: 'ra', keyAlgorithm: 'P-256' },
      },
    ]);
    expect(attribute(answer.records[0], 'ProfileID')).toBe('WebServerApproved');
    const { body } = await done(system, ra, { method: 'GET', path: 'requests?state=pending' });
    expect((body['requests'] as { id: number }[])[0]?.id).toBe(id);
  });

  test('approval is one record, and the certificate it leads to has its own', async () => {
    const { id } = await pending();
    const answer = await done(system, operator, {
      path: `requests/${id}/approve`,
      body: { comment: 'seen' },
    });
    expect(answer.body).toMatchObject({
      id,
      state: 'issued',
      decidedBy: 'operator',
      comment: 'seen',
    });
    expect(answer.records.map(told)).toMatchObject([
      {
        event: 'CERT_REQUEST_APPROVED',
        category: REQUEST,
        operation: 'Approved',
        level: 'Information',
        actor: 'operator',
        name: 'CN=*.example.com',
        reason: 'seen',
        before: { state: 'pending' },
        after: { state: 'issued', decidedBy: 'operator' },
      },
      {
        ...ISSUED,
        operation: 'Created',
        actor: 'operator',
        name: 'CN=*.example.com',
        after: { requester: 'ra', template: 'WebServerApproved' },
      },
    ]);
  });

  test('somebody who goes by the name of one who is gone does not collect his key', async () => {
    const { id } = await pending();
    await done(system, operator, { path: `requests/${id}/approve`, body: {} });
    const { behind } = system;
    const account = behind.updateTable('users').where('username', '=', 'ra');
    const { created_at } = await behind
      .selectFrom('users')
      .select('created_at')
      .where('username', '=', 'ra')
      .executeTakeFirstOrThrow();
    await account.set({ created_at: '2026-11-22T05:00:00.001Z' }).execute();
    const later = await ask(system, ra, { path: `requests/${id}/pkcs12`, body: {} });
    expect({ status: later.status, code: later.body['code'] }).toEqual({
      status: 403,
      code: 'access_denied',
    });
    expect(later.checks.map(({ envelope }) => envelope.level)).toEqual(['Failure']);
    await account.set({ created_at }).execute();
    await done(system, ra, { path: `requests/${id}/pkcs12`, body: {} });
  });

  test('the requester, and nobody else, collects the key, once', async () => {
    const { id } = await pending();
    const asked = { path: `requests/${id}/pkcs12`, body: {} };
    expect(await ask(system, ra, asked)).toMatchObject({
      status: 409,
      body: { code: 'key_unavailable' },
    });
    await done(system, operator, { path: `requests/${id}/approve`, body: {} });
    expect(await ask(system, operator, asked)).toMatchObject({
      status: 403,
      body: { code: 'access_denied', object: { type: 'request', id: String(id) } },
    });
    const answer = await done(system, ra, asked);
    await ssl.write('collected.pfx', Buffer.from(answer.body['pkcs12'] as string, 'base64'));
    const password = answer.body['password'] as string;
    const opened = await ssl.run(
      'pkcs12',
      '-in',
      'collected.pfx',
      '-nodes',
      '-passin',
      `pass:${password}`,
    );
    expect(opened).toContain('BEGIN PRIVATE KEY');
    expect(answer.records.map(told)).toMatchObject([
      {
        event: 'CERT_KEY_EXPORTED',
        category: 'Certificate',
        operation: 'Download with Private Key',
        actor: 'ra',
        name: 'CN=*.example.com',
      },
    ]);
    expect(await ask(system, ra, asked)).toMatchObject({
      status: 409,
      body: {
        code: 'key_unavailable',
        detail: `certificate request ${id} has no private key that waits to be collected`,
      },
      records: [],
    });
  });

  test('denial is one record, at level Information, with the reason', async () => {
    const { id } = await pending();
    const answer = await done(system, operator, {
      path: `requests/${id}/deny`,
      body: { comment: 'no wildcards for this' },
    });
    expect(answer.body).toMatchObject({ id, state: 'denied', certificate: null });
    expect(answer.records.map(told)).toMatchObject([
      {
        event: 'CERT_REQUEST_PROCESSED',
        category: REQUEST,
        operation: 'Denied',
        level: 'Information',
        outcome: 'Failure',
        actor: 'operator',
        name: 'CN=*.example.com',
        reason: 'no wildcards for this',
        before: { state: 'pending' },
        after: { state: 'denied' },
      },
    ]);
    expect(attribute(answer.records[0], 'InfoName')).toBe('rejectReason');
    const row = await system.behind
      .selectFrom('certificate_requests')
      .select('private_key')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.private_key).toBeNull();
  });

  test('nobody agrees to his own request, and that he tried is recorded', async () => {
    const { id } = await pending('CN=own.example.com', operator);
    const before = await rows();
    const answer = await ask(system, operator, { path: `requests/${id}/approve`, body: {} });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'own_request',
        detail: `certificate request ${id} is your own; the attempt was recorded`,
      },
    });
    expect(answer.records.map(told)).toMatchObject([
      {
        event: 'CERT_REQUEST_APPROVED',
        operation: 'Approved',
        level: 'Failure',
        outcome: 'Failure',
        actor: 'operator',
        reason: `certificate request ${id} is your own`,
      },
    ]);
    expect(await rows()).toEqual(before);
  });

  test('of two decisions at once the second is refused', async () => {
    const { id } = await pending();
    const answers = await Promise.all(
      [operator, colleague].map(
        async (cookie) =>
          await system.request(`/api/v1/requests/${id}/approve`, {
            method: 'POST',
            cookie,
            body: {},
          }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    const again = await ask(system, operator, {
      path: `requests/${id}/deny`,
      body: { comment: 'no' },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'request_decided' }, records: [] });
  });

  test('who may not decide leaves the denial alone', async () => {
    const { id } = await pending();
    for (const what of ['approve', 'deny'])
      expect(
        await ask(system, ra, { path: `requests/${id}/${what}`, body: { comment: 'x' } }),
      ).toMatchObject({ status: 403, body: { code: 'access_denied' }, records: [] });
  });

  test('a template with a request that waits is not deleted', async () => {
    await pending();
    expect(
      await ask(system, admin, { method: 'DELETE', path: 'templates/WebServerApproved' }),
    ).toMatchObject({
      status: 409,
      body: { code: 'in_use' },
      records: [],
    });
  });
});

/** Every row that an enrollment writes. */
async function rows(): Promise<unknown> {
  const db = system.behind;
  return [
    await db.selectFrom('certificates').selectAll().execute(),
    await db.selectFrom('certificate_requests').selectAll().execute(),
  ];
}
