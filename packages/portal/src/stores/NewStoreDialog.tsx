import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { LOCALHOST, type Store, type StoreContainer, type StoreType } from '../api/stores.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { draftOf, scheduleOf } from '../components/schedule-text.ts';
import { ScheduleFields } from '../components/ScheduleFields.tsx';
import css from '../security/security.module.css';

const FIELDS = [
  'displayName',
  'clientMachine',
  'path',
  'type',
  'container',
  'password',
  'properties',
  'inventorySchedule',
] as const;

/** A store: where it is, what it is, and when it is looked through. */
export function NewStoreDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const types = useAdministered<{ types: StoreType[] }>('store-types');
  const containers = useAdministered<{ containers: StoreContainer[] }>('store-containers');
  const [draft, setDraft] = useState({
    displayName: '',
    clientMachine: LOCALHOST,
    path: '',
    type: '',
    keyPath: '',
    container: '',
    password: '',
    createIfMissing: false,
  });
  const [schedule, setSchedule] = useState(draftOf({ daily: { time: '03:00' } }));
  const known = types.data?.types ?? [];
  const type = known.find(({ name }) => name === draft.type) ?? known[0];
  const inventorySchedule = scheduleOf(schedule);
  const create = useChange(
    () =>
      requestJson<Store>(apiUrl('stores'), {
        method: 'POST',
        body: {
          displayName: draft.displayName.trim() === '' ? null : draft.displayName.trim(),
          clientMachine: draft.clientMachine.trim(),
          path: draft.path.trim(),
          type: type?.name ?? '',
          container: draft.container === '' ? null : Number(draft.container),
          password: draft.password === '' ? null : draft.password,
          createIfMissing: draft.createIfMissing,
          properties: draft.keyPath.trim() === '' ? {} : { keyPath: draft.keyPath.trim() },
          inventorySchedule,
        },
      }),
    { leaves: true, onDone: ({ id }) => void navigate({ to: '/stores/$id', params: { id } }) },
  );
  const { general, fields } = faultsOf(create.error, FIELDS, { already_exists: 'path' });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  return (
    <FormDialog
      title="Set up a store"
      submit="Set up"
      busy={create.isPending}
      disabled={
        draft.path.trim() === '' ||
        draft.clientMachine.trim() === '' ||
        type === undefined ||
        inventorySchedule === undefined
      }
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Machine"
        description={`${LOCALHOST} is this server; others are reached by SFTP.`}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={draft.clientMachine}
        error={fields['clientMachine']}
        onChange={(event) => set({ clientMachine: event.currentTarget.value })}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Path"
        description="Absolute, of the file or folder."
        placeholder="/etc/ssl/site.pem"
        autoComplete="off"
        spellCheck={false}
        value={draft.path}
        error={fields['path']}
        onChange={(event) => set({ path: event.currentTarget.value })}
      />
      <NativeSelect
        label="Type"
        description={type?.description === '' ? undefined : type?.description}
        value={type?.name ?? ''}
        error={fields['type']}
        data={known.map(({ name }) => name)}
        onChange={(event) => set({ type: event.currentTarget.value, keyPath: '', password: '' })}
      />
      {type?.kind === 'pem-file' && (
        <TextInput
          className={css.monoInput ?? ''}
          label="Path of the private key"
          description="Optional: where the key is in a file of its own."
          spellCheck={false}
          value={draft.keyPath}
          error={fields['properties']}
          onChange={(event) => set({ keyPath: event.currentTarget.value })}
        />
      )}
      {type?.kind === 'pkcs12-file' && (
        <PasswordInput
          label="Password of the file"
          autoComplete="new-password"
          value={draft.password}
          error={fields['password']}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Name"
        description="Optional: machine and path otherwise."
        autoComplete="off"
        value={draft.displayName}
        error={fields['displayName']}
        onChange={(event) => set({ displayName: event.currentTarget.value })}
      />
      <NativeSelect
        label="Container"
        value={draft.container}
        error={fields['container']}
        data={[
          { value: '', label: 'None' },
          ...(containers.data?.containers ?? []).map(({ id, name }) => ({
            value: String(id),
            label: name,
          })),
        ]}
        onChange={(event) => set({ container: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Make it when it is not there"
        checked={draft.createIfMissing}
        onChange={(event) => set({ createIfMissing: event.currentTarget.checked })}
      />
      <ScheduleFields
        label="Looked through"
        forms={['interval', 'daily', 'weekly', 'off']}
        draft={schedule}
        error={fields['inventorySchedule']}
        onChange={setSchedule}
      />
    </FormDialog>
  );
}
