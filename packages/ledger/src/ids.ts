import { randomFillSync } from 'node:crypto';

/** Makes ids (UUIDv7, RFC 9562 section 5.7) and salts; asks for randomness in large pieces. */
export class Ids {
  #pool: Buffer = Buffer.alloc(0);
  #at = 0;
  #lastTime = 0;

  /** Returns a UUIDv7 of this time, or of the latest so far when the clock has gone back. */
  id(time: Date): string {
    this.#lastTime = Math.max(this.#lastTime, time.getTime());
    const random = this.#take(10);
    random[0] = 0x70 | ((random[0] as number) & 0x0f);
    random[2] = 0x80 | ((random[2] as number) & 0x3f);
    const stamp = this.#lastTime.toString(16).padStart(12, '0');
    const tail = random.toString('hex');
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
  }

  /** Returns 16 random bytes. */
  salt(): Uint8Array {
    return this.#take(16);
  }

  #take(bytes: number): Buffer {
    if (this.#at + bytes > this.#pool.length) {
      // A new pool, never the old one again: salts handed out are slices of it.
      this.#pool = Buffer.allocUnsafeSlow(16 * 1024);
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    return this.#pool.subarray(this.#at, (this.#at += bytes));
  }
}
