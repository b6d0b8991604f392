import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { administrationKey, useMay } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import type { Identity, IdentityPage } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { Tag, Tags } from '../../components/Marks.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { EmptyState } from '../../components/States.tsx';
import { TimeText } from '../../components/Values.tsx';
import { plural } from '../../lib/format.ts';
import { useTitle } from '../../lib/title.ts';
import { CreateIdentityDialog } from './CreateIdentityDialog.tsx';
import { waysIn } from './identity-state.ts';
import { IdentityStateMark } from './IdentityStateMark.tsx';
import css from '../security.module.css';

const PAGE_SIZE = 50;
const TYPING_MS = 250;

/** Everybody who may sign in, page by page. */
function useIdentities(search: string) {
  return useInfiniteQuery({
    queryKey: administrationKey('identities', search),
    gcTime: 0,
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      requestJson<IdentityPage>(
        apiUrl('security/identities', { search, after: pageParam ?? undefined, limit: PAGE_SIZE }),
        { signal },
      ),
    getNextPageParam: (last) => last.next,
  });
}

/** Who signs in here: people and the applications that act for them. */
export function IdentitiesPage() {
  useTitle('Identities');
  const { q = '' } = useSearch({ from: '/shell/security/identities' });
  const navigate = useNavigate({ from: '/security/identities' });
  const [typed, setTyped] = useState(q);
  const [creating, create] = useDisclosure(false);
  const may = useMay('certServer.usrgrp.administration', 'modify');
  const found = useIdentities(q);
  const search = useDebouncedCallback((text: string) => {
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  }, TYPING_MS);
  const total = found.data?.pages[0]?.total;
  return (
    <div className="page">
      <PageHead
        title="Identities"
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={create.open}>
              Create an identity
            </Button>
          )
        }
      >
        Everybody who may sign in, with a password, a certificate or an identity provider. Every
        change is recorded.
      </PageHead>
      <div className={css.tools}>
        <TextInput
          className={css.search ?? ''}
          aria-label="Search identities"
          placeholder="Name, user name, e-mail"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value.trim());
          }}
        />
        <output className={css.count}>
          {total !== undefined && plural(total, 'identity', 'identities')}
        </output>
      </div>
      <Reading
        of={found}
        failed="The identities could not be read"
        skeleton={<TableSkeleton label="Loading the identities" />}
      >
        {({ pages }) => (
          <>
            <IdentityTable identities={pages.flatMap(({ identities }) => identities)} search={q} />
            {found.hasNextPage && (
              <div className={css.more}>
                <Button
                  variant="default"
                  size="xs"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Reading>
      {creating && <CreateIdentityDialog onClose={create.close} />}
    </div>
  );
}

const COLUMNS: readonly Column<Identity>[] = [
  {
    title: 'Name',
    width: '28%',
    cell: (identity) => (
      <Link
        className={css.name}
        to="/security/identities/$username"
        params={{ username: identity.username }}
      >
        <b>{identity.username}</b>
        {identity.name !== identity.username && <span>{identity.name}</span>}
      </Link>
    ),
  },
  {
    title: 'Roles',
    width: '24%',
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <span className="quiet">None</span>
      ) : (
        <Tags>
          {roles.map((role) => (
            <Tag key={role}>{role}</Tag>
          ))}
        </Tags>
      ),
  },
  { title: 'Signs in with', cell: waysIn },
  { title: 'State', cell: (identity) => <IdentityStateMark identity={identity} /> },
  { title: 'Created', cell: ({ createdAt }) => <TimeText iso={createdAt} plain /> },
];

interface TableProps {
  readonly identities: readonly Identity[];
  readonly search: string;
}

function IdentityTable({ identities, search }: TableProps) {
  if (identities.length === 0) {
    return (
      <EmptyState title="Nobody goes by these words">
        No identity has <b>{search}</b> in its name, user name or e-mail address.
      </EmptyState>
    );
  }
  return (
    <DataTable
      label="Identities"
      columns={COLUMNS}
      rows={identities}
      keyOf={({ username }) => username}
      dim={({ disabled }) => disabled}
    />
  );
}
