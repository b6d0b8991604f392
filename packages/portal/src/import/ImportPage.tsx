import { Button, PasswordInput, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type FormEvent } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import type { MetadataField } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { filledIn, type MetadataDraft } from '../certificates/metadata-values.ts';
import { MetadataInputs } from '../certificates/MetadataInputs.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Notice } from '../components/States.tsx';
import css from '../enroll/enroll.module.css';
import { useTitle } from '../lib/title.ts';
import securityCss from '../security/security.module.css';
import { isText, toBase64 } from './file-content.ts';

/** Longest file, in bytes. */
const MAX_BYTES = 1_000_000;

interface Imported {
  readonly imported: readonly {
    readonly id: number;
    readonly status: 'imported' | 'known' | 'joined';
  }[];
}

const STATUS = {
  imported: 'is imported',
  known: 'was here already',
  joined: 'is imported, and the key that waited for it has joined it',
} as const;

/** Brings in certificates that were issued elsewhere, with or without their keys. */
export function ImportPage() {
  useTitle('Import');
  const input = useRef<HTMLInputElement>(null);
  const readsFields = useMay('certServer.metadata.types', 'read');
  const fields = useAdministered<{ metadataFields: MetadataField[] }>(
    'metadata-fields',
    {},
    readsFields,
  );
  const [text, setText] = useState('');
  const [file, setFile] = useState<{ readonly name: string; readonly content: string } | null>(
    null,
  );
  const [said, setSaid] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [metadata, setMetadata] = useState<MetadataDraft>({});
  const content = file?.content ?? text.trim();
  const send = useChange(
    () =>
      requestJson<Imported>(apiUrl('certificates/import'), {
        method: 'POST',
        body: {
          content,
          ...(password === '' ? {} : { password }),
          ...(Object.keys(filledIn(metadata)).length === 0 ? {} : { metadata: filledIn(metadata) }),
        },
      }),
    { leaves: true },
  );
  const take = async (picked: File) => {
    send.reset();
    if (picked.size > MAX_BYTES) {
      setSaid(`${picked.name} is larger than 1 MB.`);
      return;
    }
    setSaid(null);
    const bytes = new Uint8Array(await picked.arrayBuffer());
    if (isText(bytes)) {
      setFile(null);
      setText(new TextDecoder().decode(bytes));
    } else {
      setText('');
      setFile({ name: picked.name, content: toBase64(bytes) });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (content !== '' && !send.isPending) send.mutate(undefined);
  };
  if (send.data !== undefined) {
    return (
      <Done
        imported={send.data}
        onAnother={() => {
          send.reset();
          setText('');
          setFile(null);
          setPassword('');
        }}
      />
    );
  }
  const known = fields.data?.metadataFields ?? [];
  const faults = faultsOf(send.error, [
    'content',
    'password',
    ...known.map(({ name }) => `metadata.${name}`),
  ]);
  return (
    <div className="page">
      <PageHead title="Import">
        Certificates that were issued elsewhere: PEM, DER, PKCS#7 or PKCS#12. A key that comes with
        one is kept encrypted; one whose CSR was made here joins its key.
      </PageHead>
      <form className={css.result} onSubmit={submit} noValidate>
        {faults.general !== null && <Notice tone="fail">{faults.general}</Notice>}
        {file === null ? (
          <Textarea
            className={css.drop ?? ''}
            label="Certificates"
            description="PEM, one or more; or take a file."
            placeholder={'-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----'}
            rows={9}
            spellCheck={false}
            autoComplete="off"
            value={text}
            error={faults.fields['content']}
            onChange={(event) => setText(event.currentTarget.value)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              const [dropped] = event.dataTransfer.files;
              if (dropped !== undefined) void take(dropped);
            }}
          />
        ) : (
          <>
            <Notice>
              <b>{file.name}</b> is taken as it is.
            </Notice>
            {faults.fields['content'] !== undefined && (
              <Notice tone="fail">{faults.fields['content']}</Notice>
            )}
          </>
        )}
        <div className={css.downloads}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconFileUpload size={15} stroke={1.7} />}
            onClick={() => input.current?.click()}
          >
            Take a file
          </Button>
          {file !== null && (
            <Button variant="subtle" size="xs" onClick={() => setFile(null)}>
              Paste text instead
            </Button>
          )}
          <input
            ref={input}
            type="file"
            hidden
            aria-label="Take a file"
            accept=".pem,.crt,.cer,.der,.p7b,.p7c,.pfx,.p12"
            onChange={(event) => {
              const [picked] = event.currentTarget.files ?? [];
              event.currentTarget.value = '';
              if (picked !== undefined) void take(picked);
            }}
          />
        </div>
        {said !== null && <Notice tone="fail">{said}</Notice>}
        <PasswordInput
          label="Password of the file"
          description="Where it is a PKCS#12 file, or its key is encrypted."
          autoComplete="off"
          value={password}
          error={faults.fields['password']}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {known.length > 0 && (
          <fieldset className={css.fieldset}>
            <legend>Metadata</legend>
            <MetadataInputs
              fields={known.map((field) => ({ ...field, enrollment: 'optional' }))}
              draft={metadata}
              faults={Object.fromEntries(
                known.flatMap(({ name }) => {
                  const fault = faults.fields[`metadata.${name}`];
                  return fault === undefined ? [] : [[name, fault]];
                }),
              )}
              onChange={setMetadata}
            />
          </fieldset>
        )}
        <div className={css.submit}>
          <Button type="submit" loading={send.isPending} disabled={content === ''}>
            Import
          </Button>
        </div>
      </form>
    </div>
  );
}

interface DoneProps {
  readonly imported: Imported;
  readonly onAnother: () => void;
}

function Done({ imported: { imported }, onAnother }: DoneProps) {
  return (
    <div className="page">
      <PageHead title="Import">What was in it, one by one.</PageHead>
      <ul className={securityCss.lines} aria-label="Imported certificates">
        {imported.map(({ id, status }) => (
          <li key={id}>
            <Link to="/certificates/$id" params={{ id: String(id) }}>
              Certificate {id}
            </Link>{' '}
            {STATUS[status]}
          </li>
        ))}
      </ul>
      <div className={securityCss.under}>
        <Button variant="default" onClick={onAnother}>
          Import another
        </Button>
      </div>
    </div>
  );
}
