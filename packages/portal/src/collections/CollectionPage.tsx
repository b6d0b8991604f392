import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { asSentence } from '../api/faults.ts';
import { COLLECTIONS_RESOURCE } from '../certificates/use-certificates.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import { formatCount } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import css from '../security/security.module.css';
import { DeleteCollectionDialog, EditCollectionDialog } from './CollectionDialogs.tsx';
import { PermissionsSection } from './PermissionsSection.tsx';

/** One collection: its query, and which roles may do what with what it holds. */
export function CollectionPage() {
  const { id } = useParams({ from: '/shell/collections/$id' });
  const collection = useAdministered<Collection>(`collections/${id}`);
  useTitle(collection.data?.name ?? 'Collection');
  return (
    <div className="page">
      <Reading
        of={collection}
        failed="The collection could not be read"
        skeleton={<TableSkeleton label="Loading the collection" />}
      >
        {(found) => <Loaded collection={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ collection }: { readonly collection: Collection }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay(COLLECTIONS_RESOURCE, 'modify');
  const close = () => setDialog(null);
  return (
    <>
      <PageHead
        title={collection.name}
        actions={
          <>
            <RecordsLink target={String(collection.id)} about="this collection" />
            <Button
              component={Link}
              to={`/certificates?collection=${collection.id}`}
              variant="default"
              size="xs"
            >
              Show its certificates
            </Button>
            {may && (
              <>
                <Button variant="default" size="xs" onClick={() => setDialog('edit')}>
                  Edit
                </Button>
                <Button variant="default" size="xs" onClick={() => setDialog('delete')}>
                  Delete…
                </Button>
              </>
            )}
          </>
        }
      >
        {collection.description}
      </PageHead>
      {collection.problem !== null && (
        <div className={css.notices}>
          <Notice tone="fail">
            Its query cannot be read, so it holds nothing: {asSentence(collection.problem)}
          </Notice>
        </div>
      )}
      <dl className={css.facts}>
        <dt>Query</dt>
        <dd>
          {collection.query === '' ? (
            'Every certificate'
          ) : (
            <Copyable label="Query" value={collection.query} />
          )}
        </dd>
        <dt>Certificates</dt>
        <dd>{formatCount(collection.count)}</dd>
        <dt>Start page</dt>
        <dd>{collection.onDashboard ? 'Counted there' : 'Not counted there'}</dd>
        <dt>Changed</dt>
        <dd>
          <TimeText iso={collection.updatedAt} />
        </dd>
      </dl>
      <PermissionsSection
        key={JSON.stringify(collection.permissions)}
        collection={collection}
        may={may}
      />
      {dialog === 'edit' && <EditCollectionDialog collection={collection} onClose={close} />}
      {dialog === 'delete' && <DeleteCollectionDialog collection={collection} onClose={close} />}
    </>
  );
}
