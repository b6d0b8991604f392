import { Worker } from 'node:worker_threads';
import { checkSegment, type SegmentResult, type SegmentTask } from './check-segment.ts';
import type { WorkerMessage } from './worker.ts';

export interface PoolOptions {
  /** Threads; 0 checks in this one. */
  readonly workers: number;
  readonly onRecords: (records: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs tasks over threads and yields their results in the tasks' order. At most two tasks per thread are ahead of the
 * consumer, so memory stays flat.
 */
export async function* checkSegments(
  tasks: readonly SegmentTask[],
  { workers, onRecords, signal }: PoolOptions,
): AsyncGenerator<SegmentResult> {
  signal?.throwIfAborted();
  if (workers === 0) {
    for (const task of tasks) {
      signal?.throwIfAborted();
      yield checkSegment(task, onRecords);
    }
    return;
  }
  const threads = Array.from(
    { length: Math.min(workers, tasks.length) },
    () => new Thread(onRecords),
  );
  try {
    const running: Promise<SegmentResult>[] = [];
    let next = 0;
    const start = () => {
      const task = tasks[next];
      if (task === undefined) return;
      const thread = threads[next % threads.length] as Thread;
      next += 1;
      const result = thread.run(task);
      result.catch(() => undefined); // seen where it is awaited
      running.push(result);
    };
    while (running.length < threads.length * 2 && next < tasks.length) start();
    for (let result = running.shift(); result !== undefined; result = running.shift()) {
      yield await abortable(result, signal);
      start();
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** One worker thread; it takes one task after the other. */
class Thread {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url));
  #last: Promise<unknown> = Promise.resolve();
  readonly #onRecords: (records: number) => void;

  constructor(onRecords: (records: number) => void) {
    this.#onRecords = onRecords;
    this.#worker.setMaxListeners(0);
  }

  run(task: SegmentTask): Promise<SegmentResult> {
    const result = this.#last.then(() => this.#runNow(task));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #runNow(task: SegmentTask): Promise<SegmentResult> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const onMessage = (message: WorkerMessage) => {
        if (message.type === 'progress') {
          this.#onRecords(message.records);
          return;
        }
        stop();
        resolve(message.result);
      };
      const onError = (error: unknown) => {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const onExit = (code: number) =>
        onError(new Error(`a verification thread ended with ${code}`));
      const stop = () => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });
  }
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
