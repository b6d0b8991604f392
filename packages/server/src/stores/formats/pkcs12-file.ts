import { createHash, type KeyObject } from 'node:crypto';
import {
  context,
  DerError,
  DerReader,
  octets,
  oid,
  readNumber,
  readOid,
  readText,
  readWhole,
  sequence,
  setOf,
  TAG,
} from '../../ca/der.ts';
import { bmp, closePkcs12, encryptedPart, encryptPart, PKCS12 } from '../../ca/pkcs12.ts';
import { Rounds } from '../../ca/pkcs12-keys.ts';
import { readCertificate, type CertificateFacts } from '../../ca/read-certificate.ts';
import {
  checkMac,
  decrypt,
  importKey,
  MAX_CONTAINER_BYTES,
  openPart,
  readData,
  type Secret,
} from '../../ca/read-pkcs12.ts';
import { ServerError } from '../../errors.ts';
import { keyIdOfPrivate, malformed } from './found.ts';

/** One bag of a PKCS#12 file. Its bytes stay as they were: a key stays encrypted as it is, what is unknown stays. */
export interface Bag {
  readonly bytes: Buffer;
  /** A certificate that can be read. */
  readonly certificate: CertificateFacts | null;
  /** Of which public key it is the private one, SHA-256; `closed`: a key of an unknown kind. */
  readonly key: string | null;
  readonly friendlyName: string | null;
}

/** What opens and closes a file; `rounds` where the password is known to be strong, or in tests. */
export interface FileSecret {
  readonly password: string;
  readonly rounds?: number;
}

/** A part of the file, encrypted as a whole or not. */
export interface Part {
  readonly encrypted: boolean;
  bags: Bag[];
}

const MAX_BAGS = 2_000;
/** By which Java knows a certificate it trusts: any extended key usage will do. */
const JAVA_TRUSTED = '2.16.840.1.113894.746875.1.1';
const ANY_USAGE = '2.5.29.37.0';

/**
 * Opens a PKCS#12 file with everything in it.
 *
 * @throws ServerError `store_malformed`, `file_password_wrong`
 */
export async function openPkcs12(file: Uint8Array, password: string): Promise<Part[]> {
  const what = 'PKCS#12 file';
  if (file.byteLength > MAX_CONTAINER_BYTES)
    throw malformed(what, `expected at most ${MAX_CONTAINER_BYTES} bytes, got ${file.byteLength}`);
  try {
    return await readParts(file, { password, rounds: new Rounds() });
  } catch (error) {
    if (error instanceof DerError) throw malformed(what, error.message, error);
    if (error instanceof ServerError && error.code === 'certificate_invalid')
      throw malformed(what, error.message, error);
    throw error;
  }
}

/** The file again. */
export async function savePkcs12(
  parts: readonly Part[],
  { password, rounds }: FileSecret,
): Promise<Buffer> {
  const encoded = [];
  for (const { encrypted, bags } of parts) {
    const contents = sequence(...bags.map(({ bytes }) => bytes));
    encoded.push(
      encrypted
        ? encryptedPart(await encryptPart(contents, password, rounds))
        : sequence(oid(PKCS12.data), context(0, octets(contents))),
    );
  }
  return await closePkcs12(encoded, password, rounds);
}

/** A certificate's bag; one of an entry is bound to its key and has the entry's name. */
export function certificateBag(
  certificate: CertificateFacts,
  as: { readonly name: string | null; readonly keyId: Buffer | null; readonly trusted: boolean },
): Bag {
  const bytes = bag(
    PKCS12.certificateBag,
    sequence(oid(PKCS12.x509), context(0, octets(certificate.der))),
    [
      ...(as.keyId === null ? [] : [attribute(PKCS12.localKeyId, octets(as.keyId))]),
      ...(as.name === null ? [] : [attribute(PKCS12.friendlyName, bmp(as.name))]),
      ...(as.trusted ? [attribute(JAVA_TRUSTED, oid(ANY_USAGE))] : []),
    ],
  );
  return { bytes, certificate, key: null, friendlyName: as.name };
}

/** A key's bag, encrypted by the file's password. */
export async function keyBag(
  key: KeyObject,
  as: { readonly name: string; readonly keyId: Buffer; readonly secret: FileSecret },
): Promise<Bag> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const { algorithm, bytes } = await encryptPart(pkcs8, as.secret.password, as.secret.rounds);
  return {
    bytes: bag(PKCS12.shroudedKeyBag, sequence(algorithm, octets(bytes)), [
      attribute(PKCS12.localKeyId, octets(as.keyId)),
      attribute(PKCS12.friendlyName, bmp(as.name)),
    ]),
    certificate: null,
    key: keyIdOfPrivate(key),
    friendlyName: as.name,
  };
}

/** A key's bag bound to another certificate; the encrypted key stays as it is. */
export function rebindKey(old: Bag, name: string, keyId: Buffer): Bag {
  const reader = new DerReader(readWhole(old.bytes, TAG.sequence, 'a part').content);
  const kind = reader.next(TAG.oid, 'the kind of a part');
  const value = reader.next(0xa0, 'a part');
  const bytes = sequence(
    kind.bytes,
    value.bytes,
    setOf(attribute(PKCS12.localKeyId, octets(keyId)), attribute(PKCS12.friendlyName, bmp(name))),
  );
  return { ...old, bytes, friendlyName: name };
}

/** What binds a key to its certificate. */
export function localKeyId(certificate: CertificateFacts): Buffer {
  return createHash('sha1').update(certificate.der).digest();
}

async function readParts(file: Uint8Array, secret: Secret): Promise<Part[]> {
  const whole = new DerReader(readWhole(file, TAG.sequence, 'a PKCS#12 file').content);
  const version = readNumber(whole.next(TAG.integer, 'the version'));
  if (version !== 3) throw new DerError(`expected version 3, got ${version}`);
  const safe = readData(whole.into(TAG.sequence, 'the contents'));
  if (whole.done) throw new DerError('expected a file protected by a password, got none');
  await checkMac(whole.into(TAG.sequence, 'the integrity'), safe, secret);
  const parts: Part[] = [];
  let count = 0;
  for (const part of new DerReader(readWhole(safe, TAG.sequence).content).rest()) {
    const kind = readOid(new DerReader(part.content).next(TAG.oid));
    const contents = await openPart(new DerReader(part.content), secret);
    const bags: Bag[] = [];
    for (const { bytes } of new DerReader(readWhole(contents, TAG.sequence).content).rest()) {
      if ((count += 1) > MAX_BAGS) throw new DerError(`expected at most ${MAX_BAGS} parts`);
      bags.push(await readBag(bytes, secret));
    }
    parts.push({ encrypted: kind === PKCS12.encryptedData, bags });
  }
  return parts;
}

async function readBag(bytes: Buffer, secret: Secret): Promise<Bag> {
  const reader = new DerReader(readWhole(bytes, TAG.sequence, 'a part').content);
  const kind = readOid(reader.next(TAG.oid, 'the kind of a part'));
  const value = reader.into(0xa0, 'a part');
  const friendlyName = reader.done ? null : nameIn(new DerReader(reader.next(TAG.set).content));
  const found = { bytes, certificate: null, key: null, friendlyName };
  if (kind === PKCS12.shroudedKeyBag) {
    const shrouded = value.into();
    const algorithm = shrouded.into(TAG.sequence, 'the encryption');
    const encrypted = shrouded.next(TAG.octetString, 'an encrypted key').content;
    return { ...found, key: ownerOf(await decrypt(algorithm, encrypted, secret)) };
  }
  if (kind === PKCS12.keyBag) return { ...found, key: ownerOf(value.next(TAG.sequence).bytes) };
  if (kind !== PKCS12.certificateBag) return found;
  const held = value.into();
  if (readOid(held.next(TAG.oid)) !== PKCS12.x509) return found;
  const der = held.into(0xa0).next(TAG.octetString).content;
  return { ...found, certificate: readable(der) };
}

function nameIn(attributes: DerReader): string | null {
  for (const { content } of attributes.rest()) {
    const parts = new DerReader(content);
    if (readOid(parts.next(TAG.oid)) !== PKCS12.friendlyName) continue;
    const values = parts.into(TAG.set);
    return values.done ? null : readText(values.next());
  }
  return null;
}

function ownerOf(pkcs8: Buffer): string {
  try {
    return keyIdOfPrivate(importKey(pkcs8));
  } catch {
    return 'closed';
  }
}

function readable(der: Buffer): CertificateFacts | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}

function bag(kind: string, value: Buffer, attributes: readonly Buffer[]): Buffer {
  return sequence(
    oid(kind),
    context(0, value),
    ...(attributes.length === 0 ? [] : [setOf(...attributes)]),
  );
}

function attribute(type: string, value: Buffer): Buffer {
  return sequence(oid(type), setOf(value));
}
