/**
 * Tells the records this log has written from those somebody else has put behind its checkpoint.
 *
 * Opening a log keeps whole records that no checkpoint covers yet: they may have been acknowledged. Whoever can write
 * to the folder, but does not have the key, could have a record of his own signed that way: one that says that a
 * content was erased, say. So half of each salt is random, and the other half is a mark that needs the key. To
 * everybody else a salt looks as random as it ever was, and a verifier does not care.
 */
import { randomFillSync } from 'node:crypto';
import { equalBytes, sha256, utf8, type NoteSigner } from '@countersign/tlog';
import type { Envelope } from '@countersign/records';

const KEY_BYTES = 32;
/** Of the salt: random bytes, then the mark. A guess at a mark is one opening of the log. */
const NONCE_BYTES = 8;
const SALT_BYTES = 16;
const POOL_BYTES = 16 * 1024;

/** What a mark covers beside the content: all of the envelope but the digest, which follows from content and salt. */
export type MarkedFields = Omit<Envelope, 'v' | 'digest'>;

export class MarkedSalts {
  /** Key, nonce, fields, content: what is hashed. The key stays in front. */
  #input: Buffer;
  #nonces: Uint8Array = new Uint8Array(0);
  #nonceAt = 0;

  /** The key is a signature over a text that is no checkpoint; it is kept nowhere and shown to nobody. */
  constructor(signers: readonly NoteSigner[]) {
    const text = utf8('countersign: marks in salts\n');
    const signer = signers.find((s) => equalBytes(s.sign(text), s.sign(text)));
    if (signer === undefined) {
      throw new TypeError('signers: expected one that signs the same text the same way (Ed25519)');
    }
    this.#input = Buffer.alloc(4096);
    this.#input.set(sha256(signer.sign(text)), 0);
  }

  /** Returns a new salt for this record. */
  salt(fields: MarkedFields, content: Uint8Array): Uint8Array {
    if (this.#nonceAt + NONCE_BYTES > this.#nonces.length) {
      this.#nonces = randomFillSync(new Uint8Array(POOL_BYTES));
      this.#nonceAt = 0;
    }
    const nonce = this.#nonces.subarray(this.#nonceAt, (this.#nonceAt += NONCE_BYTES));
    const salt = new Uint8Array(SALT_BYTES);
    salt.set(nonce, 0);
    salt.set(this.#mark(nonce, fields, content), NONCE_BYTES);
    return salt;
  }

  /** Whether `salt` was made here for this record. */
  isOurs(salt: Uint8Array, fields: MarkedFields, content: Uint8Array): boolean {
    const mark = this.#mark(salt.subarray(0, NONCE_BYTES), fields, content);
    return equalBytes(mark, salt.subarray(NONCE_BYTES));
  }

  /** The first bytes of SHA-256(key || nonce || fields || content): too few of them to extend the hash. */
  #mark(nonce: Uint8Array, e: MarkedFields, content: Uint8Array): Uint8Array {
    // No field holds a line end, so that each text is of one record only.
    const fields =
      `${e.category}\n${e.event}\n${e.id}\n${e.level}\n${e.operation}\n${e.outcome}\n` +
      `${e.producer}\n${e.retention}\n${e.seq}\n${e.time}\n`;
    const contentAt = KEY_BYTES + NONCE_BYTES + fields.length;
    const length = contentAt + content.length;
    if (length > this.#input.length) {
      const larger = Buffer.alloc(length * 2);
      this.#input.copy(larger, 0, 0, KEY_BYTES);
      this.#input = larger;
    }
    this.#input.set(nonce, KEY_BYTES);
    this.#input.write(fields, KEY_BYTES + NONCE_BYTES, 'latin1');
    this.#input.set(content, contentAt);
    return sha256(this.#input.subarray(0, length)).subarray(0, SALT_BYTES - NONCE_BYTES);
  }
}
