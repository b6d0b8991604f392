import { createHmac, getHashes, hash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { DerError } from './der.ts';

/** The digests of PKCS#12 files: name for node, bytes of the output, bytes of a block (RFC 7292 appendix B.2). */
export const DIGESTS: Readonly<Record<string, { name: string; output: number; block: number }>> = {
  '1.3.14.3.2.26': { name: 'sha1', output: 20, block: 64 },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', output: 32, block: 64 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', output: 48, block: 128 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', output: 64, block: 128 },
};
export type Digest = NonNullable<(typeof DIGESTS)[string]>;

/** What a key derived from a password is for; part of the derivation (RFC 7292 appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** Rounds of hashing between which others have their turn. */
const TURN = 5_000;

/** Most rounds that one file may ask for, all its derivations together: some seconds of one core. */
export const MAX_ROUNDS = 10_000_000;

/** Counts what a file asks for, so that no file can keep the server busy. */
export class Rounds {
  #left = MAX_ROUNDS;
  /** Throws DerError when the file asks for more than is given. */
  take(rounds: number): number {
    this.#left -= rounds;
    if (rounds < 1 || this.#left < 0)
      throw new DerError(`expected at most ${MAX_ROUNDS} rounds of key derivation, got more`);
    return rounds;
  }
}

/** The password-based derivation of PKCS#12 itself (RFC 7292 appendix B.2); others get their turn in between. */
export async function pkcs12Derive(
  digest: Digest,
  password: string,
  options: { purpose: number; salt: Uint8Array; rounds: number; bytes: number },
): Promise<Buffer> {
  const { name, output, block } = digest;
  const { purpose, salt, rounds, bytes } = options;
  // UTF-16, big endian, closed by a NUL (appendix B.1).
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const state = Buffer.concat([fill(salt, block), fill(secret, block)]);
  const head = Buffer.alloc(block, purpose);
  const keys: Buffer[] = [];
  for (let size = 0; size < bytes; size += output) {
    let value = hash(name, Buffer.concat([head, state]), 'buffer');
    for (let round = 1; round < rounds; round += 1) {
      value = hash(name, value, 'buffer');
      if (round % TURN === 0) await new Promise((resolve) => void setImmediate(resolve));
    }
    keys.push(value);
    const added = fill(value, block).subarray(0, block);
    for (let at = 0; at < state.length; at += block) addOne(state.subarray(at, at + block), added);
  }
  return Buffer.concat(keys).subarray(0, bytes);
}

/** PBKDF2 (RFC 8018) with the password in UTF-8. */
export async function pbkdf2Derive(
  digest: string,
  password: string,
  options: { salt: Uint8Array; rounds: number; bytes: number },
): Promise<Buffer> {
  if (!getHashes().includes(digest)) throw new DerError(`unknown digest ${digest}`);
  const { salt, rounds, bytes } = options;
  return await promisify(pbkdf2)(password, salt, rounds, bytes, digest);
}

/** HMAC of a file's content by a derived key. */
export function macOf(digest: Digest, key: Uint8Array, content: Uint8Array): Buffer {
  return createHmac(digest.name, key).update(content).digest();
}

/** Repeated to whole blocks. */
function fill(bytes: Uint8Array, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** `I = I + B + 1`, modulo the block's size. */
function addOne(target: Buffer, added: Buffer): void {
  let carry = 1;
  for (let i = target.length - 1; i >= 0; i -= 1) {
    carry += (target[i] ?? 0) + (added[i] ?? 0);
    target[i] = carry & 0xff;
    carry >>= 8;
  }
}
