import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange, useMay } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { CollectionFields, useCollectionValues } from '../collections/CollectionFields.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import css from '../security/security.module.css';
import { COLLECTIONS_RESOURCE } from './use-certificates.ts';

/** Keeps the search of the page under a name, for those who define collections. */
export function SaveCollection({ query }: { readonly query: string }) {
  const may = useMay(COLLECTIONS_RESOURCE, 'modify');
  const [open, setOpen] = useState(false);
  if (!may || query === '') return null;
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}>
        Save as a collection…
      </Button>
      {open && <CreateCollectionDialog query={query} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Props {
  readonly query: string;
  readonly onClose: () => void;
}

/** A search with a name; who may do what with its certificates is chosen on its page. */
export function CreateCollectionDialog({ query: given, onClose }: Props) {
  const navigate = useNavigate();
  const { values, setValues, sent } = useCollectionValues({
    name: '',
    description: '',
    query: given,
    onDashboard: false,
  });
  const create = useChange(
    () =>
      requestJson<Collection>(apiUrl('collections'), {
        method: 'POST',
        body: sent,
      }),
    {
      leaves: true,
      onDone: ({ id }) => void navigate({ to: '/certificates', search: { collection: id } }),
    },
  );
  const { general, fields } = faultsOf(create.error, ['name', 'description', 'query'], {
    already_exists: 'name',
    query_invalid: 'query',
  });
  return (
    <FormDialog
      title="Create a collection"
      submit="Create"
      busy={create.isPending}
      disabled={sent.name === '' || sent.query === ''}
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <CollectionFields
        values={values}
        onChange={setValues}
        faults={fields}
        aboutQuery="Whatever matches belongs to it, now and later."
      />
      <p className={css.fine}>
        Who may see and do what with its certificates is chosen on its own page, under Collections.
      </p>
    </FormDialog>
  );
}
