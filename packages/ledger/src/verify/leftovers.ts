import * as fs from 'node:fs';
import { join } from 'node:path';
import type { NoteVerifier } from '@countersign/tlog';
import { logPaths, segmentName, type Layout } from '../layout.ts';
import { OFFSET_SIZE, type RecordEnd } from '../offsets.ts';
import { readEnvelope, readRaw, saltedDigest } from '../stored.ts';
import { hashesAtLevel, tileLevels } from '../tiles.ts';
import { withFiles, type CheckedFile } from './files.ts';
import { isSnapshot, isUnpublishedCheckpoint, readUnsignedTail } from './unsigned-tail.ts';
import type { Problem } from './verdict.ts';

/** How far the signed records reach. */
export interface Extent {
  readonly size: number;
  /** The segment the next record goes to. */
  readonly segment: number;
  /** Where the last record ends in that segment; null when it could not be found out. */
  readonly end: RecordEnd | null;
}

/** Whose log it is: what a checkpoint on its way to being published is checked with. */
export interface Signed {
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
}

/**
 * Returns whatever is in the folder beside and behind the signed records. Zeros may be there, and what a killed writer
 * leaves, which is told as `unsigned`.
 */
export function findLeftovers(
  dir: string,
  layout: Layout,
  signed: Signed,
  extent: Extent,
): Problem[] {
  const tail = readUnsignedTail(dir, layout, extent);
  const reach = tail?.extent ?? extent;
  const problems = [
    ...unexpectedNames(dir, layout, signed, reach),
    ...behindRecords(dir, reach),
    ...tooLong(dir, layout, reach),
  ];
  if (tail === null) return problems;
  const what =
    tail.records === 0
      ? 'contents whose entries are not'
      : `${tail.records} ${tail.records === 1 ? 'record' : 'records'}`;
  const message = `${what} written behind the checkpoint and not signed yet: the writer was stopped before; opening the log completes that`;
  return [{ kind: 'unsigned', index: extent.size, message }, ...problems];
}

function unexpectedNames(
  dir: string,
  layout: Layout,
  { origin, verifiers }: Signed,
  { size, segment }: Extent,
): Problem[] {
  const started = Math.ceil(size / layout.segmentRecords);
  // The size may be forged: nothing is done so many times.
  const below = (count: number, suffix: string) => (name: string) =>
    segmentOf(name, suffix) < count;
  const levels = new Set(Array.from({ length: tileLevels(size) }, (_, i) => String(i)));
  const expected = new Map<string, (name: string) => boolean>([
    // The segment in use, and the next one, prepared.
    ['entries', below(segment + 2, '.seg')],
    ['contents', below(segment + 2, '.seg')],
    ['tiles', (name) => levels.has(name)],
    ['offsets', below(started, '')],
    ['producers', below(segment, '')],
  ]);
  const problems: Problem[] = [];
  const unexpected = (file: string, message: string) =>
    problems.push({ kind: 'tampered', file, message });
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === 'checkpoint' && entry.isFile()) continue;
    const allowed = expected.get(entry.name);
    if (allowed === undefined || !entry.isDirectory()) {
      if (entry.name === 'checkpoint.next') {
        const message =
          'left by a writer that stopped while it published a checkpoint; opening the log removes it';
        const known = isUnpublishedCheckpoint(dir, origin, verifiers, size);
        problems.push({ kind: known ? 'unsigned' : 'unverifiable', file: entry.name, message });
      } else unexpected(entry.name, 'does not belong to a log');
      continue;
    }
    for (const file of fs.readdirSync(join(dir, entry.name), { withFileTypes: true })) {
      const path = `${entry.name}/${file.name}`;
      if (allowed(file.name) && file.isFile()) continue;
      if (
        entry.name === 'producers' &&
        allowed(file.name.replace(/\.next$/, '')) &&
        file.isFile()
      ) {
        const message =
          'left by a writer that stopped while it wrote it; opening the log removes it';
        const kind = isSnapshot(join(dir, path)) ? 'unsigned' : 'unverifiable';
        problems.push({ kind, file: path, message });
      } else unexpected(path, 'does not belong to a log of this size');
    }
  }
  return problems;
}

/** The segment a file is named after; NaN when it is no such name. */
function segmentOf(name: string, suffix: string): number {
  const segment = Number.parseInt(name, 10);
  return segment >= 0 && name === segmentName(segment) + suffix ? segment : Number.NaN;
}

function behindRecords(dir: string, { size, segment, end }: Extent): Problem[] {
  if (end === null) return [];
  const paths = logPaths(dir);
  const problems: Problem[] = [];
  withFiles([paths.entries(segment), paths.contents(segment)], ([entries, contents]) => {
    const pair = { entries: entries as CheckedFile, contents: contents as CheckedFile };
    if (holdsRecord(pair, end)) {
      const message =
        'a whole record that no checkpoint covers, with something beside it that does not follow from it';
      problems.push(at(dir, pair.entries, end.entry, size, message));
      return;
    }
    for (const [file, from] of [
      [pair.entries, end.entry],
      [pair.contents, end.content],
    ] as const) {
      const offset = file.firstNonZero(from);
      if (offset === null) continue;
      const message = `expected zeros behind the last record, which ends at byte ${from}: a write was cut short, or somebody wrote here`;
      problems.push(at(dir, file, offset, size, message));
    }
  });
  for (const path of [paths.entries(segment + 1), paths.contents(segment + 1)]) {
    withFiles([path], ([file]) => {
      const offset = (file as CheckedFile).firstNonZero(0);
      if (offset === null) return;
      problems.push(
        at(dir, file as CheckedFile, offset, size, 'expected zeros: the segment is not in use'),
      );
    });
  }
  return problems;
}

function holdsRecord(
  { entries, contents }: { readonly entries: CheckedFile; readonly contents: CheckedFile },
  end: RecordEnd,
): boolean {
  const record = readRaw(entries.window(), contents.window(), end.entry, end.content);
  if ('stop' in record) return false;
  try {
    return readEnvelope(record.envelope).digest === saltedDigest(record.salted);
  } catch {
    return false;
  }
}

/** Derived files must end where the records do. Those of full segments are in fixed places. */
function tooLong(dir: string, layout: Layout, { size, segment }: Extent): Problem[] {
  const paths = logPaths(dir);
  const problems: Problem[] = [];
  const check = (path: string, length: number) => {
    withFiles([path], ([file]) => {
      if ((file as CheckedFile).size <= length) return;
      const message = `expected ${length} bytes, got ${(file as CheckedFile).size}; opening the log cuts off the rest`;
      problems.push(at(dir, file as CheckedFile, length, size, message));
    });
  };
  for (let level = 0; level < tileLevels(size); level += 1) {
    check(paths.tiles(level), hashesAtLevel(size, level) * 32);
  }
  for (const name of namesIn(paths.offsetsDir)) {
    const k = segmentOf(name, '');
    if (!(k * layout.segmentRecords < size)) continue;
    const count = k < segment ? layout.segmentRecords : size % layout.segmentRecords;
    check(paths.offsets(k), count * OFFSET_SIZE);
  }
  return problems;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return []; // missing or no folder: said where its files are missed
  }
}

function at(
  dir: string,
  file: CheckedFile,
  offset: number,
  index: number,
  message: string,
): Problem {
  // Nothing signs these bytes, so nothing signed was changed: a crash leaves the like.
  return { kind: 'unverifiable', file: file.path.slice(dir.length + 1), offset, index, message };
}
