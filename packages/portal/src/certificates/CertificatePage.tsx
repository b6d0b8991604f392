import { Link, useParams } from '@tanstack/react-router';
import { useAdministered } from '../api/administration.ts';
import type { CertificateDetails } from '../api/certificates.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { Notice } from '../components/States.tsx';
import { DayText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import { useNow } from '../lib/use-now.ts';
import css from '../security/security.module.css';
import { RecordsLink } from '../security/RecordsLink.tsx';
import { nameOf } from './certificate-state.ts';
import { CertificateActions } from './CertificateActions.tsx';
import { CertificateFacts } from './CertificateFacts.tsx';
import { CertificateStateMark } from './CertificateStateMark.tsx';
import { MetadataSection } from './MetadataSection.tsx';
import { reasonWord } from './revocation.ts';
import { StoresSection } from './StoresSection.tsx';
import { Timeline } from './Timeline.tsx';

/** One certificate: what it says, what is kept beside it, what happened to it, and what can be done. */
export function CertificatePage() {
  const { id } = useParams({ from: '/shell/certificates/$id' });
  const certificate = useAdministered<CertificateDetails>(`certificates/${id}`);
  useTitle(certificate.data === undefined ? `Certificate ${id}` : nameOf(certificate.data));
  return (
    <div className="page">
      <Reading
        of={certificate}
        failed={`Certificate ${id} could not be read`}
        skeleton={<TableSkeleton label={`Loading certificate ${id}`} rows={10} />}
      >
        {(found) => <Loaded key={found.id} certificate={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ certificate }: { readonly certificate: CertificateDetails }) {
  const now = useNow();
  return (
    <>
      <PageHead
        title={nameOf(certificate)}
        actions={
          <>
            <RecordsLink target={certificate.fingerprint} about="this certificate" />
            <CertificateActions certificate={certificate} />
          </>
        }
      >
        <CertificateStateMark certificate={certificate} now={now} />
      </PageHead>
      <div className={css.notices}>
        <Standing certificate={certificate} />
      </div>
      <CertificateFacts certificate={certificate} />
      <MetadataSection certificate={certificate} />
      <StoresSection certificate={certificate} />
      <Timeline id={certificate.id} />
    </>
  );
}

/** What has to be known before anything else: that it is revoked, and what took its place. */
function Standing({ certificate }: { readonly certificate: CertificateDetails }) {
  const { state, revokedAt, revocationReason, revocationComment, renews, renewedBy } = certificate;
  return (
    <>
      {state !== 'active' && (
        <Notice tone={state === 'held' ? 'warn' : 'fail'}>
          {state === 'held' ? 'On hold' : 'Revoked'}
          {revokedAt !== null && (
            <>
              {' '}
              since <DayText iso={revokedAt} />
            </>
          )}
          {state === 'revoked' &&
            revocationReason !== null &&
            `: ${reasonWord(revocationReason).toLowerCase()}`}
          .{revocationComment !== null && revocationComment !== '' && ` “${revocationComment}”`}
        </Notice>
      )}
      {renewedBy !== null && (
        <Notice>
          It was renewed: <CertificateLink id={renewedBy}>the one that replaces it</CertificateLink>
        </Notice>
      )}
      {renews !== null && (
        <Notice>
          It replaces <CertificateLink id={renews}>an older one</CertificateLink>
        </Notice>
      )}
    </>
  );
}

function CertificateLink({ id, children }: { readonly id: number; children: React.ReactNode }) {
  return (
    <Link to="/certificates/$id" params={{ id: String(id) }}>
      {children}
    </Link>
  );
}
