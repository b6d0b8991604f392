/**
 * DER (X.690), written minimal and read only when it is: definite lengths in their shortest form, tags below 31, nothing
 * left over. The reader never recurses; whoever calls it goes down one known structure, so depth is bounded by the code.
 */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  t61: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Bytes that are not the DER that was expected. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One value: its tag, its content, and both with the length, as they stood in the input. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/** Tag, length, content. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length: number[] = [];
  for (let left = content.length; left > 0; left = Math.floor(left / 256))
    length.unshift(left % 256);
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length, ...length), content]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tlv(TAG.sequence, ...parts);
}

/** SET OF: the elements in ascending order of their encodings (X.690 section 11.6). */
export function setOf(...parts: readonly Uint8Array[]): Buffer {
  return tlv(TAG.set, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
}

/** `[n]` EXPLICIT, or a constructed IMPLICIT. */
export function context(n: number, ...parts: readonly Uint8Array[]): Buffer {
  return tlv(0xa0 | n, ...parts);
}

/** `[n]` IMPLICIT of a primitive. */
export function primitive(n: number, content: Uint8Array): Buffer {
  return tlv(0x80 | n, content);
}

/** A non-negative integer; bytes are taken as an unsigned number. */
export function integer(value: bigint | number | Uint8Array, tag: number = TAG.integer): Buffer {
  if (!(value instanceof Uint8Array)) {
    if (value < 0) throw new RangeError(`expected a non-negative integer, got ${value}`);
    const hex = value.toString(16);
    return integer(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'), tag);
  }
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const bytes = value.subarray(start);
  return (bytes[0] ?? 0) < 0x80 ? tlv(tag, bytes) : tlv(tag, Buffer.of(0), bytes);
}

/** An object identifier from its dotted form. Throws RangeError when it is none. */
export function oid(dotted: string): Buffer {
  if (!isOid(dotted)) throw new RangeError(`expected an object identifier, got "${dotted}"`);
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map((arc) => BigInt(arc));
  return tlv(TAG.oid, Buffer.from([first * 40n + second, ...rest].flatMap((arc) => base128(arc))));
}

/** Whether a text is an object identifier in dotted form, of a sensible length. */
export function isOid(text: string): boolean {
  return (
    text.length <= 128 &&
    /^(?:[01]\.(?:\d|[123]\d)|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/.test(text)
  );
}

function base128(arc: bigint): number[] {
  const digits = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 0x7fn) | 0x80);
  return digits;
}

export function boolean(value: boolean): Buffer {
  return tlv(TAG.boolean, Buffer.of(value ? 0xff : 0));
}

export function nothing(): Buffer {
  return tlv(TAG.null);
}

export function octets(bytes: Uint8Array): Buffer {
  return tlv(TAG.octetString, bytes);
}

export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return tlv(TAG.bitString, Buffer.of(unused), bytes);
}

export function utf8(text: string): Buffer {
  return tlv(TAG.utf8, Buffer.from(text, 'utf8'));
}

/** IA5String, UTF8String, …: a text of one byte a character. */
export function text(tag: number, value: string): Buffer {
  return tlv(tag, Buffer.from(value, 'latin1'));
}

/** UTCTime until 2049, GeneralizedTime afterwards (RFC 5280 section 4.1.2.5), whole seconds. */
export function time(date: Date): Buffer {
  if (date.getUTCFullYear() >= 2050 || date.getUTCFullYear() < 1950) return generalizedTime(date);
  return text(TAG.utcTime, digits(date).slice(2));
}

export function generalizedTime(date: Date): Buffer {
  return text(TAG.generalizedTime, digits(date));
}

function digits(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`expected a year to 9999, got ${year}`);
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

/** Reads values one after another. */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The tag of the next value, or null at the end. */
  peek(): number | null {
    return this.#bytes[this.#at] ?? null;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next value. Throws {@link DerError} when there is none, or when it has another tag than `tag`. */
  next(tag?: number, what = 'a value'): Element {
    const bytes = this.#bytes;
    const start = this.#at;
    const found = bytes[start];
    if (found === undefined) throw new DerError(`expected ${what}, got the end`);
    if (tag !== undefined && found !== tag)
      throw new DerError(`expected ${what} with tag ${hex(tag)}, got tag ${hex(found)}`);
    if ((found & 0x1f) === 0x1f) throw new DerError(`${what}: expected a tag below 31`);
    let at = start + 2;
    let length = bytes[start + 1];
    if (length === undefined) throw new DerError(`${what}: the length is missing`);
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4) throw new DerError(`${what}: expected a definite length`);
      if (at + count > bytes.length) throw new DerError(`${what}: the length is cut off`);
      length = bytes.readUIntBE(at, count);
      if (length < 0x80 || (count > 1 && length < 2 ** (8 * (count - 1))))
        throw new DerError(`${what}: expected the shortest form of the length`);
      at += count;
    }
    const end = at + length;
    if (end > bytes.length)
      throw new DerError(`${what}: expected ${length} bytes, got ${bytes.length - at}`);
    this.#at = end;
    return { tag: found, content: bytes.subarray(at, end), bytes: bytes.subarray(start, end) };
  }

  /** The next value if it has this tag, otherwise null. */
  optional(tag: number, what?: string): Element | null {
    return this.peek() === tag ? this.next(tag, what) : null;
  }

  /** Goes into the next value. */
  into(tag: number = TAG.sequence, what?: string): DerReader {
    return new DerReader(this.next(tag, what).content);
  }

  /** Throws when something is left. */
  end(what = 'a value'): void {
    if (!this.done)
      throw new DerError(`${what}: ${this.#bytes.length - this.#at} bytes are left over`);
  }

  /** All that is left, value by value. */
  *rest(): Generator<Element> {
    while (!this.done) yield this.next();
  }
}

/** The only value of `bytes`. */
export function readWhole(bytes: Uint8Array, tag?: number, what?: string): Element {
  const reader = new DerReader(bytes);
  const element = reader.next(tag, what);
  reader.end(what);
  return element;
}

/** A non-negative integer's bytes as hex, lower case, without leading zeros. */
export function readHex({ content }: Element, what = 'an integer'): string {
  const first = content[0];
  if (first === undefined) throw new DerError(`${what}: expected at least one byte`);
  if (first >= 0x80) throw new DerError(`${what}: expected a non-negative number`);
  if (first === 0 && content.length > 1 && (content[1] ?? 0) < 0x80)
    throw new DerError(`${what}: expected the shortest form`);
  return content.toString('hex').replace(/^0+(?=.)/, '');
}

/** A small integer. */
export function readNumber(element: Element, what = 'an integer'): number {
  const value = Number.parseInt(readHex(element, what), 16);
  if (!Number.isSafeInteger(value)) throw new DerError(`${what}: expected a small number`);
  return value;
}

/** The dotted form of an object identifier. */
export function readOid({ tag, content }: Element): string {
  if (tag !== TAG.oid || content.length === 0 || content.length > 64)
    throw new DerError('expected an object identifier');
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) throw new DerError('object identifier: expected shortest arcs');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  if (!fresh) throw new DerError('object identifier: the last arc is cut off');
  const [head = 0n, ...rest] = arcs;
  const root = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [root, head - root * 40n, ...rest].join('.');
}

export function readBoolean({ content }: Element): boolean {
  if (content.length !== 1) throw new DerError('expected a boolean of one byte');
  return content[0] !== 0;
}

/** A bit string's bytes; signatures and keys have no unused bits. */
export function readBytes({ tag, content }: Element, what = 'a bit string'): Buffer {
  if (tag !== TAG.bitString || content[0] !== 0)
    throw new DerError(`${what}: expected a bit string of whole bytes`);
  return content.subarray(1);
}

/** UTCTime or GeneralizedTime in the one form that RFC 5280 allows. */
export function readTime({ tag, content }: Element): Date {
  const value = content.toString('latin1');
  const year = tag === TAG.utcTime ? (Number(value.slice(0, 2)) < 50 ? '20' : '19') : '';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(year + value);
  if (match === null || (tag !== TAG.utcTime && tag !== TAG.generalizedTime))
    throw new DerError(`expected a time with seconds and Z, got "${value.slice(0, 32)}"`);
  const [, y, mo, d, h, mi, s] = match;
  const date = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(date.getTime())) throw new DerError(`expected a time, got "${value}"`);
  return date;
}

/** A text of any of ASN.1's string types, or null for another type. */
export function readText({ tag, content }: Element): string | null {
  switch (tag) {
    case TAG.utf8:
      return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(content);
    case TAG.printable:
    case TAG.ia5:
    case TAG.numeric:
    case TAG.visible:
    case TAG.t61:
      return content.toString('latin1');
    case TAG.bmp:
      if (content.length % 2 !== 0) throw new DerError('BMPString: expected pairs of bytes');
      return Buffer.from(content).swap16().toString('utf16le').toWellFormed();
    case TAG.universal: {
      if (content.length % 4 !== 0) throw new DerError('UniversalString: expected four bytes each');
      const points = Array.from({ length: content.length / 4 }, (_, i) =>
        content.readUInt32BE(i * 4),
      );
      if (points.some((point) => point > 0x10_ff_ff))
        throw new DerError('UniversalString: no text');
      return String.fromCodePoint(...points).toWellFormed();
    }
    default:
      return null;
  }
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
