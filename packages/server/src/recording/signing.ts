import type { Log } from '@countersign/ledger';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { logSigned } from './events.ts';
import type { Recorder } from './recorder.ts';

/** How often the conditions are looked at, in milliseconds. */
const LOOK_MS = 5_000;

/**
 * Writes AUDIT_LOG_SIGNING records: at the start, after so many minutes or records (the heartbeat: a log that is
 * silent for longer has been stopped), at the shutdown. Each holds the checkpoint before it, so each signing covers
 * the previous one and is itself in the log.
 */
export class SigningSchedule {
  readonly #log: Log;
  readonly #recorder: Recorder;
  readonly #every: Config['signing'];
  readonly #clock: () => Date;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #lastAt = 0;
  #lastSize = 0;

  constructor(parts: {
    log: Log;
    recorder: Recorder;
    every: Config['signing'];
    clock: () => Date;
    logger: Logger;
  }) {
    this.#log = parts.log;
    this.#recorder = parts.recorder;
    this.#every = parts.every;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  /** Writes the first record and keeps on writing them. */
  async start(): Promise<void> {
    await this.sign('startup');
    this.#timer = setInterval(() => {
      if (this.isDue()) {
        this.sign('heartbeat').catch((error: unknown) => {
          this.#logger.warn('no heartbeat could be written', { error: String(error) });
        });
      }
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Whether enough time has passed, or enough records have come. */
  isDue(): boolean {
    const age = this.#clock().getTime() - this.#lastAt;
    return (
      age >= this.#every.minutes * 60_000 || this.#log.size - this.#lastSize >= this.#every.records
    );
  }

  /** Writes one record with the newest checkpoint. */
  async sign(occasion: 'startup' | 'heartbeat' | 'shutdown'): Promise<void> {
    const { checkpoint, size } = this.#log;
    this.#lastAt = this.#clock().getTime();
    this.#lastSize = size;
    await this.#recorder.record(logSigned(checkpoint, size, occasion));
  }

  /** Stops the heartbeat. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
