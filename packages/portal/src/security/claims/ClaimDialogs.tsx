import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useAdministered, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Claim, Role } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';
import css from '../security.module.css';
import { CLAIM_CHOICES, claimType } from './claim-types.ts';

interface Props {
  /** Null for a new one. */
  readonly claim: Claim | null;
  readonly onClose: () => void;
}

const FIELDS = ['role', 'provider', 'type', 'value', 'description'] as const;

/** Adds a claim or changes one, whose role stays. */
export function ClaimDialog({ claim, onClose }: Props) {
  const roles = useAdministered<{ roles: Role[] }>('security/roles');
  const [role, setRole] = useState(claim?.role ?? '');
  const [provider, setProvider] = useState(claim?.provider ?? '');
  const [type, setType] = useState(claim?.type ?? 'Group');
  const [value, setValue] = useState(claim?.value ?? '');
  const [description, setDescription] = useState(claim?.description ?? '');
  const body = {
    provider: provider.trim(),
    type,
    value: value.trim(),
    description: description.trim(),
  };
  const save = useChange(
    () =>
      claim === null
        ? requestJson<Claim>(apiUrl('security/claims'), {
            method: 'POST',
            body: { role, ...body },
          })
        : requestJson<Claim>(apiUrl(`security/claims/${pathTo(claim.id)}`), {
            method: 'PATCH',
            body,
          }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, FIELDS, { already_exists: 'value' });
  return (
    <FormDialog
      title={claim === null ? 'Add a claim' : `Edit the claim to ${claim.role}`}
      submit={claim === null ? 'Add' : 'Save'}
      busy={save.isPending}
      disabled={role === '' || body.provider === '' || body.value === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Identity provider"
        description="Its name, as on the sign-in page."
        data-autofocus
        autoComplete="off"
        value={provider}
        error={fields['provider']}
        onChange={(event) => setProvider(event.currentTarget.value)}
      />
      <NativeSelect
        label="What it speaks of"
        data={CLAIM_CHOICES}
        value={type}
        error={fields['type']}
        onChange={(event) => setType(claimType(event.currentTarget.value))}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Value"
        description="Exactly as the provider spells it."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        error={fields['value']}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      {claim === null && (
        <NativeSelect
          label="Role"
          description="Whoever it is said of holds this role."
          data={[
            { value: '', label: 'Choose a role' },
            ...(roles.data?.roles ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
          value={role}
          error={fields['role']}
          onChange={(event) => setRole(event.currentTarget.value)}
        />
      )}
      <TextInput
        label="Description"
        description="Optional."
        autoComplete="off"
        value={description}
        error={fields['description']}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

interface RemoveProps {
  readonly claim: Claim;
  readonly onClose: () => void;
}

/** Takes a claim away. */
export function RemoveClaimDialog({ claim, onClose }: RemoveProps) {
  const remove = useChange(
    () => requestJson<void>(apiUrl(`security/claims/${pathTo(claim.id)}`), { method: 'DELETE' }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Remove this claim?"
      submit="Remove the claim"
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        Whoever holds the role <b>{claim.role}</b> because {claim.provider} says{' '}
        <code>{claim.value}</code> does not hold it any more, at once.
      </p>
    </FormDialog>
  );
}
