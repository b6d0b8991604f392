import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Store, StoreContainer } from '../api/stores.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { draftOf, scheduleOf } from '../components/schedule-text.ts';
import { ScheduleFields } from '../components/ScheduleFields.tsx';

interface Props {
  readonly store: Store;
  readonly onClose: () => void;
}

/** Name and container of a store; where it is stays. */
export function EditStoreDialog({ store, onClose }: Props) {
  const containers = useAdministered<{ containers: StoreContainer[] }>('store-containers');
  const [displayName, setDisplayName] = useState(store.displayName);
  const [container, setContainer] = useState(String(store.container?.id ?? ''));
  const [createIfMissing, setCreateIfMissing] = useState(store.createIfMissing);
  const save = useChange(
    () =>
      requestJson<Store>(apiUrl(`stores/${store.id}`), {
        method: 'PATCH',
        body: {
          displayName: displayName.trim(),
          container: container === '' ? null : Number(container),
          createIfMissing,
        },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['displayName', 'container']);
  return (
    <FormDialog
      title={`Edit ${store.displayName}`}
      submit="Save"
      busy={save.isPending}
      disabled={displayName.trim() === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={displayName}
        error={fields['displayName']}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Container"
        value={container}
        error={fields['container']}
        data={[
          { value: '', label: 'None' },
          ...(containers.data?.containers ?? []).map(({ id, name }) => ({
            value: String(id),
            label: name,
          })),
        ]}
        onChange={(event) => setContainer(event.currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="Make it when it is not there"
        checked={createIfMissing}
        onChange={(event) => setCreateIfMissing(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

/** The password by which the file is opened; the file itself is not changed. */
export function StorePasswordDialog({ store, onClose }: Props) {
  const [password, setPassword] = useState('');
  const save = useChange(
    () =>
      requestJson<Store>(apiUrl(`stores/${store.id}/password`), {
        method: 'PUT',
        body: { password: password === '' ? null : password },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['password']);
  return (
    <FormDialog
      title="Password of the file"
      submit={password === '' ? 'Forget the password' : 'Save'}
      busy={save.isPending}
      disabled={password === '' && !store.passwordSet}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <PasswordInput
        label="Password"
        description="What the file is opened with. The file itself is not changed. Empty: forget it."
        autoComplete="new-password"
        data-autofocus
        value={password}
        error={fields['password']}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** When the store is looked through by itself. */
export function StoreScheduleDialog({ store, onClose }: Props) {
  const [draft, setDraft] = useState(draftOf(store.inventorySchedule));
  const schedule = scheduleOf(draft);
  const save = useChange(
    () =>
      requestJson<Store>(apiUrl(`stores/${store.id}/schedule`), {
        method: 'PUT',
        body: { schedule },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['schedule']);
  return (
    <FormDialog
      title="When it is looked through"
      submit="Save"
      busy={save.isPending}
      disabled={schedule === undefined}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <ScheduleFields
        label="When"
        forms={['interval', 'daily', 'weekly', 'exactlyOnce', 'off']}
        draft={draft}
        error={fields['schedule']}
        onChange={setDraft}
      />
    </FormDialog>
  );
}

/** Forgets a store; its files stay as they are. */
export function DeleteStoreDialog({ store: { id, displayName }, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useChange(() => requestJson<void>(apiUrl(`stores/${id}`), { method: 'DELETE' }), {
    leaves: true,
    onDone: () => void navigate({ to: '/stores' }),
  });
  return (
    <FormDialog
      title={`Forget ${displayName}?`}
      submit={`Forget ${displayName}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        Its files stay as they are. What was found in it and what was scheduled for it is forgotten
        here. This cannot be undone; it can be set up again.
      </p>
    </FormDialog>
  );
}
