import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAdministered, useMay } from '../../api/administration.ts';
import type { Role } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { Tag, Tags } from '../../components/Marks.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { formatCount } from '../../lib/format.ts';
import { useTitle } from '../../lib/title.ts';
import css from '../security.module.css';
import { CreateRoleDialog } from './RoleDialogs.tsx';

/** What people may do is told by the roles they hold. */
export function RolesPage() {
  useTitle('Roles');
  const roles = useAdministered<{ roles: Role[] }>('security/roles');
  const [creating, create] = useDisclosure(false);
  const may = useMay('certServer.usrgrp.administration', 'modify');
  return (
    <div className="page">
      <PageHead
        title="Roles"
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={create.open}>
              Create a role
            </Button>
          )
        }
      >
        A role may what access rules grant it and what it grants itself. Built-in roles belong to
        the product; one that stands alone is held by nobody together with another.
      </PageHead>
      <Reading
        of={roles}
        failed="The roles could not be read"
        skeleton={<TableSkeleton label="Loading the roles" />}
      >
        {(data) => (
          <DataTable label="Roles" columns={COLUMNS} rows={data.roles} keyOf={({ name }) => name} />
        )}
      </Reading>
      {creating && <CreateRoleDialog onClose={create.close} />}
    </div>
  );
}

const COLUMNS: readonly Column<Role>[] = [
  {
    title: 'Name',
    width: '24%',
    cell: ({ name }) => (
      <Link className={css.name} to="/security/roles/$name" params={{ name }}>
        <b>{name}</b>
      </Link>
    ),
  },
  { title: 'What it is for', cell: ({ description }) => description },
  {
    title: 'Kind',
    width: '190px',
    cell: (role) => (
      <Tags>
        <Tag>{role.builtIn ? 'Built in' : 'Custom'}</Tag>
        {role.exclusive && <Tag tone="accent">Stands alone</Tag>}
      </Tags>
    ),
  },
  {
    title: 'Members',
    width: '84px',
    align: 'end',
    cell: ({ members }) => formatCount(members.length),
  },
  {
    title: 'Claims',
    width: '76px',
    align: 'end',
    cell: ({ claims }) => formatCount(claims.length),
  },
  {
    title: 'Rights',
    width: '76px',
    align: 'end',
    cell: ({ permissions }) => formatCount(permissions.length),
  },
];
