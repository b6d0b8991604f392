import { randomFillSync } from 'node:crypto';

/** Bytes of randomness asked for at once. */
const POOL_BYTES = 16 * 1024;

/** Makes ids (UUIDv7, RFC 9562 section 5.7); asks for randomness in large pieces. */
export class Ids {
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
}
