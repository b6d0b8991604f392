import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyObject } from 'node:crypto';
import { signCertificate } from './certificate.ts';
import {
  formatP7b,
  formatP7bPem,
  formatPemChain,
  formatPkcs12,
  formatPrivateKey,
} from './containers.ts';
import { integer, octets, oid, sequence } from './der.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-algorithm.ts';
import { formatPem } from './pem.ts';
import { readCertificates, readPrivateKey } from './read-certificates.ts';
import { readPkcs12 } from './read-pkcs12.ts';
import type { CertificateFacts } from './read-certificate.ts';
import { softwareSigner } from './signer.ts';
import { openSsl } from './testing/openssl.ts';

interface Pair {
  readonly key: KeyObject;
  readonly certificate: CertificateFacts;
}
let root: Pair;
let leaf: Pair;
const PASSWORD = 'Pässwort 😀';

async function issue(
  issuer: Pair | null,
  subject: string,
  algorithm: KeyAlgorithm = 'P-256',
): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const certificate = await signCertificate({
    issuer: {
      certificate: issuer?.certificate ?? null,
      signer: softwareSigner(issuer?.key ?? privateKey),
    },
    subject,
    sans: [],
    publicKey,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    keyUsage: [],
    extendedKeyUsage: [],
    ...(issuer === null ? { authority: { pathLength: null } } : {}),
  });
  return { key: privateKey, certificate };
}

beforeAll(async () => {
  root = await issue(null, 'CN=Root');
  leaf = await issue(root, 'CN=leaf');
});

const same = (a: KeyObject, b: KeyObject | undefined) => b !== undefined && a.equals(b);

async function pfx(pair: Pair = leaf): Promise<Buffer> {
  return await formatPkcs12({
    key: pair.key,
    certificate: pair.certificate.der,
    chain: [root.certificate.der],
    friendlyName: 'leaf, 2026',
    password: PASSWORD,
    rounds: 2_000,
  });
}

describe('PKCS#12 files', () => {
  it('of ours are read by openssl, with AES, SHA-256 and the name', async () => {
    await using ssl = await openSsl();
    await ssl.write('leaf.pfx', await pfx());
    const pass = ['-passin', `pass:${PASSWORD}`, '-nodes'];
    const text = await ssl.run('pkcs12', '-in', 'leaf.pfx', ...pass, '-info');
    expect(text).toContain('MAC: sha256, Iteration 2000');
    expect(
      text.match(/PBES2, PBKDF2, AES-256-CBC, Iteration 2000, PRF hmacWithSHA256/g),
    ).toHaveLength(2);
    expect(text).toContain('friendlyName: leaf, 2026');
    const { certificates, keys } = await readCertificates(text);
    expect(certificates.map(({ subject }) => subject)).toEqual(['CN=leaf', 'CN=Root']);
    expect(same(leaf.key, keys[0])).toBe(true);
    await expect(ssl.run('pkcs12', '-in', 'leaf.pfx', '-passin', 'pass:no')).rejects.toThrow(
      'invalid password',
    );
  });

  it('of ours and of openssl are read here, the older 3DES too', async () => {
    const own = await readCertificates(await pfx(), PASSWORD);
    expect(own.certificates.map(({ fingerprint }) => fingerprint)).toEqual([
      leaf.certificate.fingerprint,
      root.certificate.fingerprint,
    ]);
    expect(same(leaf.key, own.keys[0])).toBe(true);
    await using ssl = await openSsl();
    await ssl.write('in.pem', formatPrivateKey(leaf.key, null) + leaf.certificate.pem);
    const des = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
    const aes = ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512'];
    for (const options of [[], des, aes, ['-certpbe', 'NONE']]) {
      const pass = ['-passout', `pass:${PASSWORD}`];
      await ssl.run('pkcs12', '-export', '-in', 'in.pem', '-out', 'out.pfx', ...pass, ...options);
      const { certificates, keys } = await readCertificates(await ssl.read('out.pfx'), PASSWORD);
      expect(certificates).toEqual([leaf.certificate]);
      expect(same(leaf.key, keys[0])).toBe(true);
    }
  });

  it('carry ML-DSA keys', async () => {
    const pair = await issue(root, 'CN=ml', 'ML-DSA-65');
    const { keys, certificates } = await readCertificates(await pfx(pair), PASSWORD);
    expect(same(pair.key, keys[0])).toBe(true);
    expect(certificates[0]).toMatchObject({ keyType: 'ML-DSA', keySize: 65 });
  });

  it('are refused with a wrong password, cut off, or asking for endless work', async () => {
    const file = await pfx();
    await expect(readPkcs12(file, 'wrong')).rejects.toMatchObject({
      code: 'file_password_wrong',
      message: 'the password is not the one of the file',
    });
    await expect(readCertificates(file)).rejects.toMatchObject({
      code: 'file_password_wrong',
      message: 'the file has a password: expected it, got none',
    });
    for (let size = 0; size < file.length; size += 17) {
      await expect(readPkcs12(file.subarray(0, size), PASSWORD)).rejects.toMatchObject({
        code: 'certificate_invalid',
      });
    }
    // The last value is the count of the integrity's rounds: 2000 becomes 2^31 - 1.
    const endless = Buffer.from(file);
    expect(endless.subarray(-4).toString('hex')).toBe('020207d0');
    const grown = Buffer.concat([endless.subarray(0, -4), Buffer.from('02047fffffff', 'hex')]);
    grown.writeUInt16BE(grown.readUInt16BE(2) + 2, 2);
    const mac = grown.length - file.length;
    const at = grown.lastIndexOf(Buffer.from('3031300d060960864801650304020105', 'hex')) - 1;
    grown[at] = (grown[at] ?? 0) + mac;
    await expect(readPkcs12(grown, PASSWORD)).rejects.toMatchObject({
      code: 'certificate_invalid',
      message: 'PKCS#12 file: expected at most 10000000 rounds of key derivation, got more',
    });
  });
});

describe('other containers', () => {
  it('are P7B and PEM as openssl reads them, in the order of the chain', async () => {
    const chain = [leaf.certificate.der, root.certificate.der];
    await using ssl = await openSsl();
    await ssl.write('chain.p7b', formatP7b(chain));
    await ssl.write('chain.p7b.pem', formatP7bPem(chain));
    const print = ['-print_certs'];
    const der = await ssl.run('pkcs7', '-inform', 'DER', '-in', 'chain.p7b', ...print);
    const pem = await ssl.run('pkcs7', '-in', 'chain.p7b.pem', ...print);
    expect(pem).toBe(der);
    const wanted = [leaf.certificate, root.certificate];
    for (const file of [der, formatP7b(chain), formatP7bPem(chain), formatPemChain(chain)]) {
      expect(await readCertificates(file)).toEqual({ certificates: wanted, keys: [] });
    }
    await ssl.write('chain.pem', formatPemChain(chain));
    await ssl.run(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'chain.pem',
      '-outform',
      'DER',
      '-out',
      'openssl.p7b',
    );
    expect((await readCertificates(await ssl.read('openssl.p7b'))).certificates).toEqual(wanted);
  });

  it('hold each certificate once, and single ones in DER', async () => {
    const twice = formatPemChain([leaf.certificate.der, leaf.certificate.der]);
    expect((await readCertificates(twice)).certificates).toEqual([leaf.certificate]);
    expect((await readCertificates(leaf.certificate.der)).certificates).toEqual([leaf.certificate]);
  });

  it('with an encrypted key that takes years to open are refused at once', async () => {
    const derivation = sequence(
      oid('1.2.840.113549.1.5.12'),
      sequence(octets(Buffer.alloc(16)), integer(2 ** 31 - 1)),
    );
    const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(Buffer.alloc(16)));
    const scheme = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher));
    const costly = sequence(scheme, octets(Buffer.alloc(48)));
    const text = formatPem('ENCRYPTED PRIVATE KEY', costly);
    await expect(readCertificates(text, PASSWORD)).rejects.toMatchObject({
      code: 'key_invalid',
      message:
        'expected an encrypted key that at most 100000 rounds of key derivation open, got another',
    });
  });

  it('are private keys, with and without password', async () => {
    const sealed = formatPrivateKey(leaf.key, PASSWORD);
    expect(sealed).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect(same(leaf.key, readPrivateKey(sealed, PASSWORD))).toBe(true);
    await using ssl = await openSsl();
    await ssl.write('key.pem', sealed);
    expect(await ssl.run('pkey', '-in', 'key.pem', '-passin', `pass:${PASSWORD}`)).toBe(
      formatPrivateKey(leaf.key, null),
    );
    for (const [password, message] of [
      ['no', 'the password is not the one of the key'],
      [null, 'the key has a password: expected it, got none'],
    ] as const) {
      expect(() => readPrivateKey(sealed, password)).toThrow(
        expect.objectContaining({ code: 'file_password_wrong', message }),
      );
    }
    expect(() =>
      readPrivateKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', null),
    ).toThrow(
      expect.objectContaining({
        code: 'key_invalid',
        message: 'expected a private key of a known kind',
      }),
    );
  });

  it('that hold nothing are refused', async () => {
    await expect(readCertificates('-----BEGIN X-----\n\n-----END X-----')).rejects.toMatchObject({
      code: 'certificate_invalid',
      message: 'certificates: expected certificates or keys, got neither',
    });
    await expect(readCertificates(Buffer.alloc(2_000_000))).rejects.toMatchObject({
      message: 'certificates: expected at most 1048576 bytes, got 2000000',
    });
  });
});
