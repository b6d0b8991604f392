import { Button, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered, useMay } from '../../api/administration.ts';
import type { Application } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { StateMark, Tag, Tags } from '../../components/Marks.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { EmptyState } from '../../components/States.tsx';
import { Copyable, TimeText } from '../../components/Values.tsx';
import { useTitle } from '../../lib/title.ts';
import css from '../security.module.css';
import {
  DeleteApplicationDialog,
  DisableApplicationDialog,
  NewSecretDialog,
} from './ApplicationEndings.tsx';
import { CreateApplicationDialog, EditApplicationDialog } from './ApplicationForms.tsx';

type Action = 'edit' | 'secret' | 'disable' | 'delete';
type Dialog = { readonly kind: Action; readonly application: Application };

/** Programs that use the API in their own name. */
export function ApplicationsPage() {
  useTitle('API applications');
  const applications = useAdministered<{ applications: Application[] }>('security/applications');
  const [creating, setCreating] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const may = useMay('certServer.security.applications', 'modify');
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead
        title="API applications"
        actions={
          may && (
            <Button
              leftSection={<IconPlus size={16} stroke={1.8} />}
              onClick={() => setCreating(true)}
            >
              Create an application
            </Button>
          )
        }
      >
        Programs that use the API in their own name, with a key and a secret instead of a password.
        What they do is recorded like what people do.
      </PageHead>
      <Reading
        of={applications}
        failed="The applications could not be read"
        skeleton={<TableSkeleton label="Loading the applications" />}
      >
        {(data) =>
          data.applications.length === 0 ? (
            <EmptyState title="No applications yet">
              An application is for a program that runs on its own. For a script of yours, an API
              token is enough: it acts in your name.
            </EmptyState>
          ) : (
            <DataTable
              label="API applications"
              columns={columnsFor(may ? setDialog : null)}
              rows={data.applications}
              keyOf={({ name }) => name}
              dim={({ disabled }) => disabled}
            />
          )
        }
      </Reading>
      {creating && <CreateApplicationDialog onClose={() => setCreating(false)} />}
      {dialog?.kind === 'edit' && (
        <EditApplicationDialog application={dialog.application} onClose={close} />
      )}
      {dialog?.kind === 'secret' && (
        <NewSecretDialog application={dialog.application} onClose={close} />
      )}
      {dialog?.kind === 'disable' && (
        <DisableApplicationDialog application={dialog.application} onClose={close} />
      )}
      {dialog?.kind === 'delete' && (
        <DeleteApplicationDialog application={dialog.application} onClose={close} />
      )}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<Application>[] {
  const columns: Column<Application>[] = [
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
    { title: 'Key', width: '24%', cell: ({ key }) => <Copyable label="Key" value={key} /> },
    {
      title: 'Roles',
      cell: ({ roles }) =>
        roles.length === 0 ? (
          <span className="quiet">None</span>
        ) : (
          <Tags>
            {roles.map((role) => (
              <Tag key={role}>{role}</Tag>
            ))}
          </Tags>
        ),
    },
    {
      title: 'State',
      cell: ({ disabled }) =>
        disabled ? <StateMark>Disabled</StateMark> : <StateMark tone="accent">Active</StateMark>,
    },
    {
      title: 'Created',
      width: '190px',
      cell: ({ createdAt, createdBy }) => (
        <>
          <TimeText iso={createdAt} plain />
          <span className={css.small}>by {createdBy}</span>
        </>
      ),
    },
  ];
  if (onDialog === null) return columns;
  return [
    ...columns,
    {
      title: 'Actions',
      width: '110px',
      align: 'end',
      bare: true,
      cell: (application) => (
        <ActionMenu
          application={application}
          onChoose={(kind) => onDialog({ kind, application })}
        />
      ),
    },
  ];
}

interface MenuProps {
  readonly application: Application;
  readonly onChoose: (action: Action) => void;
}

function ActionMenu({ application: { name, disabled }, onChoose }: MenuProps) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Actions for ${name}`}
          leftSection={<IconDots size={14} stroke={1.8} />}
        >
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item data-autofocus onClick={() => onChoose('edit')}>
          Edit…
        </Menu.Item>
        <Menu.Item onClick={() => onChoose('secret')}>New secret…</Menu.Item>
        <Menu.Item onClick={() => onChoose('disable')}>
          {disabled ? 'Enable…' : 'Disable…'}
        </Menu.Item>
        <Menu.Item onClick={() => onChoose('delete')}>Delete…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
