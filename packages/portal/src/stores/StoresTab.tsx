import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence } from '../api/faults.ts';
import type { Store } from '../api/stores.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState, Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatCount, plural } from '../lib/format.ts';
import securityCss from '../security/security.module.css';
import css from './stores.module.css';
import { useStoreRights, useStores } from './use-stores.ts';

/** All stores; those that were discovered wait to be approved. */
export function StoresTab() {
  const found = useStores();
  return (
    <Reading
      of={found}
      failed="The stores could not be read"
      skeleton={<TableSkeleton label="Loading the stores" />}
    >
      {({ pages }) => (
        <>
          <Found stores={pages.flatMap(({ stores }) => stores)} total={pages[0]?.total ?? 0} />
          {found.hasNextPage && (
            <div className={securityCss.more}>
              <Button
                variant="default"
                size="xs"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                Show more
              </Button>
            </div>
          )}
        </>
      )}
    </Reading>
  );
}

interface FoundProps {
  readonly stores: readonly Store[];
  readonly total: number;
}

function Found({ stores, total }: FoundProps) {
  const may = useStoreRights();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const approve = useChange(
    (ids: readonly string[]) =>
      requestJson<unknown>(apiUrl('stores/approve'), { method: 'POST', body: { ids } }),
    { onDone: () => setChosen(new Set()) },
  );
  if (stores.length === 0) {
    return (
      <EmptyState title="There are no stores yet">
        Set one up, or have a folder looked through for what is there already.
      </EmptyState>
    );
  }
  const waiting = stores.filter(({ id, approved }) => chosen.has(id) && !approved);
  const someWait = stores.some(({ approved }) => !approved);
  return (
    <div className={css.tab}>
      <div className={securityCss.tools}>
        <output className={securityCss.count}>{plural(total, 'store')}</output>
        {waiting.length > 0 && (
          <Button
            size="xs"
            loading={approve.isPending}
            onClick={() => approve.mutate(waiting.map(({ id }) => id))}
          >
            Approve {plural(waiting.length, 'store')}
          </Button>
        )}
      </div>
      {approve.error !== null && (
        <Notice tone="fail">They could not be approved: {asSentence(approve.error.message)}</Notice>
      )}
      <DataTable
        label="Stores"
        columns={COLUMNS}
        rows={stores}
        keyOf={({ id }) => id}
        dim={({ approved }) => !approved}
        selection={
          may.modify && someWait
            ? { chosen, onChange: setChosen, nameOf: ({ displayName }) => displayName }
            : undefined
        }
      />
    </div>
  );
}

const COLUMNS: readonly Column<Store>[] = [
  {
    title: 'Store',
    width: '38%',
    cell: ({ id, displayName, clientMachine, path }) => (
      <Link className={securityCss.name} to="/stores/$id" params={{ id }}>
        <b>{displayName}</b>
        <span className={securityCss.mono}>
          {clientMachine}:{path}
        </span>
      </Link>
    ),
  },
  { title: 'Type', cell: ({ type }) => type },
  { title: 'Container', cell: ({ container }) => container?.name },
  {
    title: 'Inventory',
    width: '170px',
    cell: ({ lastInventoryAt }) =>
      lastInventoryAt === null ? (
        <span className="quiet">Never</span>
      ) : (
        <TimeText iso={lastInventoryAt} plain whole />
      ),
  },
  {
    title: 'Certificates',
    width: '96px',
    align: 'end',
    cell: ({ certificates }) => formatCount(certificates),
  },
  {
    title: 'State',
    width: '136px',
    cell: ({ approved }) =>
      approved ? (
        <StateMark tone="accent">Managed</StateMark>
      ) : (
        <StateMark tone="warn">To be approved</StateMark>
      ),
  },
];
