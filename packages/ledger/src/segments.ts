/** The pair of files records are written to, and the step from one pair to the next. */
import { checkSpace, type Disk } from './disk.ts';
import { LedgerError } from './errors.ts';
import type { Layout, LogPaths } from './layout.ts';
import { PreallocatedFile } from './preallocated-file.ts';
import { firstNonZero } from './window.ts';
import type { RecordEnd } from './offsets.ts';

export interface Segment {
  readonly number: number;
  readonly entries: PreallocatedFile;
  readonly contents: PreallocatedFile;
}

export interface SegmentsOptions {
  readonly disk: Disk;
  readonly paths: LogPaths;
  readonly layout: Layout;
}

/**
 * Opens a segment to be continued at `end`, creating its files where they are absent. When it
 * resolves, both files are durable by name, have room, and are zero behind `end`.
 * Throws LedgerError `log_tampered` when they are not.
 */
export async function openSegment(
  { disk, paths, layout }: SegmentsOptions,
  number: number,
  end: RecordEnd,
): Promise<Segment> {
  const opened: PreallocatedFile[] = [];
  const open = (path: string, position: number, chunk: number) => {
    const fd = disk.open(path, { create: true });
    const file = new PreallocatedFile(disk, fd, path, chunk, position);
    opened.push(file);
    const offset = firstNonZero(disk, fd, position);
    if (offset !== null) {
      throw new LedgerError(
        'log_tampered',
        `${path}: expected nothing but zeros from byte ${position} on, got data at ${offset}`,
        { file: path, offset },
      );
    }
    return file;
  };
  try {
    const entries = open(paths.entries(number), end.entry, layout.entriesChunk);
    const contents = open(paths.contents(number), end.content, layout.contentsChunk);
    await entries.reserve(1);
    await contents.reserve(1);
    await disk.syncDirectory(paths.entriesDir);
    await disk.syncDirectory(paths.contentsDir);
    return { number, entries, contents };
  } catch (error) {
    await Promise.all(opened.map((file) => file.close()));
    throw error;
  }
}

/** Holds the segment in use and prepares the next one before it is needed. */
export class Segments {
  readonly #options: SegmentsOptions;
  #active: Segment;
  #next: Promise<Segment> | null = null;

  constructor(options: SegmentsOptions, active: Segment) {
    this.#options = options;
    this.#active = active;
  }

  get active(): Segment {
    return this.#active;
  }

  /**
   * Returns the segment that record `index` belongs to; the one before it is left behind, trimmed.
   * Rejects when it can't be created: nothing was written then, and asking again tries again.
   */
  async at(index: number): Promise<Segment> {
    const number = Math.floor(index / this.#options.layout.segmentRecords);
    if (number === this.#active.number) return this.#active;
    const next = this.#next ?? openSegment(this.#options, number, { entry: 0, content: 0 });
    this.#next = null;
    const opened = await next;
    const full = this.#active;
    this.#active = opened;
    await full.entries.trim();
    await full.contents.trim();
    await full.entries.close();
    await full.contents.close();
    return opened;
  }

  /** Throws when the disk is nearly full. */
  checkSpace(): void {
    const { disk, paths } = this.#options;
    checkSpace(disk, paths.dir, 0);
  }

  /** Creates the next segment in the background once half of this one is used. */
  prepareNext(index: number): void {
    const { segmentRecords } = this.#options.layout;
    if (this.#next !== null || index % segmentRecords < segmentRecords / 2) return;
    const number = this.#active.number + 1;
    const next = openSegment(this.#options, number, { entry: 0, content: 0 });
    this.#next = next;
    next.catch(() => {
      if (this.#next === next) this.#next = null; // tried again when the segment is needed
    });
  }

  async close(): Promise<void> {
    const next = await this.#next?.catch(() => null);
    for (const segment of [this.#active, next]) {
      await segment?.entries.close();
      await segment?.contents.close();
    }
  }
}
