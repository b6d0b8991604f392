import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readIfThere, writeWhole } from '../pki/files.ts';

/** The vault cannot be opened; the message never holds anything secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: 'vault_key_missing' | 'vault_key_wrong' | 'vault_key_exposed' | 'vault_malformed';
  constructor(code: VaultError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What is sealed begins with its version; it says how the rest is read. */
const VERSION = 'v1';

/**
 * Keeps private keys and passwords: AES-256-GCM under one random key, a random nonce of 96 bits each. What a sealed text
 * is of is authenticated with it (`about`): put into another row it does not open.
 */
export class Vault {
  readonly #key: Buffer;
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError(`expected a key of 32 bytes, got ${key.length}`);
    this.#key = Buffer.from(key);
  }

  /** `v1.<nonce>.<ciphertext and tag>`, base64url. `about` names what it is of, like `certificate:<fingerprint>`. */
  seal(plain: Uint8Array | string, about: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(authenticated(about));
    const bytes = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, nonce.toString('base64url'), bytes.toString('base64url')].join('.');
  }

  /** What was sealed. Throws VaultError `vault_malformed` for another text, another `about`, another vault. */
  open(sealed: string, about: string): Buffer {
    const [version, nonceText = '', text = '', ...more] = sealed.split('.');
    const nonce = Buffer.from(nonceText, 'base64url');
    const bytes = Buffer.from(text, 'base64url');
    const bad = version !== VERSION || more.length > 0 || nonce.length !== NONCE_BYTES;
    if (bad || bytes.length < TAG_BYTES)
      throw new VaultError('vault_malformed', `${about}: expected a sealed text of version v1`);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated(about)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new VaultError(
        'vault_malformed',
        `${about}: the sealed text was changed, is of something else, or of another vault`,
      );
    }
  }
}

function authenticated(about: string): Buffer {
  return Buffer.from(`countersign vault ${VERSION}\n${about}`);
}

/** `keys/vault.json`: the vault's key, sealed by what the operator has. */
interface VaultFile {
  readonly version: 1;
  readonly protection:
    | { readonly kind: 'file' }
    | {
        readonly kind: 'passphrase';
        readonly kdf: 'scrypt';
        readonly N: number;
        readonly r: number;
        readonly p: number;
        /** Base64url. */
        readonly salt: string;
      };
  readonly key: string;
}

/** 128 MiB and a third of a second: what OWASP asks for. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const WRAPPED = 'vault key';

/**
 * Opens the vault of a data folder, and makes it at the first start: a random key in `vault.json`, itself sealed by a
 * passphrase (scrypt) or by the key file, which is made, too, 0600. Throws {@link VaultError} when what is given does not
 * open it: nothing starts with a vault that cannot be read.
 */
export async function openVault(
  keysDir: string,
  given: {
    readonly passphrase: string | null;
    readonly keyFile: string | null;
    /** Something is sealed already: a new vault would not open it. */
    readonly inUse?: boolean;
  },
): Promise<Vault> {
  const path = join(keysDir, 'vault.json');
  const keyFile = given.keyFile ?? join(keysDir, 'vault.key');
  const text = await readIfThere(path);
  if (text === null && given.inUse === true)
    throw new VaultError(
      'vault_key_missing',
      `expected ${path}, got none: the private keys in the state are sealed by it`,
    );
  if (text === null) return await createVault(path, keyFile, given.passphrase);
  const { protection, key } = parseVaultFile(path, text);
  if (protection.kind === 'passphrase') {
    if (given.passphrase === null)
      throw new VaultError(
        'vault_key_missing',
        `${path} is sealed by a passphrase: expected it in the setting, got none`,
      );
    return unwrap(path, await deriveKey(given.passphrase, protection), key, 'the passphrase');
  }
  if (given.passphrase !== null)
    throw new VaultError(
      'vault_key_wrong',
      `${path} is sealed by a key file: expected no passphrase to be set, got one`,
    );
  const fileKey = await readKeyFile(keyFile);
  if (fileKey === null)
    throw new VaultError('vault_key_missing', `expected the vault's key file ${keyFile}, got none`);
  return unwrap(path, fileKey, key, keyFile);
}

async function createVault(
  path: string,
  keyFile: string,
  passphrase: string | null,
): Promise<Vault> {
  const key = randomBytes(32);
  let protection: VaultFile['protection'] = { kind: 'file' };
  let wrapping: Buffer;
  if (passphrase === null) {
    // An interrupted first start may have left the key file; an operator may have made it.
    const found = await readKeyFile(keyFile);
    wrapping = found ?? randomBytes(32);
    if (found === null) {
      await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
      await writeWhole(keyFile, `${wrapping.toString('base64')}\n`);
    }
  } else {
    const salt = randomBytes(16).toString('base64url');
    protection = { kind: 'passphrase', kdf: 'scrypt', ...SCRYPT, salt };
    wrapping = await deriveKey(passphrase, protection);
  }
  const file: VaultFile = {
    version: 1,
    protection,
    key: new Vault(wrapping).seal(key, WRAPPED),
  };
  await writeWhole(path, `${JSON.stringify(file, null, 2)}\n`);
  return new Vault(key);
}

function unwrap(path: string, wrapping: Buffer, sealed: string, what: string): Vault {
  try {
    return new Vault(new Vault(wrapping).open(sealed, WRAPPED));
  } catch {
    throw new VaultError('vault_key_wrong', `${what} does not open ${path}`);
  }
}

async function deriveKey(
  passphrase: string,
  { N, r, p, salt }: { N: number; r: number; p: number; salt: string },
): Promise<Buffer> {
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  const maxmem = 256 * N * r;
  // One passphrase, however the keyboard composed its letters.
  return await derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64url'), 32, {
    N,
    r,
    p,
    maxmem,
  });
}

/** The 32 bytes of a key file (base64), or null when there is none. */
async function readKeyFile(path: string): Promise<Buffer | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const got = (mode & 0o777).toString(8).padStart(4, '0');
    throw new VaultError(
      'vault_key_exposed',
      `${path}: expected mode 0600, got ${got}; run: chmod 600 ${path}`,
    );
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32)
    throw new VaultError(
      'vault_malformed',
      `${path}: expected 32 bytes in base64 (openssl rand -base64 32), got ${key.length}`,
    );
  return key;
}

function parseVaultFile(path: string, text: string): VaultFile {
  const bad = (cause?: unknown) =>
    new VaultError('vault_malformed', `${path}: expected a vault of version 1`, cause);
  let file: Partial<VaultFile>;
  try {
    file = JSON.parse(text) as Partial<VaultFile>;
  } catch (error) {
    throw bad(error);
  }
  const { version, protection, key } = file;
  if (version !== 1 || typeof key !== 'string' || protection === undefined) throw bad();
  if (protection.kind === 'passphrase') {
    const { kdf, N, r, p, salt } = protection;
    const numbers = [N, r, p].every((n) => Number.isInteger(n) && n > 0) && N <= 2 ** 22 && r <= 32;
    if (kdf !== 'scrypt' || !numbers || p > 16 || typeof salt !== 'string') throw bad();
  } else if (protection.kind !== 'file') throw bad();
  return { version, protection, key };
}
