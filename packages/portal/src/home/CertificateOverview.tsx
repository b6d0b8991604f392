import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { administrationKey } from '../api/administration.ts';
import type { CertificatePage, Collection } from '../api/certificates.ts';
import { apiUrl, requestJson, type Parameters } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { DEFAULT_SOON_DAYS } from '../certificates/certificate-state.ts';
import { parametersOf, type CertificateSearch } from '../certificates/search-params.ts';
import { formatCount } from '../lib/format.ts';
import type { PageId } from '../shell/pages.ts';
import css from './home.module.css';

function useCount(path: string, parameters: Parameters, enabled: boolean) {
  return useQuery({
    queryKey: administrationKey('count', path, parameters),
    enabled,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) =>
      requestJson<Pick<CertificatePage, 'total'>>(apiUrl(path, { ...parameters, limit: 1 }), {
        signal,
      }),
  });
}

/** What somebody who manages certificates wants to know first, each number leading to what it counts. */
export function CertificateOverview({ pages }: { readonly pages: ReadonlySet<PageId> }) {
  const sees = pages.has('certificates');
  const decides = pages.has('requests');
  const days = useSession()?.expiringSoonDays ?? DEFAULT_SOON_DAYS;
  const soon: CertificateSearch = { state: 'active', expiring: days };
  const expiring = useCount('certificates', parametersOf(soon), sees);
  const pending = useCount('requests', { state: 'pending' }, decides);
  const collections = useQuery({
    queryKey: administrationKey('collections'),
    enabled: sees,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) =>
      requestJson<{ collections: Collection[] }>(apiUrl('collections'), { signal }),
  });
  if (!sees && !decides) return null;
  const shown = (collections.data?.collections ?? []).filter(({ onDashboard }) => onDashboard);
  return (
    <section aria-label="Certificates" className={css.counts}>
      {decides && (
        <Link to="/requests" className={css.count}>
          <Count read={pending} />
          Pending requests
        </Link>
      )}
      {sees && (
        <Link to="/certificates" search={soon} className={css.count}>
          <Count read={expiring} />
          {`Expire within ${days} days`}
        </Link>
      )}
      {shown.map(({ id, name, count }) => (
        <Link key={id} to="/certificates" search={{ collection: id }} className={css.count}>
          <b>{formatCount(count)}</b>
          {name}
        </Link>
      ))}
    </section>
  );
}

interface CountProps {
  readonly read: ReturnType<typeof useCount>;
}

function Count({ read: { data, isError } }: CountProps) {
  if (isError) return <b title="It could not be counted">–</b>;
  return (
    <b aria-busy={data === undefined || undefined}>
      {data === undefined ? '\u00a0' : formatCount(data.total)}
    </b>
  );
}
