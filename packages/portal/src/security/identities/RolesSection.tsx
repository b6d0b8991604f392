import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';
import { Section } from '../../components/PageHead.tsx';
import { RoleChooser } from '../roles/RoleChooser.tsx';
import css from '../security.module.css';

interface Props {
  readonly identity: Identity;
  readonly may: boolean;
  /** It is the signed-in person, who cannot change these. */
  readonly self: boolean;
}

/** The roles somebody holds. */
export function RolesSection({ identity, may, self }: Props) {
  const [changing, change] = useDisclosure(false);
  return (
    <Section
      title="Roles"
      {...(self ? { note: 'Nobody changes the roles they hold themselves.' } : {})}
      actions={
        may && (
          <Button variant="default" size="xs" onClick={change.open}>
            Change roles
          </Button>
        )
      }
    >
      {identity.roles.length === 0 ? (
        <p className={css.empty}>No role: {identity.username} cannot sign in.</p>
      ) : (
        <ul className={css.lines} aria-label="Roles held">
          {identity.roles.map((role) => (
            <li key={role}>
              <Link to="/security/roles/$name" params={{ name: role }}>
                {role}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {changing && <RolesDialog identity={identity} onClose={change.close} />}
    </Section>
  );
}

interface DialogProps {
  readonly identity: Identity;
  readonly onClose: () => void;
}

function RolesDialog({ identity, onClose }: DialogProps) {
  const [roles, setRoles] = useState<readonly string[]>(identity.roles);
  const save = useChange(
    () =>
      requestJson<Identity>(apiUrl(`security/identities/${pathTo(identity.username)}/roles`), {
        method: 'PUT',
        body: { roles },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['roles'], { role_conflict: 'roles' });
  const same =
    roles.length === identity.roles.length && roles.every((role) => identity.roles.includes(role));
  return (
    <FormDialog
      title={`Roles of ${identity.username}`}
      submit="Save roles"
      busy={save.isPending}
      disabled={same}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <RoleChooser
        value={roles}
        error={fields['roles']}
        onChange={(next) => {
          save.reset();
          setRoles(next);
        }}
      />
      <p className={css.fine}>It takes effect at once, also in sessions that are open.</p>
    </FormDialog>
  );
}
