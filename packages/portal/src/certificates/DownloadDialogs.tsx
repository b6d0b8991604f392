import { Button, Checkbox, NativeSelect, PasswordInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { CertificateDetails, KeyFile } from '../api/certificates.ts';
import { apiUrl, requestBytes, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog, ShownOnceDialog } from '../components/FormDialog.tsx';
import { Secret } from '../components/Secret.tsx';
import { bytesOf, download } from '../lib/clipboard.ts';
import { nameOf } from './certificate-state.ts';
import { fileStem } from './file-names.ts';

interface Props {
  readonly certificate: CertificateDetails;
  readonly onClose: () => void;
}

const FORMATS = {
  pem: { label: 'PEM (.pem)', ending: 'pem', type: 'application/x-pem-file' },
  der: { label: 'DER (.cer)', ending: 'cer', type: 'application/pkix-cert' },
  p7b: { label: 'PKCS#7 (.p7b)', ending: 'p7b', type: 'application/x-pkcs7-certificates' },
} as const;

function formatOf(value: string): keyof typeof FORMATS {
  return value === 'der' || value === 'p7b' ? value : 'pem';
}

/** The certificate as a file; that it was taken is recorded. */
export function DownloadDialog({ certificate, onClose }: Props) {
  const [format, setFormat] = useState<keyof typeof FORMATS>('pem');
  const [chain, setChain] = useState(false);
  const { ending, type } = FORMATS[format];
  const withChain = chain && format !== 'der';
  const take = useChange(
    () =>
      requestBytes(
        apiUrl(`certificates/${certificate.id}/download`, { format, chain: String(withChain) }),
      ),
    {
      onDone: (bytes) => {
        download(`${fileStem(nameOf(certificate))}.${ending}`, bytes, type);
        onClose();
      },
    },
  );
  return (
    <FormDialog
      title={`Download ${nameOf(certificate)}`}
      submit="Download"
      busy={take.isPending}
      fault={faultsOf(take.error, []).general}
      onSubmit={() => take.mutate(undefined)}
      onClose={onClose}
    >
      <NativeSelect
        label="Format"
        data-autofocus
        value={format}
        data={Object.entries(FORMATS).map(([value, { label }]) => ({ value, label }))}
        onChange={(event) => setFormat(formatOf(event.currentTarget.value))}
      />
      <Checkbox
        size="xs"
        label="With the certificates of its authorities"
        description={format === 'der' ? 'A DER file holds one certificate.' : undefined}
        disabled={format === 'der'}
        checked={withChain}
        onChange={(event) => setChain(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

const MIN_PASSWORD = 8;

/** The certificate with its private key, sealed by a password that is shown once. */
export function KeyDialog({ certificate, onClose }: Props) {
  const [format, setFormat] = useState<'pfx' | 'pem'>('pfx');
  const [chain, setChain] = useState(true);
  const [password, setPassword] = useState('');
  const take = useChange(() =>
    requestJson<KeyFile>(apiUrl(`certificates/${certificate.id}/download-with-key`), {
      method: 'POST',
      body: { format, chain, ...(password === '' ? {} : { password }) },
    }),
  );
  const name = nameOf(certificate);
  if (take.data !== undefined) {
    return (
      <KeyFileDialog
        title={`${name} with its key`}
        file={take.data}
        own={password !== ''}
        onClose={onClose}
      />
    );
  }
  const { general, fields } = faultsOf(take.error, ['password']);
  const short = password !== '' && password.length < MIN_PASSWORD;
  return (
    <FormDialog
      title={`Download ${name} with its key`}
      submit="Download with the key"
      busy={take.isPending}
      disabled={short}
      fault={general}
      onSubmit={() => take.mutate(undefined)}
      onClose={onClose}
    >
      <p>Whoever has the file and its password can act as {name}. That you took it is recorded.</p>
      <NativeSelect
        label="Format"
        data-autofocus
        value={format}
        data={[
          { value: 'pfx', label: 'PKCS#12 (.pfx)' },
          { value: 'pem', label: 'PEM, key encrypted (.pem)' },
        ]}
        onChange={(event) => setFormat(event.currentTarget.value === 'pem' ? 'pem' : 'pfx')}
      />
      <PasswordInput
        label="Password of the file"
        description="Optional: without one it is made up and shown once."
        autoComplete="new-password"
        value={password}
        error={
          fields['password'] ?? (short ? `Use ${MIN_PASSWORD} characters or more.` : undefined)
        }
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="With the certificates of its authorities"
        checked={chain}
        onChange={(event) => setChain(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

interface FileProps {
  readonly title: string;
  readonly file: KeyFile;
  /** The password is the one that was given. */
  readonly own: boolean;
  readonly onClose: () => void;
}

/** A file with a private key, and the password that was made up for it. */
export function KeyFileDialog({ title, file, own, onClose }: FileProps) {
  return (
    <ShownOnceDialog title={title} onClose={onClose}>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} stroke={1.7} />}
        data-autofocus
        onClick={() => download(file.fileName, bytesOf(file.content), 'application/octet-stream')}
      >
        Save {file.fileName}
      </Button>
      {file.password !== null && !own ? (
        <>
          <Secret label="Password of the file" value={file.password} />
          <p>The password is shown now and never again.</p>
        </>
      ) : (
        <p>Its password is the one you gave.</p>
      )}
    </ShownOnceDialog>
  );
}
