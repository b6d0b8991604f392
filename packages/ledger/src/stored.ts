/**
 * A record as it lies on disk: its entry `u16 length || envelope` (the entry bundles of tlog-tiles)
 * and its content `u32 length || salt || content`, lengths big-endian. A length of zero ends a file's
 * records; what follows was preallocated. An erased content has kept its length and is zero otherwise.
 */
import { hash } from 'node:crypto';
import { isTime, MAX_CONTENT_BYTES, parseEnvelope, type Envelope } from '@countersign/records';
import { CONTENT_HEADER } from './layout.ts';
import type { Window } from './window.ts';

/** One record's bytes. Slices of windows: valid until the next read. */
export interface RawRecord {
  readonly envelope: Uint8Array;
  /** Salt, then content: what the digest is taken over. */
  readonly salted: Uint8Array;
  /** Offsets behind the record in its two files. */
  readonly entryEnd: number;
  readonly contentEnd: number;
}

/** Why there is no record at a place. `end`: nothing was written there. */
export interface NoRecord {
  readonly stop: 'end' | 'torn';
  readonly file: 'entries' | 'contents';
  readonly offset: number;
  readonly message: string;
}

/** Reads the record that starts at these offsets. Checks its framing, nothing else. */
export function readRaw(
  entries: Window,
  contents: Window,
  entryAt: number,
  contentAt: number,
): RawRecord | NoRecord {
  const head = entries.view(entryAt, 2);
  const length = head.length < 2 ? 0 : ((head[0] as number) << 8) | (head[1] as number);
  if (length === 0) {
    return { stop: 'end', file: 'entries', offset: entryAt, message: 'the entries end' };
  }
  const envelope = entries.view(entryAt + 2, length);
  if (envelope.length < length) {
    const message = `expected an envelope of ${length} bytes, got ${envelope.length}`;
    return { stop: 'torn', file: 'entries', offset: entryAt, message };
  }
  const contentHead = contents.view(contentAt, 4);
  const contentLength = contentHead.length < 4 ? 0 : readUint32(contentHead, 0);
  if (contentLength === 0 || contentLength > MAX_CONTENT_BYTES) {
    const message = `expected a content of 1 to ${MAX_CONTENT_BYTES} bytes, got ${contentLength}`;
    return { stop: 'torn', file: 'contents', offset: contentAt, message };
  }
  const salted = contents.view(contentAt + 4, CONTENT_HEADER - 4 + contentLength);
  if (salted.length < CONTENT_HEADER - 4 + contentLength) {
    const message = `expected a content of ${contentLength} bytes, got ${salted.length - CONTENT_HEADER + 4}`;
    return { stop: 'torn', file: 'contents', offset: contentAt, message };
  }
  return {
    envelope,
    salted,
    entryEnd: entryAt + 2 + length,
    contentEnd: contentAt + CONTENT_HEADER + contentLength,
  };
}

/** Bytes a record takes in the entries file. */
export function entrySize(envelope: Uint8Array): number {
  return 2 + envelope.length;
}

/** Bytes a record takes in the contents file. */
export function contentSize(content: Uint8Array): number {
  return CONTENT_HEADER + content.length;
}

/** Writes an entry into a buffer and returns the offset behind it. */
export function writeEntry(into: Uint8Array, at: number, envelope: Uint8Array): number {
  into[at] = envelope.length >>> 8;
  into[at + 1] = envelope.length & 0xff;
  into.set(envelope, at + 2);
  return at + 2 + envelope.length;
}

/** Writes a content into a buffer and returns the offset behind it. */
export function writeContent(
  into: Uint8Array,
  at: number,
  salt: Uint8Array,
  content: Uint8Array,
): number {
  writeUint32(into, at, content.length);
  into.set(salt, at + 4);
  into.set(content, at + CONTENT_HEADER);
  return at + CONTENT_HEADER + content.length;
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) * 0x1_00_00_00 +
    (((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number))
  );
}

export function writeUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

/** True when salt and content are all zero: the content was erased, its length kept. */
export function isErased(salted: Uint8Array): boolean {
  return salted.every((byte) => byte === 0);
}

/** Base64 of SHA-256(salt || content), as an envelope carries it. */
export function saltedDigest(salted: Uint8Array): string {
  return hash('sha256', salted, 'base64');
}

/**
 * An envelope's one spelling, with the values' spellings of @countersign/records. What it does not
 * match goes to the strict parser, which says why; what it matches need not be parsed again.
 */
const ENVELOPE = new RegExp(
  '^\\{"category":"([A-Z][A-Za-z0-9]{0,63})"' +
    ',"digest":"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)"' +
    ',"event":"([A-Z][A-Z0-9_]{0,63})"' +
    ',"id":"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"' +
    ',"level":"(Information|Warning|Failure)"' +
    ',"operation":"([A-Z][A-Za-z]{0,31}(?: [A-Za-z]{1,31})?)"' +
    ',"outcome":"(Success|Failure)"' +
    ',"producer":"([a-z0-9][a-z0-9._-]{0,63})"' +
    ',"retention":"(normal|extended)"' +
    ',"seq":([1-9][0-9]{0,14})' +
    ',"time":"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z)"' +
    ',"v":1\\}$',
);

/**
 * Reads a stored envelope as strictly as `parseEnvelope`, several times as fast.
 * Throws RecordError `envelope_malformed`.
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const m = ENVELOPE.exec(text);
  if (m === null) return parseEnvelope(bytes);
  // Days 29 to 31 exist in some months only.
  const time = m[11] as string;
  if (time.slice(8, 10) > '28' && !isTime(time)) return parseEnvelope(bytes);
  return {
    v: 1,
    id: m[4] as string,
    producer: m[8] as string,
    seq: Number(m[10]),
    time,
    event: m[3] as string,
    category: m[1] as string,
    operation: m[6] as string,
    level: m[5] as Envelope['level'],
    outcome: m[7] as Envelope['outcome'],
    retention: m[9] as Envelope['retention'],
    digest: m[2] as string,
  };
}
