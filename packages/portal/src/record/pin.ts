import { writeStored } from '../lib/storage.ts';

/** The public key this browser holds the log to. */
export interface Pin {
  readonly vkey: string;
  /** When it was pinned, RFC 3339. */
  readonly since: string;
  /** `first-seen`: taken from the server on first use; `pasted`: given by the person from another source. */
  readonly source: 'first-seen' | 'pasted';
}

/** How the key the server names compares with the pinned one. */
export type PinState =
  | { readonly kind: 'first-use'; readonly pin: Pin }
  | { readonly kind: 'match'; readonly pin: Pin }
  | { readonly kind: 'changed'; readonly pin: Pin; readonly offered: string };

/** A pin as this browser keeps it; null when there is none that can be read. */
export function parsePin(text: string | null): Pin | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Pin>;
    if (typeof value.vkey !== 'string' || typeof value.since !== 'string') return null;
    return {
      vkey: value.vkey,
      since: value.since,
      source: value.source === 'pasted' ? 'pasted' : 'first-seen',
    };
  } catch {
    return null;
  }
}

/** Where the pin of the server at `host` is kept. */
export function pinSlot(host: string): string {
  return `pin.${host}`;
}

/** Pins a key in place of whatever was pinned before. */
export function writePin(host: string, pin: Pin): void {
  writeStored(pinSlot(host), JSON.stringify(pin));
}

/** Compares the offered key with the pinned one; without a pin the offered key would be trusted on first use. */
export function comparePin(pin: Pin | null, offered: string, now: Date): PinState {
  if (pin === null) {
    return {
      kind: 'first-use',
      pin: { vkey: offered, since: now.toISOString(), source: 'first-seen' },
    };
  }
  return pin.vkey === offered ? { kind: 'match', pin } : { kind: 'changed', pin, offered };
}
