import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signCertificate, type CertificateOrder } from './certificate.ts';
import { makeCsr, readCsr } from './csr.ts';
import { extensionsOf } from './read-certificate.ts';
import { generateKeyPair, KEY_ALGORITHMS, type KeyAlgorithm } from './key-algorithm.ts';
import { readCertificate, type CertificateFacts } from './read-certificate.ts';
import { softwareSigner, type Signer } from './signer.ts';
import { openSsl } from './testing/openssl.ts';

const FROM = new Date('2026-01-01T00:00:00Z');
const UNTIL = new Date('2027-01-01T00:00:00Z');

interface Authority {
  readonly certificate: CertificateFacts;
  readonly signer: Signer;
}

async function root(algorithm: KeyAlgorithm = 'P-256'): Promise<Authority> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const signer = softwareSigner(privateKey);
  const certificate = await signCertificate({
    issuer: { certificate: null, signer },
    subject: 'CN=Test Root,O=Example,C=DE',
    sans: [],
    publicKey,
    notBefore: FROM,
    notAfter: new Date('2060-01-01T00:00:00Z'),
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: [],
    authority: { pathLength: 1 },
  });
  return { certificate, signer };
}

async function leaf(issuer: Authority, more: Partial<CertificateOrder> = {}) {
  const { publicKey } = await generateKeyPair('P-256');
  return await signCertificate({
    issuer,
    subject: 'CN=www.example.com,O=Example',
    sans: [
      { type: 'dns', value: 'WWW.example.com' },
      { type: 'ip', value: '2001:db8:0:0::1' },
      { type: 'upn', value: 'jörg@example.com' },
    ],
    publicKey,
    notBefore: FROM,
    notAfter: UNTIL,
    keyUsage: ['digitalSignature', 'keyAgreement', 'decipherOnly'],
    extendedKeyUsage: ['serverAuth', '1.3.6.1.4.1.55555.1'],
    crlUrl: 'http://ca.example.com/pki/1/full.crl',
    deltaUrl: 'http://ca.example.com/pki/1/delta.crl',
    ocspUrl: 'http://ca.example.com/pki/1/ocsp',
    issuerUrl: 'http://ca.example.com/pki/1/ca.crt',
    policies: ['2.23.140.1.2.2'],
    ...more,
  });
}

describe('certificates', () => {
  it('say what was ordered, as openssl reads them', async () => {
    const issuer = await root();
    const certificate = await leaf(issuer);
    await using ssl = await openSsl();
    await ssl.write('root.pem', issuer.certificate.pem);
    await ssl.write('leaf.pem', certificate.pem);
    const verify = ['verify', '-x509_strict', '-check_ss_sig', '-attime', '1780000000'];
    expect(await ssl.run(...verify, '-CAfile', 'root.pem', 'leaf.pem')).toBe('leaf.pem: OK\n');
    const text = await ssl.run('x509', '-in', 'leaf.pem', '-noout', '-text', '-nameopt', 'rfc2253');
    for (const line of [
      'Signature Algorithm: ecdsa-with-SHA256',
      'Issuer: CN=Test Root,O=Example,C=DE',
      'Subject: CN=www.example.com,O=Example',
      'Not Before: Jan  1 00:00:00 2026 GMT',
      'Not After : Jan  1 00:00:00 2027 GMT',
      'X509v3 Basic Constraints: critical\n                CA:FALSE',
      'X509v3 Key Usage: critical\n                Digital Signature, Key Agreement, Decipher Only',
      'TLS Web Server Authentication, 1.3.6.1.4.1.55555.1',
      'DNS:www.example.com, IP Address:2001:DB8:0:0:0:0:0:1, othername: UPN:',
      'Policy: 2.23.140.1.2.2',
      'Full Name:\n                  URI:http://ca.example.com/pki/1/full.crl',
      'X509v3 Freshest CRL: \n                Full Name:\n                  URI:http://ca.example.com/pki/1/delta.crl',
      'OCSP - URI:http://ca.example.com/pki/1/ocsp',
      'CA Issuers - URI:http://ca.example.com/pki/1/ca.crt',
    ]) {
      expect(text).toContain(line);
    }
    const rootText = await ssl.run('x509', '-in', 'root.pem', '-noout', '-text');
    expect(rootText).toContain('CA:TRUE, pathlen:1');
    expect(rootText).toContain('Not After : Jan  1 00:00:00 2060 GMT');
    expect(await ssl.run('asn1parse', '-in', 'root.pem')).toContain(
      'GENERALIZEDTIME   :20600101000000Z',
    );
  });

  it('are read as they were ordered', async () => {
    const issuer = await root('P-384');
    const certificate = await leaf(issuer, { serial: '00ff01' });
    const x509 = new X509Certificate(certificate.pem);
    expect(certificate).toMatchObject({
      fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      thumbprint: x509.fingerprint.replaceAll(':', '').toLowerCase(),
      serial: 'ff01',
      subject: 'CN=www.example.com,O=Example',
      commonName: 'www.example.com',
      issuer: 'CN=Test Root,O=Example,C=DE',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z',
      keyType: 'EC',
      keySize: 256,
      curve: 'P-256',
      signatureAlgorithm: 'ecdsa-with-SHA384',
      keyUsage: ['digitalSignature', 'keyAgreement', 'decipherOnly'],
      extendedKeyUsage: ['serverAuth', '1.3.6.1.4.1.55555.1'],
      sans: [
        { type: 'dns', value: 'www.example.com' },
        { type: 'ip', value: '2001:db8::1' },
        { type: 'upn', value: 'jörg@example.com' },
      ],
      authorityKeyId: issuer.certificate.subjectKeyId,
      isAuthority: false,
      pathLength: null,
    });
    expect(issuer.certificate).toMatchObject({ isAuthority: true, pathLength: 1 });
    expect(readCertificate(certificate.der)).toEqual(certificate);
    expect(readCertificate(`text before\n${certificate.pem}`)).toEqual(certificate);
  });

  it('have serial numbers of 16 bytes, positive, all different', async () => {
    const issuer = await root();
    const serials = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const { serial } = await leaf(issuer);
      expect(serial).toMatch(/^[0-7]?[0-9a-f]{31}$/);
      serials.add(serial);
    }
    expect(serials.size).toBe(20);
  });

  it('without a subject have critical alternative names', async () => {
    const certificate = await leaf(await root(), { subject: '' });
    expect(certificate).toMatchObject({ subject: '', commonName: null });
    expect(extensionsOf(certificate.der).get('2.5.29.17')?.critical).toBe(true);
    const named = await leaf(await root());
    expect(extensionsOf(named.der).get('2.5.29.17')?.critical).toBe(false);
  });

  it.each([
    [
      { sans: [{ type: 'dns', value: 'a b' }] },
      'expected a host name (ASCII; * alone as the first part), got "a b"',
    ],
    [{ sans: [{ type: 'dns', value: 'a.*.de' }] }, 'got "a.*.de"'],
    [
      { sans: [{ type: 'dns', value: '10.0.0.1' }] },
      'expected a host name, not an address, got "10.0.0.1"',
    ],
    [
      { sans: [{ type: 'ip', value: 'fe80::1%eth0' }] },
      'expected an IP address, got "fe80::1%eth0"',
    ],
    [
      { sans: [{ type: 'email', value: 'nobody' }] },
      'expected an e-mail address (ASCII), got "nobody"',
    ],
    [{ sans: [{ type: 'uri', value: '/path' }] }, 'expected an absolute URI (ASCII), got "/path"'],
    [{ subject: '', sans: [] }, 'expected a subject or alternative names, got neither'],
    [{ notAfter: FROM }, 'expected notAfter behind notBefore'],
    [{ keyUsage: ['sign'] }, 'got "sign"'],
    [{ extendedKeyUsage: ['web'] }, 'expected a name or an object identifier, got "web"'],
  ] as const)('refuse what no certificate can say: %j', async (order, message) => {
    await expect(leaf(await root(), order)).rejects.toThrow(message);
  });

  it('are refused when the signer made another signature', async () => {
    const issuer = await root();
    const other = await root();
    const signer = {
      ...issuer.signer,
      sign: async (data: Uint8Array) => await other.signer.sign(data),
    };
    await expect(leaf({ ...issuer, signer })).rejects.toThrow(
      'the P-256 signer made a signature that its own key refuses',
    );
  });

  it('are read only when they are DER, every prefix and with anything behind refused', async () => {
    const { der } = await leaf(await root());
    for (let size = 0; size < der.length; size += 1) {
      expect(() => readCertificate(der.subarray(0, size))).toThrow(
        expect.objectContaining({ code: 'certificate_invalid' }),
      );
    }
    expect(() => readCertificate(Buffer.concat([der, Buffer.of(0)]))).toThrow(
      'certificate: a certificate: 1 bytes are left over',
    );
    // No flipped byte leads to anything but a certificate or a refusal.
    for (let at = 0; at < der.length; at += 1) {
      const flipped = Buffer.from(der);
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      try {
        readCertificate(flipped);
      } catch (error) {
        expect(error).toMatchObject({ code: 'certificate_invalid' });
      }
    }
  });
});

describe.each(KEY_ALGORITHMS)('a chain of %s', (algorithm) => {
  it('verifies, request and all', async () => {
    const { certificate: rootCertificate, signer } = await root(algorithm);
    const { privateKey } = await generateKeyPair(
      algorithm.startsWith('RSA') ? 'RSA-2048' : algorithm,
    );
    const request = await readCsr(
      await makeCsr({ subject: 'CN=a', sans: [{ type: 'dns', value: 'a.de' }], key: privateKey }),
    );
    expect(request.sans).toEqual([{ type: 'dns', value: 'a.de' }]);
    const certificate = await leaf({ certificate: rootCertificate, signer }, request);
    expect(certificate.subject).toBe('CN=a');
    const x509 = new X509Certificate(certificate.der);
    expect(x509.verify(signer.publicKey)).toBe(true);
    expect(x509.checkPrivateKey(privateKey)).toBe(true);
    // OpenSSL 3.0 does not know ML-DSA (RFC 9881); the runtime's own, which verified above, does.
    if (algorithm.startsWith('ML-DSA')) return;
    await using ssl = await openSsl();
    await ssl.write('root.pem', rootCertificate.pem);
    await ssl.write('leaf.pem', certificate.pem);
    await ssl.write('csr.pem', request.pem);
    const verify = ['verify', '-x509_strict', '-attime', '1780000000'];
    expect(await ssl.run(...verify, '-CAfile', 'root.pem', 'leaf.pem')).toBe('leaf.pem: OK\n');
    expect(await ssl.run('req', '-in', 'csr.pem', '-verify', '-noout')).toContain('verify OK');
  });
});
