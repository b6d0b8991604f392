import { createDecipheriv, createPrivateKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { DerError, DerReader, readNumber, readOid, readWhole, TAG } from './der.ts';
import { PKCS12 } from './pkcs12.ts';
import { DIGESTS, macOf, pbkdf2Derive, pkcs12Derive, PURPOSE, Rounds } from './pkcs12-keys.ts';

/** Largest file that is read. */
export const MAX_CONTAINER_BYTES = 1024 * 1024;
const MAX_BAGS = 200;
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, { name: string; bytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', bytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', bytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', bytes: 32 },
};

/** A file with an encryption that is not read. */
export class UnsupportedPkcs12 extends DerError {}

/** What a PKCS#12 file holds, in its order. */
export interface Pkcs12Bags {
  readonly keys: readonly KeyObject[];
  /** DER. */
  readonly certificates: readonly Buffer[];
}

/**
 * Reads a PKCS#12 file (RFC 7292) protected by a password. Its integrity is checked first. The encryption is PBES2 with
 * AES, or the 3DES of older Windows; RC2 is not read.
 *
 * @throws ServerError `certificate_invalid`, `file_password_wrong`
 */
export async function readPkcs12(file: Uint8Array, password: string): Promise<Pkcs12Bags> {
  if (file.byteLength > MAX_CONTAINER_BYTES)
    throw invalid(`expected at most ${MAX_CONTAINER_BYTES} bytes, got ${file.byteLength}`);
  try {
    return await readFile(file, { password, rounds: new Rounds() });
  } catch (error) {
    if (error instanceof DerError) throw invalid(error.message, error);
    throw error;
  }
}

/** What opens the parts of a file. */
export interface Secret {
  readonly password: string;
  readonly rounds: Rounds;
}

async function readFile(file: Uint8Array, secret: Secret): Promise<Pkcs12Bags> {
  const whole = new DerReader(readWhole(file, TAG.sequence, 'a PKCS#12 file').content);
  const version = readNumber(whole.next(TAG.integer, 'the version'));
  if (version !== 3) throw new DerError(`expected version 3, got ${version}`);
  const safe = readData(whole.into(TAG.sequence, 'the contents'));
  if (whole.done) throw new DerError('expected a file protected by a password, got none');
  await checkMac(whole.into(TAG.sequence, 'the integrity'), safe, secret);
  const keys: KeyObject[] = [];
  const certificates: Buffer[] = [];
  let count = 0;
  for (const part of new DerReader(readWhole(safe, TAG.sequence).content).rest()) {
    const bags = await openPart(new DerReader(part.content), secret);
    for (const bag of new DerReader(readWhole(bags, TAG.sequence).content).rest()) {
      if ((count += 1) > MAX_BAGS) throw new DerError(`expected at most ${MAX_BAGS} parts`);
      const reader = new DerReader(bag.content);
      const kind = readOid(reader.next(TAG.oid, 'the kind of a part'));
      const value = reader.into(0xa0, 'a part');
      if (kind === PKCS12.shroudedKeyBag) {
        const shrouded = value.into();
        const algorithm = shrouded.into(TAG.sequence, 'the encryption');
        const bytes = shrouded.next(TAG.octetString, 'an encrypted key').content;
        keys.push(importKey(await decrypt(algorithm, bytes, secret)));
      } else if (kind === PKCS12.keyBag) {
        keys.push(importKey(value.next(TAG.sequence, 'a key').bytes));
      } else if (kind === PKCS12.certificateBag) {
        const certificate = value.into();
        if (readOid(certificate.next(TAG.oid)) === PKCS12.x509)
          certificates.push(certificate.into(0xa0).next(TAG.octetString).content);
      }
    }
  }
  return { keys, certificates };
}

/** Checks the integrity of the contents. Throws `file_password_wrong`. */
export async function checkMac(
  data: DerReader,
  safe: Buffer,
  { password, rounds }: Secret,
): Promise<void> {
  const info = data.into(TAG.sequence, 'the integrity');
  const id = readOid(info.into(TAG.sequence, 'the digest').next(TAG.oid));
  const digest = DIGESTS[id];
  if (digest === undefined) throw new DerError(`expected integrity by HMAC with SHA, got ${id}`);
  const expected = info.next(TAG.octetString, 'the integrity').content;
  const salt = data.next(TAG.octetString, 'the salt').content;
  const count = data.optional(TAG.integer, 'the rounds');
  const options = {
    purpose: PURPOSE.mac,
    salt,
    rounds: rounds.take(count === null ? 1 : readNumber(count)),
    bytes: digest.output,
  };
  const matches = async (candidate: string) => {
    const mac = macOf(digest, await pkcs12Derive(digest, candidate, options), safe);
    return mac.length === expected.length && timingSafeEqual(mac, expected);
  };
  if (!(await matches(password)))
    throw new ServerError('file_password_wrong', 'the password is not the one of the file');
}

/** The SafeContents of one part: encrypted, or not because what is in it is. */
export async function openPart(part: DerReader, secret: Secret): Promise<Buffer> {
  const kind = readOid(part.next(TAG.oid, 'the kind of the contents'));
  if (kind === PKCS12.data) return part.into(0xa0).next(TAG.octetString).content;
  if (kind !== PKCS12.encryptedData)
    throw new DerError(`expected contents encrypted by a password, got ${kind}`);
  const encrypted = part.into(0xa0).into();
  encrypted.next(TAG.integer, 'the version');
  const info = encrypted.into();
  info.next(TAG.oid);
  const algorithm = info.into(TAG.sequence, 'the encryption');
  return await decrypt(algorithm, info.next(0x80, 'encrypted contents').content, secret);
}

/** Contents that are not encrypted. */
export function readData(contents: DerReader): Buffer {
  const kind = readOid(contents.next(TAG.oid, 'the kind of the contents'));
  if (kind !== PKCS12.data)
    throw new DerError(`expected contents protected by a password, got ${kind}`);
  return contents.into(0xa0).next(TAG.octetString, 'the contents').content;
}

/** Decrypts a key or contents. Throws DerError. */
export async function decrypt(
  algorithm: DerReader,
  bytes: Buffer,
  secret: Secret,
): Promise<Buffer> {
  const id = readOid(algorithm.next(TAG.oid, 'the encryption'));
  const { name, key, iv } =
    id === PKCS12.pbes2
      ? await pbes2(algorithm.into(), secret)
      : id === PKCS12.sha1And3Des
        ? await tripleDes(algorithm.into(), secret)
        : unsupported(id);
  const decipher = createDecipheriv(name, key, iv);
  try {
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  } catch (error) {
    throw new DerError('the contents do not decrypt', { cause: error });
  }
}

interface Opening {
  readonly name: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

async function pbes2(parameters: DerReader, { password, rounds }: Secret): Promise<Opening> {
  const derivation = parameters.into(TAG.sequence, 'the key derivation');
  const kdf = readOid(derivation.next(TAG.oid));
  if (kdf !== PKCS12.pbkdf2) return unsupported(kdf);
  const details = derivation.into();
  const salt = details.next(TAG.octetString, 'the salt').content;
  const count = rounds.take(readNumber(details.next(TAG.integer, 'the rounds')));
  details.optional(TAG.integer, 'the length');
  const prf = details.done ? '1.2.840.113549.2.7' : readOid(details.into().next(TAG.oid));
  const digest = PRFS[prf];
  if (digest === undefined) return unsupported(prf);
  const scheme = parameters.into(TAG.sequence, 'the cipher');
  const id = readOid(scheme.next(TAG.oid));
  const cipher = CIPHERS[id];
  if (cipher === undefined) return unsupported(id);
  const iv = scheme.next(TAG.octetString, 'the initialization vector').content;
  if (iv.length !== 16) throw new DerError(`expected 16 bytes to begin with, got ${iv.length}`);
  const key = await pbkdf2Derive(digest, password, { salt, rounds: count, bytes: cipher.bytes });
  return { name: cipher.name, key, iv };
}

async function tripleDes(parameters: DerReader, { password, rounds }: Secret): Promise<Opening> {
  const digest = DIGESTS['1.3.14.3.2.26'];
  if (digest === undefined) throw new Error('bad table: no SHA-1');
  const salt = parameters.next(TAG.octetString, 'the salt').content;
  const count = rounds.take(readNumber(parameters.next(TAG.integer, 'the rounds')));
  const derive = async (purpose: number, bytes: number) =>
    await pkcs12Derive(digest, password, { purpose, salt, rounds: count, bytes });
  return {
    name: 'des-ede3-cbc',
    key: await derive(PURPOSE.key, 24),
    iv: await derive(PURPOSE.iv, 8),
  };
}

function unsupported(id: string): never {
  throw new UnsupportedPkcs12(
    `expected encryption by PBES2 with AES, got ${id}: convert the file with openssl pkcs12 -legacy`,
  );
}

/** A private key, PKCS#8. Throws `key_invalid`. */
export function importKey(der: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    // The cause may repeat the key.
    throw new ServerError('key_invalid', 'PKCS#12 file: expected private keys of a known kind');
  }
}

function invalid(message: string, cause?: unknown): ServerError {
  return new ServerError('certificate_invalid', `PKCS#12 file: ${message}`, { cause });
}
