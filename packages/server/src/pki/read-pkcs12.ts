import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import {
  type AuthenticatedSafe,
  CertBag,
  ContentInfo,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  type SafeBag,
} from 'pkijs';
import { OctetString } from 'asn1js';

/** Why a PKCS#12 file cannot be read. */
export type Pkcs12Fault = 'malformed' | 'wrong_password' | 'unsupported';

/** A PKCS#12 file that cannot be read; the message never holds anything of its content. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error';
  readonly code: Pkcs12Fault;
  constructor(code: Pkcs12Fault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What a PKCS#12 file holds. */
export interface Pkcs12Content {
  readonly key: KeyObject;
  /** The certificate of the key. */
  readonly certificate: X509Certificate;
  /** The others: the authorities above it. */
  readonly authorities: readonly X509Certificate[];
}

/**
 * Reads a PKCS#12 file (RFC 7292) protected by a password: one key, its certificate, its authorities. What OpenSSL 3,
 * browsers, Java 17 and Countersign itself write is read (PBES2); the older encryption with RC2 or 3DES is not.
 *
 * @throws Pkcs12Error `malformed`, `wrong_password`, `unsupported`
 */
export async function readPkcs12(bytes: Uint8Array, password: string): Promise<Pkcs12Content> {
  const secret = new TextEncoder().encode(password).buffer;
  const safe = await openSafe(bytes, secret);
  const keys: KeyObject[] = [];
  const certificates: X509Certificate[] = [];
  for (const bag of safe) {
    const key = await keyOf(bag, secret);
    if (key !== null) keys.push(key);
    const certificate = certificateOf(bag);
    if (certificate !== null) certificates.push(certificate);
  }
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) {
    throw new Pkcs12Error('malformed', `expected one private key, got ${keys.length}`);
  }
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (certificate === undefined) {
    throw new Pkcs12Error('malformed', 'expected the certificate of the private key, got none');
  }
  const authorities = certificates.filter((candidate) => candidate !== certificate);
  return { key, certificate, authorities };
}

/** All bags of a file whose integrity the password has confirmed. */
async function openSafe(bytes: Uint8Array, password: ArrayBuffer): Promise<SafeBag[]> {
  const file = parse(() => PFX.fromBER(bytes));
  if (file.authSafe.contentType !== ContentInfo.DATA || file.macData === undefined) {
    throw new Pkcs12Error('unsupported', 'expected a file protected by a password, got another');
  }
  const safe = await openFile(file, password);
  const parameters = safe.safeContents.map(({ contentType }) =>
    contentType === ContentInfo.ENCRYPTED_DATA ? { password } : {},
  );
  await decrypt(() => safe.parseInternalValues({ safeContents: parameters }));
  const contents = (safe.parsedValue as { safeContents: { value: { safeBags: SafeBag[] } }[] })
    .safeContents;
  return contents.flatMap(({ value }) => value.safeBags);
}

async function openFile(file: PFX, password: ArrayBuffer): Promise<AuthenticatedSafe> {
  try {
    await file.parseInternalValues({ password, checkIntegrity: true });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Integrity')) {
      throw new Pkcs12Error('wrong_password', 'the password is not the one of the file', error);
    }
    throw new Pkcs12Error('malformed', 'expected a PKCS#12 file, got something else', error);
  }
  const safe = file.parsedValue?.authenticatedSafe;
  if (safe === undefined) throw new Pkcs12Error('malformed', 'expected contents, got none');
  return safe;
}

async function keyOf({ bagValue }: SafeBag, password: ArrayBuffer): Promise<KeyObject | null> {
  if (bagValue instanceof PKCS8ShroudedKeyBag) {
    // The declared type hides a method that the class has.
    const bag = bagValue as unknown as {
      parseInternalValues(parameters: { password: ArrayBuffer }): Promise<void>;
      parsedValue?: PrivateKeyInfo;
    };
    await decrypt(() => bag.parseInternalValues({ password }));
    return bag.parsedValue === undefined ? null : importKey(bag.parsedValue);
  }
  return bagValue instanceof PrivateKeyInfo ? importKey(bagValue) : null;
}

function certificateOf({ bagValue }: SafeBag): X509Certificate | null {
  if (!(bagValue instanceof CertBag) || !(bagValue.certValue instanceof OctetString)) return null;
  const der = new Uint8Array(bagValue.certValue.getValue());
  return parse(() => new X509Certificate(der));
}

function importKey(info: PrivateKeyInfo): KeyObject {
  const der = Buffer.from(info.toSchema().toBER());
  return parse(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Pkcs12Error('malformed', 'expected a PKCS#12 file, got something else', error);
  }
}

async function decrypt(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    throw new Pkcs12Error(
      'unsupported',
      'expected encryption by PBES2 (AES), got another: convert it with openssl pkcs12 -legacy',
      error,
    );
  }
}
