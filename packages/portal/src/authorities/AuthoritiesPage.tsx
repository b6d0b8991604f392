import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAdministered, useMay } from '../api/administration.ts';
import type { Authority } from '../api/authorities.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { DayText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import { useNow } from '../lib/use-now.ts';
import css from '../security/security.module.css';
import { authorityTree, listStanding, type TreeRow } from './authority-tree.ts';
import { CreateAuthorityDialog } from './CreateAuthorityDialog.tsx';

/** Who signs certificates here, each authority below the one that signed it. */
export function AuthoritiesPage() {
  useTitle('Authorities');
  const authorities = useAdministered<{ authorities: Authority[] }>('authorities');
  const may = useMay('certServer.ca.authorities', 'create');
  const [creating, create] = useDisclosure(false);
  const now = useNow();
  return (
    <div className="page">
      <PageHead
        title="Authorities"
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={create.open}>
              Create an authority
            </Button>
          )
        }
      >
        Roots sign authorities, authorities sign certificates. Every signature by one of these keys
        is recorded.
      </PageHead>
      <Reading
        of={authorities}
        failed="The authorities could not be read"
        skeleton={<TableSkeleton label="Loading the authorities" rows={3} />}
      >
        {(data) =>
          data.authorities.length === 0 ? (
            <EmptyState title="There are no authorities yet">
              Create a root first, then an authority below it that issues certificates.
            </EmptyState>
          ) : (
            <DataTable
              label="Authorities"
              columns={columnsAt(now)}
              rows={authorityTree(data.authorities)}
              keyOf={({ authority }) => authority.id}
              dim={({ authority }) => !authority.enabled}
            />
          )
        }
      </Reading>
      {creating && (
        <CreateAuthorityDialog
          authorities={authorities.data?.authorities ?? []}
          onClose={create.close}
        />
      )}
    </div>
  );
}

function columnsAt(now: Date): Column<TreeRow>[] {
  return [
    {
      title: 'Name',
      width: '40%',
      cell: ({ authority: { id, name, subject, parent }, depth }) => (
        <div style={{ paddingInlineStart: depth * 20 }}>
          <Link className={css.name} to="/authorities/$id" params={{ id }}>
            <b>{name}</b>
            <span>
              {subject}
              {parent !== null && <span className="hidden-visually">, below {parent.name}</span>}
            </span>
          </Link>
        </div>
      ),
    },
    {
      title: 'Key',
      cell: ({ authority: { keyAlgorithm, token } }) =>
        token === null ? keyAlgorithm : `${keyAlgorithm}, in a token`,
    },
    {
      title: 'Expires',
      width: '112px',
      cell: ({ authority }) => <DayText iso={authority.certificate.notAfter} />,
    },
    {
      title: 'Revocation list',
      width: '168px',
      cell: ({ authority }) => {
        const { tone, word } = listStanding(authority, now);
        return <StateMark tone={tone}>{word}</StateMark>;
      },
    },
    {
      title: 'State',
      width: '120px',
      cell: ({ authority: { enabled } }) =>
        enabled ? <StateMark tone="accent">Issues</StateMark> : <StateMark>Disabled</StateMark>,
    },
  ];
}
