import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import type { Csr } from '../api/certificates.ts';
import { apiUrl, requestJson, requestText } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import { fileStem } from '../certificates/file-names.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState, Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { download } from '../lib/clipboard.ts';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { GenerateCsrDialog } from './GenerateCsrDialog.tsx';

/** Requests made here for certificates of other authorities; each key waits for its certificate. */
export function CsrsPage() {
  useTitle('CSRs');
  const csrs = useAdministered<{ csrs: Csr[] }>('csrs');
  const may = useMay('certServer.certificate.enrollment', 'generate-csr');
  const [making, make] = useDisclosure(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<readonly Csr[] | null>(null);
  const take = useChange(
    async (csr: Csr) => ({ csr, pem: await requestText(apiUrl(`csrs/${csr.id}/download`)) }),
    {
      leaves: true,
      onDone: ({ csr, pem }) => download(`${fileStem(csr.subject)}.csr`, pem, 'application/pkcs10'),
    },
  );
  return (
    <div className="page">
      <PageHead
        title="CSRs"
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={make.open}>
              Make a CSR
            </Button>
          )
        }
      >
        Requests for certificates of other authorities. The private key stays here, encrypted, and
        joins the certificate when that is imported.
      </PageHead>
      {take.error !== null && (
        <Notice tone="fail">It could not be downloaded: {asSentence(take.error.message)}</Notice>
      )}
      <Reading
        of={csrs}
        failed="The CSRs could not be read"
        skeleton={<TableSkeleton label="Loading the CSRs" />}
      >
        {(data) =>
          data.csrs.length === 0 ? (
            <EmptyState title="No CSR waits for its certificate">
              One that is made here stands here until its certificate is imported.
            </EmptyState>
          ) : (
            <>
              <div className={css.tools}>
                <output className={css.count}>{plural(data.csrs.length, 'CSR')}</output>
                {chosen.size > 0 && (
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() =>
                      setDeleting(data.csrs.filter(({ id }) => chosen.has(String(id))))
                    }
                  >
                    Delete {plural(chosen.size, 'CSR')}…
                  </Button>
                )}
              </div>
              <DataTable
                label="CSRs"
                columns={columnsFor((csr) => take.mutate(csr))}
                rows={data.csrs}
                keyOf={({ id }) => String(id)}
                selection={{ chosen, onChange: setChosen, nameOf: ({ subject }) => subject }}
              />
            </>
          )
        }
      </Reading>
      {making && <GenerateCsrDialog onClose={make.close} />}
      {deleting !== null && (
        <DeleteCsrsDialog
          csrs={deleting}
          onDone={() => setChosen(new Set())}
          onClose={() => setDeleting(null)}
        />
      )}
    </div>
  );
}

function columnsFor(onDownload: (csr: Csr) => void): Column<Csr>[] {
  return [
    {
      title: 'Subject',
      width: '38%',
      cell: ({ subject }) => <b className={css.strong}>{subject}</b>,
    },
    { title: 'Key', cell: ({ keyAlgorithm }) => keyAlgorithm },
    { title: 'Template', cell: ({ template }) => template },
    {
      title: 'Made',
      width: '220px',
      cell: ({ createdAt, createdBy }) => (
        <>
          <TimeText iso={createdAt} plain />
          <span className={css.small}>by {createdBy}</span>
        </>
      ),
    },
    {
      title: 'Action',
      width: '110px',
      align: 'end',
      bare: true,
      cell: (csr) => (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Download the CSR of ${csr.subject}`}
          onClick={() => onDownload(csr)}
        >
          Download
        </Button>
      ),
    },
  ];
}

interface DeleteProps {
  readonly csrs: readonly Csr[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function DeleteCsrsDialog({ csrs, onDone, onClose }: DeleteProps) {
  const called = csrs.length === 1 ? 'the CSR' : plural(csrs.length, 'CSR');
  const remove = useChange(
    () =>
      requestJson<unknown>(apiUrl('csrs/delete'), {
        method: 'POST',
        body: { ids: csrs.map(({ id }) => id) },
      }),
    {
      onDone: () => {
        onDone();
        onClose();
      },
    },
  );
  return (
    <FormDialog
      title={`Delete ${called}?`}
      submit={`Delete ${called}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {csrs.length === 1 ? 'Its key is' : 'Their keys are'} lost: a certificate that comes for it
        later has no key here. This cannot be undone.
      </p>
      <ul className={css.lines} aria-label="CSRs to delete">
        {csrs.map(({ id, subject }) => (
          <li key={id}>{subject}</li>
        ))}
      </ul>
    </FormDialog>
  );
}
