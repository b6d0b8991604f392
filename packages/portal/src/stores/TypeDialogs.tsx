import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { STORE_KINDS, type StoreKind, type StoreType } from '../api/stores.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import css from '../security/security.module.css';

const ENTRY_PASSWORDS = [
  { value: 'none', label: 'Never encrypted' },
  { value: 'optional', label: 'Encrypted where a password is given' },
  { value: 'required', label: 'Always encrypted' },
];

interface Props {
  /** Null for a new one. */
  readonly type: StoreType | null;
  readonly onClose: () => void;
}

type Draft = Pick<
  StoreType,
  'name' | 'kind' | 'description' | 'filePattern' | 'separateKeys' | 'entryPassword'
>;

const NEW_TYPE: Draft = {
  name: '',
  kind: 'pem-file',
  description: '',
  filePattern: '*.pem,*.crt',
  separateKeys: false,
  entryPassword: 'none',
};

/** A kind of the product with defaults of one's own. */
export function TypeDialog({ type, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(type ?? NEW_TYPE);
  const change = {
    name: draft.name.trim(),
    description: draft.description.trim(),
    filePattern: draft.filePattern.trim(),
    separateKeys: draft.separateKeys,
    entryPassword: draft.entryPassword,
  };
  const save = useChange(
    () =>
      type === null
        ? requestJson<StoreType>(apiUrl('store-types'), {
            method: 'POST',
            body: { ...change, kind: draft.kind },
          })
        : requestJson<StoreType>(apiUrl(`store-types/${pathTo(type.name)}`), {
            method: 'PATCH',
            body: change,
          }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(
    save.error,
    ['name', 'kind', 'description', 'filePattern', 'separateKeys', 'entryPassword'],
    { already_exists: 'name' },
  );
  const set = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  return (
    <FormDialog
      title={type === null ? 'Create a type' : `Edit ${type.name}`}
      submit={type === null ? 'Create' : 'Save'}
      busy={save.isPending}
      disabled={change.name === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={draft.name}
        error={fields['name']}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {type === null && (
        <NativeSelect
          label="Kind"
          value={draft.kind}
          error={fields['kind']}
          data={Object.entries(STORE_KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(event) => set({ kind: event.currentTarget.value as StoreKind })}
        />
      )}
      <Textarea
        label="What it is for"
        description="Optional."
        rows={2}
        value={draft.description}
        error={fields['description']}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Files"
        description="Names with * and ?, with commas between: what belongs to it, and what a discovery finds."
        spellCheck={false}
        value={draft.filePattern}
        error={fields['filePattern']}
        onChange={(event) => set({ filePattern: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Private keys are in files of their own"
        checked={draft.separateKeys}
        onChange={(event) => set({ separateKeys: event.currentTarget.checked })}
      />
      <NativeSelect
        label="Private keys in PEM"
        value={draft.entryPassword}
        error={fields['entryPassword']}
        data={ENTRY_PASSWORDS}
        onChange={(event) =>
          set({ entryPassword: event.currentTarget.value as StoreType['entryPassword'] })
        }
      />
    </FormDialog>
  );
}

interface DeleteProps {
  readonly type: StoreType;
  readonly onClose: () => void;
}

/** Deletes a type that no store is of. */
export function DeleteTypeDialog({ type: { name }, onClose }: DeleteProps) {
  const remove = useChange(
    () => requestJson<void>(apiUrl(`store-types/${pathTo(name)}`), { method: 'DELETE' }),
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
      <p>Only one that no store is of can be deleted. This cannot be undone.</p>
    </FormDialog>
  );
}
