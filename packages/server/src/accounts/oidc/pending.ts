import { hash, randomBytes } from 'node:crypto';
import { addressKey } from '../../http/address.ts';

/** What is remembered of a sign-in between leaving for the identity provider and coming back. */
export interface PendingSignIn {
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly verifier: string;
  /** Exactly as sent to the provider. */
  readonly redirectUri: string;
  /** The portal's page to go to afterwards, checked. */
  readonly next: string;
  /** The id of a session the browser had when it left; it ends with the new one. */
  readonly previous: string | null;
}

/** Why a state opens nothing. */
export type StateFault = 'unknown' | 'used' | 'expired' | 'foreign';

/** The same in words. */
export const STATE_FAULTS: Readonly<Record<StateFault, string>> = {
  unknown: 'the state is not one of ours',
  used: 'the state was used before',
  expired: 'the state has expired',
  foreign: 'the state is that of another browser',
};

interface Held {
  readonly signIn: PendingSignIn;
  readonly browserHash: string;
  readonly addressKey: string;
  readonly since: number;
  used: boolean;
}

/** Whoever has not come back after so many milliseconds begins anew. */
export const PENDING_MS = 600_000;
/** A state is remembered for so long, so that one that comes late or twice can be told as such. */
const REMEMBERED_MS = 2 * PENDING_MS;
/** Sign-ins under way from one address, and from all; the oldest gives way. */
const MOST_PER_ADDRESS = 50;
const MOST = 5_000;
/** State and browser key: 256 random bits. */
const KEY_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The sign-ins under way at the identity provider, in memory. A state is good once, within ten minutes, and only for
 * the browser that left with it: that one has a cookie whose value is known here by its hash.
 */
export class PendingSignIns {
  readonly #clock: () => Date;
  /** By the hash of the state, the oldest first. */
  readonly #held = new Map<string, Held>();
  /** Keys of the same, by the address they are from. */
  readonly #byAddress = new Map<string, Set<string>>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /**
   * Remembers a sign-in and returns its state, with the key for the browser's cookie: the one that it has already when
   * another sign-in of it is under way, in another tab.
   */
  add(
    signIn: PendingSignIn,
    from: { readonly address: string; readonly browser: string | null },
  ): { readonly state: string; readonly browser: string } {
    this.#forget();
    const address = addressKey(from.address);
    const same = this.#byAddress.get(address) ?? new Set();
    if (same.size >= MOST_PER_ADDRESS) this.#drop(first(same));
    if (this.#held.size >= MOST) this.#drop(first(this.#held.keys()));

    const state = randomKey();
    const browser = from.browser !== null && this.#knows(from.browser) ? from.browser : randomKey();
    const key = digest(state);
    this.#held.set(key, {
      signIn,
      browserHash: digest(browser),
      addressKey: address,
      since: this.#clock().getTime(),
      used: false,
    });
    this.#byAddress.set(address, same.add(key));
    return { state, browser };
  }

  /** The sign-in of a state, once; whatever is wrong with the attempt, the state is not good a second time. */
  take(state: string, browser: string | null): PendingSignIn | StateFault {
    this.#forget();
    const held = KEY_SHAPE.test(state) ? this.#held.get(digest(state)) : undefined;
    if (held === undefined) return 'unknown';
    if (held.used) return 'used';
    held.used = true;
    if (this.#clock().getTime() - held.since > PENDING_MS) return 'expired';
    if (browser === null || digest(browser) !== held.browserHash) return 'foreign';
    return held.signIn;
  }

  /** Where the browser wanted to go, which a refusal must not make it forget; null for a state that is not its own. */
  nextOf(state: string | null, browser: string | null): string | null {
    const held = this.#held.get(digest(state ?? ''));
    const own = held !== undefined && digest(browser ?? '') === held.browserHash;
    return own ? held.signIn.next : null;
  }

  /** How many states are remembered. */
  get size(): number {
    return this.#held.size;
  }

  #knows(browser: string): boolean {
    if (!KEY_SHAPE.test(browser)) return false;
    const hashed = digest(browser);
    const now = this.#clock().getTime();
    for (const { browserHash, used, since } of this.#held.values())
      if (browserHash === hashed && !used && now - since <= PENDING_MS) return true;
    return false;
  }

  #forget(): void {
    const before = this.#clock().getTime() - REMEMBERED_MS;
    for (const [key, { since }] of this.#held) {
      if (since >= before) return;
      this.#drop(key);
    }
  }

  #drop(key: string | undefined): void {
    const held = this.#held.get(key ?? '');
    if (key === undefined || held === undefined) return;
    this.#held.delete(key);
    const same = this.#byAddress.get(held.addressKey);
    same?.delete(key);
    if (same?.size === 0) this.#byAddress.delete(held.addressKey);
  }
}

/** The oldest of keys that are kept in the order they came. */
function first(keys: Iterable<string>): string | undefined {
  for (const key of keys) return key;
  return undefined;
}

function randomKey(): string {
  return randomBytes(32).toString('base64url');
}

/** What is looked up by a stranger's value is looked up by its hash: how long it takes tells nothing of ours. */
function digest(value: string): string {
  return hash('sha256', value);
}
