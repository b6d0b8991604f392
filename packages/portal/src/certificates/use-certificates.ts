import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { administrationKey } from '../api/administration.ts';
import type { CertificatePage } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { parametersOf, type CertificateSearch } from './search-params.ts';

/** The certificates of a search, page by page; how many on one is a setting of the server. */
export function useCertificates(search: CertificateSearch) {
  const parameters = parametersOf(search);
  return useInfiniteQuery({
    queryKey: administrationKey('certificates', parameters),
    gcTime: 0,
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      requestJson<CertificatePage>(
        apiUrl('certificates', { ...parameters, after: pageParam ?? undefined }),
        { signal },
      ),
    getNextPageParam: (last) => last.next,
  });
}

export const COLLECTIONS_RESOURCE = 'certServer.certificate.collections';

/** Whether somebody may do something with certificates, all of them or those of one collection: what to offer. */
export function useMayWithSome(operation: string): boolean {
  const session = useSession();
  return (
    session?.rights?.some(
      (right) => right.startsWith(COLLECTIONS_RESOURCE) && right.endsWith(`:${operation}`),
    ) === true
  );
}
