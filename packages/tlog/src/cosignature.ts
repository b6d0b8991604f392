/**
 * Cosignatures (c2sp.org/tlog-cosignature): a witness, or the log itself, states that at a time it had
 * seen no larger and no inconsistent tree of this log. The signature on the note is the time, eight bytes
 * of POSIX seconds, followed by the signature of the algorithm over one of the messages below.
 */
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { concatBytes, fromUtf8, utf8 } from './encoding.ts';
import { TlogError } from './errors.ts';

/** Bytes of the time that starts every cosignature. */
export const COSIGNATURE_TIME_SIZE = 8;

/**
 * Returns what an Ed25519 cosignature (0x04) signs: a header, the time, and the whole text of the note.
 * It does not name the cosigner: one key must serve one cosigner only.
 */
export function cosignatureMessage(text: Uint8Array, time: number): Uint8Array {
  checkTime(time);
  return concatBytes(utf8(`cosignature/v1\ntime ${time}\n`), text);
}

/** The first complete subtree of a log is the tree itself: `start` 0, `end` its size. */
export interface CosignedSubtree {
  readonly cosigner: string;
  /** POSIX seconds; must be 0 unless `start` is 0. */
  readonly time: number;
  readonly origin: string;
  readonly start: number;
  readonly end: number;
  readonly hash: Uint8Array;
}

/**
 * Returns what an ML-DSA-44 cosignature (0x06) signs: a TLS structure (RFC 8446 section 3) with the
 * cosigner's name, the time, and origin, size and root of the log. Extension lines are not covered.
 * @throws TlogError `cosignature_malformed` when a value does not fit
 */
export function subtreeMessage(subtree: CosignedSubtree): Uint8Array {
  const { cosigner, time, origin, start, end, hash } = subtree;
  checkTime(time);
  if (start !== 0 && time !== 0) {
    throw malformed(`time: expected 0 for a subtree that starts at ${start}, got ${time}`);
  }
  if (hash.length !== 32) throw malformed(`hash: expected 32 bytes, got ${hash.length}`);
  return concatBytes(
    utf8('subtree/v1\n\0'),
    opaque('cosigner', cosigner),
    uint64(time),
    opaque('origin', origin),
    uint64(start),
    uint64(end),
    hash,
  );
}

/** Returns what an ML-DSA-44 cosigner signs for the checkpoint in a note's text. */
export function checkpointSubtreeMessage(
  text: Uint8Array,
  cosigner: string,
  time: number,
): Uint8Array {
  const { origin, size, root }: Checkpoint = parseCheckpoint(fromUtf8(text));
  return subtreeMessage({ cosigner, time, origin, start: 0, end: size, hash: root });
}

/** Returns the signature of a note line: the time, then the signature of the algorithm. */
export function formatCosignature(time: number, signature: Uint8Array): Uint8Array {
  checkTime(time);
  return concatBytes(uint64(time), signature);
}

/**
 * Returns the parts of a cosignature; the time is POSIX seconds.
 * @throws TlogError `cosignature_malformed` when there is no time, or one above 2^53 - 1
 */
export function parseCosignature(cosignature: Uint8Array): {
  readonly time: number;
  readonly signature: Uint8Array;
} {
  if (cosignature.length <= COSIGNATURE_TIME_SIZE) {
    throw malformed(`expected more than 8 bytes, got ${cosignature.length}`);
  }
  const view = new DataView(cosignature.buffer, cosignature.byteOffset, COSIGNATURE_TIME_SIZE);
  const time = view.getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw malformed(`time: expected at most ${Number.MAX_SAFE_INTEGER} seconds, got ${time}`);
  }
  return { time: Number(time), signature: cosignature.subarray(COSIGNATURE_TIME_SIZE) };
}

function opaque(field: string, text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length < 1 || bytes.length > 255) {
    throw malformed(`${field}: expected 1 to 255 bytes, got ${bytes.length}`);
  }
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function uint64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw malformed(`expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${value}`);
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function checkTime(time: number): void {
  if (!Number.isSafeInteger(time) || time < 0) {
    throw malformed(`time: expected whole seconds since 1970, got ${time}`);
  }
}

function malformed(what: string): TlogError {
  return new TlogError('cosignature_malformed', `cosignature: ${what}`);
}
