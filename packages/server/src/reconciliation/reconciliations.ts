import type { Log } from '@countersign/ledger';
import type { JsonObject } from '@countersign/records';
import type { Caller } from '../authorization/admitted.ts';
import type { State } from '../database/state.ts';
import type { Logger } from '../logger.ts';
import type { OwnDraft } from '../recording/draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
} from '../recording/facts.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Settings } from '../settings/settings.ts';
import { nextDue } from '../stores/schedule.ts';
import { VERSION } from '../version.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';

/** What the last reconciliation has come to. */
export type ReconciliationReport =
  | { readonly state: 'never' }
  | { readonly state: 'running'; readonly startedAt: string; readonly startedBy: string }
  | ({
      readonly state: 'done';
      readonly startedAt: string;
      readonly startedBy: string;
      readonly finishedAt: string;
      readonly ok: boolean;
    } & Reconciliation)
  | {
      readonly state: 'failed';
      readonly startedAt: string;
      readonly startedBy: string;
      readonly finishedAt: string;
      readonly reason: string;
    };

const SETTING = 'last-reconciliation';
/** Problems that its record names; the report has more. */
const TOLD_PROBLEMS = 50;

/** Compares the state with the log: on demand, and by the clock; the last result outlives a restart. */
export class Reconciliations {
  readonly #parts: {
    readonly state: State;
    readonly log: Log;
    readonly recorder: Recorder;
    readonly settings: Pick<Settings, 'get'>;
    readonly clock: () => Date;
    readonly logger: Logger;
  };
  #report: ReconciliationReport = { state: 'never' };
  #running: Promise<void> | null = null;
  readonly #abort = new AbortController();

  constructor(parts: {
    state: State;
    log: Log;
    recorder: Recorder;
    settings: Pick<Settings, 'get'>;
    clock: () => Date;
    logger: Logger;
  }) {
    this.#parts = parts;
  }

  /** Takes up the result of an earlier run of the server. */
  async load(): Promise<void> {
    const row = await this.#parts.state.db
      .selectFrom('settings')
      .select('value')
      .where('key', '=', SETTING)
      .executeTakeFirst();
    if (row !== undefined) this.#report = JSON.parse(row.value) as ReconciliationReport;
  }

  /** Where it stands. */
  report(): ReconciliationReport {
    return this.#report;
  }

  /** Starts a run, or says where the one stands that is running. `null`: by the clock. */
  start(by: Caller | null): ReconciliationReport {
    if (this.#running === null) {
      const startedAt = this.#parts.clock().toISOString();
      const startedBy = by === null ? SYSTEM_ACTOR.id : by.session.user.username;
      this.#report = { state: 'running', startedAt, startedBy };
      this.#running = this.#run(by, { startedAt, startedBy }).finally(() => {
        this.#running = null;
      });
    }
    return this.#report;
  }

  /** Starts the run of the day when its time has come since the last one began; the first one at once. */
  turn(): void {
    const last = this.#report;
    if (last.state === 'running') return;
    if (last.state !== 'never' && !this.#isDueSince(new Date(last.startedAt))) return;
    this.start(null);
  }

  #isDueSince(last: Date): boolean {
    const time = this.#parts.settings.get('certificates.reconciliationTime');
    const due = nextDue({ daily: { time } }, last);
    return due !== null && due <= this.#parts.clock();
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Ends a run; used when the server stops. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(
    by: Caller | null,
    began: { readonly startedAt: string; readonly startedBy: string },
  ): Promise<void> {
    const { state, log, recorder, clock, logger } = this.#parts;
    try {
      const result = await reconcile({
        reader: log.reader,
        db: state.db,
        size: async () => {
          await recorder.idle();
          return log.size;
        },
        signal: this.#abort.signal,
      });
      const ok = result.problemCount === 0;
      const finishedAt = clock().toISOString();
      this.#report = { state: 'done', ...began, finishedAt, ok, ...result };
      if (!ok)
        logger.error('the state does not agree with the log', { problems: result.problemCount });
      await this.#conclude(by, result);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const finishedAt = clock().toISOString();
      this.#report = { state: 'failed', ...began, finishedAt, reason };
      if (!this.#abort.signal.aborted) logger.error('a reconciliation did not finish', { reason });
    }
  }

  /** The result is kept and recorded in one transaction. */
  async #conclude(by: Caller | null, result: Reconciliation): Promise<void> {
    const value = JSON.stringify(this.#report);
    await this.#parts.recorder.audited(async (tx) => {
      await tx.db
        .insertInto('settings')
        .values({ key: SETTING, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
      tx.record(reconciled(by, result));
    });
  }
}

/** AUDIT_RECONCILIATION: the state was compared with the log, and agrees or does not. */
function reconciled(by: Caller | null, result: Reconciliation): OwnDraft {
  const { checked, problems, problemCount } = result;
  const after: JsonObject = {
    checked: { ...checked },
    problems: problems.slice(0, TOLD_PROBLEMS).map(({ kind, object, message, index }) => ({
      kind,
      object,
      message: foreign(message),
      ...(index === undefined ? {} : { index }),
    })),
    problemCount,
  };
  const [first] = problems;
  const more = problemCount < 2 ? '' : ` (and ${problemCount - 1} more)`;
  return {
    event: 'AUDIT_RECONCILIATION',
    outcome: problemCount === 0 ? 'Success' : 'Failure',
    content: {
      actor: by === null ? SYSTEM_ACTOR : sessionActor(by.session),
      source: ownSource('reconciliation', VERSION),
      ...(by === null ? { origin: { interface: 'timer' as const } } : describeRequest(by.facts)),
      target: { type: 'audit log', id: 'reconciliation' },
      after,
      ...(first === undefined ? {} : { reason: `${foreign(first.message)}${more}` }),
      attributes: [
        ['Certificates', String(checked.certificates)],
        ['Crls', String(checked.crls)],
        ['Revocations', String(checked.revocations)],
        ['Records', String(checked.records)],
        ['Problems', String(problemCount)],
      ],
    },
  };
}
