import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { Enrolled, EnrollmentOptions, MetadataField, Template } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import {
  defaultsOf,
  filledIn,
  metadataFault,
  type MetadataDraft,
} from '../certificates/metadata-values.ts';

/** The fields of metadata a template asks for, as it asks for them. */
export function askedMetadata(
  { policy }: Template,
  fields: readonly MetadataField[],
): MetadataField[] {
  return fields
    .map((field) => ({
      ...field,
      enrollment: policy.metadataFields[field.name] ?? field.enrollment,
    }))
    .filter(({ enrollment }) => enrollment !== 'hidden');
}

/** What both forms share: who issues, what is kept beside it, and what was refused. */
export function useEnroll(
  way: 'csr' | 'pfx',
  template: Template,
  { metadataFields, authorities }: EnrollmentOptions,
  metadataOfOld: MetadataDraft,
  onDone: (enrolled: Enrolled) => void,
) {
  const asked = askedMetadata(template, metadataFields);
  const [metadata, setMetadata] = useState<MetadataDraft>({
    ...defaultsOf(asked),
    ...metadataOfOld,
  });
  const [authority, setAuthority] = useState('');
  const send = useChange(
    (own: Readonly<Record<string, unknown>>) =>
      requestJson<Enrolled>(apiUrl(`enrollment/${way}`), {
        method: 'POST',
        body: {
          template: template.name,
          ...(authority === '' ? {} : { authority }),
          ...(Object.keys(filledIn(metadata)).length === 0 ? {} : { metadata: filledIn(metadata) }),
          ...own,
        },
      }),
    { leaves: true, onDone },
  );
  const names = asked.map(({ name }) => `metadata.${name}`);
  const { general, fields } = faultsOf(
    send.error,
    ['csr', 'subject', 'sans', 'keyAlgorithm', 'password', 'friendlyName', 'authority', ...names],
    { csr_invalid: 'csr', subject_invalid: 'subject' },
  );
  return {
    send,
    general,
    fields,
    common: {
      asked,
      metadata,
      setMetadata,
      authorities,
      authority,
      setAuthority,
      fields,
    },
    complete: asked.every((field) => metadataFault(field, metadata[field.name] ?? '') === null),
  };
}
