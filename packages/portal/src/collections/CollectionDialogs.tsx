import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import css from '../security/security.module.css';

interface Props {
  readonly collection: Collection;
  readonly onClose: () => void;
}

/** Name, purpose and query of a collection. */
export function EditCollectionDialog({ collection, onClose }: Props) {
  const [name, setName] = useState(collection.name);
  const [description, setDescription] = useState(collection.description);
  const [query, setQuery] = useState(collection.query);
  const [onDashboard, setOnDashboard] = useState(collection.onDashboard);
  const save = useChange(
    () =>
      requestJson<Collection>(apiUrl(`collections/${collection.id}`), {
        method: 'PATCH',
        body: {
          name: name.trim(),
          description: description.trim(),
          query: query.trim(),
          onDashboard,
        },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['name', 'description', 'query'], {
    already_exists: 'name',
    query_invalid: 'query',
  });
  return (
    <FormDialog
      title={`Edit ${collection.name}`}
      submit="Save"
      busy={save.isPending}
      disabled={name.trim() === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
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
        description="Another query gives the roles below rights on other certificates, at once."
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
    </FormDialog>
  );
}

/** Deletes a collection; its certificates stay. */
export function DeleteCollectionDialog({ collection: { id, name }, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`collections/${id}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/collections' }) },
  );
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit={`Delete ${name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        Its certificates stay. Roles lose the rights that they have by it. This cannot be undone.
      </p>
    </FormDialog>
  );
}
