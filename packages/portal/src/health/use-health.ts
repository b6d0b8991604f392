import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { apiUrl, requestBytes, requestJson } from '../api/client.ts';
import type { HealthDetails, Verification } from '../api/types.ts';
import { readStored, writeStored } from '../lib/storage.ts';
import { checkGrowth } from './consistency.ts';

/** How the log is doing, read once: looking is recorded. */
export function useHealthDetails() {
  return useQuery({
    queryKey: ['health', 'details'],
    gcTime: 0,
    queryFn: ({ signal }) => requestJson<HealthDetails>(apiUrl('audit/health/details'), { signal }),
  });
}

const RUNNING_MS = 1000;

/** The verification of the whole log on the server: it goes on when the page is left. */
export function useVerification(initial: Verification) {
  const client = useQueryClient();
  const key = ['verification'];
  const state = useQuery({
    queryKey: key,
    gcTime: 0,
    queryFn: ({ signal }) => requestJson<Verification>(apiUrl('audit/verification'), { signal }),
    initialData: initial,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? RUNNING_MS : false),
  });
  const start = useMutation({
    mutationFn: () => requestJson<Verification>(apiUrl('audit/verification'), { method: 'POST' }),
    onSuccess: (begun) => client.setQueryData(key, begun),
  });
  return { state: state.data, readAt: state.dataUpdatedAt, start };
}

/**
 * Compares the log with the one this browser saw last, and remembers the newer checkpoint when it continues it. A
 * checkpoint that does not is not remembered, so that the failure stays.
 */
export function useConsistency(details: HealthDetails | undefined, pinnedKey: string) {
  const slot = `checkpoint.${window.location.host}`;
  const result = useQuery({
    queryKey: ['consistency', details?.checkpoint.text, pinnedKey],
    enabled: details !== undefined,
    gcTime: 0,
    queryFn: ({ signal }) =>
      checkGrowth(readStored(slot), details?.checkpoint.text ?? '', pinnedKey, (path) =>
        requestBytes(`/log/${path}`, { signal }),
      ),
  });
  const kind = result.data?.kind;
  const text = details?.checkpoint.text;
  useEffect(() => {
    if (text !== undefined && (kind === 'first' || kind === 'same' || kind === 'extended')) {
      writeStored(slot, text);
    }
  }, [kind, text, slot]);
  return result.data ?? null;
}
