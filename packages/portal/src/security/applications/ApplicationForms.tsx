import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf, type Faults } from '../../api/faults.ts';
import type { Application } from '../../api/security.ts';
import { FormDialog, ShownOnceDialog } from '../../components/FormDialog.tsx';
import { Secret } from '../../components/Secret.tsx';
import { RoleChooser } from '../roles/RoleChooser.tsx';
import css from '../security.module.css';

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly roles: readonly string[];
}

function applicationFaults(error: unknown): Faults {
  return faultsOf(error, ['name', 'description', 'roles'], {
    already_exists: 'name',
    role_conflict: 'roles',
  });
}

interface FieldsProps {
  /** The name is given once. */
  readonly named?: boolean;
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (draft: Draft) => void;
}

function Fields({ named = false, draft, faults: { fields }, onChange }: FieldsProps) {
  return (
    <>
      {!named && (
        <TextInput
          label="Name"
          description="The name it has in records; it stays the same for good."
          data-autofocus
          autoComplete="off"
          value={draft.name}
          error={fields['name']}
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="What it is for"
        description="Optional."
        data-autofocus={named || undefined}
        autoComplete="off"
        value={draft.description}
        error={fields['description']}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      <RoleChooser
        value={draft.roles}
        error={fields['roles']}
        onChange={(roles) => onChange({ ...draft, roles })}
      />
    </>
  );
}

interface Created {
  readonly application: Application;
  readonly secret: string;
}

/** Makes an application; key and secret are shown once, together. */
export function CreateApplicationDialog({ onClose }: { readonly onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>({ name: '', description: '', roles: [] });
  const create = useChange(() =>
    requestJson<Created>(apiUrl('security/applications'), {
      method: 'POST',
      body: {
        name: draft.name.trim(),
        ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
        roles: draft.roles,
      },
    }),
  );
  const faults = applicationFaults(create.error);
  if (create.data !== undefined) {
    const { application, secret } = create.data;
    return (
      <ShownOnceDialog title={`${application.name} is created`} onClose={onClose}>
        <SecretOnce applicationKey={application.key} secret={secret} />
      </ShownOnceDialog>
    );
  }
  return (
    <FormDialog
      title="Create an application"
      submit="Create"
      busy={create.isPending}
      disabled={draft.name.trim() === ''}
      fault={faults.general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <Fields
        draft={draft}
        faults={faults}
        onChange={(next) => {
          create.reset();
          setDraft(next);
        }}
      />
    </FormDialog>
  );
}

interface SecretProps {
  readonly applicationKey: string;
  readonly secret: string;
}

/** Key and secret, and how a program sends them. */
export function SecretOnce({ applicationKey, secret }: SecretProps) {
  return (
    <>
      <p>
        The secret is shown now and never again: only its hash is kept. Whoever has it acts as this
        application.
      </p>
      <Secret label="Key" value={applicationKey} />
      <Secret label="Secret" value={secret} />
      <div className={css.fine}>
        Sent with each request as HTTP Basic authentication:
        <pre className={css.command}>
          {`curl -u ${applicationKey}:SECRET ${window.location.origin}/api/v1/session`}
        </pre>
      </div>
    </>
  );
}

interface EditProps {
  readonly application: Application;
  readonly onClose: () => void;
}

/** Description and roles of an application; name and key stay. */
export function EditApplicationDialog({ application, onClose }: EditProps) {
  const [draft, setDraft] = useState<Draft>(application);
  const description = draft.description.trim();
  const sameRoles =
    draft.roles.length === application.roles.length &&
    draft.roles.every((role) => application.roles.includes(role));
  const save = useChange(
    () =>
      requestJson<Application>(apiUrl(`security/applications/${pathTo(application.name)}`), {
        method: 'PATCH',
        body: {
          ...(description === application.description ? {} : { description }),
          ...(sameRoles ? {} : { roles: draft.roles }),
        },
      }),
    { onDone: onClose },
  );
  const faults = applicationFaults(save.error);
  return (
    <FormDialog
      title={`Edit ${application.name}`}
      submit="Save"
      busy={save.isPending}
      disabled={sameRoles && description === application.description}
      fault={faults.general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <Fields
        named
        draft={draft}
        faults={faults}
        onChange={(next) => {
          save.reset();
          setDraft(next);
        }}
      />
    </FormDialog>
  );
}
