import { checkIndex, verifyLog, type Problem, type Verdict } from '@countersign/ledger';
import type { Session } from './accounts/sessions.ts';
import { dataPaths, type LogKeys } from './data-folder/keys.ts';
import type { State } from './database/open.ts';
import type { Logger } from './logger.ts';
import { logUsed } from './recording/events.ts';
import type { RequestFacts } from './recording/facts.ts';
import type { Recorder } from './recording/recorder.ts';

/** What a verification has come to. */
export type VerificationReport =
  | { readonly state: 'never' }
  | {
      readonly state: 'running';
      readonly startedAt: string;
      readonly startedBy: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly state: 'done';
      readonly startedAt: string;
      readonly startedBy: string;
      readonly finishedAt: string;
      readonly ok: boolean;
      readonly verdict: Verdict;
    }
  | {
      readonly state: 'failed';
      readonly startedAt: string;
      readonly startedBy: string;
      readonly finishedAt: string;
      readonly reason: string;
    };

/** Problems kept and shown; a log that was overwritten has as many as records. */
const MAX_PROBLEMS = 200;
const SETTING = 'last-verification';
/** Rows of the index that are compared with the log: enough to see damage, few enough not to hold up requests. */
const INDEX_SAMPLE = 10_000;

/** Verifies the whole log on an auditor's behalf, one run at a time; the last verdict outlives a restart. */
export class Verification {
  readonly #parts: {
    dataDir: string;
    keys: LogKeys;
    state: State;
    recorder: Recorder;
    clock: () => Date;
    logger: Logger;
  };
  #report: VerificationReport = { state: 'never' };
  #running: Promise<void> | null = null;
  readonly #abort = new AbortController();

  constructor(parts: {
    dataDir: string;
    keys: LogKeys;
    state: State;
    recorder: Recorder;
    clock: () => Date;
    logger: Logger;
  }) {
    this.#parts = parts;
  }

  /** Takes up the verdict of an earlier run of the server. */
  async load(): Promise<void> {
    const row = await this.#parts.state.db
      .selectFrom('settings')
      .select('value')
      .where('key', '=', SETTING)
      .executeTakeFirst();
    if (row !== undefined) this.#report = JSON.parse(row.value) as VerificationReport;
  }

  /** Where it stands. */
  state(): VerificationReport {
    return this.#report;
  }

  /** Starts a run, or says where the one stands that is running. */
  start(session: Session, facts: RequestFacts, treeSize: number): VerificationReport {
    if (this.#running === null) {
      const startedAt = this.#parts.clock().toISOString();
      this.#report = {
        state: 'running',
        startedAt,
        startedBy: session.user.username,
        done: 0,
        total: treeSize,
      };
      this.#running = this.#run(session, facts, startedAt).finally(() => {
        this.#running = null;
      });
    }
    return this.#report;
  }

  /** Ends a run; used when the server stops. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(session: Session, facts: RequestFacts, startedAt: string): Promise<void> {
    const { dataDir, keys, clock, logger } = this.#parts;
    const paths = dataPaths(dataDir);
    const startedBy = session.user.username;
    try {
      const verified = await verifyLog({
        dir: paths.log,
        verifiers: [...keys.verifiers],
        signal: this.#abort.signal,
        onProgress: ({ records, size }) => {
          this.#report = { state: 'running', startedAt, startedBy, done: records, total: size };
        },
      });
      const verdict = withIndex(verified, await this.#indexProblems());
      const finishedAt = clock().toISOString();
      const shown = { ...verdict, problems: verdict.problems.slice(0, MAX_PROBLEMS) };
      this.#report = {
        state: 'done',
        startedAt,
        startedBy,
        finishedAt,
        ok: verdict.ok,
        verdict: shown,
      };
      await this.#conclude(session, facts, verdict);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#report = {
        state: 'failed',
        startedAt,
        startedBy,
        finishedAt: clock().toISOString(),
        reason,
      };
      logger.error('a verification of the log did not finish', { reason });
    }
  }

  /** Where the search index disagrees with the log. What it does not have yet is no disagreement. */
  async #indexProblems(): Promise<Problem[]> {
    const paths = dataPaths(this.#parts.dataDir);
    const report = await checkIndex({
      path: paths.index,
      logDir: paths.log,
      sample: INDEX_SAMPLE,
      signal: this.#abort.signal,
    });
    return report.problems
      .filter(({ kind, index }) => kind !== 'missing' || (index ?? 0) < report.indexed)
      .map(({ index, message }) => ({
        kind: 'index',
        message,
        ...(index === undefined ? {} : { index }),
      }));
  }

  /** The verdict is kept and recorded in one transaction. */
  async #conclude(session: Session, facts: RequestFacts, verdict: Verdict): Promise<void> {
    const value = JSON.stringify(this.#report);
    await this.#parts.recorder.audited(async (tx) => {
      await tx.db
        .insertInto('settings')
        .values({ key: SETTING, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
      const words = verdict.ok
        ? 'verified'
        : [...new Set(verdict.problems.map((p) => p.kind))].join(', ');
      tx.record(
        logUsed(
          'AUDIT_LOG_VERIFY',
          session,
          facts,
          [
            ['TreeSize', String(verdict.size)],
            ['Verdict', words],
            ['Problems', String(verdict.problemCount)],
          ],
          verdict.ok ? 'Success' : 'Failure',
        ),
      );
    });
  }
}

/** The verdict on the log with what was found in its index: a search that misleads is a fault, too. */
function withIndex(verdict: Verdict, problems: readonly Problem[]): Verdict {
  if (problems.length === 0) return verdict;
  return {
    ...verdict,
    ok: false,
    problems: [...verdict.problems, ...problems],
    problemCount: verdict.problemCount + problems.length,
  };
}
