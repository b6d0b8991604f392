/**
 * The log's head: how many records are durable, and the checkpoint that says so. Signing and publishing are
 * not on the way of an acknowledgement: one checkpoint covers all batches since the last, and publishing one
 * costs as much as a commit.
 */
import { formatCheckpoint, signNote, utf8, type Hash, type NoteSigner } from '@countersign/tlog';
import { replaceFile, type Disk } from './disk.ts';
import type { LogPaths } from './layout.ts';

/** A size and the root of the tree of that size. Everything it covers is durable. */
export interface Head {
  readonly size: number;
  readonly root: Hash;
}

export interface PublisherOptions {
  readonly disk: Disk;
  readonly paths: LogPaths;
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  /** What is published already. */
  readonly head: Head;
  readonly note: string;
  /** Milliseconds between two publications at least: how far readers in other processes may lag. */
  readonly intervalMs?: number;
  readonly now: () => Date;
  readonly onPublished: (size: number) => void;
  readonly onFailure: (error: unknown) => void;
}

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #intervalMs: number;
  #head: Head;
  #signed: { readonly size: number; readonly note: string; readonly time: Date };
  #publishedSize: number;
  #publishing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastStart = -Infinity;
  #failed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? 10;
    this.#head = options.head;
    this.#signed = { size: options.head.size, note: options.note, time: options.now() };
    this.#publishedSize = options.head.size;
  }

  get head(): Head {
    return this.#head;
  }

  get publishedSize(): number {
    return this.#publishedSize;
  }

  /** When the newest checkpoint was signed, or read if none was signed since. */
  get signedAt(): Date {
    return this.#signed.time;
  }

  /** Returns the signed checkpoint over the head. Signs when the newest one covers less. */
  note(): string {
    const { size, root } = this.#head;
    if (this.#signed.size !== size) {
      const { origin, signers, now } = this.#options;
      const text = formatCheckpoint({ origin, size, root, extensions: [] });
      this.#signed = { size, note: signNote(text, signers), time: now() };
    }
    return this.#signed.note;
  }

  /** Moves the head. All it covers must be durable, and it must extend the head before. */
  advance(head: Head): void {
    if (head.size < this.#head.size) throw new Error('bad math: the head went back');
    this.#head = head;
    this.#schedule();
  }

  /** Resolves when what is durable now is published. Rejects when that fails. */
  async settle(): Promise<void> {
    const { size } = this.#head;
    while (this.#publishedSize < size) await this.#publish();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#publishing?.catch(() => undefined);
  }

  #schedule(): void {
    if (this.#publishing !== null || this.#timer !== null || this.#failed) return;
    const wait = this.#lastStart + this.#intervalMs - performance.now();
    if (wait <= 0) {
      this.#publish().catch(this.#options.onFailure);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#schedule();
    }, wait);
  }

  #publish(): Promise<void> {
    this.#publishing ??= this.#publishHead().finally(() => {
      this.#publishing = null;
      if (this.#head.size > this.#publishedSize) this.#schedule();
    });
    return this.#publishing;
  }

  async #publishHead(): Promise<void> {
    const { disk, paths, onPublished } = this.#options;
    this.#lastStart = performance.now();
    const { size } = this.#head;
    try {
      await replaceFile(disk, paths.checkpoint, utf8(this.note()), paths.nextCheckpoint);
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#publishedSize = size;
    onPublished(size);
  }
}
