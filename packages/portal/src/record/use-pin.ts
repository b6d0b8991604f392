import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Session } from '../api/types.ts';
import { readStored } from '../lib/storage.ts';
import { comparePin, parsePin, pinSlot, writePin, type PinState } from './pin.ts';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  for (const listener of listeners) listener();
}

/** The pinned key of this server beside the one it names; the first one seen is pinned at once. */
export function usePin(session: Session): {
  readonly state: PinState;
  readonly repin: (vkey: string, source: 'pasted' | 'first-seen') => void;
} {
  const host = window.location.host;
  const kept = useSyncExternalStore(subscribe, () => readStored(pinSlot(host)));
  const [now] = useState(() => new Date());
  const state = useMemo(
    () => comparePin(parsePin(kept), session.logKey, now),
    [kept, session.logKey, now],
  );
  useEffect(() => {
    if (state.kind !== 'first-use') return;
    writePin(host, state.pin);
    changed();
  }, [state, host]);
  const repin = useCallback(
    (vkey: string, source: 'pasted' | 'first-seen') => {
      writePin(host, { vkey, source, since: new Date().toISOString() });
      changed();
    },
    [host],
  );
  return { state, repin };
}
