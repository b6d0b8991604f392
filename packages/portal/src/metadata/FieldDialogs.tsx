import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import type { FieldEnrollment, MetadataField, MetadataType } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { plural } from '../lib/format.ts';
import { linesOf } from '../lib/lines.ts';
import css from '../security/security.module.css';
import { DEMAND_NAMES, TYPE_NAMES } from './field-names.ts';

const NEW_FIELD: MetadataField = {
  name: '',
  description: '',
  type: 'string',
  hint: '',
  validation: null,
  message: null,
  options: [],
  defaultValue: null,
  enrollment: 'optional',
  inUse: 0,
};

interface Props {
  /** Null for a new one. */
  readonly field: MetadataField | null;
  readonly onClose: () => void;
}

/** A field of metadata; its name and kind stay the same once it is there. */
export function MetadataFieldDialog({ field, onClose }: Props) {
  const [draft, setDraft] = useState<MetadataField>(field ?? NEW_FIELD);
  const [options, setOptions] = useState((field?.options ?? []).join('\n'));
  const patterned = draft.type !== 'boolean' && draft.type !== 'choice' && draft.type !== 'date';
  const body = {
    description: draft.description.trim(),
    hint: draft.hint.trim(),
    validation: patterned ? orNull(draft.validation) : null,
    message: patterned ? orNull(draft.message) : null,
    options: draft.type === 'choice' ? linesOf(options) : [],
    defaultValue: orNull(draft.defaultValue),
    enrollment: draft.enrollment,
  };
  const save = useChange(
    () =>
      field === null
        ? requestJson<MetadataField>(apiUrl('metadata-fields'), {
            method: 'POST',
            body: { name: draft.name.trim(), type: draft.type, ...body },
          })
        : requestJson<MetadataField>(apiUrl(`metadata-fields/${pathTo(field.name)}`), {
            method: 'PATCH',
            body,
          }),
    { onDone: onClose },
  );
  const { general, fields: faults } = faultsOf(save.error, ['name', 'type', ...Object.keys(body)], {
    already_exists: 'name',
  });
  const set = (change: Partial<MetadataField>) => setDraft({ ...draft, ...change });
  return (
    <FormDialog
      title={field === null ? 'Create a field' : `Edit ${field.name}`}
      submit={field === null ? 'Create' : 'Save'}
      busy={save.isPending}
      disabled={draft.name.trim() === '' || (draft.type === 'choice' && body.options.length === 0)}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      {field === null && (
        <>
          <TextInput
            label="Name"
            description="Letters, digits, - and _; queries name it. It stays the same for good."
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={draft.name}
            error={faults['name']}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <NativeSelect
            label="Kind"
            value={draft.type}
            error={faults['type']}
            data={Object.entries(TYPE_NAMES).map(([value, label]) => ({ value, label }))}
            onChange={(event) => set({ type: event.currentTarget.value as MetadataType })}
          />
        </>
      )}
      <TextInput
        label="What it is"
        value={draft.description}
        error={faults['description']}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      {draft.type === 'choice' && (
        <Textarea
          label="Choices"
          description="One a line."
          rows={4}
          value={options}
          error={faults['options']}
          onChange={(event) => setOptions(event.currentTarget.value)}
        />
      )}
      {patterned && (
        <>
          <TextInput
            className={css.monoInput ?? ''}
            label="Must match"
            description="Optional, a regular expression."
            spellCheck={false}
            value={draft.validation ?? ''}
            error={faults['validation']}
            onChange={(event) => set({ validation: event.currentTarget.value })}
          />
          <TextInput
            label="Said where it does not"
            description="Optional: what is expected, in words."
            value={draft.message ?? ''}
            error={faults['message']}
            onChange={(event) => set({ message: event.currentTarget.value })}
          />
        </>
      )}
      <TextInput
        label="Hint"
        description="Optional, shown below the field."
        value={draft.hint}
        error={faults['hint']}
        onChange={(event) => set({ hint: event.currentTarget.value })}
      />
      <TextInput
        label="Filled in at first"
        description="Optional."
        value={draft.defaultValue ?? ''}
        error={faults['defaultValue']}
        onChange={(event) => set({ defaultValue: event.currentTarget.value })}
      />
      <NativeSelect
        label="At enrollment"
        description="A template may ask for it differently."
        value={draft.enrollment}
        data={Object.entries(DEMAND_NAMES).map(([value, label]) => ({ value, label }))}
        onChange={(event) => set({ enrollment: event.currentTarget.value as FieldEnrollment })}
      />
    </FormDialog>
  );
}

function orNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}

interface DeleteProps {
  readonly field: MetadataField;
  readonly onClose: () => void;
}

/** Deletes a field with all that is kept in it. */
export function DeleteFieldDialog({ field: { name, inUse }, onClose }: DeleteProps) {
  const remove = useChange(
    () => {
      const force = inUse > 0 ? { force: 'true' } : {};
      return requestJson<void>(apiUrl(`metadata-fields/${pathTo(name)}`, force), {
        method: 'DELETE',
      });
    },
    { onDone: onClose },
  );
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit={inUse > 0 ? `Delete ${name} and ${plural(inUse, 'value')}` : `Delete ${name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {inUse > 0
          ? `${plural(inUse, 'certificate')} ${inUse === 1 ? 'has' : 'have'} a value in it, which is lost. `
          : 'No certificate has a value in it. '}
        This cannot be undone.
      </p>
    </FormDialog>
  );
}
