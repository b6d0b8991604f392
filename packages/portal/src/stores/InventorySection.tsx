import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import type { InventoryEntry, Store } from '../api/stores.ts';
import { DataTable, type Column } from '../components/DataTable.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { Section } from '../components/PageHead.tsx';
import { Notice } from '../components/States.tsx';
import { Copyable, DayText } from '../components/Values.tsx';
import { plural } from '../lib/format.ts';
import css from '../security/security.module.css';
import { useStoreRights } from './use-stores.ts';

interface Inventory {
  readonly lastInventoryAt: string | null;
  readonly entries: readonly InventoryEntry[];
}

/** The longest alias that a title and a button have room for. */
const LONGEST_NAME = 32;

/** What was in the store when somebody looked last. */
export function InventorySection({ store }: { readonly store: Store }) {
  const { data, error } = useAdministered<Inventory>(`stores/${store.id}/inventory`);
  const may = useStoreRights();
  const [removing, setRemoving] = useState<InventoryEntry | null>(null);
  const own = data?.entries.filter(({ chainPosition }) => chainPosition === 0) ?? [];
  const chained = (data?.entries.length ?? 0) - own.length;
  const beside = chained === 0 ? '' : `, beside ${plural(chained, 'certificate')} of their chains`;
  return (
    <Section title="What is in it" note={`As the last inventory found it${beside}.`}>
      {error !== null && (
        <Notice tone="warn">The inventory could not be read: {asSentence(error.message)}</Notice>
      )}
      {data === undefined && error === null && <Skeleton height={80} />}
      {data !== undefined && own.length === 0 && (
        <p className={css.empty}>
          {data.lastInventoryAt === null ? 'No inventory has come to its end yet.' : 'Nothing.'}
        </p>
      )}
      {own.length > 0 && (
        <DataTable
          label="Entries"
          columns={columnsFor(may.schedule && store.approved ? setRemoving : null)}
          rows={own}
          keyOf={({ alias, fingerprint }) => `${alias} ${fingerprint}`}
        />
      )}
      {removing !== null && (
        <RemoveDialog store={store} entry={removing} onClose={() => setRemoving(null)} />
      )}
    </Section>
  );
}

function columnsFor(onRemove: ((entry: InventoryEntry) => void) | null): Column<InventoryEntry>[] {
  const columns: Column<InventoryEntry>[] = [
    {
      title: 'Alias',
      width: '20%',
      cell: ({ alias }) => <b className={isLong(alias) ? css.mono : css.strong}>{alias}</b>,
    },
    {
      title: 'Certificate',
      cell: ({ certificate, fingerprint }) =>
        certificate === null ? (
          <>
            Not known here
            <span className={css.small}>
              <Copyable label="SHA-256 fingerprint" value={fingerprint} grouped />
            </span>
          </>
        ) : (
          <Link to="/certificates/$id" params={{ id: String(certificate.id) }}>
            {certificate.subject === '' ? `Certificate ${certificate.id}` : certificate.subject}
          </Link>
        ),
    },
    {
      title: 'Expires',
      width: '112px',
      cell: ({ certificate }) => certificate !== null && <DayText iso={certificate.notAfter} />,
    },
    {
      title: 'Private key',
      width: '100px',
      cell: ({ hasPrivateKey }) => (hasPrivateKey ? 'With it' : 'None'),
    },
  ];
  if (onRemove === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '96px',
      align: 'end',
      bare: true,
      cell: (entry) => (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Remove ${entry.alias}`}
          onClick={() => onRemove(entry)}
        >
          Remove…
        </Button>
      ),
    },
  ];
}

/** Fingerprints, by which PEM files call their entries, are no names to be read. */
function isLong(alias: string): boolean {
  return alias.length > LONGEST_NAME;
}

/** An alias as it fits a title. */
function shortName(alias: string): string {
  return isLong(alias) ? `${alias.slice(0, 16)}…` : alias;
}

interface RemoveProps {
  readonly store: Store;
  readonly entry: InventoryEntry;
  readonly onClose: () => void;
}

function RemoveDialog({ store, entry: { alias, hasPrivateKey }, onClose }: RemoveProps) {
  const remove = useChange(
    () =>
      requestJson<unknown>(apiUrl('stores/remove'), {
        method: 'POST',
        body: { stores: [{ store: store.id, alias }], schedule: { immediate: true } },
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title={`Remove ${shortName(alias)} from the store?`}
      submit={`Remove ${shortName(alias)}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {isLong(alias) ? <span className={css.mono}>{alias}</span> : 'It'} is taken out of{' '}
        <b>{store.displayName}</b> at once
        {hasPrivateKey && ', with its private key'}. The certificate stays here and stays valid.
        What is taken out cannot be put back from here without its key.
      </p>
    </FormDialog>
  );
}
