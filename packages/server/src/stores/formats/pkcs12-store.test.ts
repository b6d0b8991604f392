import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatPkcs12 } from '../../ca/containers.ts';
import { testCertificate, testRoot, type Issued } from '../testing/certificates.ts';
import { inventoryPkcs12, putPkcs12, removePkcs12 } from './pkcs12-store.ts';

const PASSWORD = 'changeit and more';
const SECRET = { password: PASSWORD, rounds: 1_000 };
const dir = await mkdtemp(join(tmpdir(), 'countersign-pkcs12-'));
afterAll(async () => await rm(dir, { recursive: true, force: true }));

const root = await testRoot();
const middle = await testCertificate(root, 'Test Issuing', { authority: true });
const web = await testCertificate(middle, 'web.example.com');
const mail = await testCertificate(middle, 'mail.example.com');
const renewed = await testCertificate(middle, 'web.example.com renewed');
const sameKey = await testCertificate(middle, 'web.example.com same key', { of: web });

async function put(
  file: Uint8Array | null,
  alias: string,
  { certificate, chain, key }: Issued,
  more: { withKey?: boolean; overwrite?: boolean } = {},
): Promise<Buffer | null> {
  const { withKey = true, overwrite = false } = more;
  return await putPkcs12(file, SECRET, {
    certificate,
    chain,
    key: withKey ? key : null,
    entryPassword: null,
    overwrite,
    alias,
  });
}
async function shown(file: Uint8Array | null) {
  if (file === null) throw new Error('expected a file, got none');
  const found = await inventoryPkcs12(file, PASSWORD);
  return found.map((one) => [
    one.alias,
    one.chainPosition,
    one.certificate.commonName,
    one.hasPrivateKey,
  ]);
}

const one = (await put(null, 'web', web)) ?? Buffer.of();
const two = (await put(one, 'mail', mail)) ?? Buffer.of();
const three = (await put(two, 'root', root, { withKey: false })) ?? Buffer.of();

describe('a PKCS#12 file', () => {
  it('holds several entries, each with its key, the chain once, and what is only trusted', async () => {
    expect(await shown(three)).toEqual([
      ['web', 0, 'web.example.com', true],
      ['mail', 0, 'mail.example.com', true],
      ['root', 0, 'Test Root', false],
      ['web', 1, 'Test Issuing', false],
    ]);
  });

  it('is as it was when the entry is there already', async () => {
    expect(await put(three, 'WEB', web)).toBeNull();
    expect(await put(three, 'root', root, { withKey: false })).toBeNull();
  });

  it('replaces an entry only when told to, and leaves the others alone', async () => {
    await expect(put(three, 'web', renewed)).rejects.toMatchObject({
      code: 'entry_exists',
      message: 'the store has another certificate as "web": allow overwriting to replace it',
    });
    const after = await put(three, 'Web', renewed, { overwrite: true });
    expect(await shown(after)).toEqual([
      ['mail', 0, 'mail.example.com', true],
      ['root', 0, 'Test Root', false],
      ['web', 0, 'web.example.com renewed', true],
      ['mail', 1, 'Test Issuing', false],
    ]);
  });

  it('takes a certificate for the key that is there', async () => {
    const after = await put(three, 'web', sameKey, { withKey: false, overwrite: true });
    expect(await shown(after)).toContainEqual(['web', 0, 'web.example.com same key', true]);
    await expect(
      put(three, 'web', root, { withKey: false, overwrite: true }),
    ).rejects.toMatchObject({ code: 'key_not_kept' });
  });

  it('loses an entry with its key; the chain with the last that needs it', async () => {
    const left = await removePkcs12(three, SECRET, 'web');
    expect(await shown(left)).toEqual([
      ['mail', 0, 'mail.example.com', true],
      ['root', 0, 'Test Root', false],
      ['mail', 1, 'Test Issuing', false],
    ]);
    const bare = await removePkcs12(left ?? Buffer.of(), SECRET, 'mail');
    expect(await shown(bare)).toEqual([['root', 0, 'Test Root', false]]);
    expect(await removePkcs12(bare ?? Buffer.of(), SECRET, 'mail')).toBeNull();
  });

  it('is not opened by another password', async () => {
    await expect(inventoryPkcs12(three, 'another')).rejects.toMatchObject({
      code: 'file_password_wrong',
      message: 'the password is not the one of the file',
    });
  });

  it('that is damaged is refused, wherever it is', async () => {
    for (let at = 0; at < one.length; at += 97) {
      const broken = Buffer.from(one);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      await expect(inventoryPkcs12(broken, PASSWORD)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:store_malformed|file_password_wrong)$/) as string,
      });
    }
    await expect(inventoryPkcs12(Buffer.from('no file'), PASSWORD)).rejects.toMatchObject({
      code: 'store_malformed',
    });
  });

  it('of more bytes than are read is refused', async () => {
    const huge = Buffer.alloc(1024 * 1024 + 1, 0x30);
    await expect(inventoryPkcs12(huge, PASSWORD)).rejects.toMatchObject({
      code: 'store_malformed',
      message: 'PKCS#12 file: expected at most 1048576 bytes, got 1048577',
    });
  });

  it('of somebody else may have names that cannot be shown: those go by the certificate', async () => {
    const { key, certificate, chain } = web;
    const odd = await formatPkcs12({
      key,
      certificate: certificate.der,
      chain: chain.map(({ der }) => der),
      friendlyName: 'two\nlines',
      password: PASSWORD,
      rounds: 1_000,
    });
    expect((await shown(odd))[0]).toEqual([certificate.fingerprint, 0, 'web.example.com', true]);
    const gone = await removePkcs12(odd, SECRET, certificate.fingerprint);
    expect(await shown(gone)).toEqual([]);
  });

  it('is read by openssl', async () => {
    const path = join(dir, 'three.p12');
    await writeFile(path, three);
    const text = execFileSync('openssl', ['pkcs12', '-in', path, '-nodes', '-passin', 'stdin'], {
      input: PASSWORD,
      encoding: 'utf8',
    });
    expect(text.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(4);
    expect(text.match(/-----BEGIN PRIVATE KEY-----/g)).toHaveLength(2);
    expect(text).toContain('friendlyName: mail');
  });
});

const KEYTOOL = '/usr/bin/keytool';
const java = existsSync(KEYTOOL);
function keytool(args: string): string {
  return execFileSync(
    KEYTOOL,
    [...args.split(' '), '-storetype', 'PKCS12', '-J-Duser.language=en'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, STORE_PASSWORD: PASSWORD },
      encoding: 'utf8',
    },
  );
}

describe.skipIf(!java)(`Java${java ? '' : ' (no keytool on this machine)'}`, () => {
  it('reads what we write: keys, chains, and what is trusted', async () => {
    const path = join(dir, 'ours.p12');
    await writeFile(path, three);
    const listed = keytool(`-list -keystore ${path} -storepass:env STORE_PASSWORD -v`);
    expect(listed).toContain('Your keystore contains 3 entries');
    const entries = listed.split('Alias name: ').slice(1);
    expect(new Set(entries.map((text) => text.split('\n')[0]))).toEqual(
      new Set(['mail', 'root', 'web']),
    );
    const of = (alias: string) => entries.find((text) => text.startsWith(`${alias}\n`)) ?? '';
    expect(of('web')).toContain('Entry type: PrivateKeyEntry');
    expect(of('web')).toContain('Certificate chain length: 3');
    expect(of('root')).toContain('Entry type: trustedCertEntry');
  }, 30_000);

  it('makes what we read, add to and keep: its own entries stay usable', async () => {
    const path = join(dir, 'theirs.p12');
    keytool(
      `-genkeypair -keystore ${path} -storepass:env STORE_PASSWORD -alias app -keyalg EC -groupname secp256r1 -dname CN=app.example.com`,
    );
    const theirs = await readFile(path);
    expect(await shown(theirs)).toEqual([['app', 0, 'app.example.com', true]]);
    const both = await put(theirs, 'web', web);
    await writeFile(path, both ?? Buffer.of());
    const listed = keytool(`-list -keystore ${path} -storepass:env STORE_PASSWORD`);
    expect(listed).toContain('Your keystore contains 2 entries');
    const request = keytool(`-certreq -keystore ${path} -storepass:env STORE_PASSWORD -alias app`);
    expect(request).toContain('BEGIN NEW CERTIFICATE REQUEST');
  }, 30_000);
});
