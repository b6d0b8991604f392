import type { NoteSigner } from '@countersign/tlog';
import { sealRecord, type CompleteDraft } from '@countersign/records';
import { commit, NoRoomError } from './commit.ts';
import type { Derived } from './derived.ts';
import type { Disk } from './disk.ts';
import { checkFounded, findContent, whyKept, writeZeros } from './erase.ts';
import { encodeBatch } from './encoded-batch.ts';
import { LedgerError, messageOf } from './errors.ts';
import { Ids } from './ids.ts';
import type { Layout, LogPaths } from './layout.ts';
import type { WriterLock } from './lock.ts';
import { checkBatch, sequenceGap, type Appended, type Log } from './log.ts';
import type { MarkedSalts } from './marked-salts.ts';
import { Publisher } from './publisher.ts';
import { Queue, type Batch, type QueueLimits } from './queue.ts';
import { createReader, type LogReader } from './reader.ts';
import type { Recovered, RecoveryReport } from './recovery.ts';
import type { Segments } from './segments.ts';
import type { LogState, LogStatus } from './status.ts';

export interface SequencerOptions {
  readonly disk: Disk;
  readonly paths: LogPaths;
  readonly layout: Layout;
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  readonly salts: MarkedSalts;
  readonly clock: () => Date;
  readonly limits: QueueLimits;
  readonly onStateChange?: (status: LogStatus) => void;
  /** Taken over. */
  readonly lock: WriterLock;
  /** Taken over. */
  readonly recovered: Recovered;
}

/**
 * Puts the records of all producers into one order. `append` numbers, checks and seals at once; then one commit
 * at a time takes everything that has come in during the one before (group commit), so callers share its syncs.
 */
export class Sequencer implements Log {
  readonly reader: LogReader;
  readonly #clock: () => Date;
  readonly #ids = new Ids();
  readonly #salts: MarkedSalts;
  readonly #lock: WriterLock;
  readonly #layout: Layout;
  readonly #disk: Disk;
  readonly #paths: LogPaths;
  readonly #onStateChange: ((status: LogStatus) => void) | undefined;
  readonly #report: RecoveryReport;
  readonly #startedAt: Date;
  readonly #listeners = new Set<(size: number) => void>();
  readonly #publisher: Publisher;

  // Owned by `#run`, which alone commits.
  readonly #segments: Segments;
  readonly #derived: Derived;
  #running: Promise<void> | null = null;
  #sealing: Promise<void> = Promise.resolve();
  /** Erasures, one after the other. */
  #erasing: Promise<void> = Promise.resolve();

  // Owned by `append`, between two awaits.
  readonly #queue: Queue;
  /** The next number of producers that have records on their way; the others' is in `#derived`. */
  readonly #nextSeqs = new Map<string, number>();

  /** Woken when a commit ends, well or not. */
  #waiting: (() => void)[] = [];
  #state: LogState = 'running';
  #reason: string | undefined;
  #closing = false;

  constructor(options: SequencerOptions) {
    const { disk, paths, layout, origin, signers, clock, recovered } = options;
    this.#clock = clock;
    this.#salts = options.salts;
    this.#lock = options.lock;
    this.#layout = layout;
    this.#disk = disk;
    this.#paths = paths;
    this.#onStateChange = options.onStateChange;
    this.#report = recovered.report;
    this.#startedAt = clock();
    this.#segments = recovered.segments;
    this.#derived = recovered.derived;
    this.#queue = new Queue(options.limits);
    const { size, root } = recovered.checkpoint;
    this.#publisher = new Publisher({
      disk,
      paths,
      origin,
      signers,
      note: recovered.note,
      now: clock,
      head: { size, root },
      onPublished: (published) => {
        // In a turn of its own: what a listener throws is no failure of the log.
        for (const listener of this.#listeners) queueMicrotask(() => listener(published));
      },
      onFailure: (error) => this.#fail(error),
    });
    if (this.#derived.size > size) {
      this.#publisher.advance({ size: this.#derived.size, root: this.#derived.tree.root() });
    }
    this.reader = createReader({
      paths,
      layout,
      head: { size: async () => this.size, checkpoint: async () => this.checkpoint },
    });
  }

  get size(): number {
    return this.#publisher.head.size;
  }

  get checkpoint(): string {
    return this.#publisher.note();
  }

  nextSeq(producer: string): number {
    return this.#nextSeqs.get(producer) ?? this.#derived.producers.next(producer);
  }

  async append(producer: string, drafts: readonly CompleteDraft[]): Promise<readonly Appended[]> {
    checkBatch(producer, drafts);
    const repeats: Appended[] = [];
    for (;;) {
      this.#checkWritable();
      const draft = drafts[repeats.length];
      if (draft === undefined) return repeats;
      const next = this.nextSeq(producer);
      if (draft.seq > next) throw sequenceGap(producer, next, draft.seq);
      if (draft.seq === next) break;
      const known = await this.#recognise(producer, draft);
      // Null: the record was on its way and was not written, so its number is free again.
      if (known !== null) repeats.push(known);
    }
    // No await from the check of the number to the queue: nobody else takes the number meanwhile.
    const fresh = drafts.slice(repeats.length);
    const firstIndex = await this.#enqueue(producer, fresh);
    const added = fresh.map(({ seq }, i) => ({ seq, index: firstIndex + i, duplicate: false }));
    return repeats.length === 0 ? added : [...repeats, ...added];
  }

  async erase(index: number, record: number): Promise<void> {
    const erasing = this.#erasing.then(async () => await this.#erase(index, record));
    this.#erasing = erasing.catch(() => undefined);
    await erasing;
  }

  async #erase(index: number, record: number): Promise<void> {
    this.#checkWritable();
    checkFounded(index, await this.reader.read(record));
    // That it is this record's entry, only the tree tells.
    await this.reader.prove(index);
    const place = findContent(this.#disk, this.#paths, this.#layout, index);
    const why = whyKept(place.envelope);
    if (why !== null) {
      throw new LedgerError('record_kept', `record ${index} is never erased: ${why}`, { index });
    }
    // The record is durable, it comes after what it names, and both are signed from here on.
    await this.published();
    try {
      // A rename survives a loss of power only so: an older checkpoint might not cover what is erased.
      await this.#disk.syncDirectory(this.#paths.dir);
      await writeZeros(this.#disk, place);
    } catch (error) {
      this.#fail(error);
      throw this.#unavailable(error);
    }
  }

  /** Seals and queues records that carry the producer's next numbers. Resolves to the index of the first. */
  #enqueue(producer: string, drafts: readonly CompleteDraft[]): Promise<number> {
    this.#queue.checkRoom();
    const now = this.#clock();
    const encoded = encodeBatch(producer, drafts, (draft) => {
      const id = draft.id ?? this.#ids.id(now);
      const { category, event, level, operation, outcome, retention, seq, time } = draft;
      const fields = {
        category,
        event,
        id,
        level,
        operation,
        outcome,
        producer,
        retention,
        seq,
        time,
      };
      return sealRecord(draft, {
        producer,
        id,
        salt: (content) => this.#salts.salt(fields, content),
      });
    });
    // Whatever is wrong with a record has been thrown by now, and nothing was queued.
    this.#nextSeqs.set(producer, (drafts.at(-1) as CompleteDraft).seq + 1);
    return new Promise((resolve, reject) => {
      this.#queue.push({ encoded, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /**
   * Answers a number the log already has, durably, with the record's index. The same record sealed with the stored
   * id and salt has the same bytes. Throws LedgerError `sequence_conflict` when it is another one.
   */
  async #recognise(producer: string, draft: CompleteDraft): Promise<Appended | null> {
    const { producers } = this.#derived;
    while (
      producers.next(producer) <= draft.seq ||
      (producers.find(producer, draft.seq) ?? 0) >= this.size
    ) {
      this.#checkWritable();
      if (this.nextSeq(producer) <= draft.seq) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const index = producers.find(producer, draft.seq);
    if (index === null) throw new Error('bad math in Sequencer.#recognise');
    const stored = await this.reader.read(index);
    const { envelope } = stored;
    const again = sealRecord(draft, { producer, id: draft.id ?? envelope.id, salt: stored.salt });
    const same =
      stored.contentBytes === null
        ? // The content was erased, so that only the public part can be compared.
          again.envelope.time === envelope.time && again.envelope.event === envelope.event
        : Buffer.compare(again.envelopeBytes, stored.envelopeBytes) === 0;
    if (same) return { seq: draft.seq, index, duplicate: true };
    throw new LedgerError(
      'sequence_conflict',
      `producer "${producer}": number ${draft.seq} is record ${index} (${envelope.event} at ${envelope.time}), ` +
        `got another record (${draft.event} at ${draft.time})`,
      { producer, got: draft.seq, index },
    );
  }

  async #run(): Promise<void> {
    try {
      while (!this.#queue.isEmpty) {
        // Lets everybody who is about to append do so: they share the commit.
        await new Promise((resolve) => setImmediate(resolve));
        const group = this.#queue.takeGroup();
        const first = this.#derived.size;
        try {
          await commit(
            {
              layout: this.#layout,
              lock: this.#lock,
              segments: this.#segments,
              derived: this.#derived,
              publisher: this.#publisher,
            },
            group.map(({ encoded }) => encoded),
          );
        } catch (error) {
          this.#giveUp(error, group);
          return;
        }
        this.#acknowledge(group, first);
      }
    } finally {
      this.#running = null;
      this.#wake();
    }
  }

  #acknowledge(group: readonly Batch[], first: number): void {
    let index = first;
    for (const { encoded, resolve } of group) {
      resolve(index);
      index += encoded.count;
      const { producer } = encoded;
      const next = encoded.firstSeq + encoded.count;
      if (this.#nextSeqs.get(producer) === next) this.#nextSeqs.delete(producer);
    }
    if (this.#derived.hasFull) {
      this.#sealing = this.#sealing
        .then(() => this.#derived.sealFull())
        .catch((error: unknown) => this.#fail(error));
    }
    if (this.#state === 'full') this.#setState('running');
    this.#wake();
  }

  /** Tells everybody waiting that their records were not acknowledged, and whether the log goes on. */
  #giveUp(error: unknown, group: readonly Batch[]): void {
    if (error instanceof NoRoomError)
      this.#setState('full', `couldn't make room: ${error.message}`);
    else this.#fail(error);
    // Numbers given out to records that are not written are free again.
    this.#nextSeqs.clear();
    const unavailable = this.#unavailable(error);
    for (const batch of group) batch.reject(unavailable);
    this.#queue.rejectAll(unavailable);
  }

  /**
   * Fatal: after a failed write or sync nobody knows what is on disk, and a second fsync may lie. Nothing is
   * written any more; opening the log anew finds out.
   */
  #fail(error: unknown): void {
    if (this.#state === 'failed') return;
    this.#setState('failed', messageOf(error));
    this.#queue.rejectAll(this.#unavailable(error));
    this.#wake();
  }

  #setState(state: LogState, reason?: string): void {
    this.#state = state;
    this.#reason = reason;
    this.#onStateChange?.(this.status());
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #checkWritable(): void {
    if (this.#closing || this.#state === 'closed') {
      throw new LedgerError('log_closed', 'the log is closed');
    }
    if (this.#state === 'failed') throw this.#unavailable(undefined);
  }

  #unavailable(cause: unknown): LedgerError {
    return new LedgerError(
      'log_unavailable',
      `the log can't take records: ${this.#reason ?? 'unknown reason'}`,
      { cause, ...(this.#state === 'full' ? { retryAfterMs: 5000 } : {}) },
    );
  }

  status(): LogStatus {
    return {
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      size: this.size,
      publishedSize: this.#publisher.publishedSize,
      checkpoint: this.checkpoint,
      checkpointSignedAt: this.#publisher.signedAt.toISOString(),
      startedAt: this.#startedAt.toISOString(),
      recovery: this.#report,
      segments: Math.floor(this.size / this.#layout.segmentRecords) + 1,
      queuedRecords: this.#queue.records,
      queuedBytes: this.#queue.bytes,
      producers: this.#derived.producers.list().filter(({ lastIndex }) => lastIndex < this.size),
    };
  }

  onCommit(listener: (size: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async published(): Promise<void> {
    try {
      await this.#publisher.settle();
    } catch (error) {
      this.#fail(error);
      throw this.#unavailable(error);
    }
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#running;
    try {
      await this.#erasing;
      await this.#sealing;
      if (this.#state !== 'failed') await this.published();
    } finally {
      await this.#publisher.close();
      await this.#segments.close();
      this.#derived.close();
      this.reader.close();
      this.#lock.release();
      if (this.#state !== 'failed') this.#setState('closed');
    }
  }
}
