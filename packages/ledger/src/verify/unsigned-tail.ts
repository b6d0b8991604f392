/**
 * What a writer leaves that is killed between two checkpoints: whole records behind the newest one, contents whose
 * entries were not written yet, and what was derived of them. Opening the log signs the records and clears the rest.
 */
import { join } from 'node:path';
import {
  leafHash,
  openCheckpoint,
  tileRoot,
  type Hash,
  type NoteVerifier,
} from '@countersign/tlog';
import { MAX_CONTENT_BYTES, parseContent } from '@countersign/records';
import { CONTENT_HEADER, logPaths, type Layout, type LogPaths } from '../layout.ts';
import { OFFSET_SIZE, SEGMENT_START, writeOffset, type RecordEnd } from '../offsets.ts';
import { parseSnapshot } from '../producers.ts';
import { readEnvelope, readRaw, readUint32, saltedDigest } from '../stored.ts';
import { hashesAtLevel, tileLevels } from '../tiles.ts';
import { compareItems, withFiles, type CheckedFile } from './files.ts';
import type { Extent } from './leftovers.ts';

/** What signed notes are bounded by. */
const MAX_NOTE_BYTES = 1 << 20;
/** Far more than the producers of any log need. */
const MAX_SNAPSHOT_BYTES = 256 << 20;

export interface UnsignedTail {
  readonly records: number;
  /** How far the log reaches with it. */
  readonly extent: Extent;
}

/**
 * Reads what lies behind the signed records. Null when there is nothing, or something that no killed writer leaves:
 * every byte must belong to a whole record, to a whole content, or follow from them.
 */
export function readUnsignedTail(dir: string, layout: Layout, extent: Extent): UnsignedTail | null {
  const paths = logPaths(dir);
  const { segmentRecords } = layout;
  const leaves: Hash[] = [];
  let { segment, end } = extent;
  for (; end !== null; segment += 1) {
    const place = (extent.size + leaves.length) % segmentRecords;
    const part = readSegmentTail(paths, segment, end, segmentRecords - place);
    leaves.push(...part.leaves);
    if (!offsetsFollow(paths, segment, place, part.ends)) return null;
    end = part.end;
    if (place + part.leaves.length < segmentRecords) break;
    if (!isSnapshot(paths.producers(segment)) || !part.isClear) return null;
    end = SEGMENT_START;
  }
  if (end === null || (segment === extent.segment && end === extent.end)) return null;
  if (!tilesFollow(paths, extent.size, leaves)) return null;
  const size = extent.size + leaves.length;
  return { records: leaves.length, extent: { size, segment, end } };
}

/** Whether `checkpoint.next` is empty or signs no more than is there: left by a writer killed while it published. */
export function isUnpublishedCheckpoint(
  dir: string,
  origin: string,
  verifiers: readonly NoteVerifier[],
  size: number,
): boolean {
  // Whatever stands there may be no file, or a huge one.
  const note = withFiles([join(dir, 'checkpoint.next')], ([opened]) => {
    const file = opened as CheckedFile;
    return file.exists && file.size <= MAX_NOTE_BYTES ? file.read(0, file.size) : null;
  });
  if (note === null) return false;
  if (note.length === 0) return true;
  try {
    return openCheckpoint(note, origin, verifiers).size <= size;
  } catch {
    return false;
  }
}

interface SegmentTail {
  readonly leaves: readonly Hash[];
  /** Where each record ends. */
  readonly ends: readonly RecordEnd[];
  /** Where the last thing ends; the start, the same object, when there is nothing. */
  readonly end: RecordEnd;
  /** Whether there are only zeros behind it. */
  readonly isClear: boolean;
}

function readSegmentTail(
  paths: LogPaths,
  segment: number,
  start: RecordEnd,
  room: number,
): SegmentTail {
  return withFiles([paths.entries(segment), paths.contents(segment)], (files) => {
    const [entries, contents] = files as [CheckedFile, CheckedFile];
    const [entryWindow, contentWindow] = [entries.window(), contents.window()];
    const leaves: Hash[] = [];
    const ends: RecordEnd[] = [];
    let end = start;
    while (leaves.length < room) {
      const record = readRaw(entryWindow, contentWindow, end.entry, end.content);
      if ('stop' in record || !isWhole(record.envelope, record.salted)) break;
      leaves.push(leafHash(record.envelope));
      end = { entry: record.entryEnd, content: record.contentEnd };
      ends.push(end);
    }
    // Contents are written first, so there may be some without an entry.
    for (let extra = leaves.length; extra < room; extra += 1) {
      const head = contentWindow.view(end.content, 4);
      const length = head.length < 4 ? 0 : readUint32(head, 0);
      if (length === 0 || length > MAX_CONTENT_BYTES) break;
      const salted = contentWindow.view(end.content + 4, CONTENT_HEADER - 4 + length);
      if (salted.length < CONTENT_HEADER - 4 + length || !isContent(salted.subarray(16))) break;
      end = { entry: end.entry, content: end.content + CONTENT_HEADER + length };
    }
    const isClear =
      entries.firstNonZero(end.entry) === null && contents.firstNonZero(end.content) === null;
    return { leaves, ends, end, isClear };
  });
}

/** Whether a producers' snapshot is whole, or was not written so far. */
export function isSnapshot(path: string): boolean {
  const bytes = withFiles([path], ([file]) =>
    (file as CheckedFile).read(0, Math.min((file as CheckedFile).size, MAX_SNAPSHOT_BYTES)),
  );
  if (bytes.length === 0) return true;
  try {
    parseSnapshot(bytes, path);
    return true;
  } catch {
    return false;
  }
}

function isWhole(envelope: Uint8Array, salted: Uint8Array): boolean {
  try {
    return readEnvelope(envelope).digest === saltedDigest(salted);
  } catch {
    return false;
  }
}

function isContent(bytes: Uint8Array): boolean {
  try {
    parseContent(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether the hashes behind those of the signed tree are a beginning of what the leaves add. */
function tilesFollow(paths: LogPaths, size: number, leaves: readonly Hash[]): boolean {
  const reach = size + leaves.length;
  for (let level = 0; level < tileLevels(reach); level += 1) {
    const first = hashesAtLevel(size, level);
    const added: Hash[] = [];
    for (let i = first; i < hashesAtLevel(reach, level); i += 1) {
      const hash = level === 0 ? leaves[i - first] : rootOfTile(paths, level - 1, i);
      if (hash === undefined || hash === null) break; // the level below was not written so far
      added.push(hash);
    }
    if (!isBeginning(paths.tiles(level), first * 32, Buffer.concat(added), 32)) return false;
  }
  return true;
}

/** The root of a full tile; null when the file has less. */
function rootOfTile(paths: LogPaths, level: number, index: number): Hash | null {
  const tile = withFiles([paths.tiles(level)], ([file]) =>
    (file as CheckedFile).read(index * 256 * 32, 256 * 32),
  );
  return tile.length === 256 * 32 ? tileRoot(tile) : null;
}

function offsetsFollow(
  paths: LogPaths,
  segment: number,
  place: number,
  ends: readonly RecordEnd[],
): boolean {
  const derived = new Uint8Array(ends.length * OFFSET_SIZE);
  for (const [i, end] of ends.entries()) writeOffset(derived, i * OFFSET_SIZE, end);
  return isBeginning(paths.offsets(segment), place * OFFSET_SIZE, derived, OFFSET_SIZE);
}

/** Whether what a file holds from `start` on is a beginning of `derived`, in whole items. */
function isBeginning(path: string, start: number, derived: Uint8Array, itemSize: number): boolean {
  return withFiles([path], ([file]) => {
    const written = (file as CheckedFile).size - start;
    if (written <= 0) return true;
    if (written > derived.length || written % itemSize !== 0) return false;
    const difference = compareItems(
      file as CheckedFile,
      start,
      derived.subarray(0, written),
      itemSize,
    );
    return difference.items.length === 0 && !difference.missing;
  });
}
