import { Button, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAdministered, useChange } from '../api/administration.ts';
import type { CertificateDetails, Enrolled } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog, ShownOnceDialog } from '../components/FormDialog.tsx';
import { Secret } from '../components/Secret.tsx';
import { bytesOf, download } from '../lib/clipboard.ts';
import { plural } from '../lib/format.ts';
import { nameOf } from './certificate-state.ts';
import { fileStem } from './file-names.ts';

interface Props {
  readonly certificate: CertificateDetails;
  readonly onClose: () => void;
}

interface Renewed extends Enrolled {
  readonly replacements?: readonly string[];
}

/** A new certificate in place of one that ends: at once, or by a form filled in already. */
export function RenewDialog({ certificate, onClose }: Props) {
  const { data } = useAdministered<{ type: string; message: string }>(
    `certificates/${certificate.id}/renewal`,
  );
  const renew = useChange(() =>
    requestJson<Renewed>(apiUrl(`certificates/${certificate.id}/renew`), {
      method: 'POST',
      body: {},
    }),
  );
  const name = nameOf(certificate);
  if (renew.data !== undefined) {
    return <Done renewed={renew.data} name={name} onClose={onClose} />;
  }
  const oneClick = data?.type === 'one-click';
  return (
    <FormDialog
      title={`Renew ${name}`}
      submit="Renew now"
      busy={renew.isPending}
      disabled={!oneClick}
      fault={faultsOf(renew.error, []).general}
      onSubmit={() => renew.mutate(undefined)}
      onClose={onClose}
    >
      {data === undefined && <Skeleton height={40} />}
      {data !== undefined && <p>{data.message}</p>}
      {oneClick && (
        <p>
          A new key is made; subject and names stay. Stores that hold the old one get the new one.
        </p>
      )}
      <p>
        <Link to="/enroll" search={{ renews: certificate.id }}>
          Fill in a form with its names instead
        </Link>
      </p>
    </FormDialog>
  );
}

interface DoneProps {
  readonly renewed: Renewed;
  readonly name: string;
  readonly onClose: () => void;
}

function Done({ renewed, name, onClose }: DoneProps) {
  const { certificate, request, pkcs12 = null, password = null, replacements = [] } = renewed;
  if (renewed.disposition === 'pending') {
    return (
      <ShownOnceDialog title={`${name} waits for approval`} onClose={onClose}>
        <p>Request {request} has to be approved first.</p>
      </ShownOnceDialog>
    );
  }
  return (
    <ShownOnceDialog title={`${name} is renewed`} onClose={onClose}>
      {replacements.length > 0 && (
        <p>It is on its way to {plural(replacements.length, 'store')} that had the old one.</p>
      )}
      {pkcs12 !== null && (
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} />}
          data-autofocus
          onClick={() => download(`${fileStem(name)}.pfx`, bytesOf(pkcs12), 'application/x-pkcs12')}
        >
          Save {fileStem(name)}.pfx
        </Button>
      )}
      {password !== null && <Secret label="Password of the file" value={password} />}
      {certificate !== null && (
        <div>
          <Link to="/certificates/$id" params={{ id: String(certificate.id) }} onClick={onClose}>
            Open the new certificate
          </Link>
        </div>
      )}
    </ShownOnceDialog>
  );
}
