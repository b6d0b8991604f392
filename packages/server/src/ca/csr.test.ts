import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCsr, readCsr } from './csr.ts';
import { context, integer, sequence } from './der.ts';
import { generateKeyPair } from './key-algorithm.ts';
import { formatPem, readPem } from './pem.ts';
import { encodeDn, parseDn } from './names.ts';
import { signed, softwareSigner } from './signer.ts';
import { openSsl } from './testing/openssl.ts';

/** What makes openssl make a new key on a curve. */
const curve = (name: string) => [
  '-newkey',
  'ec',
  '-pkeyopt',
  `ec_paramgen_curve:${name}`,
  '-nodes',
];

const invalid = (message: string) => ({
  name: 'ServerError',
  code: 'csr_invalid',
  message: `certificate request: ${message}`,
});

describe('certificate requests', () => {
  it('of openssl are read, PEM and DER, with their alternative names', async () => {
    await using ssl = await openSsl();
    const names =
      'DNS:a.de,DNS:b.de,IP:10.0.0.1,email:a@b.de,URI:https://a.de/x,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@a.de';
    const subject = ['-utf8', '-subj', '/C=DE/O=Jörg, Inc./CN=a.de'];
    const asked = ['-addext', `subjectAltName=${names}`, '-addext', 'keyUsage=keyCertSign'];
    const files = ['-keyout', 'key.pem', '-out', 'csr.pem'];
    await ssl.run('req', '-new', ...curve('P-384'), ...files, ...subject, ...asked);
    await ssl.run('req', '-in', 'csr.pem', '-outform', 'DER', '-out', 'csr.der');
    const csr = await readCsr(await ssl.read('csr.pem'));
    expect(csr).toMatchObject({
      subject: 'CN=a.de,O=Jörg\\, Inc.,C=DE',
      sans: [
        { type: 'dns', value: 'a.de' },
        { type: 'dns', value: 'b.de' },
        { type: 'ip', value: '10.0.0.1' },
        { type: 'email', value: 'a@b.de' },
        { type: 'uri', value: 'https://a.de/x' },
        { type: 'upn', value: 'u@a.de' },
      ],
      keyAlgorithm: 'P-384',
    });
    expect(await readCsr(await ssl.read('csr.der'))).toEqual(csr);
    expect(await readCsr(csr.pem)).toEqual(csr);
    const [block] = readPem(csr.pem);
    expect(await readCsr(block?.der.toString('base64') ?? '')).toEqual(csr);
  });

  it('without a subject, of unusual keys, are read and say so', async () => {
    await using ssl = await openSsl();
    const files = ['-keyout', 'key.pem', '-out', 'csr.pem'];
    await ssl.run('req', '-new', ...curve('secp256k1'), ...files, '-subj', '/');
    expect(await readCsr(await ssl.read('csr.pem'))).toMatchObject({
      subject: '',
      sans: [],
      keyAlgorithm: null,
    });
  });

  it('are refused when they are not signed by their own key', async () => {
    const { privateKey } = await generateKeyPair('Ed25519');
    const { publicKey } = await generateKeyPair('Ed25519');
    const signer = softwareSigner(privateKey);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const body = sequence(integer(0), encodeDn(parseDn('CN=a')), spki, context(0));
    await expect(readCsr(await signed(signer, body))).rejects.toMatchObject(
      invalid('the signature is not by the private key that belongs to the request'),
    );
    // OpenSSL agrees.
    await using ssl = await openSsl();
    await ssl.write('csr.pem', formatPem('CERTIFICATE REQUEST', await signed(signer, body)));
    expect(await ssl.run('req', '-in', 'csr.pem', '-verify', '-noout')).toContain('verify failure');
  });

  it.each([
    ['a signature by SHA-1', ['-sha1'], 'got sha1WithRSAEncryption'],
    ['names that are none of ours', ['-addext', 'subjectAltName=RID:1.2.3'], 'got registeredID'],
  ])('are refused for %s', async (_, options, message) => {
    await using ssl = await openSsl();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    await ssl.write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await ssl.run(
      'req',
      '-new',
      '-key',
      'key.pem',
      '-out',
      'csr.pem',
      '-subj',
      '/CN=a',
      ...options,
    );
    await expect(readCsr(await ssl.read('csr.pem'))).rejects.toMatchObject({
      code: 'csr_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('are refused when they are none, with what was expected', async () => {
    await expect(readCsr('hello!')).rejects.toMatchObject(invalid('expected PEM or base64'));
    await expect(
      readCsr('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----'),
    ).rejects.toMatchObject(
      invalid('expected PEM with the label CERTIFICATE REQUEST, got CERTIFICATE'),
    );
    await expect(readCsr('-----BEGIN CERTIFICATE REQUEST-----\nMAA=')).rejects.toMatchObject(
      invalid('PEM: expected "-----END CERTIFICATE REQUEST-----", got the end'),
    );
    await expect(readCsr(Buffer.alloc(70_000))).rejects.toMatchObject(
      invalid('expected at most 65536 bytes, got 70000'),
    );
    await expect(readCsr(Buffer.from('30800000', 'hex'))).rejects.toMatchObject(
      invalid('a certificate request: expected a definite length'),
    );
  });

  it('cut off or changed anywhere never pass', async () => {
    const { privateKey } = await generateKeyPair('P-256');
    const pem = await makeCsr({
      subject: 'CN=a',
      sans: [{ type: 'dns', value: 'a.de' }],
      key: privateKey,
    });
    const der = readPem(pem)[0]?.der ?? Buffer.of();
    for (let size = 0; size < der.length; size += 1)
      await expect(readCsr(der.subarray(0, size))).rejects.toMatchObject({ code: 'csr_invalid' });
    for (let at = 0; at < der.length; at += 1) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await expect(readCsr(changed)).rejects.toMatchObject({ code: 'csr_invalid' });
    }
  });
});
