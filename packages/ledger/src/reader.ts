/**
 * Reads a log without a lock, beside its writer, from any number of processes. A reader sees what the published
 * checkpoint covers: that is durable and never changes again, but for contents being erased.
 */
import { readFile } from 'node:fs/promises';
import type { Envelope } from '@countersign/records';
import {
  checkInclusion,
  leafHash,
  parseCheckpoint,
  parseNote,
  proveInclusion,
  tileHashReader,
  TlogError,
  type Checkpoint,
  type HashReader,
  type Tile,
  type TlogProof,
} from '@countersign/tlog';
import { LedgerError, messageOf } from './errors.ts';
import { FileCache } from './file-cache.ts';
import {
  checkLayout,
  CONTENT_HEADER,
  LAYOUT,
  logPaths,
  type Layout,
  type LogPaths,
} from './layout.ts';
import { OFFSET_SIZE, readOffset, SEGMENT_START, type RecordEnd } from './offsets.ts';
import { isErased, readEnvelope, readUint32, saltedDigest } from './stored.ts';
import { readTile } from './tiles.ts';

/** A record as it is stored. */
export interface StoredRecord {
  /** Position in the log, from 0. */
  readonly index: number;
  readonly envelope: Envelope;
  /** The leaf: exactly these bytes are hashed. */
  readonly envelopeBytes: Uint8Array;
  readonly salt: Uint8Array;
  /** Null when the content was erased. */
  readonly contentBytes: Uint8Array | null;
}

/** A record as it is spelled: framed as it should be, but not parsed and not compared with its digest. */
export interface SpelledRecord {
  readonly index: number;
  readonly envelope: string;
  /** Null when the content was erased. */
  readonly content: string | null;
}

export interface LogReader {
  /** Number of records the newest checkpoint covers. */
  size(): Promise<number>;
  /** The newest checkpoint: a signed note. */
  checkpoint(): Promise<string>;
  /** Throws LedgerError `record_missing`; `record_corrupt` when its content is not the one its envelope names. */
  read(index: number): Promise<StoredRecord>;
  /** Reads records `from` (inclusive) to `to` (exclusive) in batches of moderate size. */
  readRange(from: number, to: number): AsyncIterable<StoredRecord[]>;
  /** The hashes of a tile of the newest checkpoint's tree. Throws LedgerError `tile_missing`. */
  tile(tile: Tile): Promise<Uint8Array>;
  /** Entries `256 * index` and following, `width` of them, as tlog-tiles bundles them. */
  entryBundle(index: number, width: number): Promise<Uint8Array>;
  /** Hashes of the tree of the first `size` records. */
  hashes(size: number): HashReader;
  /** Proves that a record is in the log, to the newest checkpoint or the given one. */
  prove(index: number, checkpoint?: string): Promise<TlogProof>;
  close(): void;
}

/** For views that are made from the log as it is: whether it is intact, `verifyLog` says. */
export interface SpellingReader extends LogReader {
  /** As `readRange`. */
  spellRange(from: number, to: number): AsyncIterable<SpelledRecord[]>;
}

/** Where a reader learns how far it may look: the checkpoint file, or the writer in the same process. */
export interface HeadSource {
  size(): Promise<number>;
  checkpoint(): Promise<string>;
}

export interface LogReaderOptions {
  /** The log's folder, `data/log`. */
  readonly dir: string;
  /** For tests. */
  readonly layout?: Layout;
}

/** Records read at once by `readRange`: enough to make reading cheap, little enough to keep memory flat. */
const RANGE_RECORDS = 1024;
const RANGE_BYTES = 8 << 20;

/** Opens a log for reading. Throws LedgerError `log_missing`. */
export async function openLogReader({
  dir,
  layout = LAYOUT,
}: LogReaderOptions): Promise<LogReader> {
  const paths = logPaths(dir);
  const head = checkpointFile(paths);
  await head.checkpoint();
  return createReader({ paths, layout: checkLayout(layout), head });
}

function checkpointFile(paths: LogPaths): HeadSource {
  const checkpoint = async () => {
    try {
      return await readFile(paths.checkpoint, 'utf8');
    } catch (cause) {
      throw new LedgerError('log_missing', `there is no log in ${paths.dir}: ${messageOf(cause)}`, {
        cause,
        file: paths.checkpoint,
      });
    }
  };
  return { checkpoint, size: async () => checkpointOf(await checkpoint()).size };
}

/** Reads a checkpoint without checking its signature: a reader trusts the folder it reads from. */
export function checkpointOf(note: string): Checkpoint {
  return parseCheckpoint(parseNote(note).text);
}

/** Makes a reader that looks as far as `head` says. */
export function createReader({
  paths,
  layout,
  head,
}: {
  readonly paths: LogPaths;
  readonly layout: Layout;
  readonly head: HeadSource;
}): SpellingReader {
  const files = new FileCache();
  const read = files.read.bind(files);
  const { segmentRecords } = layout;

  /** Where records `from` to `to` of one segment end, with the end of the one before them first. */
  function ends(segment: number, from: number, to: number): RecordEnd[] {
    const path = paths.offsets(segment);
    const first = Math.max(0, from - 1);
    const bytes = read(path, first * OFFSET_SIZE, (to - first) * OFFSET_SIZE);
    if (bytes.length < (to - first) * OFFSET_SIZE) {
      const index = segment * segmentRecords + first + Math.floor(bytes.length / OFFSET_SIZE);
      throw new LedgerError('derived_corrupt', `${path} does not say where record ${index} is`, {
        file: path,
        index,
      });
    }
    const list = from === 0 ? [SEGMENT_START] : [];
    for (let at = 0; at < bytes.length; at += OFFSET_SIZE) list.push(readOffset(bytes, at));
    return list;
  }

  /** Reads records of one segment, `from` and `to` counted within it. */
  function readSegment<T>(segment: number, from: number, to: number, make: Make<T>): T[] {
    const list = ends(segment, from, to);
    const records: T[] = [];
    for (let i = 0; i < to - from;) {
      // As many as fit into the budget, one at least.
      const start = list[i] as RecordEnd;
      let j = i + 1;
      while (j < to - from && (list[j + 1] as RecordEnd).content - start.content <= RANGE_BYTES)
        j += 1;
      const end = list[j] as RecordEnd;
      const index = segment * segmentRecords + from + i;
      const entriesLength = checkLength(end.entry - start.entry, index, paths.offsets(segment));
      const contentsLength = checkLength(
        end.content - start.content,
        index,
        paths.offsets(segment),
      );
      const entries = read(paths.entries(segment), start.entry, entriesLength);
      const contents = read(paths.contents(segment), start.content, contentsLength);
      checkWhole(entries, entriesLength, paths.entries(segment), start.entry, index);
      checkWhole(contents, contentsLength, paths.contents(segment), start.content, index);
      for (; i < j; i += 1) {
        const a = list[i] as RecordEnd;
        const b = list[i + 1] as RecordEnd;
        const entry = entries.subarray(a.entry - start.entry, b.entry - start.entry);
        const content = contents.subarray(a.content - start.content, b.content - start.content);
        records.push(make(segment * segmentRecords + from + i, entry, content));
      }
    }
    return records;
  }

  async function* readRange<T>(from: number, to: number, make: Make<T>): AsyncGenerator<T[]> {
    if (from === to) return;
    await checkIndex(to - 1);
    if (!Number.isSafeInteger(from) || from < 0 || from > to) {
      throw new RangeError(`from: expected an integer from 0 to ${to}, got ${from}`);
    }
    for (let at = from; at < to;) {
      const segment = Math.floor(at / segmentRecords);
      const start = at % segmentRecords;
      const count = Math.min(RANGE_RECORDS, to - at, segmentRecords - start);
      yield readSegment(segment, start, start + count, make);
      at += count;
    }
  }

  async function checkIndex(index: number): Promise<void> {
    const size = await head.size();
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new LedgerError(
        'record_missing',
        `record: expected an index less than the log's size ${size}, got ${index}`,
        { index },
      );
    }
  }

  async function checkTileWidth(what: string, last: number, complete: number): Promise<void> {
    if (last <= complete) return;
    throw new LedgerError(
      'tile_missing',
      `${what}: the tree has ${complete} at that level, not ${last}`,
    );
  }

  async function tile(wanted: Tile): Promise<Uint8Array> {
    const complete = Math.floor((await head.size()) / 256 ** wanted.level);
    await checkTileWidth(`tile ${wanted.index}`, wanted.index * 256 + wanted.width, complete);
    return readTile(read, paths, wanted);
  }

  function hashes(size: number): HashReader {
    return tileHashReader(size, async (wanted) => readTile(read, paths, wanted));
  }

  return {
    size: () => head.size(),
    checkpoint: () => head.checkpoint(),
    async read(index) {
      await checkIndex(index);
      const position = index % segmentRecords;
      const segment = Math.floor(index / segmentRecords);
      const [record] = readSegment(segment, position, position + 1, storedRecord);
      return record as StoredRecord;
    },
    readRange: (from, to) => readRange(from, to, storedRecord),
    spellRange: (from, to) => readRange(from, to, spelledRecord),
    tile,
    async entryBundle(index, width) {
      if (!Number.isSafeInteger(index) || index < 0 || !(width >= 1 && width <= 256)) {
        throw new RangeError(
          `entry bundle: expected an index and a width from 1 to 256, got ${index} and ${width}`,
        );
      }
      await checkTileWidth(`entry bundle ${index}`, index * 256 + width, await head.size());
      const segment = Math.floor((index * 256) / segmentRecords);
      const from = (index * 256) % segmentRecords;
      const list = ends(segment, from, from + width);
      const start = list[0] as RecordEnd;
      const end = list[width] as RecordEnd;
      const length = checkLength(end.entry - start.entry, index * 256, paths.offsets(segment));
      return read(paths.entries(segment), start.entry, length);
    },
    hashes,
    async prove(index, checkpoint) {
      const note = checkpoint ?? (await head.checkpoint());
      const { size, root } = checkpointOf(note);
      if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
        throw new LedgerError(
          'record_missing',
          `record: expected an index less than the checkpoint's size ${size}, got ${index}`,
          { index },
        );
      }
      const position = index % segmentRecords;
      const segment = Math.floor(index / segmentRecords);
      const [start, end] = ends(segment, position, position + 1) as [RecordEnd, RecordEnd];
      const length = checkLength(end.entry - start.entry, index, paths.offsets(segment));
      const entry = read(paths.entries(segment), start.entry, length);
      try {
        const path = await proveInclusion(index, size, hashes(size));
        // A proof that does not hold is not handed out: a tile or the entry has been changed.
        checkInclusion(path, index, size, root, leafHash(entry.subarray(2)));
        return { index, hashes: path, checkpoint: note };
      } catch (cause) {
        if (!(cause instanceof TlogError)) throw cause;
        throw new LedgerError(
          'record_corrupt',
          `record ${index} can't be proven, its entry or the tree above it was changed: ${cause.message}`,
          { cause, index },
        );
      }
    },
    close: () => files.close(),
  };
}

function checkWhole(
  bytes: Uint8Array,
  length: number,
  file: string,
  offset: number,
  index: number,
): void {
  if (bytes.length === length) return;
  throw new LedgerError(
    'record_corrupt',
    `records from ${index} on: expected ${length} bytes at ${offset} of ${file}, got ${bytes.length}`,
    { index, file, offset },
  );
}

/** Offsets are derived; a wrong one must not become a wrong read. */
function checkLength(length: number, index: number, file: string): number {
  if (length > 0 && length < 2 ** 31) return length;
  throw new LedgerError('derived_corrupt', `${file} says record ${index} has ${length} bytes`, {
    file,
    index,
  });
}

/** Makes something of a record's entry and content, both with the lengths before them. */
type Make<T> = (index: number, entry: Uint8Array, content: Uint8Array) => T;

function corrupt(index: number, what: string, cause?: unknown): LedgerError {
  return new LedgerError('record_corrupt', `record ${index}: ${what}`, { index, cause });
}

function checkFraming(index: number, entry: Uint8Array, content: Uint8Array): void {
  const envelopeLength = ((entry[0] as number) << 8) | (entry[1] as number);
  if (entry.length < 2 || envelopeLength !== entry.length - 2) {
    throw corrupt(
      index,
      `expected an envelope of ${entry.length - 2} bytes, got ${envelopeLength}`,
    );
  }
  if (
    content.length <= CONTENT_HEADER ||
    readUint32(content, 0) !== content.length - CONTENT_HEADER
  ) {
    throw corrupt(
      index,
      `expected a content of ${content.length - CONTENT_HEADER} bytes, got another length`,
    );
  }
}

function spelledRecord(index: number, entry: Uint8Array, content: Uint8Array): SpelledRecord {
  checkFraming(index, entry, content);
  return {
    index,
    envelope: text(entry, 2),
    // An erased content is all zeros, and JSON has none.
    content: content[CONTENT_HEADER] === 0 ? null : text(content, CONTENT_HEADER),
  };
}

function text(bytes: Uint8Array, from: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', from);
}

function storedRecord(index: number, entry: Uint8Array, content: Uint8Array): StoredRecord {
  checkFraming(index, entry, content);
  const envelopeBytes = entry.subarray(2);
  let envelope: Envelope;
  try {
    envelope = readEnvelope(envelopeBytes);
  } catch (cause) {
    throw corrupt(index, messageOf(cause), cause);
  }
  const salted = content.subarray(4);
  const salt = salted.subarray(0, 16);
  if (saltedDigest(salted) === envelope.digest) {
    return { index, envelope, envelopeBytes, salt, contentBytes: salted.subarray(16) };
  }
  if (isErased(salted)) return { index, envelope, envelopeBytes, salt, contentBytes: null };
  throw corrupt(
    index,
    `its content does not have the digest ${envelope.digest} its envelope names`,
  );
}
