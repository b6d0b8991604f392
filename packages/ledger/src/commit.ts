/** The commit sequence: how records become part of the log. */
import type { Hash } from '@countersign/tlog';
import type { Derived } from './derived.ts';
import { LedgerError } from './errors.ts';
import type { Layout } from './layout.ts';
import type { Publisher } from './publisher.ts';
import type { Segments } from './segments.ts';
import { contentSize, entrySize, writeContent, writeEntry } from './stored.ts';

/** A record with its place among its producer's records, before it has a place in the log. */
export interface SequencedRecord {
  readonly producer: string;
  readonly seq: number;
  readonly leaf: Hash;
  readonly envelopeBytes: Uint8Array;
  readonly salt: Uint8Array;
  readonly contentBytes: Uint8Array;
}

export interface Committing {
  readonly layout: Layout;
  readonly segments: Segments;
  readonly derived: Derived;
  readonly publisher: Publisher;
}

/** The log could not make room, and nothing was written: it may be tried again. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/**
 * Appends records in the given order. Only one commit runs at a time.
 *
 * When it resolves, all records are durable. When it rejects with NoRoomError, a beginning of them, possibly
 * none, is durable and the log can go on. When it rejects with anything else, nobody knows what is durable (a
 * failed fsync may have dropped the pages it could not write): the log must be opened anew, which looks.
 */
export async function commit(log: Committing, records: readonly SequencedRecord[]): Promise<void> {
  for (let done = 0; done < records.length;) {
    const { layout, segments, derived, publisher } = log;
    const first = derived.size;
    const room = layout.segmentRecords - (first % layout.segmentRecords);
    const part =
      records.length - done <= room && done === 0 ? records : records.slice(done, done + room);
    const size = sizeOf(part);

    // 1. Make room in both files of the segment.
    const segment = await noRoomOnError(async () => {
      const active = await segments.at(first);
      if (!active.entries.has(size.entries)) await active.entries.reserve(size.entries);
      if (!active.contents.has(size.contents)) await active.contents.reserve(size.contents);
      return active;
    });
    // Both files are long enough, durably. Nothing of this part was written: a full disk has shown by now.

    // 2. Write. The zero behind the last record goes on ending each file.
    if (!segment.entries.isLinked() || !segment.contents.isLinked())
      throw removed(segment.entries.path);
    const bytes = encode(part, size);
    segment.contents.write(bytes.contents);
    segment.entries.write(bytes.entries);
    // The records are in the page cache. If this process dies now, opening the log finds them whole and keeps
    // them; if the machine loses power, it finds a beginning of them whole, keeps that and clears the rest.
    // Nobody has been told of any, so both are right.

    // 3. Start syncing, and derive meanwhile. Readers do not look beyond the published checkpoint.
    const durable = Promise.all([segment.entries.datasync(), segment.contents.datasync()]);
    try {
      for (const record of part) {
        derived.add({
          leaf: record.leaf,
          producer: record.producer,
          seq: record.seq,
          entrySize: entrySize(record.envelopeBytes),
          contentSize: contentSize(record.contentBytes),
        });
      }
      derived.flush();
    } finally {
      // 4. COMMIT POINT: both files are synced.
      await durable;
    }
    // From here on every one of these records survives anything the disk survives: a record exists when it is
    // whole in both files, and opening the log finds it there whatever else was lost.

    // 5. Move the head. The next checkpoint, signed when somebody asks or the publisher's turn comes, covers
    //    the records; it extends the last one, because the tree only ever grows by `derived.add`.
    publisher.advance({ size: derived.size, root: derived.tree.root() });
    // A published checkpoint therefore covers durable records only. If we crash before it is published,
    // opening the log finds the records behind the older checkpoint and signs them then.

    segment.entries.growAhead();
    segment.contents.growAhead();
    segments.prepareNext(derived.size);
    done += part.length;
  }
  // 6. The caller acknowledges.
}

interface PartSize {
  readonly entries: number;
  readonly contents: number;
}

function sizeOf(records: readonly SequencedRecord[]): PartSize {
  let entries = 0;
  let contents = 0;
  for (const { envelopeBytes, contentBytes } of records) {
    entries += entrySize(envelopeBytes);
    contents += contentSize(contentBytes);
  }
  return { entries, contents };
}

// Used between two awaits only: once written, the bytes are in the page cache.
let entriesBuffer: Uint8Array = new Uint8Array(256 << 10);
let contentsBuffer: Uint8Array = new Uint8Array(512 << 10);

/** Returns the bytes of both files. They are valid until the next call. */
function encode(
  records: readonly SequencedRecord[],
  size: PartSize,
): { readonly entries: Uint8Array; readonly contents: Uint8Array } {
  if (entriesBuffer.length < size.entries) entriesBuffer = new Uint8Array(size.entries * 2);
  if (contentsBuffer.length < size.contents) contentsBuffer = new Uint8Array(size.contents * 2);
  let entryAt = 0;
  let contentAt = 0;
  for (const record of records) {
    entryAt = writeEntry(entriesBuffer, entryAt, record.envelopeBytes);
    contentAt = writeContent(contentsBuffer, contentAt, record.salt, record.contentBytes);
  }
  return {
    entries: entriesBuffer.subarray(0, entryAt),
    contents: contentsBuffer.subarray(0, contentAt),
  };
}

async function noRoomOnError<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    throw new NoRoomError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function removed(path: string): LedgerError {
  return new LedgerError('log_unavailable', `${path} was removed while the log was open`, {
    file: path,
  });
}
