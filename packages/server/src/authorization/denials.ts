/** Attempts that were not recorded one by one, to be recorded as a sum. */
export interface Tally<T> {
  readonly count: number;
  /** The first of them, as an example. */
  readonly example: T;
}

/** Keys counted at the same time; more than these share one entry, so that no flood takes memory. */
const MAX_KEYS = 2_000;
const OTHERS = 'others';

/**
 * Keeps a flood of refused requests from becoming a flood of records. In each minute the first attempts of a key
 * (an address, a user) are recorded one by one; the rest is counted, and the count becomes one record when the
 * minute is over. So nothing is invisible, and nobody can fill the disk.
 */
export class FloodGate<T> {
  readonly #perKey: number;
  readonly #overall: number;
  readonly #admitted = new Map<string, number>();
  readonly #tallies = new Map<string, { count: number; example: T }>();
  #total = 0;

  constructor(limits: { perKey: number; overall: number }) {
    this.#perKey = limits.perKey;
    this.#overall = limits.overall;
  }

  /** Whether this attempt is recorded by itself. If not, it is in the tally, and the request is answered 429. */
  admit(key: string, example: T): boolean {
    const slot = this.#admitted.has(key) || this.#admitted.size < MAX_KEYS ? key : OTHERS;
    const count = this.#admitted.get(slot) ?? 0;
    if (count < this.#perKey && this.#total < this.#overall) {
      this.#admitted.set(slot, count + 1);
      this.#total += 1;
      return true;
    }
    const tallied = this.#tallies.has(key) || this.#tallies.size < MAX_KEYS ? key : OTHERS;
    const tally = this.#tallies.get(tallied);
    if (tally === undefined) this.#tallies.set(tallied, { count: 1, example });
    else tally.count += 1;
    return false;
  }

  /** Ends the minute: everybody may be recorded again, and the sums of what was not are handed out. */
  turn(): Tally<T>[] {
    const tallies = [...this.#tallies.values()];
    this.#tallies.clear();
    this.#admitted.clear();
    this.#total = 0;
    return tallies;
  }
}
