import type { Actor, ObjectRef } from '@countersign/records';
import type { Config } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { addressKey } from '../http/address.ts';
import { accessDenied, authFailed, producerGap } from '../recording/events.ts';
import type { OwnDraft } from '../recording/draft.ts';
import type { RequestFacts } from '../recording/facts.ts';
import type { Recorder } from '../recording/recorder.ts';
import { FloodGate } from './denials.ts';
import type { Right } from './engine.ts';

/** A request that was refused. */
export interface Refusal {
  readonly actor: Actor;
  readonly right: Right;
  readonly facts: RequestFacts;
  readonly why: string;
  /** The single object that was refused, where the right as such was there. */
  readonly object?: ObjectRef | null;
}

/** A record that came out of turn. */
export interface Gap {
  readonly producer: string;
  readonly expected: number;
  readonly got: number;
  readonly facts: RequestFacts;
}

/** A producer that has lost records may try again and again. */
const GAPS_PER_MINUTE = 10;

/** Records what is refused: one record for each attempt, sums when they come in floods. */
export class Refusals {
  readonly #recorder: Recorder;
  readonly #users: FloodGate<Refusal>;
  readonly #strangers: FloodGate<Refusal>;
  readonly #signIns: FloodGate<(why: string) => OwnDraft>;
  readonly #gaps: FloodGate<Gap>;

  constructor(recorder: Recorder, limits: Config['limits']) {
    this.#recorder = recorder;
    this.#users = new FloodGate({
      perKey: limits.denialsPerMinute,
      overall: Number.POSITIVE_INFINITY,
    });
    this.#strangers = new FloodGate({
      perKey: limits.denialsPerMinute,
      overall: limits.anonymousDenialsPerMinute,
    });
    this.#gaps = new FloodGate({ perKey: GAPS_PER_MINUTE, overall: Number.POSITIVE_INFINITY });
    this.#signIns = new FloodGate({
      perKey: limits.signInsPerMinute,
      overall: limits.anonymousDenialsPerMinute,
    });
  }

  /** Records a refusal and resolves with the record's index. Throws `too_many_requests` in a flood. */
  async record(refusal: Refusal): Promise<number> {
    const { actor, facts } = refusal;
    const gate = actor.kind === 'unknown' ? this.#strangers : this.#users;
    const key = actor.kind === 'unknown' ? addressKey(facts.address) : actor.id;
    if (!gate.admit(key, refusal)) throw tooMany('refused requests');
    const { right, why, object = null } = refusal;
    const index = await this.#recorder.record(accessDenied(actor, right, facts, why, { object }));
    if (index === null) throw new Error('bad selection: AUTHZ is mandatory and was left out');
    return index;
  }

  /** Counts a sign-in attempt; `failed` makes the record of those that were not looked at. Throws `too_many_requests` when the address has made too many. */
  admitSignIn(
    username: string,
    facts: RequestFacts,
    failed: (why: string) => OwnDraft = (why) => authFailed(username, why, facts),
  ): void {
    if (!this.#signIns.admit(addressKey(facts.address), failed)) throw tooMany('sign-in attempts');
  }

  /** Records that a producer sent a record out of turn; one that insists is recorded as a sum. */
  async recordGap(gap: Gap): Promise<void> {
    if (this.#gaps.admit(gap.producer, gap))
      await this.#recorder.record(producerGap(gap, gap.facts));
  }

  /** Ends the minute: what was only counted becomes records. */
  async turn(): Promise<void> {
    for (const gate of [this.#users, this.#strangers]) {
      for (const { count, example } of gate.turn()) {
        const { actor, right, facts, object = null } = example;
        const why = `${example.why}; ${count} further attempts`;
        await this.#recorder.record(
          accessDenied(actor, right, facts, why, { object, suppressed: count }),
        );
      }
    }
    for (const { count, example } of this.#gaps.turn()) {
      await this.#recorder.record(producerGap(example, example.facts, count));
    }
    for (const { count, example } of this.#signIns.turn()) {
      const why = `too many sign-in attempts; ${count} were not looked at`;
      await this.#recorder.record(example(why));
    }
  }
}

function tooMany(what: string): ServerError {
  return new ServerError(
    'too_many_requests',
    `too many ${what} in a minute; they are counted and recorded`,
    {
      headers: { 'retry-after': '60' },
    },
  );
}
