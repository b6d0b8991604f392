import { useNavigate } from '@tanstack/react-router';
import { useChange } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { CollectionFields, useCollectionValues } from './CollectionFields.tsx';

interface Props {
  readonly collection: Collection;
  readonly onClose: () => void;
}

/** Name, purpose and query of a collection. */
export function EditCollectionDialog({ collection, onClose }: Props) {
  const { values, setValues, sent } = useCollectionValues({
    name: collection.name,
    description: collection.description,
    query: collection.query,
    onDashboard: collection.onDashboard,
  });
  const save = useChange(
    () =>
      requestJson<Collection>(apiUrl(`collections/${collection.id}`), {
        method: 'PATCH',
        body: sent,
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['name', 'description', 'query'], {
    already_exists: 'name',
    query_invalid: 'query',
  });
  return (
    <FormDialog
      title={`Edit ${collection.name}`}
      submit="Save"
      busy={save.isPending}
      disabled={sent.name === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <CollectionFields
        values={values}
        onChange={setValues}
        faults={fields}
        aboutQuery="Another query gives the roles below rights on other certificates, at once."
      />
    </FormDialog>
  );
}

/** Deletes a collection; its certificates stay. */
export function DeleteCollectionDialog({ collection: { id, name }, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`collections/${id}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/collections' }) },
  );
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit={`Delete ${name}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        Its certificates stay. Roles lose the rights that they have by it. This cannot be undone.
      </p>
    </FormDialog>
  );
}
