/** What shows only when segments are put together: the root, numbering across segments, the tree's upper levels. */
import {
  CompactRange,
  EMPTY_ROOT,
  equalBytes,
  HASH_SIZE,
  nodeHash,
  parseCheckpoint,
  parseNote,
  tileHashReader,
  toBase64,
  treeHash,
  type Hash,
} from '@countersign/tlog';
import { LedgerError, messageOf } from '../errors.ts';
import { logPaths, type Layout } from '../layout.ts';
import { SEGMENT_START } from '../offsets.ts';
import { formatSnapshot, type ProducerState } from '../producers.ts';
import { createReader, type LogReader } from '../reader.ts';
import { readTile } from '../tiles.ts';
import type { SegmentResult, TileDifference } from './check-segment.ts';
import type { SignedCheckpoint } from './checkpoints.ts';
import { CheckedFile, withFiles } from './files.ts';
import type { Extent } from './leftovers.ts';
import { MAX_PROBLEMS, type Problems } from './verdict.ts';

export interface Findings {
  /** Records found and checked. */
  readonly records: number;
  readonly rootMatches: boolean;
  /** Null when no older checkpoint was given or it is of another log. */
  readonly sinceMatches: boolean | null;
  readonly producers: readonly string[];
  readonly erased: readonly number[];
  /** Among the erased, those no record names. */
  readonly unexplained: ReadonlySet<number>;
  /** Earlier checkpoints found in AUDIT_LOG_SIGNING records, and proven to be of this tree. */
  readonly signings: number;
  /** Among the signing records' checkpoints, how many could not be read as one of this log. */
  readonly foreignSignings: number;
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly early: number;
  readonly extent: Extent;
}

export interface WholeLogOptions {
  readonly dir: string;
  readonly layout: Layout;
  readonly problems: Problems;
  readonly checkpoint: SignedCheckpoint;
  readonly since: SignedCheckpoint | null;
}

/** Takes the results of segments in order. */
export class WholeLog {
  readonly #dir: string;
  readonly #layout: Layout;
  readonly #problems: Problems;
  readonly #checkpoint: SignedCheckpoint;
  readonly #since: SignedCheckpoint | null;
  /** Sizes at which the root is wanted, besides the whole. */
  readonly marks: readonly number[];

  /** A tree whose leaves are whole segments. */
  readonly #upper = new CompactRange();
  readonly #segmentLevel: number;
  #last: SegmentResult | null = null;
  #sinceRoot: Hash | null = null;
  #broken = false;
  readonly #states = new Map<string, ProducerState>();
  readonly #erased: number[] = [];
  readonly #erasures = new Set<number>();
  readonly #signings: { readonly index: number; readonly note: string }[] = [];
  #earliest = Infinity;
  #latest = -Infinity;
  #early = 0;
  #records = 0;
  readonly #differences: TileDifference[] = [];

  constructor({ dir, layout, problems, checkpoint, since }: WholeLogOptions) {
    this.#dir = dir;
    this.#layout = layout;
    this.#problems = problems;
    this.#checkpoint = checkpoint;
    this.#since = since;
    this.#segmentLevel = Math.log2(layout.segmentRecords);
    this.marks = since !== null && since.size <= checkpoint.size ? [since.size] : [];
    if (since?.size === 0) this.#sinceRoot = EMPTY_ROOT;
  }

  add(result: SegmentResult): void {
    const { segmentRecords } = this.#layout;
    const first = result.segment * segmentRecords;
    this.#problems.add(...result.problems);
    for (const [kind, count] of result.unlisted) this.#problems.addUnlisted(kind, count);
    for (const mark of result.marks) {
      if (this.#broken || first + mark.size !== this.#since?.size) continue;
      this.#sinceRoot = foldRight([...this.#upper.hashes, ...mark.hashes]);
    }
    if (result.count < Math.min(segmentRecords, this.#checkpoint.size - first)) this.#broken = true;
    this.#addProducers(result, first);
    if (result.count === segmentRecords && !this.#broken) {
      this.#upper.append(result.hashes[0] as Hash, this.#visit);
      this.#checkSnapshot(result);
      this.#last = null;
    } else {
      this.#last = result;
    }
    this.#lastResult = result;
    for (const index of result.erased) this.#erased.push(index);
    for (const index of result.erasures) this.#erasures.add(index);
    for (const signing of result.signings) this.#signings.push(signing);
    for (const difference of result.differences) {
      if (this.#differences.length < MAX_PROBLEMS) this.#differences.push(difference);
    }
    const { earliest, latest, early } = result.times;
    this.#earliest = Math.min(this.#earliest, earliest);
    this.#latest = Math.max(this.#latest, latest);
    this.#early += early;
    this.#records += result.count;
  }
  #lastResult: SegmentResult | null = null;

  async finish(): Promise<Findings> {
    const rootMatches = this.#checkRoot();
    this.#blameDifferences(rootMatches);
    const sinceMatches = this.#checkSince();
    const unexplained = await this.#checkErased();
    const signings = await this.#checkSignings();
    const { segmentRecords } = this.#layout;
    const segment = Math.floor(this.#checkpoint.size / segmentRecords);
    const last = this.#lastResult;
    return {
      records: this.#records,
      rootMatches,
      sinceMatches,
      producers: [...this.#states].map(([name, { lastSeq }]) => `${name}: 1 to ${lastSeq}`),
      erased: this.#erased,
      unexplained,
      ...signings,
      earliest: timeOf(this.#earliest),
      latest: timeOf(this.#latest),
      early: this.#early,
      extent: {
        size: this.#checkpoint.size,
        segment,
        end: this.#broken
          ? null
          : last !== null && last.segment === segment
            ? last.end
            : SEGMENT_START,
      },
    };
  }

  readonly #visit = (level: number, index: number, hash: Hash): void => {
    const absolute = this.#segmentLevel + level;
    if (level === 0 || absolute % 8 !== 0) return; // within a segment, or not a level of tiles
    const path = logPaths(this.#dir).tiles(absolute / 8);
    withFiles([path], ([file]) => {
      const offset = index * HASH_SIZE;
      if (equalBytes((file as CheckedFile).read(offset, HASH_SIZE), hash)) return;
      const message = 'does not follow from the entries';
      this.#problems.add({ kind: 'tampered', file: `tiles/${absolute / 8}`, offset, message });
    });
  };

  #addProducers({ table, lastSeqs, segment }: SegmentResult, first: number): void {
    for (const [name, { firstSeq, positions }] of table) {
      const expected = (this.#states.get(name)?.lastSeq ?? 0) + 1;
      if (firstSeq !== expected) {
        this.#problems.add({
          kind: 'gap',
          file: relativeEntries(this.#dir, segment),
          index: first + (positions[0] as number),
          message: `producer "${name}": expected sequence number ${expected}, got ${firstSeq}`,
        });
      }
      this.#states.set(name, {
        lastSeq: lastSeqs.get(name) as number,
        lastIndex: first + (positions.at(-1) as number),
      });
    }
  }

  #checkSnapshot({ segment, table }: SegmentResult): void {
    const path = logPaths(this.#dir).producers(segment);
    const expected = formatSnapshot({ states: this.#states, table });
    withFiles([path], ([opened]) => {
      const file = opened as CheckedFile;
      const relative = path.slice(this.#dir.length + 1);
      if (!file.exists) {
        // The last full segment's may be on its way; an older one's was there once.
        if ((segment + 2) * this.#layout.segmentRecords > this.#checkpoint.size) return;
        const message = 'the file is missing; it is derived anew when the log is opened';
        this.#problems.add({ kind: 'unverifiable', file: relative, message });
        return;
      }
      // One byte more tells that there is more; how much more a hostile file may claim.
      const stored = file.read(0, expected.length + 1);
      const length = Math.max(stored.length, expected.length);
      for (let offset = 0; offset < length; offset += 1) {
        if (stored[offset] === expected[offset]) continue;
        const message = 'does not follow from the entries';
        this.#problems.add({ kind: 'tampered', file: relative, offset, message });
        return;
      }
    });
  }

  #checkRoot(): boolean {
    const { size, root } = this.#checkpoint;
    if (this.#records < size) {
      this.#problems.add({
        kind: 'truncated',
        index: this.#records,
        message: `the checkpoint covers ${size} records, ${this.#records} could be read`,
      });
      return false;
    }
    const hashes = [...this.#upper.hashes, ...(this.#last?.hashes ?? [])];
    const computed = foldRight(hashes);
    if (equalBytes(computed, root)) return true;
    this.#problems.add({
      kind: 'tampered',
      file: 'entries',
      message: `the root of the first ${size} entries is ${toBase64(computed)}, the checkpoint signs ${toBase64(root)}`,
    });
    return false;
  }

  /**
   * Entries and tiles differ: when the entries have the signed root, the tiles were changed. When they don't, entries
   * were, and the tiles above them tell nothing more.
   */
  #blameDifferences(rootMatches: boolean): void {
    const anyLeaf = this.#differences.some(({ level }) => level === 0);
    for (const { level, index, tileOffset, entryOffset } of this.#differences) {
      if (!rootMatches && level === 0) {
        this.#problems.add({
          kind: 'tampered',
          file: relativeEntries(this.#dir, Math.floor(index / this.#layout.segmentRecords)),
          offset: entryOffset ?? 0,
          index,
          message: `the entry is not the one that was signed: its hash is not that in tiles/0 at byte ${tileOffset}`,
        });
      } else if (rootMatches || !anyLeaf) {
        this.#problems.add({
          kind: 'tampered',
          file: `tiles/${level}`,
          offset: tileOffset,
          index,
          message: 'does not follow from the entries',
        });
      }
    }
  }

  #checkSince(): boolean | null {
    const since = this.#since;
    if (since === null) return null;
    const { size } = this.#checkpoint;
    if (since.size > size) {
      this.#problems.add({
        kind: 'truncated',
        index: size,
        message: `the older checkpoint covers ${since.size} records, the log has ${size} now: its end was cut off`,
      });
      return false;
    }
    if (this.#sinceRoot === null) return null; // said already: the records up to there can't be read
    if (equalBytes(this.#sinceRoot, since.root)) return true;
    this.#problems.add({
      kind: 'tampered',
      message: `the first ${since.size} records had the root ${toBase64(since.root)}, now it is ${toBase64(this.#sinceRoot)}: history was rewritten`,
    });
    return false;
  }

  /** Zeros and the records that say so must agree. Returns the records whose content is zero without one. */
  async #checkErased(): Promise<ReadonlySet<number>> {
    const unexplained = new Set<number>();
    const left = new Set(this.#erasures);
    for (const index of this.#erased) {
      const explained = left.delete(index);
      if (!explained) unexplained.add(index);
      this.#problems.add({
        kind: explained ? 'erased' : 'tampered',
        file: this.#contentsOf(index),
        index,
        message: explained
          ? 'the content was erased, a record says so; the envelope is whole'
          : 'the content is zero and no AUDIT_DATA_ERASED record names it',
      });
    }
    const head = { size: async () => this.#checkpoint.size, checkpoint: async () => '' };
    const reader = createReader({ paths: logPaths(this.#dir), layout: this.#layout, head });
    try {
      for (const index of left) await this.#checkGone(index, reader);
    } finally {
      reader.close();
    }
    return unexplained;
  }

  /** A content that a record says is erased was there when it was looked at: the zeros may have come since. */
  async #checkGone(index: number, reader: LogReader): Promise<void> {
    try {
      if ((await reader.read(index)).contentBytes === null) return;
    } catch (error) {
      if (error instanceof LedgerError) return; // whatever is wrong with it was found before
      throw error;
    }
    this.#problems.add({
      kind: 'unerased',
      file: this.#contentsOf(index),
      index,
      message: `record ${index}: a record says that its content was erased, and it is still there`,
    });
  }

  #contentsOf(index: number): string {
    const segment = Math.floor(index / this.#layout.segmentRecords);
    return `contents/${relativeEntries(this.#dir, segment).slice(8)}`;
  }

  /** Every earlier checkpoint that the log holds must be a beginning of this tree. */
  async #checkSignings(): Promise<{ signings: number; foreignSignings: number }> {
    let signings = 0;
    let foreignSignings = 0;
    const paths = logPaths(this.#dir);
    const files = new Map<string, CheckedFile>();
    const read = (path: string, position: number, length: number) => {
      const file = files.get(path) ?? new CheckedFile(path);
      files.set(path, file);
      return file.read(position, length);
    };
    try {
      for (const { index, note } of this.#signings) {
        const checkpoint = readCheckpoint(note);
        if (checkpoint === null || checkpoint.origin !== this.#checkpoint.origin) {
          foreignSignings += 1;
          continue;
        }
        const { size, root } = checkpoint;
        const about = `record ${index} holds a checkpoint of ${size} records`;
        if (size > index) {
          this.#problems.add({
            kind: 'tampered',
            index,
            message: `${about}, more than were before it`,
          });
          continue;
        }
        try {
          // Tiles were compared with the entries by now.
          const reader = tileHashReader(size, async (tile) => readTile(read, paths, tile));
          const now = await treeHash(size, reader);
          if (equalBytes(now, root)) {
            signings += 1;
            continue;
          }
          const message = `${about} with the root ${toBase64(root)}, now it is ${toBase64(now)}: history was rewritten`;
          this.#problems.add({ kind: 'tampered', index, message });
        } catch (error) {
          const message = `${about} that can't be compared: ${messageOf(error)}`;
          this.#problems.add({ kind: 'unverifiable', index, message });
        }
      }
    } finally {
      for (const file of files.values()) file.close();
    }
    return { signings, foreignSignings };
  }
}

/** Empty when no record could be read. */
function timeOf(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

function readCheckpoint(note: string) {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch {
    return null;
  }
}

function relativeEntries(dir: string, segment: number): string {
  return logPaths(dir)
    .entries(segment)
    .slice(dir.length + 1);
}

/** The root over the complete subtrees of a tree, left to right, largest first. */
function foldRight(hashes: readonly Hash[]): Hash {
  return (
    hashes.reduceRight<Hash | null>(
      (root, hash) => (root === null ? hash : nodeHash(hash, root)),
      null,
    ) ?? EMPTY_ROOT
  );
}
