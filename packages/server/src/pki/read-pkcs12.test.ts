import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issue, type Identity } from './issue.ts';
import { formatPkcs12 } from './pkcs12.ts';
import { readPkcs12 } from './read-pkcs12.ts';

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
const PASSWORD = 'correct horse';

let dir: string;
let authority: Identity;
let client: Identity;
let file: Uint8Array;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-pkcs12-'));
  const now = new Date();
  authority = await issue({ purpose: 'authority', subject: [['CN', 'Authority']], now }, null);
  client = await issue({ purpose: 'client', subject: [['CN', 'jdoe']], now }, authority);
  file = await formatPkcs12(client, authority.certificate, { name: 'jdoe', password: PASSWORD });
});
afterAll(() => rm(dir, { recursive: true }));

/** Writes PEM files and has OpenSSL make a PKCS#12 file of them. */
async function byOpenssl(...options: string[]): Promise<Uint8Array> {
  await writeFile(join(dir, 'client.pem'), client.pem);
  await writeFile(join(dir, 'ca.pem'), authority.certificate.toString());
  const places = ['-in', join(dir, 'client.pem'), '-certfile', join(dir, 'ca.pem')];
  const out = join(dir, 'made.p12');
  await run('openssl', [
    'pkcs12',
    '-export',
    ...places,
    '-out',
    out,
    '-passout',
    `pass:${PASSWORD}`,
    ...options,
  ]);
  return await readFile(out);
}

test('what was written is read: key, certificate, authority', async () => {
  const content = await readPkcs12(file, PASSWORD);
  expect(content.key.equals(client.key)).toBe(true);
  expect(content.certificate.raw).toEqual(client.certificate.raw);
  expect(content.authorities.map(({ subject }) => subject)).toEqual(['CN=Authority']);
});

test('another password is told from a damaged file', async () => {
  await expect(readPkcs12(file, 'wrong')).rejects.toMatchObject({
    code: 'wrong_password',
    message: 'the password is not the one of the file',
  });
  for (const damaged of [new Uint8Array(), Buffer.from('no PKCS#12'), file.slice(0, -40)]) {
    await expect(readPkcs12(damaged, PASSWORD)).rejects.toMatchObject({
      code: 'malformed',
      message: 'expected a PKCS#12 file, got something else',
    });
  }
});

test('no flipped byte yields another key or certificate', async () => {
  for (let at = 0; at < file.length; at += 97) {
    const damaged = Uint8Array.from(file);
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    const read = await readPkcs12(damaged, PASSWORD).catch((error: unknown) => error);
    if (read instanceof Error) expect(read).toMatchObject({ name: 'Pkcs12Error' });
    else expect(read).toMatchObject({ certificate: { raw: client.certificate.raw } });
  }
});

describe.skipIf(!hasOpenssl)('a file made by OpenSSL', () => {
  test('is read', async () => {
    const content = await readPkcs12(await byOpenssl(), PASSWORD);
    expect(content.key.equals(client.key)).toBe(true);
    expect(content.authorities).toHaveLength(1);
  });

  test('with the 3DES of older programs is read', async () => {
    const old = await byOpenssl('-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES');
    expect((await readPkcs12(old, PASSWORD)).key.equals(client.key)).toBe(true);
  });

  test('with a cipher that is not read is refused, and how to convert it is said', async () => {
    const old = await byOpenssl('-certpbe', 'CAMELLIA-128-CBC', '-keypbe', 'CAMELLIA-128-CBC');
    await expect(readPkcs12(old, PASSWORD)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /^expected encryption by PBES2 with AES, got [\d.]+: convert the file with openssl pkcs12 -legacy$/,
      ),
    });
  });

  test('without a key is refused', async () => {
    await expect(readPkcs12(await byOpenssl('-nokeys'), PASSWORD)).rejects.toMatchObject({
      code: 'malformed',
      message: 'expected one private key, got 0',
    });
  });
});
