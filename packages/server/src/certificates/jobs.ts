import { ServerError } from '../errors.ts';
import type { Outcome } from './many.ts';

/** Work on many certificates that goes on after the answer. */
export interface CertificateJob {
  readonly id: number;
  /** Who asked: nobody else is told. */
  readonly username: string;
  readonly total: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: Outcome;
  /** Why it ended before everything was done. */
  readonly failure: string | null;
}

/** More certificates than these are not waited for. */
export const AT_ONCE = 500;
/** Jobs that are remembered after their end; what they did is in the log. */
const REMEMBERED = 100;
const NOTHING: Outcome = { done: [], refused: [] };

/**
 * Work on many certificates. What was done of it is done when the server stops, each piece with its record; the rest is
 * asked for again.
 */
export class CertificateJobs {
  readonly #clock: () => Date;
  readonly #jobs = new Map<number, CertificateJob>();
  readonly #running = new Set<Promise<void>>();
  #next = 1;
  #stopped = false;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** Begins work on so many certificates; it says how far it is, and is told to stop by an error of `progress`. */
  start(
    username: string,
    total: number,
    work: (progress: (outcome: Outcome) => void) => Promise<Outcome>,
  ): CertificateJob {
    const id = this.#next;
    this.#next += 1;
    const job: CertificateJob = {
      id,
      username,
      total,
      startedAt: this.#clock().toISOString(),
      finishedAt: null,
      outcome: NOTHING,
      failure: null,
    };
    this.#jobs.set(id, job);
    const running = work((outcome) => this.#progress(id, outcome))
      .then((outcome) => this.#finish(id, { outcome }))
      .catch((error: unknown) =>
        this.#finish(id, { failure: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return job;
  }

  /** A job of somebody's. Throws `not_found`. */
  find(id: number, username: string): CertificateJob {
    const job = this.#jobs.get(id);
    if (job?.username === username) return job;
    throw new ServerError('not_found', `there is no job ${id} of yours`);
  }

  /** Ends what runs after the batch it is at. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.idle();
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #progress(id: number, outcome: Outcome): void {
    this.#change(id, { outcome });
    if (this.#stopped)
      throw new ServerError('shutting_down', 'the server is stopping; the rest was not done');
  }

  #finish(id: number, end: Partial<CertificateJob>): void {
    this.#change(id, { ...end, finishedAt: this.#clock().toISOString() });
    const over = [...this.#jobs.values()].filter(({ finishedAt }) => finishedAt !== null);
    for (const job of over.slice(0, Math.max(0, over.length - REMEMBERED)))
      this.#jobs.delete(job.id);
  }

  #change(id: number, change: Partial<CertificateJob>): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, ...change });
  }
}
