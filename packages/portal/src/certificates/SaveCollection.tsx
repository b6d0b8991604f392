import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange, useMay } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
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
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [query, setQuery] = useState(given);
  const [onDashboard, setOnDashboard] = useState(false);
  const create = useChange(
    () =>
      requestJson<Collection>(apiUrl('collections'), {
        method: 'POST',
        body: {
          name: name.trim(),
          description: description.trim(),
          query: query.trim(),
          onDashboard,
        },
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
      disabled={name.trim() === '' || query.trim() === ''}
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={name}
        error={fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="What it is for"
        description="Optional."
        rows={2}
        value={description}
        error={fields['description']}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Textarea
        className={css.monoInput ?? ''}
        label="Query"
        description="Whatever matches belongs to it, now and later."
        rows={3}
        spellCheck={false}
        value={query}
        error={fields['query']}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="Count it on the start page"
        checked={onDashboard}
        onChange={(event) => setOnDashboard(event.currentTarget.checked)}
      />
      <p className={css.fine}>
        Who may see and do what with its certificates is chosen on its own page, under Collections.
      </p>
    </FormDialog>
  );
}
