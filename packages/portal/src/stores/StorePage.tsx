import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence } from '../api/faults.ts';
import { LOCALHOST, STORE_KINDS, type Store } from '../api/stores.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { scheduleText } from '../components/schedule-text.ts';
import { Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import css from '../security/security.module.css';
import { InventorySection } from './InventorySection.tsx';
import {
  DeleteStoreDialog,
  EditStoreDialog,
  StorePasswordDialog,
  StoreScheduleDialog,
} from './StoreDialogs.tsx';
import { useStoreRights } from './use-stores.ts';

/** One store: what it is, what was found in it, and what is to be done there. */
export function StorePage() {
  const { id } = useParams({ from: '/shell/stores/$id' });
  const store = useAdministered<Store>(`stores/${id}`);
  useTitle(store.data?.displayName ?? 'Store');
  return (
    <div className="page">
      <Reading
        of={store}
        failed="The store could not be read"
        skeleton={<TableSkeleton label="Loading the store" rows={8} />}
      >
        {(found) => <Loaded store={found} />}
      </Reading>
    </div>
  );
}

type Dialog = 'edit' | 'password' | 'schedule' | 'delete';

function Loaded({ store }: { readonly store: Store }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const may = useStoreRights();
  const look = useChange(() =>
    requestJson<unknown>(apiUrl(`stores/${store.id}/inventory`), { method: 'POST' }),
  );
  const approve = useChange(() =>
    requestJson<unknown>(apiUrl('stores/approve'), { method: 'POST', body: { ids: [store.id] } }),
  );
  const fault = look.error ?? approve.error;
  const close = () => setDialog(null);
  const open = (which: Dialog) => () => setDialog(which);
  return (
    <>
      <PageHead
        title={store.displayName}
        actions={
          <>
            <RecordsLink target={store.id} about="this store" />
            {may.schedule && store.approved && (
              <Button
                variant="default"
                size="xs"
                loading={look.isPending}
                onClick={() => look.mutate(undefined)}
              >
                Look through it now
              </Button>
            )}
            {may.schedule && (
              <Button variant="default" size="xs" onClick={open('schedule')}>
                Schedule
              </Button>
            )}
            {may.modify && (
              <>
                {store.kind === 'pkcs12-file' && (
                  <Button variant="default" size="xs" onClick={open('password')}>
                    Password
                  </Button>
                )}
                <Button variant="default" size="xs" onClick={open('edit')}>
                  Edit
                </Button>
                <Button variant="default" size="xs" onClick={open('delete')}>
                  Forget…
                </Button>
              </>
            )}
          </>
        }
      >
        {STORE_KINDS[store.kind]}
      </PageHead>
      <div className={css.notices}>
        {fault !== null && <Notice tone="fail">{asSentence(fault.message)}</Notice>}
        {look.data !== undefined && (
          <Notice>
            It is looked through now. <Link to="/store-jobs">See the jobs</Link>, or load this page
            again in a moment.
          </Notice>
        )}
        {!store.approved && (
          <Notice tone="warn">
            <div className={css.noticeRow}>
              It was discovered, and nothing is done in it until it is approved.
              {may.modify && (
                <Button
                  size="xs"
                  loading={approve.isPending}
                  onClick={() => approve.mutate(undefined)}
                >
                  Approve it
                </Button>
              )}
            </div>
          </Notice>
        )}
      </div>
      <Facts store={store} />
      <InventorySection store={store} />
      {dialog === 'edit' && <EditStoreDialog store={store} onClose={close} />}
      {dialog === 'password' && <StorePasswordDialog store={store} onClose={close} />}
      {dialog === 'schedule' && <StoreScheduleDialog store={store} onClose={close} />}
      {dialog === 'delete' && <DeleteStoreDialog store={store} onClose={close} />}
    </>
  );
}

function Facts({ store }: { readonly store: Store }) {
  const { clientMachine, credentials, properties } = store;
  return (
    <dl className={css.facts}>
      <dt>Machine</dt>
      <dd>
        {clientMachine === LOCALHOST ? 'This server' : clientMachine}
        {clientMachine !== LOCALHOST &&
          (credentials === null ? (
            <>
              , which{' '}
              <Link to="/stores" search={{ tab: 'machines' }}>
                nobody has said how to reach
              </Link>
            </>
          ) : (
            `, reached as ${credentials.username}`
          ))}
      </dd>
      <dt>Path</dt>
      <dd>
        <Copyable label="Path" value={store.path} />
      </dd>
      {properties.keyPath !== undefined && (
        <>
          <dt>Private key</dt>
          <dd>
            <Copyable label="Path of the private key" value={properties.keyPath} />
          </dd>
        </>
      )}
      <dt>Type</dt>
      <dd>{store.type}</dd>
      <dt>Container</dt>
      <dd>{store.container?.name ?? <span className="quiet">None</span>}</dd>
      {store.kind === 'pkcs12-file' && (
        <>
          <dt>Password</dt>
          <dd>{store.passwordSet ? 'Set, kept encrypted' : 'Not set'}</dd>
        </>
      )}
      <dt>When it is not there</dt>
      <dd>{store.createIfMissing ? 'It is made' : 'Jobs fail'}</dd>
      <dt>Looked through</dt>
      <dd>
        {scheduleText(store.inventorySchedule)}
        {store.lastInventoryAt !== null && (
          <>
            , last <TimeText iso={store.lastInventoryAt} plain whole />
          </>
        )}
      </dd>
    </dl>
  );
}
