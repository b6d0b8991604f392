import { Button } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { CertificateRequest } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { KeyFileDialog } from '../certificates/DownloadDialogs.tsx';
import { FormDialog } from '../components/FormDialog.tsx';

interface Collected {
  readonly pkcs12: string;
  readonly password: string | null;
}

/** Whoever asked for a certificate with a key takes both once it is approved. */
export function CollectButton({ request }: { readonly request: CertificateRequest }) {
  const [open, setOpen] = useState(false);
  const take = useChange(() =>
    requestJson<Collected>(apiUrl(`requests/${request.id}/pkcs12`), { method: 'POST', body: {} }),
  );
  const close = () => {
    setOpen(false);
    take.reset();
  };
  return (
    <>
      <Button size="xs" onClick={() => setOpen(true)}>
        Collect with the key…
      </Button>
      {open && take.data === undefined && (
        <FormDialog
          title="Collect the certificate with its key"
          submit="Collect"
          busy={take.isPending}
          fault={faultsOf(take.error, []).general}
          onSubmit={() => take.mutate(undefined)}
          onClose={close}
        >
          <p>Both come as a PKCS#12 file with a password that is made up and shown once.</p>
        </FormDialog>
      )}
      {open && take.data !== undefined && (
        <KeyFileDialog
          title={`Request ${request.id} with its key`}
          file={{
            content: take.data.pkcs12,
            fileName: `request-${request.id}.pfx`,
            password: take.data.password,
          }}
          own={false}
          onClose={close}
        />
      )}
    </>
  );
}
