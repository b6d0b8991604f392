/** The two threads as seen from outside. Whatever ends a thread is told: nothing waits for ever. */
import { Worker } from 'node:worker_threads';
import { LedgerError, messageOf } from '../errors.ts';
import { errorOf } from './fault.ts';
import type {
  Fault,
  FromIndexer,
  FromSearcher,
  Method,
  Methods,
  ThreadData,
  ToIndexer,
  ToSearcher,
} from './messages.ts';

export interface IndexerEvents {
  indexed(size: number): void;
  failed(fault: Fault): void;
}

/** Starts a module of this folder as a thread; `ended` is called once, with why. */
function startThread(file: string, data: ThreadData, ended: (fault: Fault) => void): Worker {
  const worker = new Worker(new URL(file, import.meta.url), { workerData: data, execArgv: [] });
  let told = false;
  const end = (message: string): void => {
    if (told) return;
    told = true;
    ended({ code: 'index_failed', message, damage: false });
  };
  worker.on('error', (error) => end(`index: a thread failed: ${messageOf(error)}`));
  worker.on('exit', (code) => end(`index: a thread ended with code ${code}`));
  return worker;
}

export class IndexerThread {
  readonly size: number;
  readonly notice: string | undefined;
  readonly #worker: Worker;
  /** Who waits for a record to be forgotten. */
  readonly #forgetting = new Map<number, Waiting[]>();
  #over: LedgerError | undefined;

  private constructor(worker: Worker, size: number, notice: string | undefined) {
    this.#worker = worker;
    this.size = size;
    this.notice = notice;
  }

  /** Resolves when the file is open; rejects with LedgerError when it cannot be. */
  static start(data: ThreadData, events: IndexerEvents): Promise<IndexerThread> {
    return new Promise((resolve, reject) => {
      let thread: IndexerThread | undefined;
      const fail = (fault: Fault): void => {
        if (thread === undefined) {
          reject(errorOf(fault));
          return;
        }
        thread.#end(errorOf(fault));
        events.failed(fault);
      };
      const worker = startThread('./indexer-thread.ts', data, fail);
      worker.on('message', (message: FromIndexer) => {
        switch (message.kind) {
          case 'ready':
            thread = new IndexerThread(worker, message.size, message.notice);
            resolve(thread);
            break;
          case 'indexed':
            events.indexed(message.size);
            break;
          case 'forgotten':
            if (thread !== undefined) thread.#forgotten(message.index);
            break;
          case 'failed':
            fail(message.fault);
            break;
        }
      });
    });
  }

  catchUp(size: number): void {
    this.#post({ kind: 'catchUp', size });
  }

  /** Resolves when the index holds nothing of the record's content. */
  async forget(index: number): Promise<void> {
    if (this.#over !== undefined) throw this.#over;
    await new Promise<void>((resolve, reject) => {
      const waiting = this.#forgetting.get(index) ?? [];
      this.#forgetting.set(index, [...waiting, { resolve, reject }]);
      this.#post({ kind: 'forget', index });
    });
  }

  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await ended(this.#worker);
    this.#end(new LedgerError('index_closed', 'the index is closed'));
  }

  #forgotten(index: number): void {
    const waiting = this.#forgetting.get(index) ?? [];
    this.#forgetting.delete(index);
    for (const { resolve } of waiting) resolve();
  }

  #end(error: LedgerError): void {
    this.#over ??= error;
    for (const { reject } of [...this.#forgetting.values()].flat()) reject(this.#over);
    this.#forgetting.clear();
  }

  #post(message: ToIndexer): void {
    this.#worker.postMessage(message);
  }
}

interface Waiting<T = void> {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: Error) => void;
}

export class SearchThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<never>>();
  readonly #damaged: (fault: Fault) => void;
  #next = 1;
  #over: LedgerError | undefined;

  private constructor(worker: Worker, damaged: (fault: Fault) => void) {
    this.#worker = worker;
    this.#damaged = damaged;
  }

  static start(data: ThreadData, damaged: (fault: Fault) => void): Promise<SearchThread> {
    return new Promise((resolve, reject) => {
      const fail = (fault: Fault): void => {
        thread.#end(errorOf(fault));
        reject(errorOf(fault));
      };
      const worker = startThread('./search-thread.ts', data, fail);
      const thread = new SearchThread(worker, damaged);
      worker.on('message', (message: FromSearcher) => {
        if (message.kind === 'ready') resolve(thread);
        else if (message.kind === 'failed') fail(message.fault);
        else thread.#answer(message);
      });
    });
  }

  async ask<M extends Method>(
    method: M,
    request: Methods[M]['request'],
  ): Promise<Methods[M]['answer']> {
    if (this.#over !== undefined) throw this.#over;
    const id = this.#next++;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ kind: 'ask', id, method, request });
    });
  }

  /** Answers what was asked before, then ends. */
  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await ended(this.#worker);
    this.#end(new LedgerError('index_closed', 'the index is closed'));
  }

  #answer(message: Extract<FromSearcher, { id: number }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.answer as never);
    else {
      waiting?.reject(errorOf(message.fault));
      if (message.fault.damage) this.#damaged(message.fault);
    }
  }

  #end(error: LedgerError): void {
    this.#over ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#over);
    this.#waiting.clear();
  }

  #post(message: ToSearcher): void {
    this.#worker.postMessage(message);
  }
}

async function ended(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  await new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
}
