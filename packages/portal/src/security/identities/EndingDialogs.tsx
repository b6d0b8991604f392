import { useNavigate } from '@tanstack/react-router';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { FormDialog, ShownOnceDialog } from '../../components/FormDialog.tsx';
import { Secret } from '../../components/Secret.tsx';

interface Props {
  readonly identity: Identity;
  readonly onClose: () => void;
}

function urlOf(identity: Identity, part = ''): string {
  return apiUrl(`security/identities/${pathTo(identity.username)}${part}`);
}

/** A new password made up by the server, shown once; the sessions of its owner end. */
export function PasswordResetDialog({ identity, onClose }: Props) {
  const reset = useChange(() =>
    requestJson<{ password: string }>(urlOf(identity, '/password'), { method: 'POST' }),
  );
  if (reset.data !== undefined) {
    return (
      <ShownOnceDialog title={`The new password of ${identity.username}`} onClose={onClose}>
        <p>
          It is shown now and never again. Hand it over on a way nobody else reads; the one before
          is worth nothing any more.
        </p>
        <Secret label="Password" value={reset.data.password} />
      </ShownOnceDialog>
    );
  }
  return (
    <FormDialog
      title={`Reset the password of ${identity.username}`}
      submit="Reset password"
      busy={reset.isPending}
      fault={faultsOf(reset.error, []).general}
      onSubmit={() => reset.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        A new password is made up and shown once. The present one is worth nothing from then on, and
        every session of {identity.username} ends at once.
      </p>
    </FormDialog>
  );
}

/** Disables or enables, which can be undone. */
export function DisableDialog({ identity, onClose }: Props) {
  const disabled = !identity.disabled;
  const change = useChange(
    () => requestJson<Identity>(urlOf(identity), { method: 'PATCH', body: { disabled } }),
    { onDone: onClose },
  );
  const verb = disabled ? 'Disable' : 'Enable';
  return (
    <FormDialog
      title={`${verb} ${identity.username}`}
      submit={`${verb} ${identity.username}`}
      busy={change.isPending}
      fault={faultsOf(change.error, []).general}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {disabled
          ? `${identity.username} cannot sign in from then on, in no way, and every open session ends at once. Roles and certificates are kept; it can be enabled again.`
          : `${identity.username} can sign in again, with the roles and certificates it had.`}
      </p>
    </FormDialog>
  );
}

/** Deletes for good; says so before and in its button. */
export function DeleteIdentityDialog({ identity, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useChange(() => requestJson<void>(urlOf(identity), { method: 'DELETE' }), {
    leaves: true,
    onDone: () => void navigate({ to: '/security/identities' }),
  });
  return (
    <FormDialog
      title={`Delete ${identity.username}?`}
      submit={`Delete ${identity.username}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        This cannot be undone. Roles, certificates and API tokens of <b>{identity.username}</b> go
        with it, and every open session ends at once. The records in the log stay.
      </p>
    </FormDialog>
  );
}
