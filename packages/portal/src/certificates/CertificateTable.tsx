import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Certificate } from '../api/certificates.ts';
import { DataTable, type Column } from '../components/DataTable.tsx';
import { DayText } from '../components/Values.tsx';
import { useNow } from '../lib/use-now.ts';
import securityCss from '../security/security.module.css';
import { keyText, nameOf } from './certificate-state.ts';
import css from './certificates.module.css';
import { CertificateStateMark } from './CertificateStateMark.tsx';
import { sortedBy, type CertificateSearch } from './search-params.ts';
import { useMayWithSome } from './use-certificates.ts';

interface Props {
  readonly certificates: readonly Certificate[];
  readonly search: CertificateSearch;
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
  readonly onGo: (search: CertificateSearch) => void;
}

/** Certificates by name; some can be chosen by whoever may do something with them. */
export function CertificateTable({ certificates, search, chosen, onChosen, onGo }: Props) {
  const now = useNow();
  const columns = useMemo(() => columnsAt(now), [now]);
  const may = [
    useMayWithSome('revoke'),
    useMayWithSome('edit-metadata'),
    useMayWithSome('delete'),
  ].includes(true);
  return (
    <DataTable
      label="Certificates"
      columns={columns}
      rows={certificates}
      keyOf={({ id }) => String(id)}
      dim={({ state, expired }) => state === 'revoked' || expired}
      sorting={{
        by: search.sort ?? '',
        order: search.dir ?? 'asc',
        onSort: (by) => onGo(sortedBy(search, by)),
      }}
      selection={may ? { chosen, onChange: onChosen, nameOf } : undefined}
    />
  );
}

function columnsAt(now: Date): Column<Certificate>[] {
  return [
    {
      title: 'Name',
      width: '30%',
      sort: 'commonName',
      cell: (certificate) => <CertificateLink certificate={certificate} />,
    },
    {
      title: 'Issued by',
      sort: 'issuer',
      cell: ({ authority, issuer }) => authority?.name ?? issuer,
    },
    { title: 'Template', sort: 'template', cell: ({ template }) => template },
    { title: 'Key', width: '88px', cell: keyText },
    {
      title: 'Expires',
      width: '112px',
      sort: 'notAfter',
      cell: ({ notAfter }) => <DayText iso={notAfter} />,
    },
    {
      title: 'State',
      width: '156px',
      cell: (certificate) => <CertificateStateMark certificate={certificate} now={now} />,
    },
  ];
}

/** The name of a certificate, leading to its page, with how many more names it has. */
function CertificateLink({ certificate }: { readonly certificate: Certificate }) {
  const name = nameOf(certificate);
  const others = certificate.sans.filter(({ value }) => value !== name.toLowerCase());
  return (
    <>
      <Link to="/certificates/$id" params={{ id: String(certificate.id) }} className={css.name}>
        {name}
      </Link>
      {others.length > 0 && (
        <span className={securityCss.small} title={others.map(({ value }) => value).join('\n')}>
          {others[0]?.value}
          {others.length > 1 && ` and ${others.length - 1} more`}
        </span>
      )}
    </>
  );
}
