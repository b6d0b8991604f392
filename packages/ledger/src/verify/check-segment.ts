/**
 * Checks one segment on its own, from its first byte to its last record: framing, envelopes, contents against their
 * digests, numbering, and everything derived from it. Trusts nothing but the number of records it must hold.
 */
import { CompactRange, HASH_SIZE, leafHash, type Hash } from '@countersign/tlog';
import { parseContent, type Envelope } from '@countersign/records';
import { logPaths, type Layout } from '../layout.ts';
import { OFFSET_SIZE, readOffset, SEGMENT_START, writeOffset, type RecordEnd } from '../offsets.ts';
import { tabulate, type SegmentTable } from '../producers.ts';
import { ERASED_EVENT, OWN_PRODUCER } from '../erase.ts';
import { ClockReader } from './clock-reader.ts';
import { isErased, readEnvelope, readRaw, saltedDigest } from '../stored.ts';
import { messageOf } from '../errors.ts';
import { compareItems, withFiles, type CheckedFile } from './files.ts';
import type { Problem, ProblemKind } from './verdict.ts';

export interface SegmentTask {
  readonly dir: string;
  readonly layout: Layout;
  readonly segment: number;
  /** Records the checkpoint covers in this segment. */
  readonly count: number;
  /** Sizes within the segment at which the tree's hashes are wanted, ascending. */
  readonly marks: readonly number[];
}

export interface SegmentResult {
  readonly segment: number;
  /** Records found; fewer than asked for when the segment ends early. */
  readonly count: number;
  /** Hashes of the compact range of the segment's records. */
  readonly hashes: readonly Hash[];
  readonly marks: readonly { readonly size: number; readonly hashes: readonly Hash[] }[];
  readonly end: RecordEnd;
  readonly table: SegmentTable;
  /** The last number of every producer in this segment. */
  readonly lastSeqs: ReadonlyMap<string, number>;
  /** Where a tile's hash is not the one that follows from the entries. */
  readonly differences: readonly TileDifference[];
  /** Records whose content is zero. */
  readonly erased: readonly number[];
  /** Records that later AUDIT_DATA_ERASED records say are erased. */
  readonly erasures: readonly number[];
  /** Checkpoints that AUDIT_LOG_SIGNING records hold. */
  readonly signings: readonly { readonly index: number; readonly note: string }[];
  readonly times: SegmentTimes;
  readonly problems: readonly Problem[];
  /** Problems found beyond those listed. */
  readonly unlisted: readonly (readonly [ProblemKind, number])[];
}

export interface TileDifference {
  /** Level of tiles. */
  readonly level: number;
  /** First record under the hash. */
  readonly index: number;
  readonly tileOffset: number;
  /** Where the record's entry is; null above level 0. */
  readonly entryOffset: number | null;
}

export interface SegmentTimes {
  /** Milliseconds since 1970; Infinity and -Infinity when there are no records. */
  readonly earliest: number;
  readonly latest: number;
  /** Records dated more than five minutes after the server took them in. */
  readonly early: number;
}

const CLOCK_TOLERANCE_MS = 300_000;
const MAX_SEGMENT_PROBLEMS = 100;

const MISSING = 'the file is missing or too short; it is derived anew when the log is opened';
const NOT_DERIVED = 'does not follow from the records';

/** Runs a task. `onProgress` is told of records checked since it was last told. */
export function checkSegment(
  task: SegmentTask,
  onProgress: (records: number) => void = () => undefined,
): SegmentResult {
  const paths = logPaths(task.dir);
  const files = [
    paths.entries(task.segment),
    paths.contents(task.segment),
    paths.offsets(task.segment),
  ];
  return withFiles(files, ([entries, contents, offsets]) =>
    new SegmentCheck(
      task,
      entries as CheckedFile,
      contents as CheckedFile,
      offsets as CheckedFile,
    ).run(onProgress),
  );
}

class SegmentCheck {
  readonly #task: SegmentTask;
  readonly #entries: CheckedFile;
  readonly #contents: CheckedFile;
  readonly #offsets: CheckedFile;
  readonly #first: number;
  readonly #problems: Problem[] = [];
  readonly #unlisted = new Map<ProblemKind, number>();

  readonly #tree = new CompactRange();
  readonly #levels: Uint8Array[] = [];
  readonly #table: SegmentTable = new Map();
  readonly #lastSeqs = new Map<string, number>();
  readonly #differences: TileDifference[] = [];
  readonly #erased: number[] = [];
  readonly #erasures: number[] = [];
  readonly #signings: { index: number; note: string }[] = [];
  readonly #clock = new ClockReader();
  #earliest = Infinity;
  #latest = -Infinity;
  #early = 0;

  constructor(
    task: SegmentTask,
    entries: CheckedFile,
    contents: CheckedFile,
    offsets: CheckedFile,
  ) {
    this.#task = task;
    this.#entries = entries;
    this.#contents = contents;
    this.#offsets = offsets;
    this.#first = task.segment * task.layout.segmentRecords;
    for (let width = 1; width <= task.layout.segmentRecords; width *= 256) {
      this.#levels.push(new Uint8Array(Math.floor(task.count / width) * HASH_SIZE));
    }
  }

  run(onProgress: (records: number) => void): SegmentResult {
    const { segment, count, marks } = this.#task;
    const entries = this.#entries.window();
    const contents = this.#contents.window();
    const stored = this.#offsets.read(0, count * OFFSET_SIZE);
    const derived = new Uint8Array(count * OFFSET_SIZE);
    const reached: { size: number; hashes: readonly Hash[] }[] = [];
    let end: RecordEnd = SEGMENT_START;
    let position = 0;
    let reported = 0;
    for (; position < count; position += 1) {
      if (marks.includes(position)) reached.push({ size: position, hashes: this.#tree.hashes });
      const record = readRaw(entries, contents, end.entry, end.content);
      if ('stop' in record && record.file === 'entries') {
        this.#stopped(position, end.entry, record.message);
        break;
      }
      let contentEnd: number;
      let envelope: Uint8Array;
      if ('stop' in record) {
        // The entry can be read without its content; where the next content is, only the offsets say now.
        this.#add('tampered', this.#contents, end.content, position, record.message);
        envelope = this.#entryAt(end.entry);
        contentEnd = storedEnd(stored, position)?.content ?? Number.NaN;
        this.#checkEnvelope(position, end, envelope, null);
      } else {
        ({ envelope, contentEnd } = record);
        if (!this.#checkEnvelope(position, end, envelope, record.salted)) {
          // Perhaps it is the content's length that was changed: the offsets tell where the next one is.
          const said = storedEnd(stored, position);
          if (said !== null && said.content > end.content) contentEnd = said.content;
        }
      }
      this.#tree.append(leafHash(envelope), this.#visit);
      end = { entry: end.entry + 2 + envelope.length, content: contentEnd };
      if (Number.isNaN(contentEnd)) {
        this.#stopped(position + 1, end.entry, 'where the next content is can not be told');
        position += 1;
        break;
      }
      writeOffset(derived, position * OFFSET_SIZE, end);
      if (position - reported >= 4096) {
        onProgress(position - reported);
        reported = position;
      }
    }
    if (marks.includes(position)) reached.push({ size: position, hashes: this.#tree.hashes });
    onProgress(position - reported);
    if (position === this.#task.layout.segmentRecords) this.#checkBehind(end);
    this.#compareOffsets(derived.subarray(0, position * OFFSET_SIZE));
    this.#compareTiles(derived);
    return {
      segment,
      count: position,
      hashes: this.#tree.hashes,
      marks: reached,
      end,
      table: this.#table,
      erased: this.#erased,
      erasures: this.#erasures,
      signings: this.#signings,
      times: { earliest: this.#earliest, latest: this.#latest, early: this.#early },
      lastSeqs: this.#lastSeqs,
      differences: this.#differences,
      problems: this.#problems,
      unlisted: [...this.#unlisted],
    };
  }

  readonly #visit = (level: number, index: number, hash: Hash): void => {
    if (level % 8 === 0) this.#levels[level / 8]?.set(hash, index * HASH_SIZE);
  };

  #entryAt(offset: number): Uint8Array {
    const [high = 0, low = 0] = this.#entries.read(offset, 2);
    return this.#entries.read(offset + 2, (high << 8) | low);
  }

  /** Returns whether envelope and content are each what they must be. `salted` is null when there is no content. */
  #checkEnvelope(
    position: number,
    at: RecordEnd,
    bytes: Uint8Array,
    salted: Uint8Array | null,
  ): boolean {
    let envelope: Envelope;
    try {
      envelope = readEnvelope(bytes);
    } catch (error) {
      this.#add('tampered', this.#entries, at.entry, position, `envelope: ${messageOf(error)}`);
      return false;
    }
    this.#checkNumber(position, at.entry, envelope);
    this.#checkTime(envelope);
    if (salted === null) return false;
    if (saltedDigest(salted) === envelope.digest) {
      if (envelope.producer === OWN_PRODUCER) this.#readOwn(position, envelope, salted);
      return true;
    }
    // It may be erased at this moment, so that half of it was zero: whoever writes zeros has finished by now.
    const now = this.#contents.read(at.content + 4, salted.length);
    if (isErased(salted) || (now.length === salted.length && isErased(now))) {
      this.#erased.push(this.#first + position);
      return true;
    }
    const message = `the content does not have the digest ${envelope.digest} that its envelope names`;
    this.#add('tampered', this.#contents, at.content, position, message);
    return false;
  }

  #checkNumber(position: number, offset: number, { producer, seq }: Envelope): void {
    const last = this.#lastSeqs.get(producer);
    if (last !== undefined && seq !== last + 1) {
      const message = `producer "${producer}": expected sequence number ${last + 1}, got ${seq}`;
      this.#add('gap', this.#entries, offset, position, message);
    }
    this.#lastSeqs.set(producer, seq);
    tabulate(this.#table, producer, seq, position);
  }

  #checkTime({ id, time }: Envelope): void {
    const at = this.#clock.millisecondsOf(time);
    if (at < this.#earliest) this.#earliest = at;
    if (at > this.#latest) this.#latest = at;
    if (at > this.#clock.millisecondsOfId(id) + CLOCK_TOLERANCE_MS) this.#early += 1;
  }

  /** What the log says of itself in its own records. */
  #readOwn(position: number, envelope: Envelope, salted: Uint8Array): void {
    const { event, outcome } = envelope;
    if (event !== ERASED_EVENT && event !== 'AUDIT_LOG_SIGNING') return;
    let attributes: readonly (readonly [string, string | null])[];
    try {
      attributes = parseContent(salted.subarray(16)).attributes ?? [];
    } catch {
      return; // its digest is right, so that nothing was changed; a newer writer may say more than we read
    }
    for (const [name, value] of attributes) {
      if (value === null) continue;
      if (event === ERASED_EVENT && outcome === 'Success' && name === 'Index') {
        const index = Number(value);
        if (index < this.#first + position) this.#erasures.push(index);
      }
      if (event === 'AUDIT_LOG_SIGNING' && name.endsWith('Checkpoint')) {
        this.#signings.push({ index: this.#first + position, note: value });
      }
    }
  }

  /** A full segment is trimmed; a writer that stopped before that leaves zeros. */
  #checkBehind(end: RecordEnd): void {
    for (const [file, from] of [
      [this.#entries, end.entry],
      [this.#contents, end.content],
    ] as const) {
      const offset = file.firstNonZero(from);
      if (offset === null) continue;
      const message = `expected nothing behind the last record, which ends at byte ${from}`;
      this.#add('tampered', file, offset, this.#task.count - 1, message);
    }
  }

  #stopped(position: number, offset: number, message: string): void {
    const index = this.#first + position;
    const missing = this.#task.count - position;
    this.#add(
      'truncated',
      this.#entries,
      offset,
      position,
      `${message}: ${missing} of the signed records from ${index} on are missing in this segment`,
    );
  }

  #compareOffsets(derived: Uint8Array): void {
    const difference = compareItems(this.#offsets, 0, derived, OFFSET_SIZE);
    if (difference.missing) this.#add('unverifiable', this.#offsets, 0, 0, MISSING);
    for (const item of difference.items) {
      this.#add('tampered', this.#offsets, item * OFFSET_SIZE, item, NOT_DERIVED);
    }
  }

  /** Whether an entry or a tile is wrong where they differ, the root of the whole log decides. */
  #compareTiles(offsets: Uint8Array): void {
    const paths = logPaths(this.#task.dir);
    for (const [level, hashes] of this.#levels.entries()) {
      const width = 256 ** level;
      const derived = hashes.subarray(0, Math.floor(this.#tree.size / width) * HASH_SIZE);
      if (derived.length === 0) continue;
      const start = (this.#first / width) * HASH_SIZE;
      withFiles([paths.tiles(level)], ([opened]) => {
        const file = opened as CheckedFile;
        const difference = compareItems(file, start, derived, HASH_SIZE);
        if (difference.missing) this.#add('unverifiable', file, 0, 0, MISSING);
        for (const item of difference.items) {
          if (this.#differences.length >= MAX_SEGMENT_PROBLEMS) break;
          const entry = item === 0 ? 0 : readOffset(offsets, (item - 1) * OFFSET_SIZE).entry;
          this.#differences.push({
            level,
            index: this.#first + item * width,
            tileOffset: start + item * HASH_SIZE,
            entryOffset: level === 0 ? entry : null,
          });
        }
      });
    }
  }

  #add(
    kind: ProblemKind,
    file: CheckedFile,
    offset: number,
    position: number,
    message: string,
  ): void {
    if (this.#problems.length >= MAX_SEGMENT_PROBLEMS) {
      this.#unlisted.set(kind, (this.#unlisted.get(kind) ?? 0) + 1);
      return;
    }
    this.#problems.push({
      kind,
      file: file.path.slice(this.#task.dir.length + 1),
      offset,
      index: this.#first + position,
      message,
    });
  }
}

/** Where a segment's offsets say that a record ends. */
function storedEnd(stored: Uint8Array, position: number): RecordEnd | null {
  const at = position * OFFSET_SIZE;
  return at + OFFSET_SIZE <= stored.length ? readOffset(stored, at) : null;
}
