import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import { ALERT_KINDS, type Alert, type AlertKind } from '../api/settings.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { Tabs } from '../components/Tabs.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { KIND_NAMES, kindOf, SCHEDULED } from './alert-kinds.ts';
import { AlertDialog } from './AlertDialog.tsx';
import { DeleteAlertDialog } from './DeleteAlertDialog.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { ScheduleLine } from './ScheduleLine.tsx';

type Dialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'edit' | 'delete' | 'preview'; readonly alert: Alert };

/** Messages that go out when something happens to certificates and requests. */
export function AlertsPage() {
  useTitle('Alerts');
  const search = useSearch({ from: '/shell/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const kind = kindOf(search.kind);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const may = useMay('certServer.monitoring.alerts', 'modify');
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead
        title="Alerts"
        actions={
          may && (
            <Button
              leftSection={<IconPlus size={16} stroke={1.8} />}
              onClick={() => setDialog({ kind: 'create' })}
            >
              Create an alert
            </Button>
          )
        }
      >
        By e-mail and by webhook. What goes out, to whom, and what could not be delivered is
        recorded.
      </PageHead>
      <Tabs
        label="Alerts"
        tabs={ALERT_KINDS.map((id) => ({ id, title: KIND_NAMES[id].title }))}
        tab={kind}
        onTab={(next) => void navigate({ search: { kind: next }, replace: true })}
      >
        <OfKind key={kind} kind={kind} onDialog={setDialog} />
      </Tabs>
      {dialog?.kind === 'create' && <AlertDialog kind={kind} alert={null} onClose={close} />}
      {dialog?.kind === 'edit' && <AlertDialog kind={kind} alert={dialog.alert} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteAlertDialog alert={dialog.alert} onClose={close} />}
      {dialog?.kind === 'preview' && <PreviewDialog alert={dialog.alert} onClose={close} />}
    </div>
  );
}

interface OfKindProps {
  readonly kind: AlertKind;
  readonly onDialog: (dialog: Dialog) => void;
}

function OfKind({ kind, onDialog }: OfKindProps) {
  const alerts = useAdministered<{ alerts: Alert[] }>(`alerts/${kind}`);
  const may = useMay('certServer.monitoring.alerts', 'modify');
  const tests = useMay('certServer.monitoring.alerts', 'test');
  const { about } = KIND_NAMES[kind];
  return (
    <>
      <div className={css.tools} style={{ paddingTop: 12 }}>
        <p className={css.count}>{about}</p>
        {SCHEDULED.has(kind) && <ScheduleLine kind={kind} />}
      </div>
      <Reading
        of={alerts}
        failed="The alerts could not be read"
        skeleton={<TableSkeleton label="Loading the alerts" rows={3} />}
      >
        {(data) =>
          data.alerts.length === 0 ? (
            <EmptyState title="There is no alert of this kind">
              {about} Nobody is told until there is one.
            </EmptyState>
          ) : (
            <DataTable
              label={KIND_NAMES[kind].title}
              columns={columnsFor(may, tests, onDialog)}
              rows={data.alerts}
              keyOf={({ id }) => String(id)}
              dim={({ enabled }) => !enabled}
            />
          )
        }
      </Reading>
    </>
  );
}

function columnsFor(
  may: boolean,
  tests: boolean,
  onDialog: (dialog: Dialog) => void,
): Column<Alert>[] {
  return [
    {
      title: 'Name',
      width: '26%',
      cell: ({ displayName, subject }) => (
        <>
          <b className={css.strong}>{displayName}</b>
          <span className={css.small}>{subject}</span>
        </>
      ),
    },
    { title: 'About', cell: aboutText },
    {
      title: 'Goes to',
      cell: ({ recipients, webhook }) =>
        [...recipients, ...(webhook === null ? [] : ['a webhook'])].join(', '),
    },
    {
      title: 'State',
      width: '104px',
      cell: ({ enabled }) =>
        enabled ? <StateMark tone="accent">Enabled</StateMark> : <StateMark>Disabled</StateMark>,
    },
    {
      title: 'Action',
      width: '216px',
      align: 'end',
      bare: true,
      cell: (alert) => (
        <span className={css.pair}>
          {tests && (
            <Action
              name="Preview"
              alert={alert}
              onDo={() => onDialog({ kind: 'preview', alert })}
            />
          )}
          {may && (
            <>
              <Action name="Edit" alert={alert} onDo={() => onDialog({ kind: 'edit', alert })} />
              <Action
                name="Delete…"
                alert={alert}
                onDo={() => onDialog({ kind: 'delete', alert })}
              />
            </>
          )}
        </span>
      ),
    },
  ];
}

interface ActionProps {
  readonly name: string;
  readonly alert: Alert;
  readonly onDo: () => void;
}

function Action({ name, alert, onDo }: ActionProps) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      aria-label={`${name.replace('…', '')} ${alert.displayName}`}
      onClick={onDo}
    >
      {name}
    </Button>
  );
}

function aboutText({ kind, daysBefore, query, collection, template }: Alert): string {
  return [
    ...(daysBefore === null ? [] : [`${plural(daysBefore, 'day')} before`]),
    ...(collection === null ? [] : [`collection ${collection}`]),
    ...(query === null || query === '' ? [] : [query]),
    ...(template === null ? [] : [`template ${template}`]),
    ...(template === null && kind !== 'expiration' ? ['any template'] : []),
  ].join(', ');
}
