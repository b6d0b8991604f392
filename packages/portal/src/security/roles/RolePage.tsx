import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useAdministered, useMay } from '../../api/administration.ts';
import { useSession } from '../../api/session.ts';
import type { Claim, Role } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { Tag, Tags } from '../../components/Marks.tsx';
import { PageHead, Section } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { Notice } from '../../components/States.tsx';
import { TimeText } from '../../components/Values.tsx';
import { plural } from '../../lib/format.ts';
import { useTitle } from '../../lib/title.ts';
import { RecordsLink } from '../RecordsLink.tsx';
import css from '../security.module.css';
import { PermissionsSection } from './PermissionsSection.tsx';
import { DeleteRoleDialog, EditRoleDialog } from './RoleDialogs.tsx';

/** One role: what it is for, what it may do, and who has it. */
export function RolePage() {
  const { name } = useParams({ from: '/shell/security/roles/$name' });
  useTitle(name);
  const role = useAdministered<Role>(`security/roles/${pathTo(name)}`);
  return (
    <div className="page">
      <Reading
        of={role}
        failed={`The role ${name} could not be read`}
        skeleton={<TableSkeleton label={`Loading the role ${name}`} />}
      >
        {(found) => <Loaded role={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ role }: { readonly role: Role }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const session = useSession();
  const may = useMay('certServer.usrgrp.administration', 'modify');
  const own = session?.user.roles.includes(role.name) === true;
  const changes = may && !role.builtIn && !own;
  const close = () => setDialog(null);
  return (
    <>
      <PageHead
        title={role.name}
        actions={
          <>
            <RecordsLink target={role.name} about="this role" />
            {changes && (
              <>
                <Button variant="default" size="xs" onClick={() => setDialog('edit')}>
                  Edit
                </Button>
                <Button variant="default" size="xs" onClick={() => setDialog('delete')}>
                  Delete…
                </Button>
              </>
            )}
          </>
        }
      >
        {role.description}
      </PageHead>
      <div className={css.notices}>
        {role.builtIn && (
          <Notice>
            Built in: it belongs to the product and is neither changed nor deleted. Its members,
            claims and access rules are yours.
          </Notice>
        )}
        {role.exclusive && (
          <Notice>
            Stands alone: nobody holds it together with another role, whether assigned here or
            brought along from an identity provider. Who watches is not who acts.
          </Notice>
        )}
        {own && may && <Notice>You hold this role; somebody else has to change it.</Notice>}
      </div>
      <Facts role={role} />
      <Members role={role} />
      <Claims role={role} />
      <PermissionsSection key={role.updatedAt} role={role} may={changes} />
      {dialog === 'edit' && <EditRoleDialog role={role} onClose={close} />}
      {dialog === 'delete' && <DeleteRoleDialog role={role} onClose={close} />}
    </>
  );
}

function Facts({ role }: { readonly role: Role }) {
  return (
    <dl className={css.facts}>
      <dt>Kind</dt>
      <dd>
        <Tags>
          <Tag>{role.builtIn ? 'Built in' : 'Custom'}</Tag>
          {role.exclusive && <Tag tone="accent">Stands alone</Tag>}
        </Tags>
      </dd>
      <dt>Names in access rules</dt>
      <dd>
        {[...new Set([role.name, ...role.groups])].map((group, n) => (
          <span key={group}>
            {n > 0 && ', '}
            <code>{group}</code>
          </span>
        ))}
      </dd>
      <dt>Changed</dt>
      <dd>
        <TimeText iso={role.updatedAt} />
      </dd>
    </dl>
  );
}

function Members({ role }: { readonly role: Role }) {
  return (
    <Section
      title="Members"
      note="Assigned on the page of each identity. Whoever brings it along by a claim is not listed here."
    >
      {role.members.length === 0 ? (
        <p className={css.empty}>Nobody.</p>
      ) : (
        <ul className={css.chips} aria-label={plural(role.members.length, 'member')}>
          {role.members.map((username) => (
            <li key={username}>
              <Link to="/security/identities/$username" params={{ username }}>
                {username}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const CLAIM_COLUMNS: readonly Column<Claim>[] = [
  { title: 'Value', width: '40%', cell: ({ value }) => <code>{value}</code> },
  { title: 'Type', cell: ({ type }) => type },
  { title: 'Provider', cell: ({ provider }) => provider },
  { title: 'Description', cell: ({ description }) => description },
];

function Claims({ role }: { readonly role: Role }) {
  return (
    <Section title="Claims" note="Who holds it because an identity provider says so.">
      {role.claims.length === 0 ? (
        <p className={css.empty}>
          None. <Link to="/security/claims">Claims</Link> bring it along at sign-in.
        </p>
      ) : (
        <DataTable
          label="Claims"
          columns={CLAIM_COLUMNS}
          rows={role.claims}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}
