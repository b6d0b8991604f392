import { useSyncExternalStore } from 'react';

/** What this browser found when it verified records, kept as long as the page is open. */
const found = new Map<number, 'verified' | 'failed'>();
const listeners = new Set<() => void>();
let snapshot: ReadonlyMap<number, 'verified' | 'failed'> = new Map();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noteSeal(index: number, verdict: 'verified' | 'failed'): void {
  if (found.get(index) === verdict) return;
  found.set(index, verdict);
  snapshot = new Map(found);
  for (const listener of listeners) listener();
}

export function useSeals(): ReadonlyMap<number, 'verified' | 'failed'> {
  return useSyncExternalStore(subscribe, () => snapshot);
}
