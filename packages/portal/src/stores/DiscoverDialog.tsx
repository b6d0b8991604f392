import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { LOCALHOST, type StoreType } from '../api/stores.ts';
import { CheckList } from '../components/CheckList.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { draftOf, scheduleOf } from '../components/schedule-text.ts';
import { ScheduleFields } from '../components/ScheduleFields.tsx';
import css from '../security/security.module.css';

/** Has a folder looked through for stores; those that are found wait to be approved. */
export function DiscoverDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { data } = useAdministered<{ types: StoreType[] }>('store-types');
  const [clientMachine, setMachine] = useState<string>(LOCALHOST);
  const [path, setPath] = useState('');
  const [types, setTypes] = useState<readonly string[]>([]);
  const [when, setWhen] = useState(draftOf({ immediate: true }));
  const schedule = scheduleOf(when);
  const discover = useChange(
    () =>
      requestJson<unknown>(apiUrl('stores/discover'), {
        method: 'POST',
        body: { clientMachine: clientMachine.trim(), path: path.trim(), types, schedule },
      }),
    { leaves: true, onDone: () => void navigate({ to: '/store-jobs', search: {} }) },
  );
  const { general, fields } = faultsOf(discover.error, [
    'clientMachine',
    'path',
    'types',
    'schedule',
  ]);
  return (
    <FormDialog
      title="Discover stores"
      submit="Look for stores"
      busy={discover.isPending}
      disabled={path.trim() === '' || types.length === 0 || schedule === undefined}
      fault={general}
      onSubmit={() => discover.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Machine"
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={clientMachine}
        error={fields['clientMachine']}
        onChange={(event) => setMachine(event.currentTarget.value)}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Folder"
        description="Absolute; everything below it is looked through."
        placeholder="/etc/ssl"
        autoComplete="off"
        spellCheck={false}
        value={path}
        error={fields['path']}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <CheckList
        legend="Types to look for"
        options={(data?.types ?? []).map(({ name }) => ({ value: name, label: name }))}
        value={types}
        error={fields['types']}
        onChange={setTypes}
      />
      <ScheduleFields
        label="When"
        forms={['immediate', 'exactlyOnce', 'daily', 'weekly']}
        draft={when}
        error={fields['schedule']}
        onChange={setWhen}
      />
    </FormDialog>
  );
}
