import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useMay } from '../../api/administration.ts';
import type { Claim } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useTitle } from '../../lib/title.ts';
import css from '../security.module.css';
import { typeWords } from './claim-types.ts';
import { ClaimDialog, RemoveClaimDialog } from './ClaimDialogs.tsx';

type Dialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit' | 'remove'; readonly claim: Claim };

/** Which roles come along with what an identity provider says of somebody. */
export function ClaimsPage() {
  useTitle('Claims');
  const claims = useAdministered<{ claims: Claim[] }>('security/claims');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const may = useMay('certServer.usrgrp.administration', 'modify');
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead
        title="Claims"
        actions={
          may && (
            <Button
              leftSection={<IconPlus size={16} stroke={1.8} />}
              onClick={() => setDialog({ kind: 'add' })}
            >
              Add a claim
            </Button>
          )
        }
      >
        Whoever signs in by an identity provider that says one of these of them holds the role, as
        long as the session lasts. All that is brought along must go together: an exclusive role
        stands alone.
      </PageHead>
      <Reading
        of={claims}
        failed="The claims could not be read"
        skeleton={<TableSkeleton label="Loading the claims" />}
      >
        {(data) =>
          data.claims.length === 0 ? (
            <EmptyState title="No claims yet">
              A claim gives a role to everybody of whom an identity provider says the same, such as
              the members of a group. Roles can be assigned to identities one by one as well.
            </EmptyState>
          ) : (
            <DataTable
              label="Claims"
              columns={columnsFor(may ? setDialog : null)}
              rows={data.claims}
              keyOf={({ id }) => id}
            />
          )
        }
      </Reading>
      {dialog?.kind === 'add' && <ClaimDialog claim={null} onClose={close} />}
      {dialog?.kind === 'edit' && <ClaimDialog claim={dialog.claim} onClose={close} />}
      {dialog?.kind === 'remove' && <RemoveClaimDialog claim={dialog.claim} onClose={close} />}
    </div>
  );
}

function columnsFor(onDialog: ((dialog: Dialog) => void) | null): Column<Claim>[] {
  const columns: Column<Claim>[] = [
    {
      title: 'Claim',
      width: '34%',
      cell: ({ value, type }) => (
        <>
          <code>{value}</code>
          <span className={css.small}>{typeWords(type)}</span>
        </>
      ),
    },
    { title: 'Provider', width: '16%', cell: ({ provider }) => provider },
    {
      title: 'Role',
      width: '18%',
      cell: ({ role }) => (
        <Link to="/security/roles/$name" params={{ name: role }}>
          {role}
        </Link>
      ),
    },
    { title: 'Description', cell: ({ description }) => description },
  ];
  if (onDialog === null) return columns;
  return [
    ...columns,
    {
      title: 'Actions',
      width: '150px',
      align: 'end',
      bare: true,
      cell: (claim) => (
        <span className={css.pair}>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Edit the claim ${claim.value}`}
            onClick={() => onDialog({ kind: 'edit', claim })}
          >
            Edit
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Remove the claim ${claim.value}`}
            onClick={() => onDialog({ kind: 'remove', claim })}
          >
            Remove…
          </Button>
        </span>
      ),
    },
  ];
}
