import { equalBytes, fromBase64, sha256, toBase64 } from '@countersign/tlog';
import type { Hash } from '@countersign/tlog';
import { formatContent } from './content-json.ts';
import { RecordError } from './error.ts';
import { MAX_CONTENT_BYTES, SALT_BYTES } from './limits.ts';
import { RETENTION_CLASSES, OUTCOMES } from './record.ts';
import type { CompleteDraft, Content, Envelope, SealedRecord } from './record.ts';
import { envelopeFaults } from './parse.ts';
import { assertNoSecret } from './secrets.ts';
import {
  isCategoryName,
  isEventName,
  isOperationName,
  isProducerName,
  isSeq,
  isTime,
  isUuidV7,
} from './spelling.ts';
import { LEVEL_NAMES } from './catalogue/levels.ts';

const encoder = new TextEncoder();

/**
 * Bytes are written into slabs shared by many records: allocating for each would cost as much as
 * hashing it. A record's arrays are views; whoever keeps one for long keeps its slab, 64 KiB.
 */
const SLAB_BYTES = 64 * 1024;
let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/** Somewhere with room for `bytes`, from `used` on. */
function reserve(bytes: number): Uint8Array {
  if (slab.length - used < bytes) {
    slab = new Uint8Array(Math.max(bytes, SLAB_BYTES));
    used = 0;
  }
  return slab;
}

/**
 * Makes the exact bytes of a record: canonical content, its salted digest, canonical envelope.
 * Throws {@link RecordError}: `record_invalid` for a value an envelope cannot hold or a content that
 * has no canonical form, `record_too_large`, `record_contains_secret`. Throws RangeError for a salt
 * of the wrong size.
 */
export function sealRecord(
  draft: CompleteDraft,
  options: {
    readonly producer: string;
    readonly id: string;
    /** 16 bytes, or what makes them for the content's bytes. */
    readonly salt: Uint8Array | ((content: Uint8Array) => Uint8Array);
  },
): SealedRecord {
  const { producer, id } = options;
  assertEnvelopeValues(draft, producer, id);

  const text = canonicalContent(draft.content);
  assertNoSecret(draft.content, text);

  // A UTF-16 unit is at most three bytes of UTF-8, so the text always fits.
  const room = reserve(SALT_BYTES + text.length * 3);
  const start = used;
  const { written } = encoder.encodeInto(text, room.subarray(start + SALT_BYTES));
  if (written > MAX_CONTENT_BYTES) throw tooLarge(written);
  const salted = room.subarray(start, start + SALT_BYTES + written);
  const salt =
    typeof options.salt === 'function' ? options.salt(salted.subarray(SALT_BYTES)) : options.salt;
  if (salt.length !== SALT_BYTES) {
    throw new RangeError(`expected a salt of ${SALT_BYTES} bytes, got ${salt.length}`);
  }
  salted.set(salt, 0);
  used = start + salted.length;
  const digest = toBase64(sha256(salted));

  const envelope: Envelope = {
    category: draft.category,
    digest,
    event: draft.event,
    id,
    level: draft.level,
    operation: draft.operation,
    outcome: draft.outcome,
    producer,
    retention: draft.retention,
    seq: draft.seq,
    time: draft.time,
    v: 1,
  };
  return {
    envelope,
    envelopeBytes: asciiBytes(formatEnvelope(envelope)),
    salt: salted.subarray(0, SALT_BYTES),
    contentBytes: salted.subarray(SALT_BYTES),
  };
}

/** The bytes of a text of which every character is ASCII. */
function asciiBytes(text: string): Uint8Array {
  const room = reserve(text.length).subarray(used, used + text.length);
  encoder.encodeInto(text, room);
  used += text.length;
  return room;
}

/** The digest an envelope carries: SHA-256(salt || content bytes). */
export function contentDigest(salt: Uint8Array, contentBytes: Uint8Array): Hash {
  const data = new Uint8Array(salt.length + contentBytes.length);
  data.set(salt, 0);
  data.set(contentBytes, salt.length);
  return sha256(data);
}

/** Whether a content is the one its envelope was sealed with. */
export function isContentOf(
  envelope: Envelope,
  salt: Uint8Array,
  contentBytes: Uint8Array,
): boolean {
  if (salt.length !== SALT_BYTES) return false;
  return equalBytes(contentDigest(salt, contentBytes), fromBase64(envelope.digest));
}

/**
 * Canonical JSON of an envelope, by template: the keys are fixed and in JCS order, and no allowed
 * value needs escaping. The caller has checked the values.
 */
export function formatEnvelope(e: Envelope): string {
  return (
    `{"category":"${e.category}","digest":"${e.digest}","event":"${e.event}","id":"${e.id}",` +
    `"level":"${e.level}","operation":"${e.operation}","outcome":"${e.outcome}",` +
    `"producer":"${e.producer}","retention":"${e.retention}","seq":${e.seq},` +
    `"time":"${e.time}","v":1}`
  );
}

/** Cheap enough to run on every record; without it the template could be broken out of. */
function assertEnvelopeValues(d: CompleteDraft, producer: string, id: string): void {
  if (
    isSeq(d.seq) &&
    isTime(d.time) &&
    isEventName(d.event) &&
    isCategoryName(d.category) &&
    isOperationName(d.operation) &&
    LEVEL_NAMES.includes(d.level) &&
    OUTCOMES.includes(d.outcome) &&
    RETENTION_CLASSES.includes(d.retention) &&
    isProducerName(producer) &&
    isUuidV7(id)
  ) {
    return;
  }
  const { seq, time, event, category, operation, level, outcome, retention } = d;
  throw new RecordError(
    'record_invalid',
    envelopeFaults({
      id,
      producer,
      seq,
      time,
      event,
      category,
      operation,
      level,
      outcome,
      retention,
    }),
  );
}

/** The content's canonical JSON, if a strict parser will read it back as it is. */
function canonicalContent(content: Content): string {
  let text: string;
  try {
    text = formatContent(content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const got = `what fails with: ${reason}`;
    const fault = { path: '$.content', expected: 'a value with canonical JSON', got };
    throw new RecordError('record_invalid', [fault], cause);
  }
  if (text.length > MAX_CONTENT_BYTES) throw tooLarge(text.length);
  return text;
}

function tooLarge(bytes: number): RecordError {
  const expected = `at most ${MAX_CONTENT_BYTES} bytes`;
  return new RecordError('record_too_large', [
    { path: '$.content', expected, got: `at least ${bytes} bytes` },
  ]);
}
