import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { MetadataField } from '../api/certificates.ts';
import { hintFor, metadataFault, type MetadataDraft } from './metadata-values.ts';

interface Props {
  readonly fields: readonly MetadataField[];
  readonly draft: MetadataDraft;
  /** What the server said, by field. */
  readonly faults?: Readonly<Record<string, string>>;
  readonly onChange: (draft: MetadataDraft) => void;
}

/** An input for each field of metadata, of the kind that fits it. */
export function MetadataInputs({ fields, draft, faults, onChange }: Props) {
  return fields.map((field) => (
    <MetadataInput
      key={field.name}
      field={field}
      value={draft[field.name] ?? ''}
      fault={faults?.[field.name]}
      onChange={(value) => onChange({ ...draft, [field.name]: value })}
    />
  ));
}

interface InputProps {
  readonly field: MetadataField;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}

function MetadataInput({ field, value, fault, onChange }: InputProps) {
  const common = {
    label: field.name,
    required: field.enrollment === 'required',
    description:
      [field.description, hintFor(field)]
        .filter((one) => one !== undefined && one !== '')
        .join(' ') || undefined,
    value,
    error: fault ?? (value === '' ? undefined : metadataFault(field, value)),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  const none = { value: '', label: '—' };
  switch (field.type) {
    case 'boolean':
      return (
        <NativeSelect
          {...common}
          data={[none, { value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }]}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          data={[none, ...field.options.map((option) => ({ value: option, label: option }))]}
        />
      );
    case 'text':
      return <Textarea {...common} rows={3} />;
    case 'date':
      return <TextInput {...common} type="date" />;
    case 'email':
      return <TextInput {...common} type="email" autoComplete="off" />;
    case 'integer':
      return <TextInput {...common} inputMode="numeric" autoComplete="off" />;
    case 'string':
      return <TextInput {...common} autoComplete="off" />;
  }
}
