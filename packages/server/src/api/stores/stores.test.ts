import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatPrivateKey } from '../../ca/containers.ts';
import type { CertificateFacts } from '../../ca/read-certificate.ts';
import { insertCertificate, keyOfCertificate } from '../../certificates/insert-certificate.ts';
import { noteOf } from '../../recording/testing.ts';
import { inventoryPkcs12 } from '../../stores/formats/pkcs12-store.ts';
import { scheduleReplacement, storesOf } from '../../stores/replacement.ts';
import { testCertificate, testRoot, type Issued } from '../../stores/testing/certificates.ts';
import { attribute, startTestServer, temporaryFolder } from '../../testing/harness.ts';

const root = join(await temporaryFolder(), 'tls');
const outside = join(await temporaryFolder(), 'elsewhere');
await mkdir(root);
await mkdir(outside);
const system = await startTestServer({ settings: { COUNTERSIGN_STORE_ROOTS: root } });
const { platform } = system.server;
const operator = await system.signInAs('operator', ['CA Operations']);
const reader = await system.signInAs('reader', ['RA']);

const authority = await testRoot();
const issuing = await testCertificate(authority, 'Test Issuing', { authority: true });
const web = await testCertificate(issuing, 'www.example.com');
const renewed = await testCertificate(issuing, 'www.example.com renewed');
const trusted = await testCertificate(authority, 'trusted.example.com');
const webId = await manage(web, true);
const renewedId = await manage(renewed, true);
await manage(issuing, false);
const trustedId = await manage(trusted, false);

async function manage({ certificate, key }: Issued, withKey: boolean): Promise<number> {
  const { vault, recorder } = platform;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const sealed = vault.seal(pkcs8, keyOfCertificate(certificate.fingerprint));
  const { result } = await recorder.audited(async (tx) => {
    tx.record(noteOf('a certificate'));
    return await insertCertificate(tx.db, {
      facts: certificate,
      authority: null,
      template: null,
      requester: 'operator',
      request: null,
      origin: 'issued',
      key: withKey ? { sealed, retainedUntil: null } : null,
      now: system.clock.read(),
    });
  });
  return result;
}

type Body = Record<string, unknown>;
async function ask(
  method: string,
  path: string,
  body?: unknown,
  cookie = operator,
): Promise<{ status: number; body: Body }> {
  const answer = await system.request(`/api/v1/${path}`, {
    method,
    cookie,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
}

/** What an operation leaves in the log, beside the checks of rights; jobs that it begins are done. */
async function told(work: () => Promise<unknown>) {
  const records = await system.recordsOf(async () => {
    await work();
    await platform.storeJobs.idle();
  });
  return records
    .filter(({ envelope }) => envelope.event !== 'AUTHZ')
    .map(({ envelope, content }) => ({
      event: envelope.event,
      category: envelope.category,
      operation: envelope.operation,
      level: envelope.level,
      name: content.target?.name ?? null,
      actor: content.actor.id,
      before: content.before ?? null,
      after: content.after ?? null,
      reason: content.reason ?? null,
    }));
}

async function newStore(path: string, type: string, more: Body = {}): Promise<string> {
  const body = { clientMachine: 'localhost', path, type, createIfMissing: true, ...more };
  const made = await ask('POST', 'stores', body);
  expect([made.status, made.body]).toMatchObject([201, { path, type, approved: true }]);
  return made.body['id'] as string;
}

async function entriesOf(id: string): Promise<readonly Body[]> {
  return (await ask('GET', `stores/${id}/inventory`)).body['entries'] as Body[];
}

async function failed(): Promise<readonly Body[]> {
  await platform.storeJobs.idle();
  return (await ask('GET', 'store-jobs?state=failed')).body['jobs'] as Body[];
}

const pem = ({ certificate }: { certificate: CertificateFacts }) => certificate.pem;
const PKCS12 = 'PKCS#12 (Java, Tomcat, Windows)';

describe('containers', () => {
  let id = 0;
  test('are created, changed and deleted, each with its record', async () => {
    const created = await told(async () => {
      const made = await ask('POST', 'store-containers', { name: 'Web servers' });
      expect([made.status, made.body['name']]).toEqual([201, 'Web servers']);
      id = made.body['id'] as number;
    });
    expect(created).toMatchObject([
      {
        event: 'CONFIG_CERT_STORE',
        category: 'CertificateStoreContainer',
        operation: 'Created',
        level: 'Information',
        name: 'Web servers',
        actor: 'operator',
        before: null,
        after: { name: 'Web servers', description: '' },
      },
    ]);
    expect(
      await told(async () => await ask('PATCH', `store-containers/${id}`, { name: 'Web' })),
    ).toMatchObject([
      {
        operation: 'Updated',
        name: 'Web',
        before: { name: 'Web servers' },
        after: { name: 'Web' },
      },
    ]);
    expect(await ask('POST', 'store-containers', { name: 'WEB' })).toMatchObject({
      status: 409,
      body: { code: 'already_exists', detail: 'name: "WEB" is a container already' },
    });
    expect(await told(async () => await ask('DELETE', `store-containers/${id}`))).toMatchObject([
      { operation: 'Deleted', name: 'Web', before: { name: 'Web' }, after: null },
    ]);
    expect((await ask('DELETE', `store-containers/${id}`)).status).toBe(404);
  });

  test('with stores stay', async () => {
    const { body } = await ask('POST', 'store-containers', { name: 'Used' });
    await newStore(join(root, 'in-container.pem'), 'PEM file', { container: body['id'] });
    expect(await ask('DELETE', `store-containers/${String(body['id'])}`)).toMatchObject({
      status: 409,
      body: { code: 'in_use', detail: 'Used holds 1 stores' },
    });
  });
});

describe('types', () => {
  test('of the product stay as they are', async () => {
    const { body } = await ask('GET', 'store-types');
    const types = body['types'] as Body[];
    expect(types.map(({ name }) => name)).toEqual(['PEM file', 'PEM folder', PKCS12]);
    expect(await ask('DELETE', 'store-types/PEM%20file')).toMatchObject({
      status: 409,
      body: { code: 'built_in', detail: 'PEM file belongs to the product and stays as it is' },
    });
  });

  test('are made, changed and deleted, each with its record', async () => {
    const wanted = { name: 'HAProxy', kind: 'pem-folder', filePattern: '*.pem' };
    expect(await told(async () => await ask('POST', 'store-types', wanted))).toMatchObject([
      {
        category: 'CertificateStoreType',
        operation: 'Created',
        name: 'HAProxy',
        after: { kind: 'pem-folder', filePattern: '*.pem', separateKeys: false },
      },
    ]);
    expect(
      await told(async () => await ask('PATCH', 'store-types/HAProxy', { name: 'HAProxy 3' })),
    ).toMatchObject([{ operation: 'Updated', name: 'HAProxy 3', before: { name: 'HAProxy' } }]);
    expect(await told(async () => await ask('DELETE', 'store-types/HAProxy%203'))).toMatchObject([
      { operation: 'Deleted', name: 'HAProxy 3', after: null },
    ]);
  });
});

describe('a store', () => {
  test('is set up, changed, given a password, scheduled and forgotten, each with its record', async () => {
    const path = join(root, 'life.p12');
    let id = '';
    const [created] = await told(async () => (id = await newStore(path, PKCS12)));
    expect(created).toMatchObject({
      category: 'CertificateStore',
      operation: 'Created',
      name: `localhost ${path}`,
      after: { passwordSet: false, createIfMissing: true },
    });
    const changed = await told(
      async () => await ask('PATCH', `stores/${id}`, { displayName: 'Life' }),
    );
    expect(changed).toMatchObject([
      { operation: 'Updated', after: { displayName: 'Life' }, before: { path } },
    ]);
    expect(
      await told(async () => await ask('PATCH', `stores/${id}`, { displayName: 'Life' })),
    ).toEqual([]);
    const secret = 'a password nobody shall see';
    const given = await told(
      async () => await ask('PUT', `stores/${id}/password`, { password: secret }),
    );
    expect(given).toMatchObject([
      {
        operation: 'Updated',
        reason: 'the password was set',
        before: { passwordSet: false },
        after: { passwordSet: true },
      },
    ]);
    const schedule = { daily: { time: '03:00' } };
    const scheduled = await told(
      async () => await ask('PUT', `stores/${id}/schedule`, { schedule }),
    );
    expect(scheduled).toMatchObject([
      {
        event: 'CERT_STORE_JOB_SCHEDULED',
        operation: 'Scheduled',
        name: `localhost ${path}`,
        before: { inventorySchedule: null },
        after: { inventorySchedule: schedule },
      },
    ]);
    expect((await ask('GET', `store-jobs?store=${id}`)).body).toMatchObject({
      total: 1,
      jobs: [{ kind: 'inventory', state: 'scheduled', schedule, requestedBy: 'operator' }],
    });
    expect((await ask('GET', `stores/${id}`)).body).not.toHaveProperty('password');
    const gone = await told(async () => await ask('DELETE', `stores/${id}`));
    expect(gone).toMatchObject([
      { operation: 'Deleted', after: null, before: { displayName: 'Life' } },
    ]);
    expect((await ask('GET', `store-jobs?store=${id}`)).body['total']).toBe(0);
    const everything = JSON.stringify(await system.records());
    expect(everything).not.toContain(secret);
  });

  test('is nowhere but below the folders that the operator allows', async () => {
    for (const [path, detail] of [
      [`${root}/../x.pem`, 'path: expected an absolute path without ".."'],
      [join(outside, 'x.pem'), `path: expected one below ${root} (COUNTERSIGN_STORE_ROOTS)`],
      [`${root}x/y.pem`, `path: expected one below ${root} (COUNTERSIGN_STORE_ROOTS)`],
      [root, `path: expected one below ${root} (COUNTERSIGN_STORE_ROOTS)`],
      [`${root}/a\nb`, 'path: expected an absolute path without ".."'],
      ['relative.pem', 'path: expected an absolute path without ".."'],
    ]) {
      const refused = await ask('POST', 'stores', {
        clientMachine: 'localhost',
        path,
        type: 'PEM file',
      });
      expect(refused.status).toBe(422);
      expect(refused.body['detail']).toContain(detail);
    }
    await symlink(outside, join(root, 'link'));
    const id = await newStore(join(root, 'link', 'x.pem'), 'PEM file');
    await ask('POST', 'stores/add', { certificate: trustedId, stores: [{ store: id }] });
    expect((await failed())[0]).toMatchObject({
      kind: 'add',
      error: `${join(root, 'link', 'x.pem')}: expected a path below ${root} (COUNTERSIGN_STORE_ROOTS), got another`,
    });
    await expect(stat(join(outside, 'x.pem'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is one at its place', async () => {
    const path = join(root, 'twice.pem');
    await newStore(path, 'PEM file');
    const again = await ask('POST', 'stores', {
      clientMachine: 'localhost',
      path,
      type: 'PEM file',
    });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'already_exists', detail: `path: localhost ${path} is a store already` },
    });
  });

  test('is read and changed by those who may', async () => {
    expect((await ask('GET', 'stores', undefined, reader)).status).toBe(200);
    const body = { clientMachine: 'localhost', path: join(root, 'no.pem'), type: 'PEM file' };
    expect(await ask('POST', 'stores', body, reader)).toMatchObject({
      status: 403,
      body: { code: 'access_denied' },
    });
    expect((await ask('POST', 'stores/add', {}, reader)).status).toBe(403);
  });

  test('is listed page by page', async () => {
    const first = (await ask('GET', 'stores?limit=2')).body;
    expect(first['stores']).toHaveLength(2);
    const second = (await ask('GET', `stores?limit=500&after=${String(first['next'])}`)).body;
    expect((second['stores'] as Body[]).length).toBe((first['total'] as number) - 2);
    expect(second['next']).toBeNull();
    expect(await ask('GET', 'stores?after=nothing')).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });
});

describe('adding and removing', () => {
  test('a certificate with its key goes into a PEM file: scheduled, then done', async () => {
    const path = join(root, 'site.pem');
    const store = await newStore(path, 'PEM file');
    const records = await told(async () => {
      const answer = await ask('POST', 'stores/add', {
        certificate: webId,
        stores: [{ store, includePrivateKey: true }],
      });
      expect(answer.status).toBe(202);
    });
    expect(records).toMatchObject([
      {
        event: 'CERT_STORE_JOB_SCHEDULED',
        category: 'CertificateStore',
        operation: 'Scheduled Add',
        name: `localhost ${path}`,
        actor: 'operator',
        after: { certificate: webId, includePrivateKey: true },
      },
      {
        event: 'CERT_STORE_JOB_ENDED',
        category: 'CertificateStore',
        operation: 'Completed',
        level: 'Information',
        name: `localhost ${path}`,
        actor: '$System$',
        reason: '2 certificates, 0 of them new here',
      },
    ]);
    expect(await readFile(path, 'utf8')).toBe(pem(web) + pem(issuing));
    expect(await readFile(join(root, 'site.key'), 'utf8')).toBe(formatPrivateKey(web.key, null));
    expect((await stat(join(root, 'site.key'))).mode & 0o777).toBe(0o600);
    const { db } = platform.state;
    expect(await storesOf(db, web.certificate.fingerprint)).toEqual([
      { id: store, name: `localhost ${path}`, alias: web.certificate.fingerprint },
    ]);
  });

  test('a renewed certificate takes the place of the old one, with the key that is kept', async () => {
    const path = join(root, 'site.pem');
    const ref = ({ certificate }: Issued, id: number) => {
      const { fingerprint, subject } = certificate;
      return { id, fingerprint, subject };
    };
    const records = await told(async () => {
      await platform.recorder.audited(async (tx) => {
        const stores = await scheduleReplacement(tx, {
          oldCertificate: ref(web, webId),
          newCertificate: ref(renewed, renewedId),
          by: null,
          now: system.clock.read(),
        });
        expect(stores).toHaveLength(1);
      });
    });
    expect(records).toMatchObject([
      {
        event: 'CERT_STORE_REPLACEMENT_SCHEDULED',
        category: 'AuditingCertificateScheduledReplacement',
        operation: 'Scheduled Replacement',
        name: renewed.certificate.subject,
        after: { replaces: web.certificate.fingerprint },
      },
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Completed', name: `localhost ${path}` },
    ]);
    expect(await readFile(path, 'utf8')).toBe(pem(renewed) + pem(issuing));
    expect(await readFile(join(root, 'site.key'), 'utf8')).toBe(
      formatPrivateKey(renewed.key, null),
    );
  });

  test('entries of a PKCS#12 file have names; without the right password nothing is done', async () => {
    const path = join(root, 'app.p12');
    const password = 'the password of app.p12';
    const store = await newStore(path, PKCS12, { password });
    const stores = [{ store, alias: 'site', includePrivateKey: true }];
    await ask('POST', 'stores/add', { certificate: webId, stores });
    await platform.storeJobs.idle();
    const held = await inventoryPkcs12(await readFile(path), password);
    expect(held.map(({ alias, hasPrivateKey }) => [alias, hasPrivateKey])).toEqual([
      ['site', true],
      ['site', false],
    ]);
    await ask('PUT', `stores/${store}/password`, { password: 'another' });
    const records = await told(async () => await ask('POST', `stores/${store}/inventory`));
    expect(records).toMatchObject([
      { operation: 'Scheduled' },
      {
        event: 'CERT_STORE_JOB_ENDED',
        operation: 'Failed',
        level: 'Failure',
        reason: 'the password is not the one of the file',
      },
    ]);
    await ask('PUT', `stores/${store}/password`, { password });
    const removed = await told(
      async () => await ask('POST', 'stores/remove', { stores: [{ store, alias: 'site' }] }),
    );
    expect(removed).toMatchObject([
      { operation: 'Scheduled Removal', name: `localhost ${path}` },
      { operation: 'Completed', reason: '0 certificates, 0 of them new here' },
    ]);
    expect(await entriesOf(store)).toEqual([]);
  });

  test('a file of a folder is an entry; it goes when nothing is left in it', async () => {
    const path = join(root, 'folder');
    const store = await newStore(path, 'PEM folder');
    const stores = [{ store, includePrivateKey: true }];
    await ask('POST', 'stores/add', { certificate: webId, stores });
    await platform.storeJobs.idle();
    expect(
      (await entriesOf(store)).map(({ alias, hasPrivateKey }) => [alias, hasPrivateKey]),
    ).toEqual([
      ['www.example.com.pem', true],
      ['www.example.com.pem', false],
    ]);
    for (const alias of ['../out.pem', 'a/b.pem', 'a\nb.pem', '.hidden.pem', 'x.txt', 'x.key']) {
      const order = { certificate: webId, stores: [{ store, alias }] };
      expect(await ask('POST', 'stores/add', order)).toMatchObject({
        status: 422,
        body: { code: 'request_invalid', errors: [{ field: 'stores.0.alias' }] },
      });
    }
    const alias = 'www.example.com.pem';
    await ask('POST', 'stores/remove', { stores: [{ store, alias }] });
    await platform.storeJobs.idle();
    expect(await entriesOf(store)).toEqual([]);
    await expect(stat(join(path, alias))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(join(path, 'www.example.com.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('what stands there is not overwritten unless that is said, and it is not tried again by itself', async () => {
    const path = join(root, 'taken.pem');
    const store = await newStore(path, 'PEM file');
    const add = async (more: Body) =>
      await ask('POST', 'stores/add', {
        certificate: webId,
        stores: [{ store, includePrivateKey: true, ...more }],
      });
    await writeFile(path, pem(renewed));
    await writeFile(join(root, 'taken.key'), formatPrivateKey(renewed.key, null));
    await add({});
    const [job] = await failed();
    expect(job).toMatchObject({
      kind: 'add',
      error: `the store has another certificate as "${renewed.certificate.fingerprint}": allow overwriting to replace it`,
    });
    await add({ overwrite: true });
    await platform.storeJobs.idle();
    expect(await readFile(path, 'utf8')).toBe(pem(web) + pem(issuing));
    const again = await told(
      async () => await ask('POST', `store-jobs/${String(job?.['id'])}/retry`),
    );
    expect(again).toMatchObject([
      { category: 'AgentSchedule', operation: 'Updated' },
      { event: 'CERT_STORE_JOB_ENDED', operation: 'Completed' },
    ]);
    expect(
      await told(async () => await ask('DELETE', `store-jobs/${String(job?.['id'])}`)),
    ).toMatchObject([{ category: 'AgentSchedule', operation: 'Deleted' }]);
  });

  test('a key that is not kept is not placed, and nobody places one without the right to it', async () => {
    const store = await newStore(join(root, 'keyless.pem'), 'PEM file');
    const stores = [{ store, includePrivateKey: true }];
    expect(await ask('POST', 'stores/add', { certificate: trustedId, stores })).toMatchObject({
      status: 409,
      body: {
        code: 'key_not_kept',
        detail: `the private key of certificate ${trustedId} is not kept here`,
      },
    });
    const admin = await system.signIn('admin');
    const role = {
      name: 'Store keepers',
      description: '',
      permissions: [
        'certServer.certificate.stores:schedule',
        'certServer.certificate.collections:read',
      ],
    };
    await ask('POST', 'security/roles', role, admin);
    const keeper = await system.signInAs('keeper', ['Store keepers']);
    const refused = await ask('POST', 'stores/add', { certificate: webId, stores }, keeper);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'access_denied',
        detail: `certificate "${web.certificate.subject}" is beyond your right "recover"; the attempt was recorded`,
      },
    });
  });

  test('a store that was not approved is left alone', async () => {
    const path = join(root, 'found');
    await mkdir(join(path, 'deep'), { recursive: true });
    await writeFile(join(path, 'deep', 'a.pem'), pem(trusted));
    await writeFile(join(path, 'deep', 'b.p12'), await readFile(join(root, 'app.p12')));
    await writeFile(join(path, 'deep', 'c.pem'), 'no certificate');
    const records = await told(
      async () =>
        await ask('POST', 'stores/discover', {
          clientMachine: 'localhost',
          path,
          types: ['PEM file', PKCS12],
        }),
    );
    expect(records).toMatchObject([
      {
        event: 'CERT_STORE_JOB_SCHEDULED',
        category: 'AgentSchedule',
        operation: 'Scheduled',
        name: 'localhost',
      },
      { operation: 'Created', name: `localhost ${path}/deep/a.pem`, actor: '$System$' },
      { operation: 'Created', name: `localhost ${path}/deep/b.p12` },
      { category: 'AgentSchedule', operation: 'Completed', reason: '2 stores, 2 of them new' },
    ]);
    const { body } = await ask('GET', 'stores?approved=false');
    const ids = (body['stores'] as Body[]).map(({ id }) => id as string);
    const [id = ''] = ids;
    expect(await ask('POST', `stores/${id}/inventory`)).toMatchObject({
      status: 409,
      body: { code: 'store_not_approved' },
    });
    const approved = await told(async () => await ask('POST', 'stores/approve', { ids }));
    expect(approved).toMatchObject([
      { operation: 'Approved', name: `localhost ${path}/deep/a.pem`, after: { approved: true } },
      { operation: 'Approved' },
    ]);
    expect((await ask('POST', `stores/${id}/inventory`)).status).toBe(202);
    await platform.storeJobs.idle();
  });

  test('certificates that nobody here knows are managed from their first inventory on', async () => {
    const stranger = await testCertificate(authority, 'stranger.example.com');
    const path = join(root, 'strange.pem');
    await writeFile(path, pem(stranger));
    const store = await newStore(path, 'PEM file');
    const records = await told(async () => await ask('POST', `stores/${store}/inventory`));
    expect(records).toMatchObject([
      { event: 'CERT_STORE_JOB_SCHEDULED', operation: 'Scheduled' },
      {
        event: 'CERT_IMPORTED',
        category: 'Certificate',
        operation: 'Imported',
        name: stranger.certificate.subject,
        actor: '$System$',
        after: { origin: 'imported', fingerprint: stranger.certificate.fingerprint },
      },
      { operation: 'Completed', reason: '1 certificate, 1 of them new here' },
    ]);
    expect(await entriesOf(store)).toMatchObject([
      { certificate: { subject: stranger.certificate.subject } },
    ]);
    expect(await told(async () => await ask('POST', `stores/${store}/inventory`))).toHaveLength(2);
  });

  test('a job that was under way when the server ended is done once more', async () => {
    const path = join(root, 'site.pem');
    const { body } = await ask('GET', 'stores?limit=500');
    const store = (body['stores'] as Body[]).find((one) => one['path'] === path)?.['id'];
    const job = {
      kind: 'add' as const,
      state: 'running' as const,
      store: store as string,
      machine: 'localhost',
      schedule: '{"immediate":true}',
      due_at: system.clock.read().toISOString(),
      attempts: 0,
      details: JSON.stringify({ certificate: renewedId, alias: null, includePrivateKey: true }),
      sealed: null,
      error: null,
      requested_by: 'operator',
      created_at: system.clock.read().toISOString(),
      ended_at: null,
    };
    await system.behind.insertInto('store_jobs').values(job).execute();
    const before = await stat(path);
    const records = await told(async () => await platform.storeJobs.turn());
    expect(records).toMatchObject([{ event: 'CERT_STORE_JOB_ENDED', operation: 'Completed' }]);
    expect((await stat(path)).ino).toBe(before.ino);
  });

  test('says which alias and which certificate a job is about', async () => {
    const store = await newStore(join(root, 'alias.p12'), PKCS12, { password: 'of alias.p12' });
    const records = await system.recordsOf(
      async () =>
        await ask('POST', 'stores/add', {
          certificate: trustedId,
          stores: [{ store, alias: 'CA' }],
        }),
    );
    const job = records.find(({ envelope }) => envelope.event === 'CERT_STORE_JOB_SCHEDULED');
    expect(attribute(job, 'Alias')).toBe('CA');
    expect(job?.content.related).toMatchObject([
      { type: 'certificate', id: trusted.certificate.fingerprint },
    ]);
    await platform.storeJobs.idle();
  });
});
