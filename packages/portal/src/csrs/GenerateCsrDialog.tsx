import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { KEY_ALGORITHMS, type Csr, type EnrollmentOptions } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { parseAltNames } from '../certificates/alternative-names.ts';
import { fileStem } from '../certificates/file-names.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { download } from '../lib/clipboard.ts';
import css from '../security/security.module.css';

interface Made extends Csr {
  /** PEM. */
  readonly csr: string;
}

/** Makes a key and a request for it, for an authority elsewhere. */
export function GenerateCsrDialog({ onClose }: { readonly onClose: () => void }) {
  const options = useAdministered<EnrollmentOptions>('enrollment/options');
  const [subject, setSubject] = useState('');
  const [names, setNames] = useState('');
  const [template, setTemplate] = useState('');
  const [keyAlgorithm, setKeyAlgorithm] = useState('P-256');
  const templates = (options.data?.templates ?? []).filter(({ policy }) =>
    policy.enrollment.includes('csr-generation'),
  );
  const chosen = templates.find(({ name }) => name === template);
  const make = useChange(() =>
    requestJson<Made>(apiUrl('csrs'), {
      method: 'POST',
      body: {
        subject: subject.trim(),
        keyAlgorithm,
        ...(names.trim() === '' ? {} : { sans: parseAltNames(names) }),
        ...(template === '' ? {} : { template }),
      },
    }),
  );
  const { general, fields } = faultsOf(
    make.error,
    ['subject', 'sans', 'keyAlgorithm', 'template'],
    { subject_invalid: 'subject' },
  );
  if (make.data !== undefined) {
    const { csr, subject: made } = make.data;
    return (
      <FormDialog
        title="The CSR is made"
        submit="Close"
        size="lg"
        busy={false}
        onSubmit={onClose}
        onClose={onClose}
      >
        <p>Send it to the authority, and import what comes back: the key waits here.</p>
        <Textarea
          className={css.monoInput ?? ''}
          label="CSR"
          rows={10}
          readOnly
          value={csr}
          spellCheck={false}
        />
        <div>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} stroke={1.7} />}
            onClick={() => download(`${fileStem(made)}.csr`, csr, 'application/pkcs10')}
          >
            Save {fileStem(made)}.csr
          </Button>
        </div>
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title="Make a CSR"
      submit="Make the CSR"
      busy={make.isPending}
      disabled={subject.trim() === ''}
      fault={general}
      onSubmit={() => make.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        className={css.monoInput ?? ''}
        label="Subject"
        description="Most specific part first."
        placeholder="CN=www.example.com,O=Example,C=DE"
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={subject}
        error={fields['subject']}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <Textarea
        className={css.monoInput ?? ''}
        label="Alternative names"
        description="Optional, one a line."
        rows={3}
        spellCheck={false}
        value={names}
        error={fields['sans']}
        onChange={(event) => setNames(event.currentTarget.value)}
      />
      <NativeSelect
        label="Template"
        description="Optional: its policy is held to."
        value={template}
        error={fields['template']}
        data={[
          { value: '', label: 'None' },
          ...templates.map(({ name, displayName }) => ({ value: name, label: displayName })),
        ]}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setTemplate(next);
          const model = templates.find(({ name }) => name === next);
          if (model !== undefined) setKeyAlgorithm(model.policy.defaultKeyAlgorithm);
        }}
      />
      <NativeSelect
        label="Key"
        value={keyAlgorithm}
        error={fields['keyAlgorithm']}
        data={[...(chosen?.policy.keyAlgorithms ?? KEY_ALGORITHMS)]}
        onChange={(event) => setKeyAlgorithm(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
