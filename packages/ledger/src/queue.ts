import { LedgerError } from './errors.ts';
import type { EncodedBatch } from './encoded-batch.ts';

/** What one call of `append` adds: all of it is committed together, in this order. */
export interface Batch {
  readonly encoded: EncodedBatch;
  /** Called once all records are durable, with the index of the first. */
  readonly resolve: (firstIndex: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface QueueLimits {
  /** Waiting records and bytes beyond which `append` is refused. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Records and bytes one commit takes at most, but always one whole batch. */
  readonly groupRecords: number;
  readonly groupBytes: number;
}

export const QUEUE_LIMITS: QueueLimits = {
  maxRecords: 100_000,
  maxBytes: 64 << 20,
  groupRecords: 8192,
  groupBytes: 8 << 20,
};

/** Batches waiting for the next commit, in order of arrival. */
export class Queue {
  readonly #limits: QueueLimits;
  #batches: Batch[] = [];
  #records = 0;
  #bytes = 0;

  constructor(limits: QueueLimits = QUEUE_LIMITS) {
    this.#limits = limits;
  }

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Throws LedgerError `overloaded` when more is waiting than the disk keeps up with. */
  checkRoom(): void {
    if (this.#records < this.#limits.maxRecords && this.#bytes < this.#limits.maxBytes) return;
    throw new LedgerError(
      'overloaded',
      `${this.#records} records (${this.#bytes} bytes) are waiting to be written; try again shortly`,
      { retryAfterMs: 250 },
    );
  }

  push(batch: Batch): void {
    this.#batches.push(batch);
    this.#records += batch.encoded.count;
    this.#bytes += bytesOf(batch);
  }

  /** Takes what the next commit writes: whole batches from the front. */
  takeGroup(): Batch[] {
    let records = 0;
    let bytes = 0;
    let count = 0;
    for (const batch of this.#batches) {
      records += batch.encoded.count;
      bytes += bytesOf(batch);
      if (count > 0 && (records > this.#limits.groupRecords || bytes > this.#limits.groupBytes))
        break;
      count += 1;
    }
    const group = this.#batches.splice(0, count);
    for (const batch of group) {
      this.#records -= batch.encoded.count;
      this.#bytes -= bytesOf(batch);
    }
    return group;
  }

  /** Empties the queue: nothing of it will be written. */
  rejectAll(error: unknown): void {
    const batches = this.#batches;
    this.#batches = [];
    this.#records = 0;
    this.#bytes = 0;
    for (const batch of batches) batch.reject(error);
  }
}

function bytesOf({ encoded }: Batch): number {
  return encoded.entries.length + encoded.contents.length;
}
