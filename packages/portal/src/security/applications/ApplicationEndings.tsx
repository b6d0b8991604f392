import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Application } from '../../api/security.ts';
import { FormDialog, ShownOnceDialog } from '../../components/FormDialog.tsx';
import { SecretOnce } from './ApplicationForms.tsx';

interface Props {
  readonly application: Application;
  readonly onClose: () => void;
}

function urlOf({ name }: Application, part = ''): string {
  return apiUrl(`security/applications/${pathTo(name)}${part}`);
}

/** A new secret for the same key; the one before ends at once. */
export function NewSecretDialog({ application, onClose }: Props) {
  const renew = useChange(() =>
    requestJson<{ secret: string }>(urlOf(application, '/secret'), { method: 'POST' }),
  );
  if (renew.data !== undefined) {
    return (
      <ShownOnceDialog title={`The new secret of ${application.name}`} onClose={onClose}>
        <SecretOnce applicationKey={application.key} secret={renew.data.secret} />
      </ShownOnceDialog>
    );
  }
  return (
    <FormDialog
      title={`A new secret for ${application.name}?`}
      submit="Replace the secret"
      danger
      busy={renew.isPending}
      fault={faultsOf(renew.error, []).general}
      onSubmit={() => renew.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The present secret is worth nothing from then on, which cannot be undone: the program stops
        working until it has the new one.
      </p>
    </FormDialog>
  );
}

/** Stops an application, or lets it go on; can be undone. */
export function DisableApplicationDialog({ application, onClose }: Props) {
  const disabled = !application.disabled;
  const change = useChange(
    () => requestJson<Application>(urlOf(application), { method: 'PATCH', body: { disabled } }),
    { onDone: onClose },
  );
  const verb = disabled ? 'Disable' : 'Enable';
  return (
    <FormDialog
      title={`${verb} ${application.name}`}
      submit={`${verb} ${application.name}`}
      busy={change.isPending}
      fault={faultsOf(change.error, []).general}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {disabled
          ? 'Its requests are refused from then on, and each refusal is recorded. Key, secret and roles are kept; it can be enabled again.'
          : 'Its requests are answered again, with the key and secret it had.'}
      </p>
    </FormDialog>
  );
}

/** Deletes an application with its key, for good. */
export function DeleteApplicationDialog({ application, onClose }: Props) {
  const remove = useChange(() => requestJson<void>(urlOf(application), { method: 'DELETE' }), {
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`Delete ${application.name}?`}
      submit={`Delete ${application.name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        This cannot be undone. Key and secret go with it; the program that uses them is refused from
        then on. The records of what it did stay in the log.
      </p>
    </FormDialog>
  );
}
