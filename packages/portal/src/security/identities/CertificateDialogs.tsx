import { Button, Textarea } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { FilePicker } from '../../components/FilePicker.tsx';
import { FormDialog, ShownOnceDialog } from '../../components/FormDialog.tsx';
import { Secret } from '../../components/Secret.tsx';
import { bytesOf, download } from '../../lib/clipboard.ts';
import css from '../security.module.css';

interface Props {
  readonly identity: Identity;
  readonly onClose: () => void;
}

function certificatesUrl(identity: Identity): string {
  return apiUrl(`security/identities/${pathTo(identity.username)}/certificates`);
}

/** Takes a certificate that somebody has already, as text or as a file. */
export function EnrollDialog({ identity, onClose }: Props) {
  const [pem, setPem] = useState('');
  const enroll = useChange(
    () =>
      requestJson<Identity>(certificatesUrl(identity), {
        method: 'POST',
        body: { certificate: pem },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(enroll.error, ['certificate'], {
    already_exists: 'certificate',
  });
  return (
    <FormDialog
      title={`Enroll a certificate for ${identity.username}`}
      submit="Enroll"
      size="lg"
      busy={enroll.isPending}
      disabled={pem.trim() === ''}
      fault={general}
      onSubmit={() => enroll.mutate(undefined)}
      onClose={onClose}
    >
      <Textarea
        className={css.pem ?? ''}
        label="Certificate"
        description="PEM; the private key stays with its owner and is never asked for."
        placeholder={'-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----'}
        rows={9}
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        value={pem}
        error={fields['certificate']}
        onChange={(event) => setPem(event.currentTarget.value)}
      />
      <FilePicker accept=".pem,.crt,.cer" label="Take it from a file" onText={setPem} />
    </FormDialog>
  );
}

interface Issued {
  readonly identity: Identity;
  readonly certificate: string;
  /** PKCS#12, base64: certificate and private key. */
  readonly pkcs12: string;
  readonly password: string;
}

/** Has the built-in authority issue a certificate with its key, to be taken along once. */
export function IssueDialog({ identity, onClose }: Props) {
  const issue = useChange(() =>
    requestJson<Issued>(certificatesUrl(identity), { method: 'POST', body: { issue: true } }),
  );
  if (issue.data !== undefined) {
    const { pkcs12, password } = issue.data;
    return (
      <ShownOnceDialog title={`A certificate for ${identity.username}`} onClose={onClose}>
        <p>
          The file holds the certificate and its private key. Neither the file nor its password can
          be had again: this server keeps no copy of the key.
        </p>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} />}
          data-autofocus
          onClick={() =>
            download(`${identity.username}.p12`, bytesOf(pkcs12), 'application/x-pkcs12')
          }
        >
          Download {identity.username}.p12
        </Button>
        <Secret label="Password of the file" value={password} />
      </ShownOnceDialog>
    );
  }
  return (
    <FormDialog
      title={`Issue a certificate for ${identity.username}`}
      submit="Issue"
      busy={issue.isPending}
      fault={faultsOf(issue.error, []).general}
      onSubmit={() => issue.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The authority that came with this server makes a key and a certificate for{' '}
        <b>{identity.username}</b>. Both come as a PKCS#12 file (.p12) with a password, each to be
        had once.
      </p>
    </FormDialog>
  );
}
