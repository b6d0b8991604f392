import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { insertCertificate } from '../../certificates/insert-certificate.ts';
import { noteOf } from '../../recording/testing.ts';
import { testCertificate, testRoot } from '../../stores/testing/certificates.ts';
import { startSftpServer, testSshKey } from '../../stores/testing/sftp-server.ts';
import { startTestServer, temporaryFolder } from '../../testing/harness.ts';

const user = testSshKey();
const machine = await startSftpServer({ userKey: user.publicKey });
afterAll(async () => await machine.close());
const root = join(await temporaryFolder(), 'tls');
await mkdir(root);
const system = await startTestServer();
const { platform } = system.server;
const operator = await system.signInAs('operator', ['CA Operations']);
const { certificate } = await testCertificate(await testRoot(), 'www.example.com');
const { result: certificateId } = await platform.recorder.audited(async (tx) => {
  tx.record(noteOf('a certificate'));
  return await insertCertificate(tx.db, {
    facts: certificate,
    authority: null,
    template: null,
    requester: 'operator',
    request: null,
    origin: 'issued',
    now: system.clock.read(),
  });
});

type Body = Record<string, unknown>;
async function ask(method: string, path: string, body?: unknown) {
  const answer = await system.request(`/api/v1/${path}`, {
    method,
    cookie: operator,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
}
async function told(work: () => Promise<unknown>) {
  const records = await system.recordsOf(async () => {
    await work();
    await platform.storeJobs.idle();
  });
  return records
    .filter(({ envelope }) => envelope.event !== 'AUTHZ')
    .map(({ envelope, content }) => ({
      event: envelope.event,
      operation: envelope.operation,
      level: envelope.level,
      name: content.target?.name,
      before: content.before ?? null,
      after: content.after ?? null,
      reason: content.reason ?? null,
    }));
}

const credentials = {
  port: machine.port,
  username: machine.username,
  hostKey: machine.hostKey,
  password: machine.password,
};
const path = join(root, 'site.pem');
let store = '';

describe('a store on another machine', () => {
  test('is one of a machine whose key somebody has confirmed', async () => {
    const made = await ask('POST', 'stores', {
      clientMachine: '127.0.0.1',
      path,
      type: 'PEM file',
      createIfMissing: true,
    });
    expect(made.status).toBe(201);
    store = made.body['id'] as string;
    const shown = await ask('POST', 'store-servers/host-key', {
      clientMachine: '127.0.0.1',
      port: machine.port,
    });
    expect(shown).toEqual({ status: 200, body: { hostKey: machine.hostKey } });
    const { hostKey: _unconfirmed, ...without } = credentials;
    expect(await ask('PUT', `stores/${store}/credentials`, without)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid' },
    });
  });

  test('is reached by credentials that are recorded without their secret', async () => {
    const set = await told(async () => {
      expect(await ask('PUT', `stores/${store}/credentials`, credentials)).toMatchObject({
        status: 200,
        body: { clientMachine: '127.0.0.1', authentication: 'password' },
      });
    });
    expect(set).toMatchObject([
      {
        event: 'CONFIG_CERT_STORE',
        operation: 'Updated',
        name: '127.0.0.1',
        before: null,
        after: { username: 'deployer', hostKey: machine.hostKey },
        reason: 'credentials were set',
      },
    ]);
    const { password: _password, ...rest } = credentials;
    const key = { ...rest, privateKey: user.privateKey };
    const changed = await told(async () => await ask('PUT', 'store-servers/127.0.0.1', key));
    expect(changed).toMatchObject([
      {
        operation: 'Updated',
        before: { authentication: 'password' },
        after: { authentication: 'key' },
      },
    ]);
    expect(
      await ask('PUT', 'store-servers/127.0.0.1', { ...rest, privateKey: 'no key' }),
    ).toMatchObject({
      status: 422,
      body: {
        detail:
          'privateKey: expected a private key of OpenSSH or PEM, with its passphrase where it has one, got one that cannot be read',
      },
    });
    expect((await ask('GET', 'store-servers')).body).toMatchObject({
      servers: [{ clientMachine: '127.0.0.1', authentication: 'key' }],
    });
    const everything = JSON.stringify(await system.records());
    expect(everything).not.toContain(machine.password);
    expect(everything).not.toContain('OPENSSH PRIVATE');
    const [row] = await system.behind.selectFrom('store_servers').select('credentials').execute();
    expect(row?.credentials).toMatch(/^v1\./);
  });

  test('is filled, and its certificates are known by where they are', async () => {
    const stores = [{ store }];
    const records = await told(
      async () => await ask('POST', 'stores/add', { certificate: certificateId, stores }),
    );
    expect(records).toMatchObject([
      { operation: 'Scheduled Add', name: `127.0.0.1 ${path}` },
      { operation: 'Completed', name: `127.0.0.1 ${path}` },
    ]);
    expect(await readFile(path, 'utf8')).toBe(certificate.pem);
  });

  test('that cannot be reached is tried three times, then given up, and done when somebody says so', async () => {
    machine.before = () => false;
    expect(await told(async () => await ask('POST', `stores/${store}/inventory`))).toMatchObject([
      { operation: 'Scheduled' },
    ]);
    const { body } = await ask('GET', 'store-jobs?state=scheduled');
    expect(body).toMatchObject({ jobs: [{ attempts: 1, kind: 'inventory' }] });
    const [job] = body['jobs'] as Body[];
    expect(job?.['error']).toContain('127.0.0.1');
    expect(Date.parse(job?.['dueAt'] as string) - system.clock.read().getTime()).toBe(60_000);
    system.clock.advance(60_000);
    expect(await told(async () => undefined)).toEqual([]);
    system.clock.advance(5 * 60_000);
    expect(await told(async () => undefined)).toMatchObject([
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Failed', level: 'Failure' },
    ]);
    machine.before = () => true;
    const again = await told(
      async () => await ask('POST', `store-jobs/${String(job?.['id'])}/retry`),
    );
    expect(again).toMatchObject([{ operation: 'Updated' }, { operation: 'Completed' }]);
  });

  test('with another key than the confirmed one is left alone until somebody confirms that', async () => {
    const other = `SHA256:${'A'.repeat(43)}`;
    await ask('PUT', 'store-servers/127.0.0.1', { ...credentials, hostKey: other });
    const attempts = machine.attempts.length;
    const records = await told(async () => await ask('POST', `stores/${store}/inventory`));
    expect(records.at(-1)).toMatchObject({
      operation: 'Failed',
      reason: `127.0.0.1: expected the host key ${other}, got ${machine.hostKey}`,
    });
    expect(machine.attempts).toHaveLength(attempts);
    await ask('PUT', 'store-servers/127.0.0.1', credentials);
  });

  test('is found there', async () => {
    await mkdir(join(root, 'more'));
    await writeFile(join(root, 'more', 'a.pem'), certificate.pem);
    const body = { clientMachine: '127.0.0.1', path: root, types: ['PEM file', 'PEM folder'] };
    const records = await told(async () => await ask('POST', 'stores/discover', body));
    expect(records.map(({ operation, name }) => `${operation} ${name}`)).toEqual([
      'Scheduled 127.0.0.1',
      `Created 127.0.0.1 ${root}`,
      `Created 127.0.0.1 ${root}/more/a.pem`,
      `Created 127.0.0.1 ${root}/more`,
      'Completed 127.0.0.1',
    ]);
  });

  test('keeps its credentials until its stores are gone', async () => {
    expect(await ask('DELETE', 'store-servers/127.0.0.1')).toMatchObject({
      status: 409,
      body: { code: 'in_use', detail: 'stores on 127.0.0.1 are reached by these credentials' },
    });
    const { body } = await ask('GET', 'stores');
    for (const { id } of body['stores'] as Body[]) await ask('DELETE', `stores/${String(id)}`);
    expect(await told(async () => await ask('DELETE', 'store-servers/127.0.0.1'))).toMatchObject([
      { operation: 'Deleted', name: '127.0.0.1' },
    ]);
  });

  test('of this machine needs folders that the operator allows', async () => {
    expect(
      await ask('POST', 'stores', { clientMachine: 'localhost', path, type: 'PEM file' }),
    ).toMatchObject({
      status: 422,
      body: {
        code: 'store_path_refused',
        detail:
          'stores on this machine are off: the operator allows folders with COUNTERSIGN_STORE_ROOTS',
      },
    });
  });
});
