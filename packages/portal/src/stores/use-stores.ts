import { useInfiniteQuery } from '@tanstack/react-query';
import { administrationKey, useMay } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import type { StorePage } from '../api/stores.ts';

const RESOURCE = 'certServer.certificate.stores';
const PAGE_SIZE = 100;

/** Stores, page by page. */
export function useStores() {
  return useInfiniteQuery({
    queryKey: administrationKey('stores'),
    gcTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      requestJson<StorePage>(
        apiUrl('stores', { after: pageParam ?? undefined, limit: PAGE_SIZE }),
        {
          signal,
        },
      ),
    getNextPageParam: (last) => last.next,
  });
}

/** What to offer around stores; the server decides. */
export function useStoreRights() {
  return {
    modify: useMay(RESOURCE, 'modify'),
    schedule: useMay(RESOURCE, 'schedule'),
  };
}
