import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCertificate } from './certificate.ts';

test.for([
  ['rsa-2048', 'rsa', { modulusLength: 2048, publicExponent: 65_537n }],
  ['rsa-3072', 'rsa', { modulusLength: 3072, publicExponent: 65_537n }],
  ['ec-p256', 'ec', { namedCurve: 'prime256v1' }],
  ['ec-p384', 'ec', { namedCurve: 'secp384r1' }],
  ['ec-p521', 'ec', { namedCurve: 'secp521r1' }],
] as const)(
  '%s: OpenSSL reads the certificate, and it is signed by its own key',
  ([algorithm, type, details]) => {
    const { pem, der, privateKey } = createCertificate('Audit Signing', algorithm);
    const certificate = new X509Certificate(pem);
    expect(certificate.raw.equals(der)).toBe(true);
    expect(certificate.subject).toBe('CN=Audit Signing');
    expect(certificate.issuer).toBe('CN=Audit Signing');
    expect(certificate.publicKey.asymmetricKeyType).toBe(type);
    expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject(details);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
  },
);
