import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useAdministered, useMay } from '../../api/administration.ts';
import { useSession } from '../../api/session.ts';
import type { Identity } from '../../api/security.ts';
import { TableSkeleton } from '../../components/DataTable.tsx';
import { Tag } from '../../components/Marks.tsx';
import { PageHead, Section } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { Copyable, TimeText } from '../../components/Values.tsx';
import { useTitle } from '../../lib/title.ts';
import { RecordsLink } from '../RecordsLink.tsx';
import css from '../security.module.css';
import { CertificatesSection } from './CertificatesSection.tsx';
import { DeleteIdentityDialog, DisableDialog, PasswordResetDialog } from './EndingDialogs.tsx';
import { EditIdentityDialog } from './EditIdentityDialog.tsx';
import { IdentityNotices } from './IdentityNotices.tsx';
import { waysIn } from './identity-state.ts';
import { IdentityStateMark } from './IdentityStateMark.tsx';
import { RolesSection } from './RolesSection.tsx';

/** One identity: who it is, what it may do, how it signs in, and its end. */
export function IdentityPage() {
  const { username } = useParams({ from: '/shell/security/identities/$username' });
  useTitle(username);
  const identity = useAdministered<Identity>(`security/identities/${pathTo(username)}`);
  return (
    <div className="page">
      <Reading
        of={identity}
        failed={`${username} could not be read`}
        skeleton={<TableSkeleton label={`Loading ${username}`} />}
      >
        {(found) => <Loaded identity={found} />}
      </Reading>
    </div>
  );
}

type Dialog = 'edit' | 'password' | 'disable' | 'delete';

function Loaded({ identity }: { readonly identity: Identity }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const session = useSession();
  // What acts for an application is changed with the application.
  const may = useMay('certServer.usrgrp.administration', 'modify') && identity.kind === 'person';
  const self = session?.user.username === identity.username;
  const close = () => setDialog(null);
  return (
    <>
      <PageHead
        title={identity.username}
        actions={<RecordsLink target={identity.username} about="this identity" />}
      >
        {identity.name} · <IdentityStateMark identity={identity} />
      </PageHead>
      <IdentityNotices identity={identity} may={may} />
      <Facts identity={identity} />
      {may && (
        <div className={css.under}>
          <Button variant="default" size="xs" onClick={() => setDialog('edit')}>
            Edit
          </Button>
          {!self && (
            <Button variant="default" size="xs" onClick={() => setDialog('password')}>
              Reset password
            </Button>
          )}
        </div>
      )}
      <RolesSection identity={identity} may={may && !self} self={self} />
      {identity.kind === 'person' && <CertificatesSection identity={identity} may={may} />}
      {may && !self && (
        <Section
          title={identity.disabled ? 'Enable or delete' : 'Disable or delete'}
          note="A disabled identity cannot sign in and keeps its roles; a deleted one is gone. Its records stay in the log either way."
        >
          <div className={css.under}>
            <Button variant="default" size="xs" onClick={() => setDialog('disable')}>
              {identity.disabled ? 'Enable' : 'Disable'} {identity.username}
            </Button>
            <Button variant="default" size="xs" onClick={() => setDialog('delete')}>
              Delete {identity.username}…
            </Button>
          </div>
        </Section>
      )}
      {dialog === 'edit' && <EditIdentityDialog identity={identity} onClose={close} />}
      {dialog === 'password' && <PasswordResetDialog identity={identity} onClose={close} />}
      {dialog === 'disable' && <DisableDialog identity={identity} onClose={close} />}
      {dialog === 'delete' && <DeleteIdentityDialog identity={identity} onClose={close} />}
    </>
  );
}

function Facts({ identity }: { readonly identity: Identity }) {
  return (
    <dl className={css.facts}>
      <dt>User name</dt>
      <dd>
        <Copyable label="User name" value={identity.username} />
      </dd>
      <dt>Name</dt>
      <dd>{identity.name}</dd>
      <dt>E-mail</dt>
      <dd>{identity.email ?? <span className="quiet">None</span>}</dd>
      {identity.alias !== null && (
        <>
          <dt>Also known as</dt>
          <dd>
            <Copyable label="Alias" value={identity.alias} />{' '}
            <span className="quiet">on the command line and in Dogtag&apos;s records</span>
          </dd>
        </>
      )}
      <dt>Kind</dt>
      <dd>
        {identity.kind === 'person' ? (
          'Person'
        ) : (
          <Link to="/security/applications">API application</Link>
        )}
      </dd>
      <dt>Signs in with</dt>
      <dd>
        {waysIn(identity)} {identity.passwordGenerated && <Tag>Password as it was made up</Tag>}
      </dd>
      <dt>Created</dt>
      <dd>
        <TimeText iso={identity.createdAt} />
      </dd>
    </dl>
  );
}
