import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Session } from '../api/types.ts';
import { comparePin, readPin, writePin, type PinState } from './pin.ts';

const listeners = new Set<() => void>();
let version = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  version += 1;
  for (const listener of listeners) listener();
}

/** The pinned key of this server beside the one it names; the first one seen is pinned at once. */
export function usePin(session: Session): {
  readonly state: PinState;
  repin(vkey: string, source: 'pasted' | 'first-seen'): void;
} {
  const host = window.location.host;
  const current = useSyncExternalStore(subscribe, () => version);
  const state = useMemo(() => {
    void current;
    return comparePin(readPin(host), session.logKey, new Date());
  }, [current, host, session.logKey]);
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
