import { Button } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { EnrolledCertificate, Identity } from '../../api/security.ts';
import { DataTable, type Column } from '../../components/DataTable.tsx';
import { FormDialog } from '../../components/FormDialog.tsx';
import { StateMark } from '../../components/Marks.tsx';
import { Section } from '../../components/PageHead.tsx';
import { Copyable, TimeText } from '../../components/Values.tsx';
import css from '../security.module.css';
import { EnrollDialog, IssueDialog } from './CertificateDialogs.tsx';

interface Props {
  readonly identity: Identity;
  readonly may: boolean;
}

type Dialog = 'enroll' | 'issue' | EnrolledCertificate;

/** The client certificates somebody signs in with. */
export function CertificatesSection({ identity, may }: Props) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <Section
      title="Certificates"
      note="Whoever shows one of these in a TLS session is this identity."
      actions={
        may && (
          <>
            <Button variant="default" size="xs" onClick={() => setDialog('enroll')}>
              Enroll a certificate
            </Button>
            <Button variant="default" size="xs" onClick={() => setDialog('issue')}>
              Issue one
            </Button>
          </>
        )
      }
    >
      {identity.certificates.length === 0 ? (
        <p className={css.empty}>
          None. Enroll one that another authority issued, or issue one here.
        </p>
      ) : (
        <DataTable
          label="Certificates"
          columns={columnsFor(may ? setDialog : null)}
          rows={identity.certificates}
          keyOf={({ fingerprint }) => fingerprint}
        />
      )}
      {dialog === 'enroll' && <EnrollDialog identity={identity} onClose={close} />}
      {dialog === 'issue' && <IssueDialog identity={identity} onClose={close} />}
      {dialog !== null && typeof dialog === 'object' && (
        <RemoveDialog identity={identity} certificate={dialog} onClose={close} />
      )}
    </Section>
  );
}

function columnsFor(
  onRemove: ((certificate: EnrolledCertificate) => void) | null,
): Column<EnrolledCertificate>[] {
  const columns: Column<EnrolledCertificate>[] = [
    {
      title: 'Subject',
      width: '24%',
      cell: ({ subject, issuer }) => (
        <>
          {subject}
          <span className={css.small}>issued by {issuer}</span>
        </>
      ),
    },
    {
      title: 'Serial number',
      width: '22%',
      cell: ({ serial }) => <Copyable label="Serial number" value={serial} grouped />,
    },
    {
      title: 'SHA-256 fingerprint',
      cell: ({ fingerprint }) => <Copyable label="Fingerprint" value={fingerprint} grouped />,
    },
    {
      title: 'Valid to',
      width: '15%',
      cell: ({ validTo }) =>
        Date.parse(validTo) < Date.now() ? (
          <StateMark tone="warn">
            Expired <TimeText iso={validTo} plain />
          </StateMark>
        ) : (
          <TimeText iso={validTo} plain />
        ),
    },
  ];
  if (onRemove === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '92px',
      align: 'end',
      bare: true,
      cell: (certificate) => (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Remove the certificate ${certificate.serial}`}
          onClick={() => onRemove(certificate)}
        >
          Remove…
        </Button>
      ),
    },
  ];
}

interface RemoveProps {
  readonly identity: Identity;
  readonly certificate: EnrolledCertificate;
  readonly onClose: () => void;
}

function RemoveDialog({ identity, certificate, onClose }: RemoveProps) {
  const remove = useChange(
    () =>
      requestJson<Identity>(
        apiUrl(
          `security/identities/${pathTo(identity.username, 'certificates', certificate.fingerprint)}`,
        ),
        { method: 'DELETE' },
      ),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Remove this certificate?"
      submit="Remove the certificate"
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {identity.username} cannot sign in with it from then on, and sessions begun with it end. One
        that was issued here is revoked as well, which cannot be undone.
      </p>
      <Copyable label="Serial number" value={certificate.serial} grouped />
    </FormDialog>
  );
}
