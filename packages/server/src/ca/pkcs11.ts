import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { bits, DerReader, integer, nothing, oid, sequence, TAG } from './der.ts';
import { keyAlgorithmOf } from './key-algorithm.ts';
import { signatureAlgorithmFor } from './signature.ts';
import type { Signer } from './signer.ts';

/** A key in a PKCS#11 token: the module's file, the label of the token, the label of the key pair. */
export interface Pkcs11Key {
  readonly module: string;
  readonly slot: string;
  readonly key: string;
}

type Handle = Buffer;
interface AttributeValue {
  readonly type: number;
  readonly value?: Buffer | string | number;
}

/** What is used of the package `pkcs11js`, which the operator installs: it is compiled for the machine. */
interface Pkcs11 {
  load(path: string): void;
  C_Initialize(): void;
  C_GetSlotList(withToken: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly AttributeValue[]): void;
  C_FindObjects(session: Handle, count: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly AttributeValue[],
  ): { type: number; value: Buffer }[];
  C_SignInit(
    session: Handle,
    mechanism: { mechanism: number; parameter?: Buffer },
    key: Handle,
  ): void;
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Buffer>;
}

/** Constants of PKCS#11 v2.40. */
const CK = {
  SERIAL_SESSION: 4,
  USER: 1,
  CLASS: 0,
  LABEL: 3,
  KEY_TYPE: 0x100,
  MODULUS: 0x120,
  PUBLIC_EXPONENT: 0x122,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  PUBLIC_KEY: 2,
  PRIVATE_KEY: 3,
  RSA: 0,
  EC: 3,
  RSA_PKCS: 1,
  ECDSA: 0x1041,
} as const;
const RSA_OID = '1.2.840.113549.1.1.1';
const EC_OID = '1.2.840.10045.2.1';
/** DigestInfo without the digest (RFC 8017 section 9.2). */
const DIGEST_INFO: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** Modules are loaded and initialized once in a process. */
const modules = new Map<string, Promise<Pkcs11>>();

/** What the operator has said about tokens. */
export interface Tokens {
  readonly pin: string | null;
  /** Modules that may be loaded; they are code that runs in this process. */
  readonly modules: readonly string[];
}

/** Opens keys in the operator's tokens. Rejects with ServerError `token_unavailable`. */
export function openTokenWith({
  pin,
  modules: allowed,
}: Tokens): (key: Pkcs11Key) => Promise<Signer> {
  return async (key) => {
    if (!allowed.includes(key.module))
      throw unavailable(`expected a module named in COUNTERSIGN_PKCS11_MODULES, got ${key.module}`);
    try {
      return await openKey(key, pin);
    } catch (error) {
      if (error instanceof ServerError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw unavailable(`${key.module}: ${why}`, error);
    }
  };
}

async function openKey({ module, slot, key }: Pkcs11Key, pin: string | null): Promise<Signer> {
  if (pin === null) throw unavailable('expected the PIN in COUNTERSIGN_PKCS11_PIN, got none');
  const token = await loadModule(module);
  const found = token
    .C_GetSlotList(true)
    .find((candidate) => token.C_GetTokenInfo(candidate).label.trimEnd() === slot);
  if (found === undefined) throw unavailable(`${module}: there is no token "${slot}"`);
  const session = token.C_OpenSession(found, CK.SERIAL_SESSION);
  logIn(token, session, pin);
  const privateKey = findObject(token, session, CK.PRIVATE_KEY, key);
  const publicKey = readPublicKey(token, session, findObject(token, session, CK.PUBLIC_KEY, key));
  const algorithm = keyAlgorithmOf(publicKey);
  if (algorithm === null) throw unavailable(`"${key}": expected an RSA or EC key of a known size`);
  const { hash } = signatureAlgorithmFor(algorithm);
  const digestInfo = DIGEST_INFO[hash ?? ''];
  if (hash === null || digestInfo === undefined)
    throw unavailable(`"${key}": expected an RSA or EC key, got ${algorithm}`);
  const isRsa = algorithm.startsWith('RSA');
  /** A session signs one thing at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  return {
    algorithm,
    publicKey,
    sign: async (data) => {
      const digest = createHash(hash).update(data).digest();
      const signing = turn.then(async () => {
        token.C_SignInit(session, { mechanism: isRsa ? CK.RSA_PKCS : CK.ECDSA }, privateKey);
        const input = isRsa ? Buffer.concat([Buffer.from(digestInfo, 'hex'), digest]) : digest;
        const signature = await token.C_SignAsync(session, input, Buffer.alloc(1_024));
        return isRsa ? signature : ecdsaDer(signature);
      });
      turn = signing.catch(() => undefined);
      return await signing;
    },
  };
}

async function loadModule(path: string): Promise<Pkcs11> {
  const known = modules.get(path) ?? initialize(path);
  modules.set(path, known);
  try {
    return await known;
  } catch (error) {
    modules.delete(path);
    throw error;
  }
}

async function initialize(path: string): Promise<Pkcs11> {
  // By a name that the compiler does not follow: it is no dependency.
  const name = 'pkcs11js';
  let library: { PKCS11: new () => Pkcs11 };
  try {
    library = (await import(name)) as typeof library;
  } catch (error) {
    throw unavailable('expected the package pkcs11js to be installed: npm install pkcs11js', error);
  }
  const token = new library.PKCS11();
  token.load(path);
  token.C_Initialize();
  return token;
}

function logIn(token: Pkcs11, session: Handle, pin: string): void {
  try {
    token.C_Login(session, CK.USER, pin);
  } catch (error) {
    // Another session of ours has done so for all.
    if (error instanceof Error && error.message.includes('ALREADY_LOGGED_IN')) return;
    throw error;
  }
}

function findObject(token: Pkcs11, session: Handle, kind: number, label: string): Handle {
  token.C_FindObjectsInit(session, [
    { type: CK.CLASS, value: kind },
    { type: CK.LABEL, value: label },
  ]);
  const found = token.C_FindObjects(session, 2);
  token.C_FindObjectsFinal(session);
  const [object, ...more] = found;
  const what = kind === CK.PRIVATE_KEY ? 'private key' : 'public key';
  if (object === undefined) throw unavailable(`there is no ${what} "${label}" in the token`);
  if (more.length > 0) throw unavailable(`there are several keys "${label}" in the token`);
  return object;
}

function readPublicKey(token: Pkcs11, session: Handle, object: Handle): KeyObject {
  const read = (...types: number[]) =>
    token
      .C_GetAttributeValue(
        session,
        object,
        types.map((type) => ({ type })),
      )
      .map(({ value }) => value);
  const [kind] = read(CK.KEY_TYPE);
  const type = kind?.readUIntLE(0, Math.min(kind.length, 6));
  let spki: Buffer;
  if (type === CK.RSA) {
    const [modulus = Buffer.of(), exponent = Buffer.of()] = read(CK.MODULUS, CK.PUBLIC_EXPONENT);
    const key = sequence(integer(modulus), integer(exponent));
    spki = sequence(sequence(oid(RSA_OID), nothing()), bits(key));
  } else if (type === CK.EC) {
    const [curve = Buffer.of(), wrapped = Buffer.of()] = read(CK.EC_PARAMS, CK.EC_POINT);
    const point = new DerReader(wrapped).next(TAG.octetString, 'a point').content;
    spki = sequence(sequence(oid(EC_OID), curve), bits(point));
  } else throw unavailable('expected an RSA or EC key, got another');
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

/** Tokens give r and s one behind the other; X.509 has them in DER (RFC 3279 section 2.2.3). */
function ecdsaDer(raw: Buffer): Buffer {
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}

function unavailable(message: string, cause?: unknown): ServerError {
  return new ServerError('token_unavailable', `PKCS#11: ${message}`, { cause });
}
