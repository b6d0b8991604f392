import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { pathTo, useAdministered } from '../api/administration.ts';
import { apiUrl } from '../api/client.ts';
import type { AuditFile } from '../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { Tag } from '../components/Marks.tsx';
import { PageHead, Section } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatBytes } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';

/** The signed audit files: a view of the log in Dogtag's format, for tools that read it. */
export function AuditFilesPage() {
  useTitle('Signed files');
  const files = useAdministered<{ files: AuditFile[] }>('audit/files');
  return (
    <div className="page">
      <PageHead title="Signed files">
        The log in Dogtag&apos;s format, signed by the audit-signing certificate, for tools that
        read it. The log itself stays the truth. A download is recorded.
      </PageHead>
      <Reading
        of={files}
        failed="The files could not be read"
        skeleton={<TableSkeleton label="Loading the files" rows={4} />}
      >
        {(data) => (
          <>
            {data.files.length === 0 ? (
              <EmptyState title="No files yet">
                Signed files are switched off, or nothing was recorded since they were switched on:
                the audit configuration says which.
              </EmptyState>
            ) : (
              <DataTable
                label="Signed files"
                columns={COLUMNS}
                rows={data.files}
                keyOf={({ name }) => name}
              />
            )}
            <HowToVerify example={data.files[0]?.name ?? 'ca_audit'} />
          </>
        )}
      </Reading>
    </div>
  );
}

const COLUMNS: readonly Column<AuditFile>[] = [
  {
    title: 'File',
    cell: ({ name, current }) => (
      <>
        <code>{name}</code> {current && <Tag tone="accent">Current</Tag>}
      </>
    ),
  },
  { title: 'Size', width: '110px', align: 'end', cell: ({ size }) => formatBytes(size) },
  {
    title: 'Last written',
    width: '240px',
    cell: ({ modifiedAt }) => <TimeText iso={modifiedAt} />,
  },
  {
    title: 'Download',
    width: '128px',
    align: 'end',
    bare: true,
    cell: ({ name }) => (
      <Button
        component="a"
        href={apiUrl(`audit/files/${pathTo(name)}`)}
        download={name}
        variant="default"
        size="compact-xs"
        aria-label={`Download ${name}`}
        leftSection={<IconDownload size={14} stroke={1.7} />}
      >
        Download
      </Button>
    ),
  },
];

function HowToVerify({ example }: { readonly example: string }) {
  return (
    <Section
      title="How to verify them"
      note="Each signature covers the lines since the one before, beginning with that signature. The certificate, audit-signing.crt, is in the keys of the server and no secret."
    >
      <ol className={css.steps}>
        <li>
          With the command line of this product, every finding by name:
          <pre className={css.command}>
            {`countersign dogtag verify --cert audit-signing.crt ${example}`}
          </pre>
        </li>
        <li>
          With OpenSSL, one signature: <code>part.txt</code> is what it covers,{' '}
          <code>part.sig</code> the decoded signature.
          <pre className={css.command}>
            {`openssl x509 -in audit-signing.crt -pubkey -noout > audit-signing.pub
openssl dgst -sha256 -verify audit-signing.pub -signature part.sig part.txt`}
          </pre>
        </li>
      </ol>
    </Section>
  );
}
