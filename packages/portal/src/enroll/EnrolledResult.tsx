import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Enrolled } from '../api/certificates.ts';
import { nameOf } from '../certificates/certificate-state.ts';
import { fileStem } from '../certificates/file-names.ts';
import { PageHead } from '../components/PageHead.tsx';
import { Secret } from '../components/Secret.tsx';
import { Notice } from '../components/States.tsx';
import { Copyable } from '../components/Values.tsx';
import { bytesOf, download } from '../lib/clipboard.ts';
import { useTitle } from '../lib/title.ts';
import securityCss from '../security/security.module.css';
import css from './enroll.module.css';

interface Props {
  readonly enrolled: Enrolled;
  readonly onAnother: () => void;
}

/** What came of it: the certificate to take along, or that somebody has to approve first. */
export function EnrolledResult({ enrolled, onAnother }: Props) {
  const { certificate, request } = enrolled;
  useTitle(certificate === null ? 'Waits for approval' : 'Issued');
  const another = (
    <Button variant="default" onClick={onAnother}>
      Enroll another
    </Button>
  );
  if (certificate === null) {
    return (
      <div className="page">
        <PageHead title="It waits for approval">
          Somebody who may approve requests decides about it.
        </PageHead>
        <div className={css.downloads}>
          {request !== null && (
            <Button component={Link} to={`/requests/${request}`}>
              Open request {request}
            </Button>
          )}
          {another}
        </div>
      </div>
    );
  }
  return (
    <div className="page">
      <PageHead title={`${nameOf(certificate)} is issued`} />
      <div className={css.result}>
        <Taken enrolled={enrolled} name={fileStem(nameOf(certificate))} pem={certificate.pem} />
        <dl className={securityCss.facts}>
          <dt>Subject</dt>
          <dd>
            <Copyable label="Subject" value={certificate.subject} />
          </dd>
          <dt>Serial number</dt>
          <dd>
            <Copyable label="Serial number" value={certificate.serial} grouped />
          </dd>
          <dt>SHA-256 fingerprint</dt>
          <dd>
            <Copyable label="SHA-256 fingerprint" value={certificate.fingerprint} grouped />
          </dd>
        </dl>
        <div className={css.downloads}>
          <Button component={Link} to={`/certificates/${certificate.id}`} variant="default">
            Open the certificate
          </Button>
          {another}
        </div>
      </div>
    </div>
  );
}

interface TakenProps {
  readonly enrolled: Enrolled;
  readonly name: string;
  readonly pem: string;
}

function Taken({ enrolled: { pkcs12 = null, password = null }, name, pem }: TakenProps) {
  return (
    <>
      {pkcs12 !== null && (
        <Notice tone="warn">
          Take the file along now, and the password with it: neither is shown again once you leave
          this page.
        </Notice>
      )}
      <div className={css.downloads}>
        {pkcs12 !== null && (
          <Button
            leftSection={<IconDownload size={16} stroke={1.7} />}
            onClick={() => download(`${name}.pfx`, bytesOf(pkcs12), 'application/x-pkcs12')}
          >
            Save {name}.pfx
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} />}
          onClick={() => download(`${name}.pem`, pem, 'application/x-pem-file')}
        >
          Save {name}.pem
        </Button>
      </div>
      {password !== null && <Secret label="Password of the file" value={password} />}
    </>
  );
}
