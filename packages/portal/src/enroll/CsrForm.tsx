import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type DragEvent, type FormEvent } from 'react';
import type { CsrFacts } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { parseAltNames } from '../certificates/alternative-names.ts';
import { FilePicker } from '../components/FilePicker.tsx';
import { Notice } from '../components/States.tsx';
import { CommonFields } from './CommonFields.tsx';
import css from './enroll.module.css';
import { AltNames, type FormProps } from './PfxForm.tsx';
import { useEnroll } from './use-enroll.ts';

/** What a request says, as soon as all of it is there. */
function useCsrFacts(csr: string) {
  const text = csr.trim();
  return useQuery({
    queryKey: ['csr', text],
    enabled: /-----END [A-Z ]*CERTIFICATE REQUEST-----/.test(text),
    retry: false,
    gcTime: 0,
    queryFn: ({ signal }) =>
      requestJson<CsrFacts>(apiUrl('enrollment/csr/parse'), {
        method: 'POST',
        body: { csr: text },
        signal,
      }),
  });
}

/** A certificate for a key that is elsewhere: the request says which. */
export function CsrForm({ template, options, old, onDone }: FormProps) {
  const { policy } = template;
  const [csr, setCsr] = useState('');
  const [names, setNames] = useState('');
  const { send, general, fields, common, complete } = useEnroll(
    'csr',
    template,
    options,
    old?.metadata ?? {},
    onDone,
  );
  const read = useCsrFacts(csr);
  const unread =
    read.error === null ? undefined : faultsOf(read.error, ['csr'], { csr_invalid: 'csr' });
  const ready = csr.trim() !== '' && complete && read.error === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || send.isPending) return;
    const sans = parseAltNames(names);
    send.mutate({
      csr: csr.trim(),
      ...(sans.length === 0 ? {} : { sans }),
      ...(old === null ? {} : { renews: old.id }),
    });
  };
  return (
    <form className={css.fields} onSubmit={submit} noValidate>
      {general !== null && <Notice tone="fail">{general}</Notice>}
      <CsrInput
        value={csr}
        error={fields['csr'] ?? unread?.fields['csr'] ?? unread?.general ?? undefined}
        onChange={(text) => {
          send.reset();
          setCsr(text);
        }}
      />
      {read.data !== undefined && <CsrPreview facts={read.data} />}
      {(fields['subject'] ?? fields['keyAlgorithm']) !== undefined && (
        <Notice tone="fail">{fields['subject'] ?? fields['keyAlgorithm']}</Notice>
      )}
      {policy.sans.allowed.length > 0 && (
        <AltNames
          value={names}
          policy={{ ...policy, sans: { ...policy.sans, required: false } }}
          error={fields['sans']}
          onChange={setNames}
        />
      )}
      <CommonFields {...common} />
      <div className={css.submit}>
        <Button type="submit" loading={send.isPending} disabled={!ready}>
          {policy.requiresApproval ? 'Ask for approval' : 'Enroll'}
        </Button>
      </div>
    </form>
  );
}

interface InputProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (csr: string) => void;
}

/** The request as text: pasted, picked as a file, or dropped. */
function CsrInput({ value, error, onChange }: InputProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) file.text().then(onChange, () => undefined);
  };
  return (
    <>
      <Textarea
        className={css.drop ?? ''}
        data-over={over || undefined}
        label="CSR"
        description="PKCS#10, PEM. Paste it, drop a file here, or pick one. The private key stays where it is."
        placeholder={'-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----'}
        rows={9}
        spellCheck={false}
        autoComplete="off"
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      />
      <FilePicker accept=".csr,.pem,.req,.p10" label="Take it from a file" onText={onChange} />
    </>
  );
}

function CsrPreview({ facts: { subject, sans, keyAlgorithm } }: { readonly facts: CsrFacts }) {
  return (
    <dl className={css.preview} aria-label="What the CSR says">
      <dt>Subject</dt>
      <dd>{subject === '' ? 'none' : subject}</dd>
      <dt>Alternative names</dt>
      <dd>
        {sans.length === 0 ? 'none' : sans.map(({ type, value }) => `${type}:${value}`).join(', ')}
      </dd>
      <dt>Key</dt>
      <dd>{keyAlgorithm ?? 'of a kind that is not known here'}</dd>
    </dl>
  );
}
