import type { Selectable } from 'kysely';
import type { JobKind, StoreTables } from '../database/store-schema.ts';
import { ServerError, type ServerErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Recorder } from '../recording/recorder.ts';
import { finishJob, giveUpJob } from './job-end.ts';
import { doJob, type Outcome, type RunningJob } from './job-work.ts';
import type { JobDetails } from './jobs.ts';
import type { StoreParts } from './open-store.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** What the jobs are done with. */
export interface JobParts extends StoreParts {
  readonly recorder: Recorder;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** A job as it was taken on. */
export interface TakenJob extends RunningJob {
  readonly schedule: Schedule;
  readonly attempts: number;
}

/** Machines at which something is done at the same time. */
const MACHINES = 4;
const MINUTE_MS = 60_000;
/** How long after each failure it is tried again; after the last it is given up. */
const BACK_OFF_MS = [MINUTE_MS, 5 * MINUTE_MS] as const;
/** Somebody has to decide on a request: it is looked at again after so long. */
const WAIT_MS = 5 * MINUTE_MS;

/** Failures that pass by themselves; everything else stays as it is until somebody does something. */
const PASSING: ReadonlySet<ServerErrorCode> = new Set(['store_unreachable', 'store_write_failed']);

/**
 * Does the work at stores when it is due: one job at a time on each machine, outside of transactions. A job that is
 * taken on is `running`; what was running when the server ended is done once more, for every kind of work leaves things
 * as they are when it has been done before. What has come of a job commits together with its record.
 */
export class StoreJobs {
  readonly #parts: JobParts;
  readonly #running = new Set<number>();
  /** By machine. */
  readonly #busy = new Map<string, Promise<void>>();
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  /** Begins everything that is due; does not wait for its end. */
  async turn(): Promise<void> {
    if (this.#looking !== null) {
      this.#again = true;
      return await this.#looking;
    }
    this.#looking = this.#look().finally(() => (this.#looking = null));
    await this.#looking;
  }

  /** The same, for whoever has just scheduled something. */
  kick(): void {
    this.turn().catch((error: unknown) => {
      this.#parts.logger.warn('jobs could not be begun', { error: String(error) });
    });
  }

  /** Resolves when nothing is due and nothing is being done. */
  async idle(): Promise<void> {
    await this.turn();
    while (this.#busy.size > 0) {
      await Promise.all(this.#busy.values());
      await this.turn();
    }
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#looking;
    await Promise.all(this.#busy.values());
  }

  async #look(): Promise<void> {
    do {
      this.#again = false;
      if (this.#stopped) return;
      await this.#takeUp();
      const { state, clock } = this.#parts;
      let due = state.db
        .selectFrom('store_jobs')
        .selectAll()
        .where('state', '=', 'scheduled')
        .where('due_at', '<=', clock().toISOString());
      if (this.#busy.size > 0) due = due.where('machine', 'not in', [...this.#busy.keys()]);
      for (const row of await due.orderBy('due_at').orderBy('id').limit(200).execute()) {
        if (this.#busy.size >= MACHINES) break;
        if (!this.#busy.has(row.machine)) this.#begin(row);
      }
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- set by turn() meanwhile
    } while (this.#again);
  }

  /** What is `running` and not by us was left by an earlier run, or could not be recorded: it is due again. */
  async #takeUp(): Promise<void> {
    const { state, recorder } = this.#parts;
    const running = await state.db
      .selectFrom('store_jobs')
      .select('id')
      .where('state', '=', 'running')
      .execute();
    const left = running.map(({ id }) => id).filter((id) => !this.#running.has(id));
    if (left.length === 0) return;
    await recorder.audited(async (tx) => {
      tx.follows('CERT_STORE_JOB_SCHEDULED');
      await tx.db
        .updateTable('store_jobs')
        .set({ state: 'scheduled' })
        .where('state', '=', 'running')
        .where('id', 'in', left.slice(0, 500))
        .execute();
    });
  }

  #begin(row: Selectable<StoreTables['store_jobs']>): void {
    const { logger } = this.#parts;
    this.#running.add(row.id);
    const work = this.#run(row)
      .catch((error: unknown) => {
        logger.error('a job could not be ended', { job: row.id, error: String(error) });
        return false;
      })
      .then((goOn) => {
        this.#busy.delete(row.machine);
        this.#running.delete(row.id);
        if (goOn) this.kick();
      });
    this.#busy.set(row.machine, work);
  }

  /** Returns whether there may be more to do. */
  async #run(row: Selectable<StoreTables['store_jobs']>): Promise<boolean> {
    const job = await this.#take(row);
    if (job === null) return true;
    let outcome: Outcome;
    try {
      outcome = await doJob(this.#parts, job);
    } catch (error) {
      await this.#failed(job, error);
      return true;
    }
    // What cannot be recorded now is done, and recorded, once more.
    if (outcome.waits === true)
      await this.#postpone(job, WAIT_MS, 'the request waits for a decision');
    else await finishJob(this.#parts, job, outcome);
    return true;
  }

  async #failed(job: TakenJob, error: unknown): Promise<void> {
    const reason = reasonOf(error, this.#parts.logger, job);
    const delay = BACK_OFF_MS[job.attempts];
    const passes = error instanceof ServerError && PASSING.has(error.code);
    if (passes && delay !== undefined) await this.#postpone(job, delay, reason, job.attempts + 1);
    else await giveUpJob(this.#parts, job, reason);
  }

  /** Makes the job ours; null: it was done, changed or deleted since it was looked for. */
  async #take(row: Selectable<StoreTables['store_jobs']>): Promise<TakenJob | null> {
    const { recorder } = this.#parts;
    const { result } = await recorder.audited(async (tx) => {
      tx.follows('CERT_STORE_JOB_SCHEDULED');
      return await tx.db
        .updateTable('store_jobs')
        .set({ state: 'running' })
        .where('id', '=', row.id)
        .where('state', '=', 'scheduled')
        .where('due_at', '=', row.due_at)
        .returningAll()
        .executeTakeFirst();
    });
    if (result === undefined) return null;
    return {
      id: result.id,
      kind: result.kind satisfies JobKind,
      store: result.store,
      machine: result.machine,
      details: JSON.parse(result.details) as JobDetails,
      sealed: result.sealed,
      schedule: parseSchedule(result.schedule) ?? { immediate: true },
      attempts: result.attempts,
    };
  }

  async #postpone(
    job: TakenJob,
    delay: number,
    why: string,
    attempts = job.attempts,
  ): Promise<void> {
    const { recorder, clock } = this.#parts;
    const due = new Date(clock().getTime() + delay);
    await recorder.audited(async (tx) => {
      tx.follows('CERT_STORE_JOB_SCHEDULED');
      await tx.db
        .updateTable('store_jobs')
        .set({ state: 'scheduled', due_at: due.toISOString(), attempts, error: why })
        .where('id', '=', job.id)
        .execute();
    });
  }
}

/** What is told of a failure: our own words as they are, of everything else only that it was. */
function reasonOf(error: unknown, logger: Logger, job: TakenJob): string {
  if (error instanceof ServerError) return error.message;
  logger.error('a job failed', { job: job.id, error: String(error) });
  return 'something went wrong here; the log of the server says what';
}
