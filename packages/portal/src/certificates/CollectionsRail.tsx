import { NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Collection } from '../api/certificates.ts';
import { formatCount } from '../lib/format.ts';
import css from './certificates.module.css';
import { compact, type CertificateSearch } from './search-params.ts';

interface Props {
  readonly collections: readonly Collection[];
  readonly search: CertificateSearch;
  readonly onGo: (search: CertificateSearch) => void;
}

/** Searches that were kept, beside the page; a choice above it where there is no room beside. */
export function CollectionsRail({ collections, search, onGo }: Props) {
  const sorted = collections.toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <nav className={css.rail} aria-label="Collections">
      <h2>Collections</h2>
      <ul>
        <li>
          <Link
            to="/certificates"
            search={{}}
            activeProps={{}}
            aria-current={search.collection === undefined ? 'page' : undefined}
          >
            <span>All certificates</span>
          </Link>
        </li>
        {sorted.map(({ id, name, count }) => (
          <li key={id}>
            <Link
              to="/certificates"
              search={{ collection: id }}
              activeProps={{}}
              aria-current={search.collection === id ? 'page' : undefined}
            >
              <span>{name}</span>
              <span>{formatCount(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {collections.length > 0 && (
        <NativeSelect
          className={css.choice ?? ''}
          aria-label="Collection"
          value={String(search.collection ?? '')}
          data={[
            { value: '', label: 'All certificates' },
            ...sorted.map(({ id, name, count }) => ({
              value: String(id),
              label: `${name} (${formatCount(count)})`,
            })),
          ]}
          onChange={(event) => {
            const id = event.currentTarget.value;
            onGo(compact({ collection: id === '' ? undefined : Number(id) }));
          }}
        />
      )}
    </nav>
  );
}
