/** The commit sequence: how records become part of the log. */
import { HASH_SIZE } from '@countersign/tlog';
import type { Derived } from './derived.ts';
import { joinBytes, splitBatches, type EncodedBatch } from './encoded-batch.ts';
import { LedgerError } from './errors.ts';
import type { Layout } from './layout.ts';
import type { WriterLock } from './lock.ts';
import type { Publisher } from './publisher.ts';
import type { Segments } from './segments.ts';

export interface Committing {
  readonly lock: WriterLock;
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
export async function commit(log: Committing, batches: readonly EncodedBatch[]): Promise<void> {
  for (let left = batches; left.length > 0;) {
    const { layout, lock, segments, derived, publisher } = log;
    const first = derived.size;
    const room = layout.segmentRecords - (first % layout.segmentRecords);
    const { part, rest } = splitBatches(left, room);
    const entries = joinBytes(part.map((batch) => batch.entries));
    const contents = joinBytes(part.map((batch) => batch.contents));

    // 1. Make room in both files of the segment, and see that what is derived will have some, too.
    const segment = await noRoomOnError(async () => {
      segments.checkSpace();
      const active = await segments.at(first);
      if (!active.entries.has(entries.length)) await active.entries.reserve(entries.length);
      if (!active.contents.has(contents.length)) await active.contents.reserve(contents.length);
      return active;
    });
    // Both files are long enough, durably. Nothing of this part was written: a full disk has shown by now.

    // 2. Write. The zero behind the last record goes on ending each file.
    if (!segment.entries.isLinked() || !segment.contents.isLinked())
      throw removed(segment.entries.path);
    if (!lock.isHeld()) throw removed("the lock's file");
    segment.contents.write(contents);
    segment.entries.write(entries);
    // The records are in the page cache. If this process dies now, opening the log finds them whole and keeps
    // them; if the machine loses power, it finds a beginning of them whole, keeps that and clears the rest.
    // Nobody has been told of any, so both are right.

    // 3. Start syncing, and derive meanwhile. Readers do not look beyond the published checkpoint.
    const durable = Promise.all([segment.entries.datasync(), segment.contents.datasync()]);
    try {
      for (const batch of part) deriveBatch(derived, batch);
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
    left = rest;
  }
  // 6. The caller acknowledges.
}

function deriveBatch(derived: Derived, batch: EncodedBatch): void {
  for (let i = 0; i < batch.count; i += 1) {
    derived.add({
      leaf: batch.leaves.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE),
      producer: batch.producer,
      seq: batch.firstSeq + i,
      entrySize: batch.entrySizes[i] as number,
      contentSize: batch.contentSizes[i] as number,
    });
  }
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
