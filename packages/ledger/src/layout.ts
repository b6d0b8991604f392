/**
 * Where things are in a log's folder. Records are truth, the rest is derived from them:
 *
 *     checkpoint              signed note: how long the log is and what its root is
 *     entries/000000.seg      u16 length || envelope …                      truth
 *     contents/000000.seg     u32 length || 16 bytes of salt || content …   truth, erasable
 *     tiles/0, tiles/1 …      32-byte hashes of tlog-tiles                  derived
 *     offsets/000000          where each record ends in its two files       derived
 *     producers/000000        numbering after a full segment; its presence says
 *                             that everything derived from the segment is durable
 *
 * A segment holds a fixed number of records, so its number follows from an index and every entry
 * bundle of tlog-tiles is one slice of one file.
 */
import { join } from 'node:path';

export interface Layout {
  /** Records in a segment: a power of two, at least 256, at most 65,536. */
  readonly segmentRecords: number;
  /** Bytes by which an entries file is preallocated. */
  readonly entriesChunk: number;
  /** Bytes by which a contents file is preallocated. */
  readonly contentsChunk: number;
}

/** The format's layout. Only tests use another, to reach the ends of segments quickly. */
export const LAYOUT: Layout = {
  segmentRecords: 65_536,
  entriesChunk: 4 << 20,
  contentsChunk: 8 << 20,
};

/** Bytes before a content: its length and its salt. */
export const CONTENT_HEADER = 4 + 16;

export interface LogPaths {
  readonly dir: string;
  readonly checkpoint: string;
  /** A checkpoint on its way to being published; removed at the next opening when left behind. */
  readonly nextCheckpoint: string;
  readonly entriesDir: string;
  readonly contentsDir: string;
  readonly tilesDir: string;
  readonly offsetsDir: string;
  readonly producersDir: string;
  /** Outside of the folder: whatever is inside is covered by verification. */
  readonly lock: string;
  entries(segment: number): string;
  contents(segment: number): string;
  tiles(level: number): string;
  offsets(segment: number): string;
  producers(segment: number): string;
}

export function logPaths(dir: string): LogPaths {
  const at = (folder: string) => join(dir, folder);
  return {
    dir,
    checkpoint: at('checkpoint'),
    nextCheckpoint: at('checkpoint.next'),
    entriesDir: at('entries'),
    contentsDir: at('contents'),
    tilesDir: at('tiles'),
    offsetsDir: at('offsets'),
    producersDir: at('producers'),
    lock: `${dir.replace(/[/\\]+$/, '')}.lock`,
    entries: (segment) => join(dir, 'entries', `${segmentName(segment)}.seg`),
    contents: (segment) => join(dir, 'contents', `${segmentName(segment)}.seg`),
    tiles: (level) => join(dir, 'tiles', String(level)),
    offsets: (segment) => join(dir, 'offsets', segmentName(segment)),
    producers: (segment) => join(dir, 'producers', segmentName(segment)),
  };
}

export function segmentName(segment: number): string {
  return String(segment).padStart(6, '0');
}

/** Throws RangeError for a layout the format cannot have. */
export function checkLayout(layout: Layout): Layout {
  const { segmentRecords: n } = layout;
  if (!Number.isInteger(Math.log2(n)) || n < 256 || n > 65_536) {
    throw new RangeError(`segmentRecords: expected a power of two from 256 to 65536, got ${n}`);
  }
  return layout;
}
