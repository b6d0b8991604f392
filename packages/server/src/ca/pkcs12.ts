import { createCipheriv, createHash, randomBytes, type KeyObject } from 'node:crypto';
import {
  context,
  integer,
  nothing,
  octets,
  oid,
  primitive,
  sequence,
  setOf,
  TAG,
  tlv,
} from './der.ts';
import { DIGESTS, macOf, pbkdf2Derive, pkcs12Derive, PURPOSE } from './pkcs12-keys.ts';

/** Object identifiers of PKCS#12 (RFC 7292) and of the encryption in it (RFC 8018). */
export const PKCS12 = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  sha1And3Des: '1.2.840.113549.1.12.1.3',
} as const;
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const SHA256 = '2.16.840.1.101.3.4.2.1';

/**
 * Rounds for a password that somebody chose. The MAC takes as many as the encryption: whoever guesses passwords takes
 * the cheaper of the two.
 */
const ROUNDS = 100_000;

/**
 * A PKCS#12 file (RFC 7292) with a key, its certificate and the chain above: PBES2 with AES-256-CBC and
 * PBKDF2-HMAC-SHA-256, integrity by HMAC-SHA-256. Browsers, OpenSSL 1.1 and later, Java 8u301, Windows 10 1709, macOS 12
 * and later read it. `rounds` may be low for a password of 128 random bits: stretching adds nothing to those.
 */
export async function formatPkcs12(content: {
  readonly key: KeyObject;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly friendlyName: string;
  readonly password: string;
  readonly rounds?: number;
}): Promise<Buffer> {
  const { key, certificate, chain, friendlyName, password, rounds = ROUNDS } = content;
  const attributes = setOf(
    sequence(
      oid(PKCS12.localKeyId),
      setOf(octets(createHash('sha1').update(certificate).digest())),
    ),
    sequence(oid(PKCS12.friendlyName), setOf(bmp(friendlyName))),
  );
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const shrouded = await encryptPart(pkcs8, password, rounds);
  const keyBag = sequence(
    oid(PKCS12.shroudedKeyBag),
    context(0, sequence(shrouded.algorithm, octets(shrouded.bytes))),
    attributes,
  );
  const bags = await encryptPart(
    sequence(
      certificateBag(certificate, attributes),
      ...chain.map((authority) => certificateBag(authority)),
    ),
    password,
    rounds,
  );
  return await closePkcs12(
    [encryptedPart(bags), sequence(oid(PKCS12.data), context(0, octets(sequence(keyBag))))],
    password,
    rounds,
  );
}

/** Encrypted contents as a part of a file (RFC 7292 section 5.1). */
export function encryptedPart(bags: Encrypted): Buffer {
  return sequence(
    oid(PKCS12.encryptedData),
    context(
      0,
      sequence(integer(0), sequence(oid(PKCS12.data), bags.algorithm, primitive(0, bags.bytes))),
    ),
  );
}

/** The file around its parts, with integrity by HMAC-SHA-256. */
export async function closePkcs12(
  parts: readonly Uint8Array[],
  password: string,
  rounds: number = ROUNDS,
): Promise<Buffer> {
  const safe = sequence(...parts);
  const digest = DIGESTS[SHA256];
  if (digest === undefined) throw new Error('bad table: no SHA-256');
  const salt = randomBytes(16);
  const macKey = await pkcs12Derive(digest, password, {
    purpose: PURPOSE.mac,
    salt,
    rounds,
    bytes: digest.output,
  });
  return sequence(
    integer(3),
    sequence(oid(PKCS12.data), context(0, octets(safe))),
    sequence(
      sequence(sequence(oid(SHA256), nothing()), octets(macOf(digest, macKey, safe))),
      octets(salt),
      integer(rounds),
    ),
  );
}

/** What was encrypted, and how. */
export interface Encrypted {
  readonly algorithm: Buffer;
  readonly bytes: Buffer;
}

/** Encrypts a part of a file: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256. */
export async function encryptPart(
  plain: Uint8Array,
  password: string,
  rounds: number = ROUNDS,
): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await pbkdf2Derive('sha256', password, { salt, rounds, bytes: 32 });
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const algorithm = sequence(
    oid(PKCS12.pbes2),
    sequence(
      sequence(
        oid(PKCS12.pbkdf2),
        sequence(octets(salt), integer(rounds), sequence(oid(HMAC_SHA256), nothing())),
      ),
      sequence(oid(AES_256_CBC), octets(iv)),
    ),
  );
  return { algorithm, bytes: Buffer.concat([cipher.update(plain), cipher.final()]) };
}

function certificateBag(certificate: Uint8Array, attributes?: Buffer): Buffer {
  const value = sequence(oid(PKCS12.x509), context(0, octets(certificate)));
  return sequence(
    oid(PKCS12.certificateBag),
    context(0, value),
    ...(attributes === undefined ? [] : [attributes]),
  );
}

/** A friendly name's text. */
export function bmp(value: string): Buffer {
  return tlv(TAG.bmp, Buffer.from(value, 'utf16le').swap16());
}
