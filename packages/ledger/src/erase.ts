/**
 * Erasing a content: salt and content are overwritten with zeros where they lie. What is hashed into the tree, the
 * envelope, stays as it is, so that every proof stays valid; without the salt its digest tells nothing any more.
 *
 * The order is what makes it safe to be killed at any time:
 *
 *   1. the AUDIT_DATA_ERASED record that names the content is durable;
 *   2. a checkpoint over both is durable: a content behind the checkpoint must have its digest, or opening the log
 *      would clear it, and everything after it, as an append cut short;
 *   3. zeros, synced.
 *
 * So there may be a record without an erasure, which whoever wrote the record finishes by asking again, and never an
 * erasure without its record. Nothing is remembered between two calls: each writes all the zeros again.
 */
import { parseContent, type Envelope } from '@countersign/records';
import type { Disk } from './disk.ts';
import { LedgerError, messageOf } from './errors.ts';
import { CONTENT_HEADER, type Layout, type LogPaths } from './layout.ts';
import { OFFSET_SIZE, readOffset, SEGMENT_START } from './offsets.ts';
import type { StoredRecord } from './reader.ts';
import { readEnvelope, readUint32, saltedDigest } from './stored.ts';

/** The product's own producer: only its records say what is erased. */
export const OWN_PRODUCER = 'countersign';
/** The event of such a record; its attribute `Index` names the record whose content is erased. */
export const ERASED_EVENT = 'AUDIT_DATA_ERASED';

/** Where a record lies. */
export interface Place {
  readonly envelope: Envelope;
  readonly path: string;
  /** Offset of the salt. */
  readonly from: number;
  /** Bytes of salt and content. */
  readonly length: number;
}

/**
 * Why the content of such a record is never erased, or null: what the log says of itself is needed to verify it, and
 * a record kept for longer has no known end of retention here.
 */
export function whyKept({
  event,
  retention,
}: Pick<Envelope, 'event' | 'retention'>): string | null {
  if (event === ERASED_EVENT || event.startsWith('AUDIT_LOG_')) {
    return `${event} is a record of the log about itself`;
  }
  if (retention === 'extended') return 'its retention is extended, and no end of it is known';
  return null;
}

/** The record that an AUDIT_DATA_ERASED record says is erased; null for any other record. */
export function erasedIndex(
  { producer, event, outcome }: Pick<Envelope, 'producer' | 'event' | 'outcome'>,
  contentBytes: Uint8Array | null,
): number | null {
  if (producer !== OWN_PRODUCER || event !== ERASED_EVENT || outcome !== 'Success') return null;
  if (contentBytes === null) return null;
  const named = parseContent(contentBytes).attributes?.find(([name]) => name === 'Index')?.[1];
  return named !== undefined && /^(0|[1-9][0-9]{0,14})$/.test(named ?? '') ? Number(named) : null;
}

/** Throws LedgerError `erasure_unfounded` unless `record` says that the content of record `index` is erased. */
export function checkFounded(index: number, record: StoredRecord): void {
  const { envelope, contentBytes } = record;
  if (record.index > index && erasedIndex(envelope, contentBytes) === index) return;
  throw new LedgerError(
    'erasure_unfounded',
    `record ${record.index}: expected a later record ${ERASED_EVENT} of ${OWN_PRODUCER} that names record ${index}, ` +
      `got ${envelope.event} of ${envelope.producer}`,
    { index: record.index },
  );
}

/**
 * Finds where the content of a record lies, and makes sure that it is there: offsets are derived, and a wrong one
 * must not become a hole in another record. Throws LedgerError `record_corrupt`: a content that was changed is
 * evidence, not something to be erased.
 */
export function findContent(disk: Disk, paths: LogPaths, layout: Layout, index: number): Place {
  const segment = Math.floor(index / layout.segmentRecords);
  const position = index % layout.segmentRecords;
  const path = paths.contents(segment);
  const corrupt = (what: string, cause?: unknown) =>
    new LedgerError('record_corrupt', `record ${index}: ${what}`, { index, file: path, cause });
  const first = Math.max(0, position - 1);
  const count = position - first + 1;
  const ends = readPart(disk, paths.offsets(segment), first * OFFSET_SIZE, count * OFFSET_SIZE);
  if (ends.length < count * OFFSET_SIZE) throw corrupt('its place is not known');
  const start = position === 0 ? SEGMENT_START : readOffset(ends, 0);
  const end = readOffset(ends, (count - 1) * OFFSET_SIZE);

  let envelope: Envelope;
  try {
    const entry = readPart(disk, paths.entries(segment), start.entry, end.entry - start.entry);
    envelope = readEnvelope(entry.subarray(2));
  } catch (cause) {
    throw corrupt(`its envelope can't be read: ${messageOf(cause)}`, cause);
  }
  const length = end.content - start.content - 4;
  const bytes = readPart(disk, path, start.content, 4 + length);
  if (bytes.length < 4 + length || readUint32(bytes, 0) !== length - CONTENT_HEADER + 4) {
    throw corrupt(`expected a content of ${length - CONTENT_HEADER + 4} bytes at ${start.content}`);
  }
  const salted = bytes.subarray(4);
  const place = { envelope, path, from: start.content + 4, length };
  if (saltedDigest(salted) === envelope.digest) return place;
  // Zeros are of an erasure cut short, for JSON has none; where it lies, the records before it say.
  const begun = salted.subarray(16).includes(0) || salted.subarray(0, 16).every((b) => b === 0);
  if (begun && walkTo(disk, path, position) === start.content) return place;
  throw corrupt(`its content does not have the digest ${envelope.digest} its envelope names`);
}

/** Overwrites salt and content with zeros. When it resolves, they survive anything the disk survives. */
export async function writeZeros(disk: Disk, { path, from, length }: Place): Promise<void> {
  const fd = disk.open(path);
  try {
    disk.write(fd, new Uint8Array(length), from);
    await disk.datasync(fd);
  } finally {
    disk.close(fd);
  }
}

/** Where the content of the record at a position of a segment starts, by the lengths of those before it. */
function walkTo(disk: Disk, path: string, position: number): number {
  const fd = disk.open(path);
  try {
    const head = new Uint8Array(4);
    let at = 0;
    for (let i = 0; i < position; i += 1) {
      if (disk.read(fd, head, at) < 4) return -1;
      at += CONTENT_HEADER + readUint32(head, 0);
    }
    return at;
  } finally {
    disk.close(fd);
  }
}

function readPart(disk: Disk, path: string, position: number, length: number): Uint8Array {
  // More than any record has: the offsets are wrong.
  if (!(length > 0 && length <= 2 << 20) || !disk.exists(path)) return new Uint8Array(0);
  const fd = disk.open(path);
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, disk.read(fd, bytes, position));
  } finally {
    disk.close(fd);
  }
}
