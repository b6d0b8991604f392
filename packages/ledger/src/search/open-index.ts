/** The index as the rest of the ledger and the server know it. */
import { existsSync } from 'node:fs';
import { LedgerError } from '../errors.ts';
import { errorOf } from './fault.ts';
import { logSource } from './log-source.ts';
import type { Fault, ThreadData } from './messages.ts';
import { readHead, openDatabase } from './schema.ts';
import type { SourceModule } from './source.ts';
import { IndexerThread, SearchThread } from './threads.ts';
import type {
  Count,
  CountRequest,
  Facet,
  FacetRequest,
  Histogram,
  HistogramRequest,
  RelatedRecord,
  SearchPage,
  SearchRequest,
} from './types.ts';

/** Searches a log. Derived from it: closing or losing it loses nothing. */
export interface LogIndex {
  /** Says how far the log goes: the index follows in its own thread. Never throws for a fault of the index. */
  catchUp(size: number): void;
  /** Records that searches find: `[0, indexedSize)`. */
  indexedSize(): number;
  /** Resolves when so many records are indexed; rejects when the index has failed or is closed. */
  whenIndexed(size: number): Promise<void>;
  /**
   * Forgets what the index holds of the content of a record, and resolves when no search finds it by that any more. To be
   * asked before the log erases the content, which the index needs to find its words again, and after: when the index
   * took the content in anew meanwhile, it is made anew from the log. Throws LedgerError `index_failed`, `index_closed`.
   */
  forget(index: number): Promise<void>;
  /** A page of indexes. Throws LedgerError `cursor_invalid`. */
  search(request: SearchRequest): Promise<SearchPage>;
  count(request: CountRequest): Promise<Count>;
  /** Throws LedgerError `field_unknown` for a field that is not in FACET_FIELDS. */
  facets(request: FacetRequest): Promise<Facet[]>;
  /** Throws LedgerError `argument_invalid`. */
  histogram(request: HistogramRequest): Promise<Histogram>;
  /** The newest records that belong to one. Throws LedgerError `record_missing`. */
  related(index: number, limit?: number): Promise<RelatedRecord[]>;
  /** Why the index no longer follows the log, or undefined. */
  failure(): LedgerError | undefined;
  close(): Promise<void>;
}

export interface OpenIndexOptions {
  /** The index file, `data/index.db`; SQLite puts two more beside it. */
  readonly path: string;
  /** The log's folder, `data/log`. */
  readonly logDir: string;
  /** Only search what is there, beside a process that writes. Throws LedgerError `index_missing`. */
  readonly readOnly?: boolean;
  /** Delete what is there and index from the beginning. */
  readonly anew?: boolean;
  /** Told that the index had to be made anew, and why. */
  readonly onNotice?: (message: string) => void;
  /** Told once when the index can no longer follow the log. Searches go on as long as they can. */
  readonly onFailure?: (error: LedgerError) => void;
  /** Told after each transaction. */
  readonly onIndexed?: (size: number) => void;
  /** Where to read records instead of `logDir`; for tests and measurements. */
  readonly source?: SourceModule;
}

/** A damaged file is deleted and made anew this often; then something else is wrong. */
const MAX_REPAIRS = 3;

/** Opens the index and starts its threads. Records after the indexed ones come with `catchUp`. */
export async function openIndex(options: OpenIndexOptions): Promise<LogIndex> {
  const index = new ThreadedIndex(options);
  await index.start(options.anew === true);
  return index;
}

class ThreadedIndex implements LogIndex {
  readonly #options: OpenIndexOptions;
  readonly #source: SourceModule;
  readonly #waiting = new Set<{
    size: number;
    resolve: () => void;
    reject: (error: Error) => void;
  }>();
  #indexer: IndexerThread | undefined;
  #searcher: SearchThread | undefined;
  #indexed = 0;
  #target = 0;
  #repairs = 0;
  #repairing: Promise<void> | undefined;
  #failure: LedgerError | undefined;
  #closed = false;

  constructor(options: OpenIndexOptions) {
    this.#options = options;
    this.#source = options.source ?? logSource(options.logDir);
  }

  async start(anew: boolean): Promise<void> {
    const data: ThreadData = { path: this.#options.path, source: this.#source, anew };
    if (this.#options.readOnly === true) {
      this.#indexed = sizeOfExisting(this.#options.path);
    } else {
      this.#indexer = await IndexerThread.start(data, {
        indexed: (size) => this.#advance(size),
        failed: (fault) => this.#fault(fault),
      });
      this.#indexed = this.#indexer.size;
      if (this.#indexer.notice !== undefined) this.#options.onNotice?.(this.#indexer.notice);
    }
    try {
      this.#searcher = await SearchThread.start(data, (fault) => this.#fault(fault));
    } catch (error) {
      await this.#indexer?.close();
      throw error;
    }
  }

  catchUp(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new RangeError(`size: expected a number of records, got ${size}`);
    if (size <= this.#target || this.#closed) return;
    this.#target = size;
    this.#indexer?.catchUp(size);
  }

  indexedSize(): number {
    return this.#indexed;
  }

  failure(): LedgerError | undefined {
    return this.#failure;
  }

  async whenIndexed(size: number): Promise<void> {
    if (this.#indexed >= size) return;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw closed();
    await new Promise<void>((resolve, reject) => void this.#waiting.add({ size, resolve, reject }));
  }

  async forget(index: number): Promise<void> {
    if (this.#closed) throw closed();
    await this.#repairing;
    const indexer = this.#indexer;
    if (this.#failure !== undefined || indexer === undefined) throw this.#failure ?? closed();
    try {
      await indexer.forget(index);
    } catch (error) {
      // Its repair reads the log as it is; what was not erased so far is asked for again.
      if (!(error instanceof LedgerError) || error.code !== 'index_damaged') throw error;
      await this.forget(index);
    }
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const { limit, order } = request;
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 10_000) {
      throw new LedgerError(
        'argument_invalid',
        `limit: expected a number from 1 to 10000, got ${limit}`,
      );
    }
    if (order !== 'asc' && order !== 'desc') {
      throw new LedgerError(
        'argument_invalid',
        `order: expected asc or desc, got ${String(order)}`,
      );
    }
    return await (await this.#asking()).ask('search', request);
  }

  async count(request: CountRequest): Promise<Count> {
    return await (await this.#asking()).ask('count', request);
  }

  async facets(request: FacetRequest): Promise<Facet[]> {
    return await (await this.#asking()).ask('facets', request);
  }

  async histogram(request: HistogramRequest): Promise<Histogram> {
    return await (await this.#asking()).ask('histogram', request);
  }

  async related(index: number, limit?: number): Promise<RelatedRecord[]> {
    return await (
      await this.#asking()
    ).ask('related', limit === undefined ? { index } : { index, limit });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#repairing;
    await Promise.all([this.#indexer?.close(), this.#searcher?.close()]);
    this.#rejectWaiting(closed());
  }

  /** The searching thread, once a repair under way is done. */
  async #asking(): Promise<SearchThread> {
    if (this.#closed) throw closed();
    await this.#repairing;
    if (this.#searcher === undefined) throw this.#failure ?? closed();
    return this.#searcher;
  }

  #advance(size: number): void {
    this.#indexed = size;
    for (const waiting of this.#waiting) {
      if (waiting.size > size) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    this.#options.onIndexed?.(size);
  }

  #fault(fault: Fault): void {
    if (this.#closed || this.#failure !== undefined || this.#repairing !== undefined) return;
    if (!fault.damage || this.#options.readOnly === true || this.#repairs >= MAX_REPAIRS) {
      this.#fail(errorOf(fault));
      return;
    }
    this.#repairs++;
    this.#repairing = this.#repair(fault)
      .catch((error: unknown) => {
        this.#fail(
          error instanceof LedgerError ? error : new LedgerError('index_failed', String(error)),
        );
      })
      .finally(() => {
        this.#repairing = undefined;
      });
  }

  /** Deletes a damaged index and begins again from the log. */
  async #repair(fault: Fault): Promise<void> {
    this.#options.onNotice?.(`the index is being made anew: ${fault.message}`);
    await Promise.all([this.#indexer?.close(), this.#searcher?.close()]);
    this.#searcher = undefined;
    await this.start(true);
    if (this.#target > 0) this.#indexer?.catchUp(this.#target);
  }

  #fail(error: LedgerError): void {
    this.#failure = error;
    this.#rejectWaiting(error);
    this.#options.onFailure?.(error);
  }

  #rejectWaiting(error: LedgerError): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}

function closed(): LedgerError {
  return new LedgerError('index_closed', 'the index is closed');
}

function sizeOfExisting(path: string): number {
  if (!existsSync(path))
    throw new LedgerError('index_missing', `there is no index at ${path}`, { file: path });
  const db = openDatabase(path, 'read');
  try {
    const head = readHead(db);
    if (head === undefined)
      throw new LedgerError('index_missing', `there is no index in ${path}`, { file: path });
    return head.size;
  } finally {
    db.close();
  }
}

export interface RebuildIndexOptions extends Pick<OpenIndexOptions, 'path' | 'logDir' | 'source'> {
  readonly onProgress?: (progress: { readonly indexed: number; readonly size: number }) => void;
  readonly signal?: AbortSignal;
}

/** Deletes the index and makes it again from the log. Returns how many records it holds. */
export async function rebuildIndex({
  onProgress,
  signal,
  ...options
}: RebuildIndexOptions): Promise<number> {
  signal?.throwIfAborted();
  const size = await sizeOfLog(options.source ?? logSource(options.logDir));
  const index = await openIndex({
    ...options,
    anew: true,
    onIndexed: (indexed) => onProgress?.({ indexed, size }),
  });
  const stop = (): void => void index.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    index.catchUp(size);
    await index.whenIndexed(size);
  } finally {
    signal?.removeEventListener('abort', stop);
    await index.close();
  }
  return size;
}

async function sizeOfLog(module: SourceModule): Promise<number> {
  const { openSource } = await import('./source.ts');
  const source = await openSource(module);
  try {
    return await source.size();
  } finally {
    await source.close();
  }
}
