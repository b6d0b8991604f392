import {
  createHash,
  createPrivateKey,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';
import { BitString, Enumerated, Integer, OctetString } from 'asn1js';
import {
  AltName,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CertificateRevocationList,
  ExtKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  RevokedCertificate,
  Time,
} from 'pkijs';
import { makeName } from './distinguished-name.ts';

/** A key and the certificate for it. */
export interface Identity {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  /** Both as PEM: PKCS#8, then the certificate. */
  readonly pem: string;
}

/** What a certificate is for; it decides key usage, extended key usage and how long it is valid. */
export type Purpose = 'authority' | 'server' | 'client' | 'audit-signing';

export interface CertificateRequest {
  readonly purpose: Purpose;
  /** Most general part first. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  /** Host names and addresses of a server. */
  readonly names?: readonly string[];
  readonly now: Date;
  /** Validity other than the purpose's, in days; negative: ended so long ago. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;
/** Bits of KeyUsage, RFC 5280 section 4.2.1.3: digitalSignature 0x80, nonRepudiation 0x40, keyCertSign 0x04, cRLSign 0x02. */
const PURPOSES: Readonly<
  Record<Purpose, { keyUsage: number; extended: string | null; days: number }>
> = {
  authority: { keyUsage: 0x06, extended: null, days: 3_652 },
  // Browsers refuse more than 398 days; the server renews it by itself.
  server: { keyUsage: 0x80, extended: '1.3.6.1.5.5.7.3.1', days: 397 },
  client: { keyUsage: 0x80, extended: '1.3.6.1.5.5.7.3.2', days: 825 },
  'audit-signing': { keyUsage: 0xc0, extended: null, days: 1_826 },
};
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384' } as const;
const HASH = 'SHA-384';

/** Makes a P-384 key and a certificate for it, signed by `issuer`, or by itself when that is null. */
export async function issue(
  request: CertificateRequest,
  issuer: Identity | null,
): Promise<Identity> {
  const { purpose, now } = request;
  const { keyUsage, extended, days } = PURPOSES[purpose];
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = randomSerial();
  certificate.subject = makeName(request.subject);
  certificate.issuer = issuer === null ? certificate.subject : parse(issuer.certificate).subject;
  // Clocks differ: what is valid from now is not yet valid on a machine that is a minute behind.
  const from = new Date(now.getTime() - DAY_MS);
  const until = now.getTime() + (request.days ?? days) * DAY_MS;
  const last = issuer === null ? until : Math.min(until, Date.parse(issuer.certificate.validTo));
  certificate.notBefore = time(last > from.getTime() ? from : new Date(last - DAY_MS));
  certificate.notAfter = time(new Date(last));
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const ownId = keyId(certificate);
  certificate.extensions = [
    extension(
      '2.5.29.19',
      true,
      new BasicConstraints(purpose === 'authority' ? { cA: true, pathLenConstraint: 0 } : {})
        .toSchema()
        .toBER(),
    ),
    extension('2.5.29.15', true, bits(keyUsage).toBER()),
    extension('2.5.29.14', false, new OctetString({ valueHex: ownId }).toBER()),
    extension(
      '2.5.29.35',
      false,
      authorityKeyId(issuer === null ? ownId : keyId(parse(issuer.certificate))),
    ),
  ];
  if (extended !== null) {
    const usage = new ExtKeyUsage({ keyPurposes: [extended] }).toSchema().toBER();
    certificate.extensions.push(extension('2.5.29.37', false, usage));
  }
  if (request.names !== undefined) {
    const names = new AltName({ altNames: request.names.map(generalName) }).toSchema().toBER();
    certificate.extensions.push(extension('2.5.29.17', false, names));
  }
  const signingKey = issuer === null ? keys.privateKey : await importKey(issuer.key);
  await certificate.sign(signingKey, HASH);
  const der = new Uint8Array(certificate.toSchema(true).toBER());
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return identity(key, new X509Certificate(der));
}

/** A certificate that is revoked: its serial number, decimal or hexadecimal (`0x…`), and since when. */
export interface Revoked {
  readonly serial: string;
  readonly at: Date;
}

/** A revocation list of the authority; serial numbers alone are revoked from now on. */
export async function issueRevocationList(
  authority: Identity,
  revoked: readonly (string | Revoked)[],
  now: Date,
  days = 3_652,
): Promise<string> {
  const list = new CertificateRevocationList();
  list.version = 1;
  list.issuer = parse(authority.certificate).subject;
  list.thisUpdate = time(new Date(now.getTime() - DAY_MS));
  list.nextUpdate = time(new Date(now.getTime() + days * DAY_MS));
  if (revoked.length > 0) {
    const entries = revoked.map((one) =>
      typeof one === 'string' ? { serial: one, at: now } : one,
    );
    list.revokedCertificates = entries.map(
      ({ serial, at }) =>
        new RevokedCertificate({
          userCertificate: Integer.fromBigInt(BigInt(serial)),
          revocationDate: time(at),
          crlEntryExtensions: new Extensions({
            // privilegeWithdrawn, RFC 5280 section 5.3.1
            extensions: [extension('2.5.29.21', false, new Enumerated({ value: 9 }).toBER())],
          }),
        }),
    );
  }
  list.crlExtensions = new Extensions({
    extensions: [
      extension('2.5.29.35', false, authorityKeyId(keyId(parse(authority.certificate)))),
      extension('2.5.29.20', false, Integer.fromBigInt(BigInt(now.getTime())).toBER()),
    ],
  });
  await list.sign(await importKey(authority.key), HASH);
  return pem('X509 CRL', new Uint8Array(list.toSchema(true).toBER()));
}

/** Reads a PEM file with a key and its certificate. Throws when one is missing or they do not belong together. */
export function parseIdentity(text: string): Identity {
  const key = createPrivateKey(text);
  const certificate = new X509Certificate(text);
  if (!certificate.checkPrivateKey(key))
    throw new Error('expected the key of the certificate, got another key');
  return identity(key, certificate);
}

function identity(key: KeyObject, certificate: X509Certificate): Identity {
  const keyText = key.export({ type: 'pkcs8', format: 'pem' });
  return { key, certificate, pem: keyText + certificate.toString() };
}

function parse(certificate: X509Certificate): Certificate {
  return Certificate.fromBER(certificate.raw);
}

async function importKey(key: KeyObject): Promise<CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return await crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

/** 127 random bits, positive, never zero (RFC 5280 section 4.1.2.2). */
function randomSerial(): Integer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return new Integer({ valueHex: bytes });
}

/** SHA-1 over the public key, RFC 5280 section 4.2.1.2 (1): a name for the key, not a protection. */
function keyId(certificate: Certificate): Uint8Array {
  const key = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  return createHash('sha1').update(key).digest();
}

function authorityKeyId(id: Uint8Array): ArrayBuffer {
  const keyIdentifier = new OctetString({ valueHex: id });
  return new AuthorityKeyIdentifier({ keyIdentifier }).toSchema().toBER();
}

function extension(extnID: string, critical: boolean, extnValue: ArrayBuffer): Extension {
  return new Extension({ extnID, critical, extnValue });
}

function bits(usage: number): BitString {
  const unusedBits = Math.clz32(usage & -usage) ^ 31;
  return new BitString({ valueHex: Uint8Array.of(usage), unusedBits });
}

/** UTCTime until 2049, GeneralizedTime afterwards (RFC 5280 section 4.1.2.5), whole seconds. */
function time(date: Date): Time {
  const value = new Date(Math.floor(date.getTime() / 1_000) * 1_000);
  return new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
}

function generalName(name: string): GeneralName {
  const family = isIP(name);
  if (family === 0) return new GeneralName({ type: 2, value: name });
  return new GeneralName({ type: 7, value: new OctetString({ valueHex: addressBytes(name) }) });
}

function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = Array.from(
    { length: tail === undefined ? 0 : 8 - left.length - right.length },
    () => '0',
  );
  return Uint8Array.from(
    [...left, ...zeros, ...right].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

/** PEM with lines of 64 characters. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
