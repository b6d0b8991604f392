/**
 * Records on their way into the log, in the form they will have on disk. One batch is a few buffers, whatever the number
 * of its records: thousands of small objects that live until the next sync would keep the garbage collector busy.
 */
import { HASH_SIZE, leafHash } from '@countersign/tlog';
import type { CompleteDraft, SealedRecord } from '@countersign/records';
import { contentSize, entrySize, writeContent, writeEntry } from './stored.ts';

/** Consecutive records of one producer that have no place in the log yet. */
export interface EncodedBatch {
  readonly producer: string;
  readonly firstSeq: number;
  readonly count: number;
  /** Bytes for the entries file, and for the contents file. */
  readonly entries: Uint8Array;
  readonly contents: Uint8Array;
  /** Of each record: 32 bytes of leaf hash, its size in both files. */
  readonly leaves: Uint8Array;
  readonly entrySizes: Uint32Array;
  readonly contentSizes: Uint32Array;
}

// Grow as needed, and are used between two awaits only.
let entriesScratch: Uint8Array = new Uint8Array(256 << 10);
let contentsScratch: Uint8Array = new Uint8Array(512 << 10);

/** Seals and encodes records. Throws what `seal` throws, and has done nothing then. */
export function encodeBatch(
  producer: string,
  drafts: readonly CompleteDraft[],
  seal: (draft: CompleteDraft) => SealedRecord,
): EncodedBatch {
  const count = drafts.length;
  const leaves = new Uint8Array(count * HASH_SIZE);
  const entrySizes = new Uint32Array(count);
  const contentSizes = new Uint32Array(count);
  let entryAt = 0;
  let contentAt = 0;
  for (let i = 0; i < count; i += 1) {
    const { envelopeBytes, salt, contentBytes } = seal(drafts[i] as CompleteDraft);
    entrySizes[i] = entrySize(envelopeBytes);
    contentSizes[i] = contentSize(contentBytes);
    entriesScratch = withRoom(entriesScratch, entryAt, entrySize(envelopeBytes));
    contentsScratch = withRoom(contentsScratch, contentAt, contentSize(contentBytes));
    entryAt = writeEntry(entriesScratch, entryAt, envelopeBytes);
    contentAt = writeContent(contentsScratch, contentAt, salt, contentBytes);
    leaves.set(leafHash(envelopeBytes), i * HASH_SIZE);
  }
  return {
    producer,
    firstSeq: drafts[0]?.seq ?? 0,
    count,
    entries: entriesScratch.slice(0, entryAt),
    contents: contentsScratch.slice(0, contentAt),
    leaves,
    entrySizes,
    contentSizes,
  };
}

/** Returns as many records from the front as there is room for, and the rest. */
export function splitBatches(
  batches: readonly EncodedBatch[],
  room: number,
): { readonly part: readonly EncodedBatch[]; readonly rest: readonly EncodedBatch[] } {
  let left = room;
  for (const [i, batch] of batches.entries()) {
    if (batch.count > left) {
      const part = batches.slice(0, i);
      if (left > 0) part.push(sliceBatch(batch, 0, left));
      return { part, rest: [sliceBatch(batch, left, batch.count), ...batches.slice(i + 1)] };
    }
    left -= batch.count;
  }
  return { part: batches, rest: [] };
}

/** Joins bytes of several batches for one write. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}

function sliceBatch(batch: EncodedBatch, from: number, to: number): EncodedBatch {
  const entrySizes = batch.entrySizes.subarray(from, to);
  const contentSizes = batch.contentSizes.subarray(from, to);
  const entriesFrom = sum(batch.entrySizes.subarray(0, from));
  const contentsFrom = sum(batch.contentSizes.subarray(0, from));
  return {
    producer: batch.producer,
    firstSeq: batch.firstSeq + from,
    count: to - from,
    entries: batch.entries.subarray(entriesFrom, entriesFrom + sum(entrySizes)),
    contents: batch.contents.subarray(contentsFrom, contentsFrom + sum(contentSizes)),
    leaves: batch.leaves.subarray(from * HASH_SIZE, to * HASH_SIZE),
    entrySizes,
    contentSizes,
  };
}

function sum(values: Uint32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function withRoom(buffer: Uint8Array, used: number, more: number): Uint8Array {
  if (used + more <= buffer.length) return buffer;
  const larger = new Uint8Array(Math.max(buffer.length * 2, used + more));
  larger.set(buffer.subarray(0, used));
  return larger;
}
