/**
 * Opening a log. What the checkpoint covers must be there, whole, with its root: otherwise the log refuses to
 * open, because signing anything else would fork it. What lies behind the checkpoint was being written when the
 * writer stopped: every record that is whole is kept, for it may have been acknowledged, and the rest is cleared.
 * A whole record that this log has not written, by the mark in its salt, is not signed: the log refuses to open.
 */
import {
  CompactRange,
  equalBytes,
  leafHash,
  openCheckpoint,
  rangeNodes,
  tileHashReader,
  toBase64,
  type Checkpoint,
  type NoteVerifier,
} from '@countersign/tlog';
import type { Envelope } from '@countersign/records';
import { Derived } from './derived.ts';
import { readFile, type Disk } from './disk.ts';
import { LedgerError, messageOf } from './errors.ts';
import type { Layout, LogPaths } from './layout.ts';
import type { MarkedSalts } from './marked-salts.ts';
import { OFFSET_SIZE, SEGMENT_START, type RecordEnd } from './offsets.ts';
import { parseSnapshot, Producers, type ProducerState } from './producers.ts';
import { openSegment, Segments } from './segments.ts';
import { readEnvelope, readRaw, saltedDigest, type NoRecord } from './stored.ts';
import { hashesAtLevel, readTile } from './tiles.ts';
import { firstNonZero, Window } from './window.ts';

/** What opening found and did. */
export interface RecoveryReport {
  /** Records the checkpoint covered. */
  readonly checkpointSize: number;
  /** Whole records behind the checkpoint: kept, and signed now. */
  readonly kept: number;
  /** What was cleared behind the last whole record: an append cut short, never acknowledged. */
  readonly cleared: readonly string[];
  /** Index from which derived files were derived anew. */
  readonly derivedFrom: number;
}

export interface Recovered {
  readonly derived: Derived;
  readonly segments: Segments;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly report: RecoveryReport;
}

export interface RecoveryOptions {
  readonly disk: Disk;
  readonly paths: LogPaths;
  readonly layout: Layout;
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
  readonly salts: MarkedSalts;
}

/** Brings the log into the state that a commit leaves. The caller holds the writer lock. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { disk, paths, layout } = options;
  const { checkpoint, note } = readCheckpoint(options);
  disk.unlink(paths.nextCheckpoint);
  for (const folder of [paths.tilesDir, paths.offsetsDir, paths.producersDir]) disk.mkdir(folder);

  // 1. The log must still be the one the checkpoint was signed over. Nothing is changed before that is known.
  const start = await findStart(options, checkpoint);
  // All segments before `start` are whole, and what was derived from them is durable.

  // 2. Derive anew from there on, by the same steps as a commit, and beyond the checkpoint as far as records go.
  const derived = new Derived({
    disk,
    paths,
    layout,
    tree: start.tree,
    producers: start.producers,
  });
  const stopped = deriveRecords(options, derived, checkpoint.size);
  derived.flush();
  derived.trim();
  // Tree, tiles, offsets and numbering now cover exactly the records that are kept.

  // 3. Clear what was cut short, so that a zero ends the records again.
  const number = Math.floor(derived.size / layout.segmentRecords);
  const cleared = clearBehind(options, number, derived.end, stopped);
  removeBeyond(options, number, derived.size % layout.segmentRecords > 0);

  // 4. The records behind the checkpoint are perhaps only in the page cache.
  for (let k = Math.floor(checkpoint.size / layout.segmentRecords); k <= number; k += 1) {
    await syncFile(disk, paths.entries(k));
    await syncFile(disk, paths.contents(k));
  }
  // Every record of the tree is durable: this is the commit point of a recovery.

  await derived.sealFull();
  const active = await openSegment(options, number, derived.end);
  const segments = new Segments({ disk, paths, layout }, active);
  const report: RecoveryReport = {
    checkpointSize: checkpoint.size,
    kept: derived.size - checkpoint.size,
    cleared,
    derivedFrom: start.index,
  };
  return { derived, segments, checkpoint, note, report };
  // 5. The caller moves the head to the tree's size, as a commit does, and publishes.
}

function readCheckpoint({ disk, paths, origin, verifiers }: RecoveryOptions): {
  checkpoint: Checkpoint;
  note: string;
} {
  if (!disk.exists(paths.checkpoint)) {
    throw new LedgerError('log_missing', `there is no log in ${paths.dir}: it has no checkpoint`, {
      file: paths.checkpoint,
    });
  }
  try {
    const note = Buffer.from(readFile(disk, paths.checkpoint, MAX_NOTE_BYTES)).toString('utf8');
    return { checkpoint: openCheckpoint(note, origin, verifiers), note };
  } catch (cause) {
    throw new LedgerError('checkpoint_invalid', `${paths.checkpoint}: ${messageOf(cause)}`, {
      cause,
      file: paths.checkpoint,
    });
  }
}

/** More than all the signatures a checkpoint can have. */
const MAX_NOTE_BYTES = 1 << 20;
/** No writer prepares more behind the last record; a file that claims to have it is cut, not read. */
const MAX_AHEAD = 256 << 20;

interface Start {
  /** First record of a segment. */
  readonly index: number;
  readonly tree: CompactRange;
  readonly producers: Producers;
}

/**
 * Returns the latest segment's start from which the tree, recomputed from entries, has the checkpoint's root.
 * What was derived from the segments before it can be trusted then, and needn't be read.
 * Throws LedgerError `log_truncated` or `log_tampered`.
 */
async function findStart(options: RecoveryOptions, checkpoint: Checkpoint): Promise<Start> {
  const { layout } = options;
  const sealed = sealedSegments(options, Math.floor(checkpoint.size / layout.segmentRecords));
  const index = sealed * layout.segmentRecords;
  const tree = await treeFromTiles(options, index);
  let difference = tree === null ? 'no tiles' : checkRoot(options, tree.clone(), checkpoint);
  if (tree !== null && difference === null) {
    return { index, tree, producers: producersAfter(options, sealed) };
  }
  // Tiles are derived. Perhaps it is they that are wrong: believe nothing but entries.
  if (tree === null || index > 0) difference = checkRoot(options, new CompactRange(), checkpoint);
  if (difference !== null)
    throw new LedgerError('log_tampered', difference, { file: options.paths.entriesDir });
  return { index: 0, tree: new CompactRange(), producers: producersAfter(options, 0) };
}

/** Number of segments from the first on whose derived files are complete, `full` at most. */
function sealedSegments({ disk, paths, layout }: RecoveryOptions, full: number): number {
  const length = (path: string) => {
    if (!disk.exists(path)) return -1;
    const fd = disk.open(path);
    try {
      return disk.size(fd);
    } finally {
      disk.close(fd);
    }
  };
  const complete = (segment: number) =>
    disk.exists(paths.producers(segment)) &&
    length(paths.offsets(segment)) === layout.segmentRecords * OFFSET_SIZE;
  let sealed = 0;
  while (sealed < full && complete(sealed)) sealed += 1;
  while (sealed > 0) {
    try {
      parseSnapshot(readFile(disk, paths.producers(sealed - 1)), paths.producers(sealed - 1));
      break;
    } catch {
      sealed -= 1; // derived anew
    }
  }
  const size = sealed * layout.segmentRecords;
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    if (length(paths.tiles(level)) < hashesAtLevel(size, level) * 32) return 0;
  }
  return sealed;
}

async function treeFromTiles(
  { disk, paths }: RecoveryOptions,
  size: number,
): Promise<CompactRange | null> {
  const read = (path: string, position: number, length: number) => {
    const fd = disk.open(path);
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, disk.read(fd, bytes, position));
    } finally {
      disk.close(fd);
    }
  };
  try {
    const reader = tileHashReader(size, async (tile) => readTile(read, paths, tile));
    return new CompactRange(size, await reader.readHashes(rangeNodes(size)));
  } catch {
    return null; // derived anew
  }
}

/**
 * Grows `tree` from entries to the checkpoint's size. Returns what is different when the root is.
 * Throws LedgerError `log_truncated` when there are fewer records.
 */
function checkRoot(
  options: RecoveryOptions,
  tree: CompactRange,
  checkpoint: Checkpoint,
): string | null {
  const stopped = eachRecord(options, tree.size, (record) => {
    if (tree.size === checkpoint.size) return false;
    tree.append(leafHash(record.envelope));
    return true;
  });
  if (tree.size < checkpoint.size) {
    const { file, offset, message } = stopped;
    throw new LedgerError(
      'log_truncated',
      `the checkpoint covers ${checkpoint.size} records, but only ${tree.size} are there: ${message} at byte ${offset} of ${file}`,
      { expected: checkpoint.size, got: tree.size, file, offset, index: tree.size },
    );
  }
  const root = tree.root();
  if (equalBytes(root, checkpoint.root)) return null;
  return (
    `the root of the first ${checkpoint.size} entries is ${toBase64(root)}, ` +
    `but the checkpoint signs ${toBase64(checkpoint.root)}: entries were changed`
  );
}

function producersAfter({ disk, paths, layout }: RecoveryOptions, sealed: number): Producers {
  const load = (segment: number) =>
    parseSnapshot(readFile(disk, paths.producers(segment)), paths.producers(segment));
  const states: Map<string, ProducerState> = sealed === 0 ? new Map() : load(sealed - 1).states;
  return new Producers(layout.segmentRecords, states, load);
}

/** Adds every record from `derived.size` on that is part of the log. Returns where and why that ended. */
function deriveRecords(
  options: RecoveryOptions,
  derived: Derived,
  checkpointSize: number,
): Stopped {
  let refused: string | null = null;
  const stopped = eachRecord(options, derived.size, (record) => {
    const committed = derived.size < checkpointSize;
    const envelope = tryReadEnvelope(record.envelope);
    const next = envelope === null ? 0 : derived.producers.next(envelope.producer);
    // What the checkpoint covers is part of the log whatever it says; what lies behind it must prove itself.
    refused = whyNotPart(envelope, next, committed ? null : record.salted);
    if (envelope === null || refused !== null) {
      if (!committed) return false;
      throw new LedgerError('log_tampered', `record ${derived.size} is signed, but ${refused}`, {
        index: derived.size,
      });
    }
    const { salted } = record;
    if (
      !committed &&
      !options.salts.isOurs(salted.subarray(0, 16), envelope, salted.subarray(16))
    ) {
      throw new LedgerError(
        'log_tampered',
        `record ${derived.size} is whole and no checkpoint covers it, but the mark in its salt is not by this ` +
          "log's key: somebody else has written it, or it is from before the key was changed",
        { index: derived.size },
      );
    }
    derived.add({
      leaf: leafHash(record.envelope),
      producer: envelope.producer,
      seq: envelope.seq,
      entrySize: 2 + record.envelope.length,
      contentSize: 4 + record.salted.length,
    });
    return true;
  });
  return refused === null ? stopped : { ...stopped, message: refused };
}

function whyNotPart(
  envelope: Envelope | null,
  next: number,
  salted: Uint8Array | null,
): string | null {
  if (envelope === null) return 'its envelope is malformed';
  if (envelope.seq !== next) {
    return `producer "${envelope.producer}": expected number ${next}, got ${envelope.seq}`;
  }
  if (salted !== null && saltedDigest(salted) !== envelope.digest)
    return 'its content has another digest';
  return null;
}

function tryReadEnvelope(bytes: Uint8Array): Envelope | null {
  try {
    return readEnvelope(bytes);
  } catch {
    return null;
  }
}

interface Stopped {
  readonly stop: NoRecord['stop'] | 'visitor' | 'no file';
  readonly file: string;
  readonly offset: number;
  readonly message: string;
}

/**
 * Visits whole records from the start of a segment on, across segments, until the visitor returns false or there
 * is no record. Returns where that was.
 */
function eachRecord(
  { disk, paths, layout }: RecoveryOptions,
  from: number,
  visit: (record: { readonly envelope: Uint8Array; readonly salted: Uint8Array }) => boolean,
): Stopped {
  for (let segment = from / layout.segmentRecords; ; segment += 1) {
    const files: number[] = [];
    try {
      for (const path of [paths.entries(segment), paths.contents(segment)]) {
        if (!disk.exists(path)) {
          return { stop: 'no file', file: path, offset: 0, message: 'the file is missing' };
        }
        files.push(disk.open(path));
      }
      const entries = new Window(disk, files[0] as number);
      const contents = new Window(disk, files[1] as number);
      let end: RecordEnd = SEGMENT_START;
      for (let count = 0; count < layout.segmentRecords; count += 1) {
        const record = readRaw(entries, contents, end.entry, end.content);
        if ('stop' in record) {
          const file = record.file === 'entries' ? paths.entries(segment) : paths.contents(segment);
          return { ...record, file };
        }
        if (!visit(record)) {
          const file = paths.entries(segment);
          return { stop: 'visitor', file, offset: end.entry, message: 'the record is not whole' };
        }
        end = { entry: record.entryEnd, content: record.contentEnd };
      }
    } finally {
      for (const fd of files) disk.close(fd);
    }
  }
}

/** Zeroes both files of a segment behind the last record. Returns what was cleared, in words. */
function clearBehind(
  { disk, paths }: RecoveryOptions,
  number: number,
  end: RecordEnd,
  stopped: Stopped,
): string[] {
  const cleared: string[] = [];
  const files: [string, number][] = [
    [paths.entries(number), end.entry],
    [paths.contents(number), end.content],
  ];
  for (const [path, from] of files) {
    if (!disk.exists(path)) continue;
    const fd = disk.open(path);
    try {
      if (disk.size(fd) > from + MAX_AHEAD) disk.truncate(fd, from + MAX_AHEAD);
      const first = firstNonZero(disk, fd, from);
      if (first === null) continue;
      const size = disk.size(fd);
      const zeros = new Uint8Array(1 << 20);
      for (let at = from; at < size; at += zeros.length) {
        disk.write(fd, zeros.subarray(0, Math.min(zeros.length, size - at)), at);
      }
      cleared.push(`${path} from byte ${from}: ${stopped.message}`);
    } finally {
      disk.close(fd);
    }
  }
  return cleared;
}

/** Removes derived files of segments that have no records, and what was on its way to being one. */
function removeBeyond({ disk, paths }: RecoveryOptions, active: number, hasRecords: boolean): void {
  for (const name of disk.list(paths.offsetsDir)) {
    const segment = Number(name);
    if (segment > active || (segment === active && !hasRecords))
      disk.unlink(paths.offsets(segment));
  }
  for (const name of disk.list(paths.producersDir)) {
    const segment = Number(name.replace(/\.next$/, ''));
    if (segment >= active) disk.unlink(paths.producers(segment));
    if (name.endsWith('.next')) disk.unlink(`${paths.producers(segment)}.next`);
  }
  // The next segment's files may be there already, prepared and empty.
  for (const path of [paths.entries(active + 1), paths.contents(active + 1)]) {
    if (!disk.exists(path)) continue;
    const fd = disk.open(path);
    if (disk.size(fd) > MAX_AHEAD) disk.truncate(fd, MAX_AHEAD);
    const offset = firstNonZero(disk, fd, 0);
    disk.close(fd);
    if (offset === null) continue;
    throw new LedgerError(
      'log_tampered',
      `${path} has data, but the segment before it is not full`,
      {
        file: path,
        offset,
      },
    );
  }
}

async function syncFile(disk: Disk, path: string): Promise<void> {
  if (!disk.exists(path)) return;
  const fd = disk.open(path);
  try {
    await disk.datasync(fd);
  } finally {
    disk.close(fd);
  }
}
