import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAdministered, useMay } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { CreateCollectionDialog } from '../certificates/SaveCollection.tsx';
import { COLLECTIONS_RESOURCE } from '../certificates/use-certificates.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark, Tag, Tags } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { formatCount } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';

/** Searches that were kept, by which rights are given. */
export function CollectionsPage() {
  useTitle('Collections');
  const collections = useAdministered<{ collections: Collection[] }>('collections');
  const may = useMay(COLLECTIONS_RESOURCE, 'modify');
  const [creating, create] = useDisclosure(false);
  return (
    <div className="page">
      <PageHead
        title="Collections"
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={create.open}>
              Create a collection
            </Button>
          )
        }
      >
        A collection is a search with a name. Whatever matches belongs to it, and a role that has a
        right on it has that right on each of its certificates.
      </PageHead>
      <Reading
        of={collections}
        failed="The collections could not be read"
        skeleton={<TableSkeleton label="Loading the collections" />}
      >
        {(data) =>
          data.collections.length === 0 ? (
            <EmptyState title="There are no collections yet">
              Create one here, or search certificates and save the search.
            </EmptyState>
          ) : (
            <DataTable
              label="Collections"
              columns={COLUMNS}
              rows={data.collections}
              keyOf={({ id }) => String(id)}
            />
          )
        }
      </Reading>
      {creating && <CreateCollectionDialog query="" onClose={create.close} />}
    </div>
  );
}

const COLUMNS: readonly Column<Collection>[] = [
  {
    title: 'Name',
    width: '28%',
    cell: ({ id, name, description }) => (
      <Link className={css.name} to="/collections/$id" params={{ id: String(id) }}>
        <b>{name}</b>
        {description !== '' && <span>{description}</span>}
      </Link>
    ),
  },
  {
    title: 'Query',
    cell: ({ query, problem }) => (
      <>
        <code>{query === '' ? 'everything' : query}</code>
        {problem !== null && <StateMark tone="fail">Cannot be read</StateMark>}
      </>
    ),
  },
  {
    title: 'Roles',
    width: '20%',
    cell: ({ permissions }) => (
      <Tags>
        {permissions.map(({ role }) => (
          <Tag key={role}>{role}</Tag>
        ))}
      </Tags>
    ),
  },
  {
    title: 'Certificates',
    width: '100px',
    align: 'end',
    cell: ({ count }) => formatCount(count),
  },
];
