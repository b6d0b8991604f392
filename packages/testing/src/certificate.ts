import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Keys that audit logs are signed with in the field. */
export type CertificateAlgorithm = 'rsa-2048' | 'rsa-3072' | 'ec-p256' | 'ec-p384' | 'ec-p521';

export interface TestCertificate {
  readonly privateKey: KeyObject;
  readonly pem: string;
  readonly der: Uint8Array;
}

const EC_CURVES: Partial<Record<CertificateAlgorithm, string>> = {
  'ec-p256': 'P-256',
  'ec-p384': 'P-384',
  'ec-p521': 'P-521',
};
const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];

/** Makes a key and a self-signed certificate (RFC 5280) for it, valid for a year from now. */
export function createCertificate(
  commonName: string,
  algorithm: CertificateAlgorithm = 'rsa-2048',
): TestCertificate {
  const curve = EC_CURVES[algorithm];
  const { privateKey, publicKey } =
    curve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: algorithm === 'rsa-3072' ? 3072 : 2048 })
      : generateKeyPairSync('ec', { namedCurve: curve });
  const signatureAlgorithm =
    curve === undefined
      ? sequence(oid(SHA256_WITH_RSA), tlv(0x05))
      : sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(tlv(0x31, sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from(commonName)))));
  const now = Date.now();
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))), // version 3
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])), // a positive serial number
    signatureAlgorithm,
    name,
    sequence(time(now - 86_400_000), time(now + 365 * 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const der = sequence(
    toBeSigned,
    signatureAlgorithm,
    tlv(0x03, Buffer.of(0), sign('sha256', toBeSigned, privateKey)),
  );
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    privateKey,
    der,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tlv(0x30, ...parts);
}

function oid(bytes: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

/** UTCTime, `YYMMDDHHMMSSZ`. */
function time(ms: number): Buffer {
  return tlv(
    0x17,
    Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`),
  );
}

/** One DER element: tag, length, contents. */
function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = Buffer.from(
    body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'),
    'hex',
  );
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body]);
}
