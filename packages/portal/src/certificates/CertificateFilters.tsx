import { certificateFields } from '@countersign/records';
import { NativeSelect, TextInput } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import type { MetadataField, Template } from '../api/certificates.ts';
import { useSession } from '../api/session.ts';
import { QueryBar } from '../audit/QueryBar.tsx';
import { useKeys } from '../lib/keys.ts';
import css from './certificates.module.css';
import { compact, EXPIRING_DAYS, STATES, type CertificateSearch } from './search-params.ts';

interface Props {
  readonly search: CertificateSearch;
  readonly onGo: (search: CertificateSearch) => void;
}

const STATE_NAMES = {
  current: 'Neither revoked nor expired',
  active: 'Active',
  held: 'On hold',
  revoked: 'Revoked',
  expired: 'Expired',
} as const;

/** Values are not offered: they are as many as certificates. */
const none = () => [];

/** What a query may name here: the fields of every certificate, and the metadata that is kept. */
function useCertificateFields() {
  const may = useMay('certServer.metadata.types', 'read');
  const { data } = useAdministered<{ metadataFields: MetadataField[] }>('metadata-fields', {}, may);
  return useMemo(() => certificateFields(data?.metadataFields ?? []), [data]);
}

/** Which certificates: a query for what is particular, choices for what is asked every day. */
export function CertificateFilters({ search, onGo }: Props) {
  const { q = '', state, template, expiring } = search;
  const soon = useSession()?.expiringSoonDays;
  const input = useRef<HTMLInputElement>(null);
  const table = useCertificateFields();
  useKeys({ '/': () => input.current?.focus() });
  return (
    <div className={css.filters}>
      <div className={css.query}>
        <QueryBar
          table={table}
          placeholder='Words, or conditions: SAN -contains "example.com" AND KeySize -lt 3072'
          value={q}
          known={none}
          inputRef={input}
          onSubmit={(text) => onGo(compact({ ...search, q: text === '' ? undefined : text }))}
        />
      </div>
      <NativeSelect
        aria-label="State"
        value={state ?? ''}
        data={[
          { value: '', label: 'Any state' },
          ...STATES.map((value) => ({ value, label: STATE_NAMES[value] })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onGo(compact({ ...search, state: STATES.find((one) => one === value) }))
        }
      />
      <TemplateChoice
        value={template}
        onChange={(value) => onGo(compact({ ...search, template: value }))}
      />
      <NativeSelect
        aria-label="Expiring"
        value={String(expiring ?? '')}
        data={[
          { value: '', label: 'Expires whenever' },
          ...offeredDays(expiring, soon).map((days) => ({
            value: String(days),
            label: `Expires within ${days} days`,
          })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onGo(compact({ ...search, expiring: value === '' ? undefined : Number(value) }))
        }
      />
    </div>
  );
}

/** The days to choose from: the usual ones, those that the settings call soon, and those that are chosen. */
function offeredDays(chosen: number | undefined, soon: number | undefined): number[] {
  const days = new Set<number | undefined>([...EXPIRING_DAYS, soon, chosen]);
  return [...days].filter((one) => one !== undefined).toSorted((a, b) => a - b);
}

interface TemplateProps {
  readonly value: string | undefined;
  readonly onChange: (template: string | undefined) => void;
}

function TemplateChoice({ value, onChange }: TemplateProps) {
  const may = useMay('certServer.profile.configuration', 'read');
  return may ? (
    <KnownTemplates value={value} onChange={onChange} />
  ) : (
    <TextInput
      aria-label="Template"
      placeholder="Template"
      defaultValue={value ?? ''}
      onKeyDown={(event) => {
        const text = event.currentTarget.value.trim();
        if (event.key === 'Enter') onChange(text === '' ? undefined : text);
      }}
    />
  );
}

function KnownTemplates({ value, onChange }: TemplateProps) {
  const { data } = useAdministered<{ templates: Template[] }>('templates');
  const known = data?.templates ?? [];
  const missing = value !== undefined && !known.some(({ name }) => name === value);
  return (
    <NativeSelect
      aria-label="Template"
      value={value ?? ''}
      data={[
        { value: '', label: 'Any template' },
        ...(missing ? [{ value, label: value }] : []),
        ...known.map(({ name, displayName }) => ({ value: name, label: displayName })),
      ]}
      onChange={(event) => {
        const name = event.currentTarget.value;
        onChange(name === '' ? undefined : name);
      }}
    />
  );
}
