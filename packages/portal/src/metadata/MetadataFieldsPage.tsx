import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import type { MetadataField } from '../api/certificates.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { formatCount } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { DeleteFieldDialog, MetadataFieldDialog } from './FieldDialogs.tsx';
import { DEMAND_NAMES, TYPE_NAMES } from './field-names.ts';

type Dialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'edit' | 'delete'; readonly field: MetadataField };

/** What is kept beside certificates. */
export function MetadataFieldsPage() {
  useTitle('Metadata fields');
  const fields = useAdministered<{ metadataFields: MetadataField[] }>('metadata-fields');
  const may = useMay('certServer.metadata.types', 'modify');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead
        title="Metadata fields"
        actions={
          may && (
            <Button
              leftSection={<IconPlus size={16} stroke={1.8} />}
              onClick={() => setDialog({ kind: 'create' })}
            >
              Create a field
            </Button>
          )
        }
      >
        What this installation keeps beside each certificate: who pays, whom to call. It is no part
        of the certificate and can be searched for.
      </PageHead>
      <Reading
        of={fields}
        failed="The metadata fields could not be read"
        skeleton={<TableSkeleton label="Loading the metadata fields" />}
      >
        {(data) =>
          data.metadataFields.length === 0 ? (
            <EmptyState title="There are no fields yet">
              One that is created is asked for at enrollment and shown with each certificate.
            </EmptyState>
          ) : (
            <DataTable
              label="Metadata fields"
              columns={columnsFor(may ? setDialog : null)}
              rows={data.metadataFields}
              keyOf={({ name }) => name}
            />
          )
        }
      </Reading>
      {dialog?.kind === 'create' && <MetadataFieldDialog field={null} onClose={close} />}
      {dialog?.kind === 'edit' && <MetadataFieldDialog field={dialog.field} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteFieldDialog field={dialog.field} onClose={close} />}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<MetadataField>[] {
  const columns: Column<MetadataField>[] = [
    {
      title: 'Name',
      width: '26%',
      cell: ({ name, description }) => (
        <>
          <b className={css.strong}>{name}</b>
          {description !== '' && <span className={css.small}>{description}</span>}
        </>
      ),
    },
    {
      title: 'Kind',
      cell: ({ type, options }) =>
        type === 'choice' ? `${TYPE_NAMES[type]}: ${options.join(', ')}` : TYPE_NAMES[type],
    },
    {
      title: 'Must match',
      cell: ({ validation }) =>
        validation !== null && validation !== '' && <code>{validation}</code>,
    },
    { title: 'At enrollment', cell: ({ enrollment }) => DEMAND_NAMES[enrollment] },
    {
      title: 'In use',
      width: '76px',
      align: 'end',
      cell: ({ inUse }) => formatCount(inUse),
    },
  ];
  if (onDialog === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '150px',
      align: 'end',
      bare: true,
      cell: (field) => (
        <span className={css.pair}>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Edit ${field.name}`}
            onClick={() => onDialog({ kind: 'edit', field })}
          >
            Edit
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Delete ${field.name}`}
            onClick={() => onDialog({ kind: 'delete', field })}
          >
            Delete…
          </Button>
        </span>
      ),
    },
  ];
}
