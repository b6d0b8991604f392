import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { pathTo, useAdministered, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Token } from '../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatRelative } from '../lib/time.ts';
import { useTitle } from '../lib/title.ts';
import { useNow } from '../lib/use-now.ts';
import css from '../security/security.module.css';
import { CreateTokenDialog } from './CreateTokenDialog.tsx';

/** The API tokens of whoever is signed in. */
export function TokensPage() {
  useTitle('API tokens');
  const tokens = useAdministered<{ tokens: Token[] }>('account/tokens');
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const now = useNow();
  return (
    <div className="page">
      <PageHead
        title="API tokens"
        actions={
          <Button
            leftSection={<IconPlus size={16} stroke={1.8} />}
            onClick={() => setCreating(true)}
          >
            Create a token
          </Button>
        }
      >
        Keys for scripts and tools that act in your name, with the rights you have or fewer. What is
        done with one is recorded as yours, with the name of the token.
      </PageHead>
      <Reading
        of={tokens}
        failed="Your tokens could not be read"
        skeleton={<TableSkeleton label="Loading your tokens" rows={3} />}
      >
        {(data) =>
          data.tokens.length === 0 ? (
            <EmptyState title="You have no tokens">
              Create one for each script or machine, so that each can be revoked alone. It goes with
              a request as <code>Authorization: Bearer cst_…</code>
            </EmptyState>
          ) : (
            <DataTable
              label="Your API tokens"
              columns={columnsFor(now, setRevoking)}
              rows={data.tokens}
              keyOf={({ id }) => id}
              dim={({ expiresAt }) => Date.parse(expiresAt) <= now.getTime()}
            />
          )
        }
      </Reading>
      {creating && <CreateTokenDialog onClose={() => setCreating(false)} />}
      {revoking !== null && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </div>
  );
}

function columnsFor(now: Date, onRevoke: (token: Token) => void): Column<Token>[] {
  return [
    { title: 'Name', width: '22%', cell: ({ name }) => <b className={css.strong}>{name}</b> },
    {
      title: 'May',
      cell: ({ scopes }) =>
        scopes === null ? (
          'Everything you may'
        ) : (
          <ul className={css.mono} aria-label="Rights">
            {scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        ),
    },
    {
      title: 'Created',
      width: '184px',
      cell: ({ createdAt }) => <TimeText iso={createdAt} plain />,
    },
    {
      title: 'Expires',
      width: '184px',
      cell: ({ expiresAt }) =>
        Date.parse(expiresAt) <= now.getTime() ? (
          <StateMark>Expired</StateMark>
        ) : (
          <>
            <TimeText iso={expiresAt} plain />
            <span className={css.small}>{formatRelative(expiresAt, now)}</span>
          </>
        ),
    },
    {
      title: 'Last used',
      width: '120px',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="quiet">Never</span>
        ) : (
          formatRelative(lastUsedAt, now)
        ),
    },
    {
      title: 'Action',
      width: '92px',
      align: 'end',
      bare: true,
      cell: (token) => (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Revoke ${token.name}`}
          onClick={() => onRevoke(token)}
        >
          Revoke…
        </Button>
      ),
    },
  ];
}

interface RevokeProps {
  readonly token: Token;
  readonly onClose: () => void;
}

function RevokeDialog({ token, onClose }: RevokeProps) {
  const revoke = useChange(
    () => requestJson<void>(apiUrl(`account/tokens/${pathTo(token.id)}`), { method: 'DELETE' }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title={`Revoke ${token.name}?`}
      submit={`Revoke ${token.name}`}
      danger
      busy={revoke.isPending}
      fault={faultsOf(revoke.error, []).general}
      onSubmit={() => revoke.mutate(undefined)}
      onClose={onClose}
    >
      <p>This cannot be undone: whatever uses this token is refused from then on.</p>
    </FormDialog>
  );
}
