import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { Certificate } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { nameOf } from './certificate-state.ts';
import { calledAs, doWithMany, whichOf, type Chosen, type Progress } from './chosen.ts';
import { ProgressNotice } from './ProgressNotice.tsx';
import { Refusals } from './Refusals.tsx';

interface ManyProps {
  readonly chosen: Chosen;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Removes certificates, and the keys kept with them, from this installation. */
export function DeleteCertificatesDialog({ chosen, onDone, onClose }: ManyProps) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const called = calledAs(chosen);
  const remove = useChange(() => doWithMany('certificates/delete', whichOf(chosen), setProgress), {
    onDone: (answer) => {
      if ((answer.refused ?? []).length > 0) return;
      onDone();
      onClose();
    },
  });
  const refused = remove.data?.refused ?? [];
  if (refused.length > 0) {
    return (
      <Refusals
        title="Not all of them were deleted"
        certificates={chosen.certificates}
        refused={refused}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={`Delete ${called}?`}
      submit={`Delete ${called}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <ProgressNotice progress={progress} />
      <Gone many={chosen.count > 1} keys={chosen.certificates.some((one) => one.hasPrivateKey)} />
    </FormDialog>
  );
}

function Gone({ many, keys }: { readonly many: boolean; readonly keys: boolean }) {
  return (
    <p>
      {many ? 'They are' : 'It is'} not found here any more
      {keys && ', and the private keys kept here are lost'}. Whoever has{' '}
      {many ? 'one of them' : 'it'} can go on using it: deleting is not revoking. What was revoked
      stays on the revocation lists, and what happened stays in the audit log. This cannot be
      undone.
    </p>
  );
}

interface OneProps {
  readonly certificate: Certificate;
  readonly onClose: () => void;
}

/** Removes one certificate and leads back to the others. */
export function DeleteCertificateDialog({ certificate, onClose }: OneProps) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`certificates/${certificate.id}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/certificates', search: {} }) },
  );
  const name = nameOf(certificate);
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit={`Delete ${name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <Gone many={false} keys={certificate.hasPrivateKey} />
    </FormDialog>
  );
}

/** Forgets the private key that is kept with a certificate. */
export function DeleteKeyDialog({ certificate, onClose }: OneProps) {
  const remove = useChange(
    () =>
      requestJson<void>(apiUrl(`certificates/${certificate.id}/private-key`), {
        method: 'DELETE',
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Delete the private key?"
      submit="Delete the private key"
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The key kept here is lost, and with it what can only be decrypted by it. The certificate
        stays, and so do copies of the key elsewhere. This cannot be undone.
      </p>
    </FormDialog>
  );
}
