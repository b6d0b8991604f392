import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { FormDialog, ShownOnceDialog } from '../../components/FormDialog.tsx';
import { Secret } from '../../components/Secret.tsx';
import { RoleChooser } from '../roles/RoleChooser.tsx';

interface Draft {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
}

interface Created {
  readonly identity: Identity;
  readonly password: string | null;
}

function send({ username, name, email, roles }: Draft): Promise<Created> {
  return requestJson<Created>(apiUrl('security/identities'), {
    method: 'POST',
    body: {
      username: username.trim(),
      name: name.trim() === '' ? username.trim() : name.trim(),
      ...(email.trim() === '' ? {} : { email: email.trim() }),
      roles,
    },
  });
}

/** Makes an identity; its password is made up by the server and shown once. */
export function CreateIdentityDialog({ onClose }: { readonly onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>({ username: '', name: '', email: '', roles: [] });
  const create = useChange(send);
  const { general, fields } = faultsOf(create.error, ['username', 'name', 'email', 'roles'], {
    already_exists: 'username',
    role_conflict: 'roles',
  });
  if (create.data !== undefined) return <Done created={create.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Create an identity"
      submit="Create"
      busy={create.isPending}
      disabled={draft.username.trim() === ''}
      fault={general}
      onSubmit={() => create.mutate(draft)}
      onClose={onClose}
    >
      <TextInput
        label="User name"
        description="What this person signs in with; it stays the same for good."
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={draft.username}
        error={fields['username']}
        onChange={(event) => setDraft({ ...draft, username: event.currentTarget.value })}
      />
      <TextInput
        label="Name"
        description="As people know this person."
        autoComplete="off"
        value={draft.name}
        error={fields['name']}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <TextInput
        label="E-mail"
        description="Optional."
        type="email"
        autoComplete="off"
        value={draft.email}
        error={fields['email']}
        onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
      />
      <RoleChooser
        value={draft.roles}
        error={fields['roles']}
        onChange={(roles) => {
          create.reset();
          setDraft({ ...draft, roles });
        }}
      />
    </FormDialog>
  );
}

interface DoneProps {
  readonly created: Created;
  readonly onClose: () => void;
}

function Done({ created: { identity, password }, onClose }: DoneProps) {
  return (
    <ShownOnceDialog title={`${identity.username} is created`} onClose={onClose}>
      {password === null ? (
        <p>The password is the one that was given.</p>
      ) : (
        <>
          <p>
            This password is shown now and never again. Hand it over on a way nobody else reads;{' '}
            {identity.username} is asked to change it.
          </p>
          <Secret label="Password" value={password} />
        </>
      )}
      <div>
        <Link to="/security/identities/$username" params={{ username: identity.username }}>
          Open {identity.username}
        </Link>
      </div>
    </ShownOnceDialog>
  );
}
