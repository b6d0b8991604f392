import { Checkbox, NativeSelect, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import type { Certificate, MetadataField } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { Notice } from '../components/States.tsx';
import css from '../security/security.module.css';
import { nameOf } from './certificate-state.ts';
import { calledAs, doWithMany, whichOf, type Chosen, type Progress } from './chosen.ts';
import { ProgressNotice } from './ProgressNotice.tsx';
import { metadataChanges, metadataFault, type MetadataDraft } from './metadata-values.ts';
import { MetadataInputs } from './MetadataInputs.tsx';

/** The fields of metadata that this installation keeps. */
export function useMetadataFields() {
  return useAdministered<{ metadataFields: MetadataField[] }>('metadata-fields');
}

interface OneProps {
  readonly certificate: Certificate;
  readonly onClose: () => void;
}

/** What is kept beside one certificate. */
export function MetadataDialog({ certificate, onClose }: OneProps) {
  const { data, error } = useMetadataFields();
  const [draft, setDraft] = useState<MetadataDraft>(certificate.metadata);
  const changes = metadataChanges(certificate.metadata, draft);
  const save = useChange(
    () =>
      requestJson<Certificate>(apiUrl(`certificates/${certificate.id}/metadata`), {
        method: 'PATCH',
        body: { metadata: changes },
      }),
    { onDone: onClose },
  );
  const known = data?.metadataFields ?? [];
  const faults = metadataFaults(save.error, known);
  return (
    <FormDialog
      title={`Metadata of ${nameOf(certificate)}`}
      submit="Save"
      busy={save.isPending}
      disabled={
        Object.keys(changes).length === 0 ||
        known.some((field) => metadataFault(field, draft[field.name] ?? '') !== null)
      }
      fault={faults.general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      {error !== null && (
        <Notice tone="fail">The fields could not be read: {asSentence(error.message)}</Notice>
      )}
      {data === undefined && error === null && <Skeleton height={160} />}
      {data !== undefined && known.length === 0 && (
        <p className={css.fine}>
          There are no fields yet. An administrator defines them under Settings.
        </p>
      )}
      <MetadataInputs fields={known} draft={draft} faults={faults.fields} onChange={setDraft} />
    </FormDialog>
  );
}

/** Faults of metadata come as `metadata.Name`. */
function metadataFaults(error: unknown, known: readonly MetadataField[]) {
  const names = known.map(({ name }) => `metadata.${name}`);
  const { general, fields } = faultsOf(error, names);
  return {
    general,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, said]) => [name.slice('metadata.'.length), said]),
    ),
  };
}

interface ManyProps {
  readonly chosen: Chosen;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Sets one field of many certificates. */
export function ManyMetadataDialog({ chosen, onDone, onClose }: ManyProps) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const { data } = useMetadataFields();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<MetadataDraft>({});
  const [overwrite, setOverwrite] = useState(false);
  const field = data?.metadataFields.find((one) => one.name === name);
  const value = draft[name] ?? '';
  const save = useChange(
    () =>
      doWithMany(
        'certificates/metadata',
        {
          ...whichOf(chosen),
          metadata: { [name]: value === '' ? null : value },
          overwrite,
        },
        setProgress,
      ),
    {
      onDone: () => {
        onDone();
        onClose();
      },
    },
  );
  const faults = metadataFaults(save.error, data?.metadataFields ?? []);
  const many = calledAs(chosen);
  return (
    <FormDialog
      title={`Metadata of ${many}`}
      submit={`Set it on ${many}`}
      busy={save.isPending}
      disabled={
        field === undefined || metadataFault(field, value) !== null || (value === '' && !overwrite)
      }
      fault={faults.general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <ProgressNotice progress={progress} />
      <NativeSelect
        label="Field"
        data-autofocus
        value={name}
        data={[
          { value: '', label: 'Choose a field' },
          ...(data?.metadataFields ?? []).map((one) => ({ value: one.name, label: one.name })),
        ]}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {field !== undefined && (
        <MetadataInputs fields={[field]} draft={draft} faults={faults.fields} onChange={setDraft} />
      )}
      <Checkbox
        size="xs"
        label="Also where it has a value already"
        description="Without this, what is set stays."
        checked={overwrite}
        onChange={(event) => setOverwrite(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
