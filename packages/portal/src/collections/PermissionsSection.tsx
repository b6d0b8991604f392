import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import type { Collection } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Role } from '../api/security.ts';
import { ChangeBar } from '../components/ChangeBar.tsx';
import { DataTable, type Column } from '../components/DataTable.tsx';
import { Section } from '../components/PageHead.tsx';
import css from '../security/security.module.css';
import {
  COLLECTION_OPERATIONS,
  grantChanges,
  grantOf,
  grantsOf,
  permissionsOf,
  toggled,
  type Grants,
} from './permission-matrix.ts';

interface Props {
  readonly collection: Collection;
  readonly may: boolean;
}

/** Which roles may do what with the certificates of the collection, beside those who may with all. */
export function PermissionsSection({ collection, may }: Props) {
  const seesRoles = useMay('certServer.usrgrp.administration', 'read');
  const { data } = useAdministered<{ roles: Role[] }>('security/roles', {}, may && seesRoles);
  const own = grantsOf(collection.permissions);
  const [draft, setDraft] = useState(own);
  const save = useChange(() =>
    requestJson<Collection>(apiUrl(`collections/${collection.id}/permissions`), {
      method: 'PUT',
      body: { permissions: permissionsOf(draft) },
    }),
  );
  const roles = [
    ...new Set([
      ...collection.permissions.map(({ role }) => role),
      ...(data?.roles ?? []).map(({ name }) => name),
    ]),
  ].toSorted();
  const changes = grantChanges(own, draft);
  const columns = columnsFor(
    draft,
    may ? (role, operation) => setDraft(toggled(draft, role, operation)) : null,
  );
  return (
    <Section
      title="Rights"
      note="Of roles on the certificates in this collection. Roles that have a right on all certificates have it here, too."
    >
      {roles.length === 0 ? (
        <p className={css.empty}>No role has rights by this collection.</p>
      ) : (
        <DataTable label="Rights" columns={columns} rows={roles} keyOf={(role) => role} />
      )}
      {changes.length > 0 && (
        <ChangeBar
          rows={changes}
          fault={faultsOf(save.error, []).general}
          busy={save.isPending}
          submit="Save rights"
          onSave={() => save.mutate(undefined)}
          onDiscard={() => {
            save.reset();
            setDraft(own);
          }}
        />
      )}
    </Section>
  );
}

function columnsFor(
  grants: Grants,
  onToggle: ((role: string, operation: string) => void) | null,
): Column<string>[] {
  return [
    { title: 'Role', width: '22%', cell: (role) => <b className={css.strong}>{role}</b> },
    ...COLLECTION_OPERATIONS.map(({ id, title }) => ({
      title,
      cell: (role: string) => (
        <Checkbox
          size="xs"
          aria-label={`${title}: ${role}`}
          checked={grants.has(grantOf(role, id))}
          disabled={onToggle === null}
          onChange={() => onToggle?.(role, id)}
        />
      ),
    })),
  ];
}
