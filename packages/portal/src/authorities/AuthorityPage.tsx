import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useAdministered, useMay } from '../api/administration.ts';
import type { Authority, RevocationList } from '../api/authorities.ts';
import { fileStem } from '../certificates/file-names.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead, Section } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import { download } from '../lib/clipboard.ts';
import { formatCount, plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { useNow } from '../lib/use-now.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import css from '../security/security.module.css';
import { listStanding } from './authority-tree.ts';
import { DeleteAuthorityDialog, EditAuthorityDialog, MakeListDialog } from './AuthorityDialogs.tsx';

/** One authority: its certificate, what it publishes where, and how its lists stand. */
export function AuthorityPage() {
  const { id } = useParams({ from: '/shell/authorities/$id' });
  const authority = useAdministered<Authority>(`authorities/${pathTo(id)}`);
  useTitle(authority.data?.name ?? 'Authority');
  return (
    <div className="page">
      <Reading
        of={authority}
        failed="The authority could not be read"
        skeleton={<TableSkeleton label="Loading the authority" rows={10} />}
      >
        {(found) => <Loaded authority={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ authority }: { readonly authority: Authority }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | 'list' | null>(null);
  const may = {
    modify: useMay('certServer.ca.authorities', 'modify'),
    delete: useMay('certServer.ca.authorities', 'delete'),
    list: useMay('certServer.ca.crl', 'update'),
  };
  const close = () => setDialog(null);
  return (
    <>
      <PageHead
        title={authority.name}
        actions={
          <>
            <RecordsLink target={authority.id} about="this authority" />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={14} stroke={1.7} />}
              onClick={() =>
                download(`${fileStem(authority.name)}.pem`, authority.pem, 'application/x-pem-file')
              }
            >
              Certificate
            </Button>
            {may.list && (
              <Button variant="default" size="xs" onClick={() => setDialog('list')}>
                Make a list now…
              </Button>
            )}
            {may.modify && (
              <Button variant="default" size="xs" onClick={() => setDialog('edit')}>
                Edit
              </Button>
            )}
            {may.delete && (
              <Button variant="default" size="xs" onClick={() => setDialog('delete')}>
                Delete…
              </Button>
            )}
          </>
        }
      >
        {authority.enabled ? (
          <StateMark tone="accent">Issues</StateMark>
        ) : (
          <StateMark>Disabled: it issues nothing; lists and OCSP go on</StateMark>
        )}
      </PageHead>
      <Facts authority={authority} />
      <Lists authority={authority} />
      <Publication authority={authority} />
      {dialog === 'edit' && <EditAuthorityDialog authority={authority} onClose={close} />}
      {dialog === 'delete' && <DeleteAuthorityDialog authority={authority} onClose={close} />}
      {dialog === 'list' && <MakeListDialog authority={authority} onClose={close} />}
    </>
  );
}

function Facts({ authority }: { readonly authority: Authority }) {
  const { certificate, parent, token } = authority;
  return (
    <dl className={css.facts}>
      <dt>Subject</dt>
      <dd>
        <Copyable label="Subject" value={authority.subject} />
      </dd>
      <dt>Signed by</dt>
      <dd>
        {parent === null ? (
          'Itself: a root'
        ) : (
          <Link to="/authorities/$id" params={{ id: parent.id }}>
            {parent.name}
          </Link>
        )}
      </dd>
      <dt>Valid</dt>
      <dd>
        <TimeText iso={certificate.notBefore} plain whole /> to{' '}
        <TimeText iso={certificate.notAfter} plain whole />
      </dd>
      <dt>Serial number</dt>
      <dd>
        <Copyable label="Serial number" value={certificate.serial} grouped />
      </dd>
      <dt>SHA-256 fingerprint</dt>
      <dd>
        <Copyable label="SHA-256 fingerprint" value={certificate.fingerprint} grouped />
      </dd>
      <dt>Key</dt>
      <dd>
        {authority.keyAlgorithm},{' '}
        {token === null
          ? 'encrypted on this server'
          : `in the token ${token.slot}, called ${token.key}`}
      </dd>
      <dt>Authorities below it</dt>
      <dd>
        {certificate.pathLength === null
          ? 'As many as there are'
          : certificate.pathLength === 0
            ? 'None: it signs certificates alone'
            : `${certificate.pathLength} at most, one below the other`}
      </dd>
    </dl>
  );
}

interface NamedList {
  readonly name: string;
  readonly list: RevocationList;
}

const LIST_COLUMNS: readonly Column<NamedList>[] = [
  { title: 'List', width: '20%', cell: ({ name, list }) => `${name}, number ${list.number}` },
  { title: 'Made', cell: ({ list }) => <TimeText iso={list.thisUpdate} plain whole /> },
  { title: 'Good until', cell: ({ list }) => <TimeText iso={list.nextUpdate} plain whole /> },
  {
    title: 'Entries',
    width: '84px',
    align: 'end',
    cell: ({ list }) => formatCount(list.entries),
  },
];

function Lists({ authority }: { readonly authority: Authority }) {
  const now = useNow();
  const { lists, settings } = authority;
  const { tone, word } = listStanding(authority, now);
  const rows = [
    ...(lists.full === null ? [] : [{ name: 'Full', list: lists.full }]),
    ...(lists.delta === null ? [] : [{ name: 'Delta', list: lists.delta }]),
  ];
  return (
    <Section
      title="Revocation lists"
      note={`A full one at the latest every ${plural(settings.crlHours, 'hour')}${settings.deltaMinutes === 0 ? '' : `, a delta one every ${plural(settings.deltaMinutes, 'minute')}`}; each is good for ${plural(settings.crlOverlapHours, 'hour')} longer.`}
    >
      {tone !== 'accent' && (
        <div className={css.notices}>
          <Notice tone={tone === 'fail' ? 'fail' : 'warn'}>{word}.</Notice>
        </div>
      )}
      {rows.length === 0 ? (
        <p className={css.empty}>None yet.</p>
      ) : (
        <DataTable
          label="Revocation lists"
          columns={LIST_COLUMNS}
          rows={rows}
          keyOf={({ name }) => name}
        />
      )}
    </Section>
  );
}

function Publication({
  authority: { urls, responder, settings },
}: {
  readonly authority: Authority;
}) {
  return (
    <Section
      title="Publication"
      note="What its certificates say: where it and its lists are found, over plain HTTP and without an account."
    >
      {urls === null ? (
        <p className={css.empty}>
          Nowhere: this server does not know by which address it is reached, so certificates name
          none.
        </p>
      ) : (
        <dl className={css.facts}>
          <dt>Certificate</dt>
          <dd>
            <Copyable label="Address of the certificate" value={urls.issuerUrl} />
          </dd>
          <dt>Revocation list</dt>
          <dd>
            <Copyable label="Address of the revocation list" value={urls.crlUrl} />
          </dd>
          {settings.deltaMinutes > 0 && (
            <>
              <dt>Delta list</dt>
              <dd>
                <Copyable label="Address of the delta list" value={urls.deltaUrl} />
              </dd>
            </>
          )}
          <dt>OCSP</dt>
          <dd>
            <Copyable label="Address of OCSP" value={urls.ocspUrl} />
            {responder !== null && (
              <span className={css.small}>
                Answers are good for {plural(settings.ocspMinutes, 'minute')}; the responder&apos;s
                certificate until <TimeText iso={responder.notAfter} plain whole />.
              </span>
            )}
          </dd>
        </dl>
      )}
    </Section>
  );
}
