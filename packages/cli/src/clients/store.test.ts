import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificate, temporaryFolder, type TestCertificate } from '@countersign/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { importCertificates, type ImportOptions } from './import.ts';
import { PKCS12_PASSWORD } from './material.ts';
import { ClientStore } from './store.ts';

let work: Awaited<ReturnType<typeof temporaryFolder>>;
let jdoe: TestCertificate;
let ca: TestCertificate;
beforeAll(async () => {
  work = await temporaryFolder('store');
  jdoe = createCertificate('jdoe', 'ec-p256');
  ca = createCertificate('Authority', 'ec-p256');
  await write('jdoe.crt', jdoe.pem);
  await write('jdoe.key', keyOf(jdoe));
  await write('jdoe.pem', keyOf(jdoe) + jdoe.pem + ca.pem);
  await write('ca.crt', ca.pem);
});
afterAll(() => work.remove());
afterEach(() => delete process.env[PKCS12_PASSWORD]);

function keyOf({ privateKey }: TestCertificate): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

async function write(name: string, text: string): Promise<string> {
  const path = join(work.path, name);
  await writeFile(path, text);
  return path;
}

let stores = 0;
function newStore(): ClientStore {
  return new ClientStore(join(work.path, `store-${stores++}`, 'clients'));
}

/** Imports with the paths below the work folder. */
function put(store: ClientStore, nickname: string | undefined, options: ImportOptions) {
  const paths = Object.entries(options).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? join(work.path, value) : value,
  ]);
  return importCertificates(store, nickname, Object.fromEntries(paths));
}

describe('importing PEM', () => {
  test('keeps key and certificate together, for their owner alone', async () => {
    const store = newStore();
    const { imported } = await put(store, 'jane', { cert: 'jdoe.crt', key: 'jdoe.key' });
    expect(imported.map(({ nickname }) => nickname)).toEqual(['jane']);
    expect(await readFile(join(store.dir, 'jane.pem'), 'utf8')).toBe(keyOf(jdoe) + jdoe.pem);
    expect((await stat(store.dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(store.dir, 'jane.pem'))).mode & 0o777).toBe(0o600);
    // Nothing else is left of the writing.
    expect(await readdir(store.dir)).toEqual(['jane.pem']);
  });

  test('is found by its nickname and by its common name', async () => {
    const store = newStore();
    await put(store, 'jane', { cert: 'jdoe.pem' });
    expect((await store.find('jane')).nickname).toBe('jane');
    expect((await store.find('jdoe')).nickname).toBe('jane');
    await expect(store.find('john')).rejects.toMatchObject({
      code: 'certificate_missing',
      message: `-n "john": there is no such client certificate in ${store.dir}; it has jane`,
    });
    await put(store, 'jack', { cert: 'jdoe.pem' });
    await expect(store.find('jdoe')).rejects.toMatchObject({
      message: expect.stringContaining('several have that common name: jack, jane'),
    });
  });

  test('is called by its common name where no nickname is given', async () => {
    const { imported } = await put(newStore(), undefined, { cert: 'jdoe.pem' });
    expect(imported.map(({ nickname }) => nickname)).toEqual(['jdoe']);
  });

  test('takes an encrypted key with its password', async () => {
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc' } as const;
    await write('locked.key', jdoe.privateKey.export({ ...options, passphrase: 'sesame' }));
    await write('locked.password', 'sesame\n');
    const locked = { cert: 'jdoe.crt', key: 'locked.key' };
    const store = newStore();
    await put(store, 'a', { ...locked, passwordFile: 'locked.password' });
    expect(await readFile(join(store.dir, 'a.pem'), 'utf8')).toContain(keyOf(jdoe));
    process.env[PKCS12_PASSWORD] = 'wrong';
    await expect(put(store, 'b', locked)).rejects.toMatchObject({
      code: 'password_wrong',
      message: `--key "${join(work.path, 'locked.key')}": the password is not the one of the key`,
    });
  });

  test.for([
    ['another key', 'other.key', 'expected the key of CN=jdoe, got another key'],
    ['a certificate for a key', 'ca.crt', 'expected a private key in PEM, got none'],
    ['a damaged key', 'damaged.key', 'expected a private key, got a faulty one'],
    ['no PEM', 'text', 'expected a private key in PEM'],
  ])('refuses %s', async ([, file, message]) => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await write('other.key', other.export({ type: 'pkcs8', format: 'pem' }));
    await write('damaged.key', keyOf(jdoe).replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'));
    await write('text', 'hello');
    const store = newStore();
    await expect(put(store, 'x', { cert: 'jdoe.crt', key: file! })).rejects.toMatchObject({
      code: 'certificate_invalid',
      message: expect.stringContaining(`--key "${join(work.path, file!)}": ${message!}`),
    });
    expect(await store.list()).toEqual([]);
  });

  test.for([
    [{}, 'expected one of --data, --pkcs12 and --cert, got none'],
    [{ cert: 'jdoe.pem', data: 'x' }, 'got several'],
    [{ pkcs12: 'x', key: 'y' }, '--key goes with --cert: the others bring their key'],
  ] as const)('refuses the options %j', async ([options, message]) => {
    await expect(put(newStore(), 'x', options)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
    });
  });

  test.for(['', '../x', 'a/b', '.hidden', 'a b', 'x'.repeat(65)])(
    'refuses the nickname %j',
    async (nickname) => {
      const store = newStore();
      await expect(put(store, nickname, { cert: 'jdoe.pem' })).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(`got "${nickname}"`),
      });
      expect(await store.list()).toEqual([]);
    },
  );
});

describe('a nickname that is taken', () => {
  test('is left alone unless it is the same certificate or --force is given', async () => {
    const store = newStore();
    const other = createCertificate('other', 'ec-p256');
    await write('other.pem', keyOf(other) + other.pem);
    await put(store, 'x', { cert: 'jdoe.pem' });
    await put(store, 'x', { cert: 'jdoe.pem' });
    await expect(put(store, 'x', { cert: 'other.pem' })).rejects.toMatchObject({
      code: 'certificate_exists',
      message: `"x" is another certificate in ${store.dir}; name a nickname, remove it (client-cert-del x), or give --force`,
    });
    expect((await store.find('x')).certificate.subject).toBe('CN=jdoe');
    await put(store, 'x', { cert: 'other.pem', force: true });
    expect((await store.find('x')).certificate.subject).toBe('CN=other');
  });

  test('is free again once it was removed, with its key', async () => {
    const store = newStore();
    await put(store, 'x', { cert: 'jdoe.pem' });
    expect((await store.remove('x')).nickname).toBe('x');
    expect(await store.list()).toEqual([]);
    await expect(store.remove('x')).rejects.toMatchObject({ code: 'certificate_missing' });
  });
});

describe('authorities', () => {
  test('named ones are added once', async () => {
    const store = newStore();
    expect(await store.authorities()).toBeNull();
    const first = await put(store, 'x', { cert: 'jdoe.crt', key: 'jdoe.key', ca: 'ca.crt' });
    expect(first.trusted.map(({ subject }) => subject)).toEqual(['CN=Authority']);
    const again = await put(store, 'x', { cert: 'jdoe.crt', key: 'jdoe.key', ca: 'ca.crt' });
    expect(again.trusted).toEqual([]);
    expect(await store.authorities()).toBe(ca.pem);
  });

  test('what is no authority does not become one because it came along', async () => {
    const store = newStore();
    // The test's certificates say nothing of being an authority.
    expect((await put(store, 'x', { cert: 'jdoe.pem' })).trusted).toEqual([]);
    expect(await store.authorities()).toBeNull();
  });
});

describe('a store that others may read is refused', () => {
  test.for([
    ['folder', 0o750, 'expected mode 700, got 750'],
    ['file', 0o640, 'expected mode 600, got 640'],
  ] as const)('%s', async ([what, mode, message]) => {
    const store = newStore();
    await put(store, 'x', { cert: 'jdoe.pem' });
    const path = what === 'folder' ? store.dir : join(store.dir, 'x.pem');
    await chmod(path, mode);
    for (const use of [
      () => store.list(),
      () => store.find('x'),
      () => put(store, 'x', { cert: 'jdoe.pem' }),
    ]) {
      await expect(use()).rejects.toMatchObject({
        code: 'store_insecure',
        message: expect.stringContaining(`"${path}" may be read or written by others: ${message}`),
      });
    }
  });

  test('before anything is put into it', async () => {
    const store = newStore();
    await mkdir(store.dir, { recursive: true, mode: 0o755 });
    await expect(put(store, 'x', { cert: 'jdoe.pem' })).rejects.toMatchObject({
      code: 'store_insecure',
    });
    expect(await readdir(store.dir)).toEqual([]);
  });
});

test('a file in the store that is not what it should be is named', async () => {
  const store = newStore();
  await put(store, 'x', { cert: 'jdoe.pem' });
  await writeFile(join(store.dir, 'x.pem'), jdoe.pem);
  await expect(store.list()).rejects.toMatchObject({
    code: 'store_malformed',
    message: expect.stringContaining(
      `"${join(store.dir, 'x.pem')}": expected a key and its certificate as PEM`,
    ),
  });
});
