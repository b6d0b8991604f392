import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';

interface Props {
  readonly identity: Identity;
  readonly onClose: () => void;
}

/** Empty stands for none. */
function orNone(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** Name, e-mail and the name Dogtag's tools use; the user name stays. */
export function EditIdentityDialog({ identity, onClose }: Props) {
  const [name, setName] = useState(identity.name);
  const [email, setEmail] = useState(identity.email ?? '');
  const [alias, setAlias] = useState(identity.alias ?? '');
  const save = useChange(
    () =>
      requestJson<Identity>(apiUrl(`security/identities/${pathTo(identity.username)}`), {
        method: 'PATCH',
        body: {
          ...(name.trim() === identity.name ? {} : { name: name.trim() }),
          ...(orNone(email) === identity.email ? {} : { email: orNone(email) }),
          ...(orNone(alias) === identity.alias ? {} : { alias: orNone(alias) }),
        },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['name', 'email', 'alias'], {
    already_exists: 'alias',
  });
  const same =
    name.trim() === identity.name &&
    orNone(email) === identity.email &&
    orNone(alias) === identity.alias;
  return (
    <FormDialog
      title={`Edit ${identity.username}`}
      submit="Save"
      busy={save.isPending}
      disabled={same || name.trim() === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={name}
        error={fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail"
        description="Optional."
        type="email"
        autoComplete="off"
        value={email}
        error={fields['email']}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label="Also known as"
        description="Optional: the name on the command line and in Dogtag's records, such as caadmin."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={alias}
        error={fields['alias']}
        onChange={(event) => setAlias(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
