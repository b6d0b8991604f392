import { Button } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered } from '../api/administration.ts';
import type { Certificate, Collection } from '../api/certificates.ts';
import { useSession } from '../api/session.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { allowedPages } from '../shell/pages.ts';
import { BulkBar } from './BulkBar.tsx';
import css from './certificates.module.css';
import { CertificateFilters } from './CertificateFilters.tsx';
import { CertificateTable } from './CertificateTable.tsx';
import { CollectionsRail } from './CollectionsRail.tsx';
import {
  isNarrowed,
  parametersOf,
  queryOf,
  queryWithin,
  type CertificateSearch,
} from './search-params.ts';
import { SaveCollection } from './SaveCollection.tsx';
import { useCertificates } from './use-certificates.ts';

/** Every certificate this person may see: found, chosen, and acted upon. */
export function CertificatesPage() {
  useTitle('Certificates');
  const search = useSearch({ from: '/shell/certificates' });
  const navigate = useNavigate({ from: '/certificates' });
  const session = useSession();
  const pages = new Set<string>(allowedPages(session?.navigation ?? []).map(({ id }) => id));
  const collections = useAdministered<{ collections: Collection[] }>('collections');
  const found = useCertificates(search);
  const go = (next: CertificateSearch) => void navigate({ search: next });
  const total = found.data?.pages[0]?.total;
  const collection = collections.data?.collections.find(({ id }) => id === search.collection);
  return (
    <div className={css.page}>
      <CollectionsRail
        collections={collections.data?.collections ?? []}
        search={search}
        onGo={go}
      />
      <div className={css.main}>
        <PageHead
          title={collection?.name ?? 'Certificates'}
          actions={
            <>
              {pages.has('import') && (
                <Button
                  component={Link}
                  to="/import"
                  variant="default"
                  leftSection={<IconDownload size={16} stroke={1.7} />}
                >
                  Import
                </Button>
              )}
              {pages.has('enroll') && (
                <Button
                  component={Link}
                  to="/enroll"
                  leftSection={<IconPlus size={16} stroke={1.8} />}
                >
                  Enroll
                </Button>
              )}
            </>
          }
        >
          {collection === undefined
            ? 'What was issued here and what was brought in. Each operation on one is a record of the audit log.'
            : collection.description}
        </PageHead>
        <CertificateFilters search={search} onGo={go} />
        <div className={css.counted}>
          <output>{total !== undefined && plural(total, 'certificate')}</output>
          {found.data !== undefined && <SaveCollection query={queryOf(search)} />}
        </div>
        <Reading
          of={found.isFetchNextPageError ? { ...found, error: null } : found}
          failed="The certificates could not be read"
          skeleton={<TableSkeleton label="Loading the certificates" rows={10} />}
        >
          {({ pages: read }) => (
            <Found
              // What was chosen in one search is not chosen in another.
              key={JSON.stringify(parametersOf(search))}
              certificates={read.flatMap(({ certificates }) => certificates)}
              search={search}
              total={total ?? 0}
              whole={queryWithin(collection?.query ?? '', queryOf(search))}
              stale={found.isPlaceholderData}
              onGo={go}
              more={
                found.hasNextPage && (
                  <Button
                    variant="default"
                    size="xs"
                    loading={found.isFetchingNextPage}
                    onClick={() => void found.fetchNextPage()}
                  >
                    Show more
                  </Button>
                )
              }
            />
          )}
        </Reading>
      </div>
    </div>
  );
}

interface FoundProps {
  readonly certificates: readonly Certificate[];
  readonly search: CertificateSearch;
  readonly total: number;
  /** The query that finds all of them, also those that are not shown yet. */
  readonly whole: string;
  readonly stale: boolean;
  readonly onGo: (search: CertificateSearch) => void;
  readonly more: React.ReactNode;
}

function Found({ certificates, search, total, whole, stale, onGo, more }: FoundProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  if (certificates.length === 0) {
    return isNarrowed(search) ? (
      <EmptyState
        title="No certificate like this"
        actions={
          <Button variant="default" size="xs" onClick={() => onGo({})}>
            Show all
          </Button>
        }
      >
        Take a condition away, or look in another state.
      </EmptyState>
    ) : (
      <EmptyState title="There are no certificates yet">
        The first one that is enrolled or imported stands here.
      </EmptyState>
    );
  }
  const shown = certificates.filter(({ id }) => chosen.has(String(id)));
  return (
    <div data-stale={stale || undefined} className={css.found}>
      <CertificateTable
        certificates={certificates}
        search={search}
        chosen={chosen}
        onChosen={setChosen}
        onGo={onGo}
      />
      <div className={css.more}>
        {more}
        {certificates.length < total && (
          <span className="quiet">
            {formatCount(certificates.length)} of {formatCount(total)}
          </span>
        )}
      </div>
      {shown.length > 0 && (
        <BulkBar
          chosen={shown}
          all={
            !stale && shown.length === certificates.length && total > shown.length
              ? { query: whole, count: total }
              : null
          }
          onDone={() => setChosen(new Set())}
        />
      )}
    </div>
  );
}
