import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { DerError, DerReader, readOid, readWhole, TAG } from './der.ts';
import { MAX_KEY_ROUNDS, opensQuickly } from './encrypted-key.ts';
import { isPem, readPem, type PemBlock } from './pem.ts';
import { readCertificate, type CertificateFacts } from './read-certificate.ts';
import { MAX_CONTAINER_BYTES, readPkcs12 } from './read-pkcs12.ts';

/** What a file with certificates holds. */
export interface CertificatesAndKeys {
  /** Each once, in the file's order. */
  readonly certificates: readonly CertificateFacts[];
  readonly keys: readonly KeyObject[];
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const MAX_CERTIFICATES = 200;
/** Each may take a moment to open. */
const MAX_KEYS = 20;

/**
 * Reads a file with certificates, whatever its form: PEM (certificates, PKCS#7, private keys, encrypted ones too), DER,
 * P7B, PFX. The password opens a PFX and encrypted keys.
 *
 * @throws ServerError `certificate_invalid`, `key_invalid`, `file_password_wrong`
 */
export async function readCertificates(
  file: string | Uint8Array,
  password: string | null = null,
): Promise<CertificatesAndKeys> {
  const size = typeof file === 'string' ? file.length : file.byteLength;
  if (size > MAX_CONTAINER_BYTES)
    throw invalid(`expected at most ${MAX_CONTAINER_BYTES} bytes, got ${size}`);
  try {
    if (isPem(file)) return readPemFile(readPem(file), password);
    const der = typeof file === 'string' ? Buffer.from(file, 'base64') : Buffer.from(file);
    return await readDerFile(der, password);
  } catch (error) {
    if (error instanceof DerError) throw invalid(error.message, error);
    throw error;
  }
}

function readPemFile(blocks: readonly PemBlock[], password: string | null): CertificatesAndKeys {
  const certificates: Uint8Array[] = [];
  const keys: KeyObject[] = [];
  for (const block of blocks) {
    if (block.label.endsWith('PRIVATE KEY')) {
      if (keys.length === MAX_KEYS) throw new DerError(`expected at most ${MAX_KEYS} private keys`);
      keys.push(readPrivateKey(block.text, password));
    } else if (block.label === 'PKCS7' || block.label === 'CMS')
      certificates.push(...readP7b(block.der));
    else if (block.label.endsWith('CERTIFICATE')) certificates.push(block.der);
  }
  return collect(certificates, keys);
}

/** What kind of DER it is shows in its first value: a certificate's body, PKCS#7's type, PKCS#12's version. */
async function readDerFile(der: Buffer, password: string | null): Promise<CertificatesAndKeys> {
  const whole = new DerReader(readWhole(der, TAG.sequence, 'a certificate').content);
  const first = whole.peek();
  if (first === TAG.oid) return collect(readP7b(der), []);
  if (first !== TAG.integer) return collect([der], []);
  if (password === null)
    throw new ServerError('file_password_wrong', 'the file has a password: expected it, got none');
  const { certificates, keys } = await readPkcs12(der, password);
  return collect(certificates, keys);
}

/** The certificates of a PKCS#7 or CMS SignedData, whoever signed what. */
function readP7b(der: Buffer): Buffer[] {
  const whole = new DerReader(readWhole(der, TAG.sequence, 'PKCS#7').content);
  const type = readOid(whole.next(TAG.oid, 'the type of PKCS#7'));
  if (type !== SIGNED_DATA) throw new DerError(`expected PKCS#7 with certificates, got ${type}`);
  const data = whole.into(0xa0).into();
  data.next(TAG.integer, 'the version');
  data.next(TAG.set, 'the digests');
  data.next(TAG.sequence, 'the contents');
  const certificates = data.optional(0xa0, 'the certificates');
  if (certificates === null) return [];
  // Other choices than certificates ([1], [2], …) are of no use to anybody.
  return [...new DerReader(certificates.content).rest()]
    .filter(({ tag }) => tag === TAG.sequence)
    .map(({ bytes }) => bytes);
}

/**
 * Reads a private key, PEM, of any of the forms OpenSSL reads.
 *
 * @throws ServerError `key_invalid`, `file_password_wrong`
 */
export function readPrivateKey(pem: string, password: string | null): KeyObject {
  const encrypted = /ENCRYPTED/.test(pem);
  if (encrypted && password === null)
    throw new ServerError('file_password_wrong', 'the key has a password: expected it, got none');
  if (encrypted && !opensQuickly(pem))
    throw new ServerError(
      'key_invalid',
      `expected an encrypted key that at most ${MAX_KEY_ROUNDS} rounds of key derivation open, got another`,
    );
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase: password ?? '' });
  } catch {
    // The cause may repeat the key.
    throw encrypted
      ? new ServerError('file_password_wrong', 'the password is not the one of the key')
      : new ServerError('key_invalid', 'expected a private key of a known kind');
  }
}

function collect(
  certificates: readonly Uint8Array[],
  keys: readonly KeyObject[],
): CertificatesAndKeys {
  if (certificates.length > MAX_CERTIFICATES)
    throw new DerError(`expected at most ${MAX_CERTIFICATES} certificates`);
  const facts = certificates.map((der) => readCertificate(der));
  const once = new Map(facts.map((one) => [one.fingerprint, one]));
  if (once.size === 0 && keys.length === 0)
    throw new DerError('expected certificates or keys, got neither');
  return { certificates: [...once.values()], keys };
}

function invalid(message: string, cause?: unknown): ServerError {
  return new ServerError('certificate_invalid', `certificates: ${message}`, { cause });
}
