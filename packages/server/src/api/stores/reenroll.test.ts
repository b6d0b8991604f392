import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startTestServer, temporaryFolder } from '../../testing/harness.ts';

const root = join(await temporaryFolder(), 'tls');
await mkdir(root);
const system = await startTestServer({ settings: { COUNTERSIGN_STORE_ROOTS: root } });
const { platform } = system.server;
const operator = await system.signInAs('operator', ['CA Operations']);
const colleague = await system.signInAs('colleague', ['CA Operations']);
const admin = await system.signIn('admin');

type Body = Record<string, unknown>;
async function ask(method: string, path: string, body?: unknown, cookie = operator) {
  const answer = await system.request(`/api/v1/${path}`, {
    method,
    cookie,
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
      name: content.target?.name,
      reason: content.reason ?? null,
    }));
}
async function newStore(path: string): Promise<string> {
  const store = { clientMachine: 'localhost', path, type: 'PEM file', createIfMissing: true };
  const made = await ask('POST', 'stores', store);
  expect(made.status).toBe(201);
  return made.body['id'] as string;
}
async function pair(path: string) {
  const certificate = new X509Certificate(await readFile(path));
  const key = createPrivateKey(await readFile(path.replace('.pem', '.key')));
  return { subject: certificate.subject, matches: certificate.checkPrivateKey(key) };
}

const sans = [{ type: 'dns', value: 'www.example.com' }];

describe('re-enrollment', () => {
  test('makes a key for the store, enrolls by a template, and places both', async () => {
    const path = join(root, 'new.pem');
    const store = await newStore(path);
    const order = { subject: 'CN=www.example.com', sans, template: 'WebServer' };
    const records = await told(async () => {
      const answer = await ask('POST', `stores/${store}/reenroll`, order);
      expect([answer.status, answer.body]).toMatchObject([202, { jobs: [{ kind: 'reenroll' }] }]);
    });
    expect(records).toMatchObject([
      { event: 'CERT_REQUEST_PROCESSED', operation: 'Created', name: 'CN=www.example.com' },
      { event: 'CERT_STORE_JOB_SCHEDULED', operation: 'Scheduled', name: `localhost ${path}` },
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Completed', name: `localhost ${path}` },
    ]);
    expect(await pair(path)).toEqual({ subject: 'CN=www.example.com', matches: true });
    const rows = await system.behind.selectFrom('store_jobs').select('sealed').execute();
    expect(rows).toEqual([{ sealed: null }]);
    const again = await told(async () => await ask('POST', `stores/${store}/reenroll`, order));
    expect(again.at(-1)).toMatchObject({ operation: 'Completed' });
    expect((await ask('GET', `stores/${store}/inventory`)).body).toMatchObject({
      entries: [{ hasPrivateKey: true, chainPosition: 0 }, { chainPosition: 1 }],
    });
  });

  test('waits for the approval that a template wants', async () => {
    const template = {
      name: 'Guarded',
      displayName: 'Guarded',
      policy: { requiresApproval: true, enrollment: ['csr'] },
    };
    expect((await ask('POST', 'templates', template, admin)).status).toBe(201);
    const path = join(root, 'guarded.pem');
    const store = await newStore(path);
    const order = { subject: 'CN=guarded.example.com', sans, template: 'Guarded' };
    const records = await told(async () => await ask('POST', `stores/${store}/reenroll`, order));
    expect(records).toMatchObject([
      { event: 'PROFILE_CERT_REQUEST' },
      { event: 'CERT_STORE_JOB_SCHEDULED' },
    ]);
    const { body } = await ask('GET', `store-jobs?store=${store}`);
    const [job] = body['jobs'] as Body[];
    expect(job).toMatchObject({ state: 'scheduled', error: 'the request waits for a decision' });
    const details = job?.['details'] as { request: number } | undefined;
    const approved = await ask('POST', `requests/${details?.request}/approve`, {}, colleague);
    expect([approved.status, approved.body['detail']]).toEqual([200, undefined]);
    system.clock.advance(5 * 60_000);
    expect(await told(async () => undefined)).toMatchObject([
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Completed' },
    ]);
    expect(await pair(path)).toEqual({ subject: 'CN=guarded.example.com', matches: true });
  });

  test('is refused as the enrollment would be, and leaves no job', async () => {
    const store = await newStore(join(root, 'refused.pem'));
    const order = { subject: 'CN=www.example.com', template: 'No such template' };
    expect(await ask('POST', `stores/${store}/reenroll`, order)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid' },
    });
    const schedule = { daily: { time: '03:00' } };
    const repeated = { ...order, template: 'WebServer', schedule };
    expect((await ask('POST', `stores/${store}/reenroll`, repeated)).status).toBe(422);
    expect((await ask('GET', `store-jobs?store=${store}`)).body['total']).toBe(0);
  });
});

describe('a renewal by one click', () => {
  test('puts the new certificate with its key where the old one was', async () => {
    const path = join(root, 'renewed.pem');
    const store = await newStore(path);
    const policy = { keyRetention: 'indefinite', enrollment: ['pfx'] };
    await ask('POST', 'templates', { name: 'Kept', displayName: 'Kept', policy }, admin);
    const enrolled = await ask('POST', 'enrollment/pfx', {
      subject: 'CN=renewed.example.com',
      sans,
      template: 'Kept',
    });
    expect(enrolled.status).toBe(201);
    const { id } = enrolled.body['certificate'] as { id: number };
    const stores = [{ store, includePrivateKey: true }];
    expect((await ask('POST', 'stores/add', { certificate: id, stores })).status).toBe(202);
    await platform.storeJobs.idle();
    const before = await readFile(path, 'utf8');
    const records = await told(async () => {
      const renewed = await ask('POST', `certificates/${id}/renew`, {});
      expect([renewed.status, renewed.body['replacements']]).toEqual([201, [store]]);
    });
    expect(records).toMatchObject([
      { event: 'CERT_REQUEST_PROCESSED', operation: 'Renewed' },
      { event: 'CERT_STORE_REPLACEMENT_SCHEDULED', operation: 'Scheduled Replacement' },
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Completed', name: `localhost ${path}` },
    ]);
    expect(await readFile(path, 'utf8')).not.toBe(before);
    expect(await pair(path)).toEqual({ subject: 'CN=renewed.example.com', matches: true });
  });
});
