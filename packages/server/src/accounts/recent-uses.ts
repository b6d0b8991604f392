interface Use {
  readonly begun: Promise<unknown>;
  lastSeen: number;
}

/** More credentials in use at once than these, and the oldest are authenticated anew. */
const MAX_USES = 10_000;

/** Credentials that come with every request: what is done when one begins to be used is done once, not every time. */
export class RecentUses {
  readonly #idleMs: number;
  readonly #clock: () => Date;
  readonly #uses = new Map<string, Use>();

  constructor(idleMs: number, clock: () => Date) {
    this.#idleMs = idleMs;
    this.#clock = clock;
  }

  /** Does `begin` unless the credential was used not long ago; requests at the same time wait for the same. */
  async once(key: string, begin: () => Promise<unknown>): Promise<void> {
    const now = this.#clock().getTime();
    const known = this.#uses.get(key);
    if (known !== undefined && now - known.lastSeen <= this.#idleMs) {
      known.lastSeen = now;
      await known.begun;
      return;
    }
    this.#sweep(now);
    const use: Use = { begun: begin(), lastSeen: now };
    this.#uses.delete(key);
    this.#uses.set(key, use);
    try {
      await use.begun;
    } catch (error) {
      if (this.#uses.get(key) === use) this.#uses.delete(key);
      throw error;
    }
  }

  #sweep(now: number): void {
    if (this.#uses.size < MAX_USES) return;
    for (const [key, use] of this.#uses) {
      if (this.#uses.size < MAX_USES && now - use.lastSeen <= this.#idleMs) break;
      this.#uses.delete(key);
    }
  }
}
