import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  apiUrl,
  countRecordedRequests,
  requestJson,
  type RecordedRequests,
} from '../api/client.ts';
import type { Facet, Health, HistogramData, RecordPage } from '../api/types.ts';
import { FACET_FIELDS } from './facet-fields.ts';
import type { Bounds } from './time-range.ts';

export const PAGE_SIZE = 100;

/** A search as it is sent: the query with its range, and the order. */
export interface Search {
  readonly query: string;
  readonly bounds: Bounds;
  readonly order: 'asc' | 'desc';
  /** Tells a repeated search from the first, so that "refresh" asks again. */
  readonly asOf: string;
  /** False while the query cannot be read: nothing is asked then. */
  readonly valid: boolean;
}

/** Pages of records, by keyset: rows that arrive meanwhile move nothing. */
export function useRecords({ query, order, asOf, valid }: Search) {
  return useInfiniteQuery({
    queryKey: ['records', query, order, asOf],
    enabled: valid,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      requestJson<RecordPage>(
        apiUrl('audit/records', {
          query,
          order,
          limit: PAGE_SIZE,
          cursor: pageParam ?? undefined,
        }),
        { signal },
      ),
    getNextPageParam: (last) => last.next,
  });
}

export function useFacets({ query, asOf, valid }: Search) {
  return useQuery({
    queryKey: ['facets', query, asOf],
    enabled: valid,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const fields = FACET_FIELDS.map(({ field }) => field).join(',');
      const { facets } = await requestJson<{ facets: Facet[] }>(
        apiUrl('audit/facets', { query, fields }),
        { signal },
      );
      return facets;
    },
  });
}

/**
 * How many records of reading the log a search hides; null while that is not known. One request, whose decision
 * is the only record it leaves.
 */
export function useHiddenReading(
  search: Search | null,
): { readonly value: number; readonly exact: boolean } | null {
  const { data } = useQuery({
    queryKey: ['hidden reading', search?.query, search?.asOf],
    enabled: search?.valid === true,
    queryFn: async ({ signal }) => {
      const { facets } = await requestJson<{ facets: Facet[] }>(
        apiUrl('audit/facets', { query: search?.query, fields: 'Outcome' }),
        { signal },
      );
      return {
        value: facets.flatMap(({ values }) => values).reduce((sum, { count }) => sum + count, 0),
        exact: facets.every(({ exact }) => exact),
      };
    },
  });
  return search === null ? null : (data ?? null);
}

export function useHistogram({ query, bounds, asOf, valid }: Search, buckets: number) {
  return useQuery({
    queryKey: ['histogram', query, asOf, buckets],
    enabled: valid,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      requestJson<HistogramData>(
        apiUrl('audit/histogram', { query, from: bounds.from, to: bounds.to, buckets }),
        { signal },
      ),
  });
}

/** The health as it was read, and which requests of this page can have made the log grow by then. */
export interface HealthReading extends Health {
  /** `ended` before the server was asked: their records are counted; `begun` when it had answered. */
  readonly requests: RecordedRequests;
}

/** The size of log and index. This endpoint alone is asked regularly: it is open and asking is not recorded. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    staleTime: 0,
    refetchInterval: 10_000,
    refetchOnMount: 'always',
    queryFn: async ({ signal }): Promise<HealthReading> => {
      const { ended } = countRecordedRequests();
      const health = await requestJson<Health>(apiUrl('audit/health'), { signal });
      return { ...health, requests: { begun: countRecordedRequests().begun, ended } };
    },
  });
}
