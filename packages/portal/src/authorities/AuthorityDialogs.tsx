import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import type { Authority, AuthoritySettings } from '../api/authorities.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';

interface Props {
  readonly authority: Authority;
  readonly onClose: () => void;
}

const SETTINGS: readonly {
  readonly key: keyof AuthoritySettings;
  readonly label: string;
  readonly description: string;
}[] = [
  {
    key: 'crlHours',
    label: 'A full list every, hours',
    description: 'At the latest; one is made sooner where something is revoked.',
  },
  {
    key: 'crlOverlapHours',
    label: 'Lists are good longer, hours',
    description: 'Time to notice that no new one comes.',
  },
  { key: 'deltaMinutes', label: 'A delta list every, minutes', description: '0: none.' },
  { key: 'ocspMinutes', label: 'OCSP answers are good for, minutes', description: '' },
];

/** Name, state and manner of publication; keys and certificates never change. */
export function EditAuthorityDialog({ authority, onClose }: Props) {
  const [name, setName] = useState(authority.name);
  const [enabled, setEnabled] = useState(authority.enabled);
  const [settings, setSettings] = useState(authority.settings);
  const save = useChange(
    () =>
      requestJson<Authority>(apiUrl(`authorities/${pathTo(authority.id)}`), {
        method: 'PATCH',
        body: { name: name.trim(), enabled, settings },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(
    save.error,
    ['name', ...SETTINGS.map(({ key }) => `settings.${key}`)],
    { already_exists: 'name' },
  );
  return (
    <FormDialog
      title={`Edit ${authority.name}`}
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
      <Checkbox
        size="xs"
        label="Issues certificates"
        description="Lists and OCSP go on without."
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      {SETTINGS.map(({ key, label, description }) => (
        <NumberInput
          key={key}
          label={label}
          description={description === '' ? undefined : description}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          value={settings[key]}
          error={fields[`settings.${key}`]}
          onChange={(next) => {
            if (typeof next === 'number') setSettings({ ...settings, [key]: next });
          }}
        />
      ))}
    </FormDialog>
  );
}

/** Deletes an authority that has issued nothing. */
export function DeleteAuthorityDialog({ authority: { id, name }, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`authorities/${pathTo(id)}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/authorities' }) },
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
        Its key is lost. Only one that has issued nothing can be deleted; one that has can be
        disabled. This cannot be undone.
      </p>
    </FormDialog>
  );
}

/** Makes and publishes a revocation list at once. */
export function MakeListDialog({ authority, onClose }: Props) {
  const [kind, setKind] = useState<'full' | 'delta'>('full');
  const make = useChange(
    () =>
      requestJson<unknown>(apiUrl(`authorities/${pathTo(authority.id)}/crl`), {
        method: 'POST',
        body: { kind },
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Make a revocation list now"
      submit="Make and publish it"
      busy={make.isPending}
      fault={faultsOf(make.error, []).general}
      onSubmit={() => make.mutate(undefined)}
      onClose={onClose}
    >
      <NativeSelect
        label="Kind"
        data-autofocus
        value={kind}
        data={[
          { value: 'full', label: 'Full: everything that is revoked' },
          ...(authority.settings.deltaMinutes > 0
            ? [{ value: 'delta', label: 'Delta: what changed since the last full one' }]
            : []),
        ]}
        onChange={(event) => setKind(event.currentTarget.value === 'delta' ? 'delta' : 'full')}
      />
    </FormDialog>
  );
}
