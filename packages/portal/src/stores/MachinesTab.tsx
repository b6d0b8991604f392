import { useState } from 'react';
import { pathTo, useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { StoreServer } from '../api/stores.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { Copyable } from '../components/Values.tsx';
import securityCss from '../security/security.module.css';
import { CredentialsDialog } from './CredentialsDialog.tsx';
import { RowActions } from './RowActions.tsx';
import css from './stores.module.css';
import { useStoreRights } from './use-stores.ts';

interface Dialog {
  readonly kind: 'edit' | 'forget';
  readonly server: StoreServer;
}

/** How other machines are reached by SFTP; passwords and keys are never shown. */
export function MachinesTab() {
  const servers = useAdministered<{ servers: StoreServer[] }>('store-servers');
  const may = useStoreRights();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className={css.tab}>
      <Reading
        of={servers}
        failed="The machines could not be read"
        skeleton={<TableSkeleton label="Loading the machines" rows={3} />}
      >
        {(data) =>
          data.servers.length === 0 ? (
            <EmptyState title="No other machine is reached yet">
              Stores on this server need none. Add a machine before a store on it is set up.
            </EmptyState>
          ) : (
            <DataTable
              label="Machines"
              columns={columnsFor(may.modify ? setDialog : null)}
              rows={data.servers}
              keyOf={({ clientMachine }) => clientMachine}
            />
          )
        }
      </Reading>
      {dialog?.kind === 'edit' && <CredentialsDialog known={dialog.server} onClose={close} />}
      {dialog?.kind === 'forget' && <ForgetDialog server={dialog.server} onClose={close} />}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<StoreServer>[] {
  const columns: Column<StoreServer>[] = [
    {
      title: 'Machine',
      width: '28%',
      cell: ({ clientMachine, port }) => (
        <b className={securityCss.strong}>
          {port === 22 ? clientMachine : `${clientMachine}:${port}`}
        </b>
      ),
    },
    {
      title: 'Signs in as',
      cell: ({ username, authentication }) =>
        `${username}, ${authentication === 'key' ? 'by key' : 'by password'}`,
    },
    {
      title: 'Host key',
      cell: ({ hostKey }) => <Copyable label="Host key" value={hostKey} />,
    },
  ];
  if (onDialog === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '160px',
      align: 'end',
      bare: true,
      cell: (server) => (
        <RowActions
          name={server.clientMachine}
          actions={[
            { title: 'Change', onDo: () => onDialog({ kind: 'edit', server }) },
            { title: 'Forget…', onDo: () => onDialog({ kind: 'forget', server }) },
          ]}
        />
      ),
    },
  ];
}

interface ForgetProps {
  readonly server: StoreServer;
  readonly onClose: () => void;
}

function ForgetDialog({ server: { clientMachine }, onClose }: ForgetProps) {
  const remove = useChange(
    () => requestJson<void>(apiUrl(`store-servers/${pathTo(clientMachine)}`), { method: 'DELETE' }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title={`Forget how ${clientMachine} is reached?`}
      submit={`Forget ${clientMachine}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>Its password or key is deleted here. This cannot be undone.</p>
    </FormDialog>
  );
}
