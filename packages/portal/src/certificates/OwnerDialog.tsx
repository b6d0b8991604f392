import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import type { CertificateDetails } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Role } from '../api/security.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { nameOf } from './certificate-state.ts';

interface Props {
  readonly certificate: CertificateDetails;
  readonly onClose: () => void;
}

/** Which role a certificate belongs to. */
export function OwnerDialog({ certificate, onClose }: Props) {
  const [role, setRole] = useState(certificate.ownerRole ?? '');
  const seesRoles = useMay('certServer.usrgrp.administration', 'read');
  const save = useChange(
    () =>
      requestJson<unknown>(apiUrl(`certificates/${certificate.id}/owner`), {
        method: 'PUT',
        body: { role: role.trim() === '' ? null : role.trim() },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['role'], { not_found: 'role' });
  return (
    <FormDialog
      title={`Owner of ${nameOf(certificate)}`}
      submit="Save"
      busy={save.isPending}
      disabled={role.trim() === (certificate.ownerRole ?? '')}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      {seesRoles ? (
        <RoleSelect value={role} error={fields['role']} onChange={setRole} />
      ) : (
        <TextInput
          label="Role"
          description="Its name; empty for none."
          data-autofocus
          autoComplete="off"
          value={role}
          error={fields['role']}
          onChange={(event) => setRole(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

interface SelectProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (role: string) => void;
}

function RoleSelect({ value, error, onChange }: SelectProps) {
  const { data } = useAdministered<{ roles: Role[] }>('security/roles');
  return (
    <NativeSelect
      label="Role"
      data-autofocus
      value={value}
      error={error}
      data={[
        { value: '', label: 'No role' },
        ...(data?.roles ?? []).map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
