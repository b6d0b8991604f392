/**
 * Reads the times of many records. Neighbours share most of their digits, so most of the work is done once per minute:
 * parsing each anew took an eighth of a verification.
 */
export class ClockReader {
  #minute = '';
  #minuteMs = 0;
  #idHead = '';
  #idHeadMs = 0;

  /** Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ss.mmmZ`, already known to be spelled so. */
  millisecondsOf(time: string): number {
    if (!time.startsWith(this.#minute) || this.#minute === '') {
      this.#minute = time.slice(0, 17);
      this.#minuteMs = Date.parse(`${this.#minute}00.000Z`);
    }
    return this.#minuteMs + Number(time.slice(17, 19)) * 1000 + Number(time.slice(20, 23));
  }

  /** Milliseconds since 1970 in a UUIDv7 (RFC 9562 section 5.7): its first 48 bits. */
  millisecondsOfId(id: string): number {
    if (!id.startsWith(this.#idHead) || this.#idHead === '') {
      this.#idHead = id.slice(0, 8);
      this.#idHeadMs = Number.parseInt(this.#idHead, 16) * 0x1_00_00;
    }
    return this.#idHeadMs + Number.parseInt(id.slice(9, 13), 16);
  }
}
