import { useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Alert } from '../api/settings.ts';
import { FormDialog } from '../components/FormDialog.tsx';

interface Props {
  readonly alert: Alert;
  readonly onClose: () => void;
}

/** Deletes an alert, and what of it is not sent yet. */
export function DeleteAlertDialog({ alert: { id, kind, displayName }, onClose }: Props) {
  const remove = useChange(
    () => requestJson<void>(apiUrl(`alerts/${kind}/${id}`), { method: 'DELETE' }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title={`Delete ${displayName}?`}
      submit={`Delete ${displayName}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>Nobody is told by it any more, and what waits is not sent. This cannot be undone.</p>
    </FormDialog>
  );
}
