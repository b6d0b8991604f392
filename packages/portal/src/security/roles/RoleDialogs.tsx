import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf, type Faults } from '../../api/faults.ts';
import type { Role } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';
import { plural } from '../../lib/format.ts';
import { linesOf } from '../../lib/lines.ts';
import css from '../security.module.css';

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly groups: string;
  readonly exclusive: boolean;
}

function bodyOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    exclusive: draft.exclusive,
    groups: linesOf(draft.groups),
  };
}

function roleFaults(error: unknown): Faults {
  return faultsOf(error, ['name', 'description', 'groups', 'exclusive'], {
    already_exists: 'name',
    role_conflict: 'exclusive',
  });
}

/** A role that nobody holds yet; what it may do is chosen on its page. */
export function CreateRoleDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({
    name: '',
    description: '',
    groups: '',
    exclusive: false,
  });
  const create = useChange(
    () =>
      requestJson<Role>(apiUrl('security/roles'), {
        method: 'POST',
        body: { ...bodyOf(draft), permissions: [] },
      }),
    {
      leaves: true,
      onDone: ({ name }) => void navigate({ to: '/security/roles/$name', params: { name } }),
    },
  );
  const faults = roleFaults(create.error);
  return (
    <FormDialog
      title="Create a role"
      submit="Create"
      busy={create.isPending}
      disabled={draft.name.trim() === ''}
      fault={faults.general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <Fields draft={draft} faults={faults} onChange={setDraft} />
      <p className={css.fine}>What it may do is chosen on its own page, which opens next.</p>
    </FormDialog>
  );
}

interface EditProps {
  readonly role: Role;
  readonly onClose: () => void;
}

/** Name, description and manner of a role of one's own. */
export function EditRoleDialog({ role, onClose }: EditProps) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({
    name: role.name,
    description: role.description,
    groups: role.groups.join('\n'),
    exclusive: role.exclusive,
  });
  const body = bodyOf(draft);
  const renamed = body.name !== role.name;
  const save = useChange(
    () =>
      requestJson<Role>(apiUrl(`security/roles/${pathTo(role.name)}`), { method: 'PATCH', body }),
    {
      leaves: renamed,
      onDone: ({ name }) => {
        onClose();
        if (renamed) {
          void navigate({ to: '/security/roles/$name', params: { name }, replace: true });
        }
      },
    },
  );
  const faults = roleFaults(save.error);
  return (
    <FormDialog
      title={`Edit ${role.name}`}
      submit="Save"
      busy={save.isPending}
      disabled={body.name === ''}
      fault={faults.general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <Fields draft={draft} faults={faults} onChange={setDraft} />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (draft: Draft) => void;
}

function Fields({ draft, faults: { fields }, onChange }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={draft.name}
        error={fields['name']}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <Textarea
        label="What it is for"
        description="Optional. Whoever assigns it reads this."
        rows={2}
        value={draft.description}
        error={fields['description']}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      <Textarea
        label="Further names in access rules"
        description='Optional, one a line: a rule that says group="RA Operators" then means this role, too.'
        rows={2}
        spellCheck={false}
        value={draft.groups}
        error={fields['groups']}
        onChange={(event) => onChange({ ...draft, groups: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Stands alone"
        description="Nobody may hold it together with another role. Only such roles may be granted what is kept for auditors."
        checked={draft.exclusive}
        error={fields['exclusive']}
        onChange={(event) => onChange({ ...draft, exclusive: event.currentTarget.checked })}
      />
    </>
  );
}

/** Deletes a role for good. */
export function DeleteRoleDialog({ role, onClose }: EditProps) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`security/roles/${pathTo(role.name)}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/security/roles' }) },
  );
  const { members, claims } = role;
  return (
    <FormDialog
      title={`Delete ${role.name}?`}
      submit={`Delete ${role.name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        This cannot be undone.{' '}
        {members.length === 0
          ? 'Nobody holds it.'
          : `${plural(members.length, 'identity', 'identities')} will not hold it any more, at once.`}
        {claims.length > 0 && ` ${plural(claims.length, 'claim')} will go with it.`}
      </p>
    </FormDialog>
  );
}
