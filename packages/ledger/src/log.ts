/** The log as its one writer sees it: `append` is how everything gets in. */
import { isProducerName, type CompleteDraft } from '@countersign/records';
import { LedgerError } from './errors.ts';
import type { LogReader } from './reader.ts';
import type { LogStatus } from './status.ts';

/** Where a record of a producer is in the log. */
export interface Appended {
  readonly seq: number;
  readonly index: number;
  /** True when the log had it already: a repeat is answered, not stored again. */
  readonly duplicate: boolean;
}

export interface Log {
  /**
   * Appends a producer's next records, all or none, and resolves when they are durable. Their numbers must be
   * consecutive; those the log already has must be the same records again. Throws LedgerError `sequence_gap`
   * (with `expected`), `sequence_conflict`, `producer_invalid`, `batch_too_large`, `overloaded` (with `retryAfterMs`),
   * `log_unavailable`, `log_closed`; RecordError for a draft that can't be sealed. After `log_unavailable` the records may
   * or may not be in the log: send them again with the same numbers.
   */
  append(producer: string, drafts: readonly CompleteDraft[]): Promise<readonly Appended[]>;
  /**
   * Overwrites the salt and the content of a record with zeros, durably. `record` is the index of the AUDIT_DATA_ERASED
   * record that says so: without it nothing is erased. What was erased is gone; to ask again writes the zeros again,
   * which is how an erasure that was cut short is finished. Throws LedgerError `record_kept` for a record whose content
   * is never erased, `erasure_unfounded`, `record_missing`, `record_corrupt`, `log_unavailable`, `log_closed`.
   */
  erase(index: number, record: number): Promise<void>;
  /** The number the producer's next record must carry, counting what is on its way. */
  nextSeq(producer: string): number;
  /** Number of durable records. */
  readonly size: number;
  /** A signed checkpoint over all durable records. */
  readonly checkpoint: string;
  /** Sees every durable record at once; readers in other processes follow within milliseconds. */
  readonly reader: LogReader;
  status(): LogStatus;
  /** Calls the listener whenever a larger checkpoint has been published. Returns how to stop that. */
  onCommit(listener: (size: number) => void): () => void;
  /** Resolves when the checkpoint file covers everything durable. */
  published(): Promise<void>;
  /** Commits what is waiting, publishes, releases the writer lock. Rejects when it can't publish: opening the log does. */
  close(): Promise<void>;
}

/** Records one call of `append` takes at most. */
export const MAX_BATCH_RECORDS = 10_000;

/** Throws LedgerError `producer_invalid`, `batch_too_large`, `sequence_gap`. */
export function checkBatch(producer: string, drafts: readonly CompleteDraft[]): void {
  if (!isProducerName(producer)) {
    throw new LedgerError(
      'producer_invalid',
      `producer: expected lower-case letters, digits, ".", "_" and "-", 64 at most, got ${JSON.stringify(producer)}`,
      { producer },
    );
  }
  if (drafts.length > MAX_BATCH_RECORDS) {
    throw new LedgerError(
      'batch_too_large',
      `records: expected ${MAX_BATCH_RECORDS} at most, got ${drafts.length}`,
      { expected: MAX_BATCH_RECORDS, got: drafts.length },
    );
  }
  const first = drafts[0]?.seq ?? 1;
  for (let i = 0; i < drafts.length; i += 1) {
    const { seq } = drafts[i] as CompleteDraft;
    if (seq !== first + i) throw sequenceGap(producer, first + i, seq);
  }
}

export function sequenceGap(producer: string, expected: number, got: number): LedgerError {
  return new LedgerError(
    'sequence_gap',
    `producer "${producer}": expected sequence number ${expected}, got ${got}`,
    { producer, expected, got },
  );
}
