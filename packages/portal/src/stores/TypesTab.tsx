import { useState } from 'react';
import { useAdministered } from '../api/administration.ts';
import { STORE_KINDS, type StoreType } from '../api/stores.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { Tag } from '../components/Marks.tsx';
import { Reading } from '../components/Reading.tsx';
import { formatCount } from '../lib/format.ts';
import securityCss from '../security/security.module.css';
import { RowActions } from './RowActions.tsx';
import css from './stores.module.css';
import { DeleteTypeDialog, TypeDialog } from './TypeDialogs.tsx';
import { useStoreRights } from './use-stores.ts';

interface Dialog {
  readonly kind: 'edit' | 'delete';
  readonly type: StoreType;
}

/** What stores can be: the kinds of the product, and variants of them. */
export function TypesTab() {
  const types = useAdministered<{ types: StoreType[] }>('store-types');
  const may = useStoreRights();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className={css.tab}>
      <Reading
        of={types}
        failed="The types could not be read"
        skeleton={<TableSkeleton label="Loading the types" rows={3} />}
      >
        {(data) => (
          <DataTable
            label="Types"
            columns={columnsFor(may.modify ? setDialog : null)}
            rows={data.types}
            keyOf={({ name }) => name}
          />
        )}
      </Reading>
      {dialog?.kind === 'edit' && <TypeDialog type={dialog.type} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteTypeDialog type={dialog.type} onClose={close} />}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<StoreType>[] {
  const columns: Column<StoreType>[] = [
    {
      title: 'Name',
      width: '34%',
      cell: ({ name, description, builtIn }) => (
        <>
          <b className={securityCss.strong}>{name}</b> {builtIn && <Tag>Built in</Tag>}
          {description !== '' && <span className={securityCss.small}>{description}</span>}
        </>
      ),
    },
    { title: 'Kind', cell: ({ kind }) => STORE_KINDS[kind] },
    { title: 'Files', cell: ({ filePattern }) => <code>{filePattern}</code> },
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
      cell: (type) =>
        !type.builtIn && (
          <RowActions
            name={type.name}
            actions={[
              { title: 'Edit', onDo: () => onDialog({ kind: 'edit', type }) },
              { title: 'Delete…', onDo: () => onDialog({ kind: 'delete', type }) },
            ]}
          />
        ),
    },
  ];
}
