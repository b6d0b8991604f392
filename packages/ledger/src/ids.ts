import { randomFillSync } from 'node:crypto';

/** Bytes of randomness asked for at once. */
const POOL_BYTES = 16 * 1024;
const SALT_BYTES = 16;

/** Makes ids (UUIDv7, RFC 9562 section 5.7) and salts; asks for randomness in large pieces. */
export class Ids {
  #salts: Uint8Array = new Uint8Array(0);
  #saltAt = 0;
  #digits = '';
  #digitAt = 0;
  #lastTime = 0;
  #stamp = '';

  /** Returns a UUIDv7 of this time, or of the latest so far when the clock has gone back. */
  id(time: Date): string {
    const ms = time.getTime();
    if (ms > this.#lastTime) {
      this.#lastTime = ms;
      const digits = ms.toString(16).padStart(12, '0');
      this.#stamp = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
    }
    if (this.#digitAt + 19 > this.#digits.length) {
      this.#digits = randomFillSync(Buffer.allocUnsafe(POOL_BYTES)).toString('hex');
      this.#digitAt = 0;
    }
    const d = this.#digits;
    const at = this.#digitAt;
    this.#digitAt += 19;
    // Two bits of the variant are fixed: 8, 9, a or b.
    const variant = '89ab89ab89ab89ab'[Number.parseInt(d[at] as string, 16)] as string;
    return `${this.#stamp}${d.slice(at + 1, at + 4)}-${variant}${d.slice(at + 4, at + 7)}-${d.slice(at + 7, at + 19)}`;
  }

  /** Returns 16 random bytes. */
  salt(): Uint8Array {
    if (this.#saltAt + SALT_BYTES > this.#salts.length) {
      // A new pool, never the old one again: salts handed out are slices of it.
      this.#salts = randomFillSync(new Uint8Array(POOL_BYTES));
      this.#saltAt = 0;
    }
    return this.#salts.subarray(this.#saltAt, (this.#saltAt += SALT_BYTES));
  }
}
