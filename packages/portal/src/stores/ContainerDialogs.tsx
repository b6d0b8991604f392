import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { StoreContainer } from '../api/stores.ts';
import { FormDialog } from '../components/FormDialog.tsx';

interface Props {
  /** Null for a new one. */
  readonly container: StoreContainer | null;
  readonly onClose: () => void;
}

/** Name and purpose of a container. */
export function ContainerDialog({ container, onClose }: Props) {
  const [name, setName] = useState(container?.name ?? '');
  const [description, setDescription] = useState(container?.description ?? '');
  const save = useChange(
    () =>
      requestJson<StoreContainer>(
        apiUrl(container === null ? 'store-containers' : `store-containers/${container.id}`),
        {
          method: container === null ? 'POST' : 'PATCH',
          body: { name: name.trim(), description: description.trim() },
        },
      ),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['name', 'description'], {
    already_exists: 'name',
  });
  return (
    <FormDialog
      title={container === null ? 'Create a container' : `Edit ${container.name}`}
      submit={container === null ? 'Create' : 'Save'}
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
    </FormDialog>
  );
}

interface DeleteProps {
  readonly container: StoreContainer;
  readonly onClose: () => void;
}

/** Deletes a container that holds nothing. */
export function DeleteContainerDialog({ container: { id, name }, onClose }: DeleteProps) {
  const remove = useChange(
    () => requestJson<void>(apiUrl(`store-containers/${id}`), { method: 'DELETE' }),
    { onDone: onClose },
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
      <p>Only one that holds no stores can be deleted. This cannot be undone.</p>
    </FormDialog>
  );
}
