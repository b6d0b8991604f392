import { useEffect, useState } from 'react';
import { growTo, startGrowth, type Growth } from './growth.ts';
import type { HealthReading } from './use-records.ts';

interface Source {
  readonly data: HealthReading | undefined;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

/**
 * How many records have come from elsewhere since the search at hand was answered.
 *
 * @param settledAt when its last answer came, 0 while answers are on their way
 */
export function useGrowth(settledAt: number, health: Source): number {
  const [state, setState] = useState<{ settledAt: number; growth: Growth } | null>(null);
  const { data, dataUpdatedAt, refetch } = health;
  useEffect(() => {
    if (settledAt > 0) refetch();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each search, not for each identity of refetch
  }, [settledAt]);
  useEffect(() => {
    if (data === undefined || settledAt === 0 || dataUpdatedAt < settledAt) return;
    const { treeSize, requests } = data;
    setState((held) => ({
      settledAt,
      growth:
        held?.settledAt === settledAt
          ? growTo(held.growth, treeSize, requests)
          : startGrowth(treeSize, requests),
    }));
  }, [data, dataUpdatedAt, settledAt]);
  return state?.settledAt === settledAt ? state.growth.foreign : 0;
}
