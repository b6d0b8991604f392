/** More sessions than these are not remembered; they end here and not at the provider. */
const MOST = 10_000;

/**
 * The id tokens of sessions, by the session's reference: what the provider is shown when such a session signs out, so
 * that it knows which of its own sessions to end. Only in memory; after a restart the provider has to ask.
 */
export class IdTokens {
  readonly #clock: () => Date;
  readonly #longestMs: number;
  /** The oldest first. */
  readonly #held = new Map<string, { readonly idToken: string; readonly since: number }>();

  /** `longestMs`: no session lasts longer than that. */
  constructor(clock: () => Date, longestMs: number) {
    this.#clock = clock;
    this.#longestMs = longestMs;
  }

  keep(reference: string, idToken: string): void {
    const now = this.#clock().getTime();
    for (const [key, { since }] of this.#held) {
      if (now - since <= this.#longestMs && this.#held.size < MOST) break;
      this.#held.delete(key);
    }
    this.#held.set(reference, { idToken, since: now });
  }

  /** The id token of a session that ends, or null. */
  take(reference: string): string | null {
    const held = this.#held.get(reference);
    this.#held.delete(reference);
    return held?.idToken ?? null;
  }
}
