import { ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { OwnDraft } from '../recording/draft.ts';
import type { Recorder } from '../recording/recorder.ts';

/** Records that the log could not take; more than these are only in the outage's own record. */
const MAX_LATE = 1_000;

/**
 * Records of what happens without anybody waiting for them: how a handshake failed, how a connection ended. What the
 * log cannot take in an outage is kept and tried again.
 */
export class LateRecords {
  readonly #recorder: Pick<Recorder, 'record'>;
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<void>>();
  #late: OwnDraft[] = [];

  constructor(recorder: Pick<Recorder, 'record'>, logger: Logger) {
    this.#recorder = recorder;
    this.#logger = logger;
  }

  /** Sees a record through that is on its way; `late` is what to try again after an outage, null: nothing. */
  follow(recorded: Promise<unknown>, late: OwnDraft | null): void {
    const task = recorded
      .then(
        () => undefined,
        (error: unknown) => {
          // Only an outage ends by itself; a record that is faulty stays so.
          const outage = error instanceof ServerError && error.code === 'log_unavailable';
          if (outage && late !== null && this.#late.length < MAX_LATE) this.#late.push(late);
          this.#logger.warn('a TLS session could not be recorded', { error: String(error) });
        },
      )
      .finally(() => this.#underWay.delete(task));
    this.#underWay.add(task);
  }

  /** Tries again what the log could not take, and resolves when nothing is on its way. */
  async retry(): Promise<void> {
    const late = this.#late;
    this.#late = [];
    for (const draft of late) this.follow(this.#recorder.record(draft), draft);
    await this.idle();
  }

  /** Resolves when no record is on its way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
