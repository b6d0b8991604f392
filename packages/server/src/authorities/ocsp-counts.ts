import type { Recorder } from '../recording/recorder.ts';
import type { Authority } from './authority.ts';
import { ocspGenerated } from './records.ts';

interface Count {
  readonly authority: Pick<Authority, 'id' | 'name'>;
  readonly failure: string | null;
  readonly first: Date;
  last: Date;
  responses: number;
}

/**
 * Counts what the OCSP responders do, and records it once a minute: one OCSP_GENERATION for each authority that has
 * answered, one for each way in which it has not. What was counted since the last record is lost when the process dies.
 */
export class OcspCounts {
  readonly #recorder: Pick<Recorder, 'record'>;
  #counts = new Map<string, Count>();
  constructor(recorder: Pick<Recorder, 'record'>) {
    this.#recorder = recorder;
  }

  /** One request was answered, or refused for a reason. */
  add(authority: Pick<Authority, 'id' | 'name'>, failure: string | null, now: Date): void {
    const key = `${authority.id} ${failure ?? ''}`;
    const count = this.#counts.get(key);
    if (count === undefined) {
      const { id, name } = authority;
      this.#counts.set(key, {
        authority: { id, name },
        failure,
        first: now,
        last: now,
        responses: 1,
      });
    } else {
      count.responses += 1;
      count.last = now;
    }
  }

  /** Records what was counted. What the log does not take is counted on. */
  async turn(): Promise<void> {
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [key, { authority, failure, first, last, responses }] of counts) {
      const sum = { responses, first: first.toISOString(), last: last.toISOString() };
      try {
        await this.#recorder.record(ocspGenerated(authority, sum, failure));
      } catch (error) {
        for (const [left, count] of counts) this.#putBack(left, count);
        throw error;
      }
      counts.delete(key);
    }
  }

  #putBack(key: string, count: Count): void {
    const since = this.#counts.get(key);
    const responses = count.responses + (since?.responses ?? 0);
    this.#counts.set(key, { ...count, responses, last: since?.last ?? count.last });
  }
}
