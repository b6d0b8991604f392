import { useState } from 'react';
import { useAdministered } from '../api/administration.ts';
import type { StoreContainer } from '../api/stores.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { formatCount } from '../lib/format.ts';
import securityCss from '../security/security.module.css';
import { ContainerDialog, DeleteContainerDialog } from './ContainerDialogs.tsx';
import { RowActions } from './RowActions.tsx';
import css from './stores.module.css';
import { useStoreRights } from './use-stores.ts';

interface Dialog {
  readonly kind: 'edit' | 'delete';
  readonly container: StoreContainer;
}

/** Stores that belong together. */
export function ContainersTab() {
  const containers = useAdministered<{ containers: StoreContainer[] }>('store-containers');
  const may = useStoreRights();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className={css.tab}>
      <Reading
        of={containers}
        failed="The containers could not be read"
        skeleton={<TableSkeleton label="Loading the containers" rows={3} />}
      >
        {(data) =>
          data.containers.length === 0 ? (
            <EmptyState title="There are no containers yet">
              A container holds stores that belong together.
            </EmptyState>
          ) : (
            <DataTable
              label="Containers"
              columns={columnsFor(may.modify ? setDialog : null)}
              rows={data.containers}
              keyOf={({ id }) => String(id)}
            />
          )
        }
      </Reading>
      {dialog?.kind === 'edit' && <ContainerDialog container={dialog.container} onClose={close} />}
      {dialog?.kind === 'delete' && (
        <DeleteContainerDialog container={dialog.container} onClose={close} />
      )}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<StoreContainer>[] {
  const columns: Column<StoreContainer>[] = [
    {
      title: 'Name',
      width: '30%',
      cell: ({ name }) => <b className={securityCss.strong}>{name}</b>,
    },
    { title: 'What it is for', cell: ({ description }) => description },
    { title: 'Stores', width: '84px', align: 'end', cell: ({ stores }) => formatCount(stores) },
  ];
  if (onDialog === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '150px',
      align: 'end',
      bare: true,
      cell: (container) => (
        <RowActions
          name={container.name}
          actions={[
            { title: 'Edit', onDo: () => onDialog({ kind: 'edit', container }) },
            { title: 'Delete…', onDo: () => onDialog({ kind: 'delete', container }) },
          ]}
        />
      ),
    },
  ];
}
