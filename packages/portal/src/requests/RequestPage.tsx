import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import type { CertificateRequest } from '../api/certificates.ts';
import { useSession } from '../api/session.ts';
import { SAN_NAMES } from '../certificates/alternative-names.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead, Section } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import css from '../security/security.module.css';
import { CollectButton } from './CollectButton.tsx';
import { DecisionDialog, type Decision } from './DecisionDialog.tsx';
import { RequestStateMark } from './RequestStateMark.tsx';

const KINDS = {
  csr: 'By a request made elsewhere',
  pfx: 'With a key made here',
  renewal: 'Renewal, with a key made here',
} as const;

/** One request: what is asked for, by whom, and what was decided. */
export function RequestPage() {
  const { id } = useParams({ from: '/shell/requests/$id' });
  useTitle(`Request ${id}`);
  const request = useAdministered<CertificateRequest>(`requests/${id}`);
  return (
    <div className="page">
      <Reading
        of={request}
        failed={`Request ${id} could not be read`}
        skeleton={<TableSkeleton label={`Loading request ${id}`} />}
      >
        {(found) => <Loaded request={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ request }: { readonly request: CertificateRequest }) {
  const [decision, setDecision] = useState<Decision | null>(null);
  const session = useSession();
  const decides =
    useMay('certServer.ca.request.enrollment', 'execute') && request.state === 'pending';
  const own = request.requester === session?.user.username;
  return (
    <>
      <PageHead
        title={`Request ${request.id}`}
        actions={
          <>
            <RecordsLink target={String(request.id)} about="this request" />
            {decides && (
              <>
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setDecision({ kind: 'deny', request })}
                >
                  Deny…
                </Button>
                {!own && (
                  <Button size="xs" onClick={() => setDecision({ kind: 'approve', request })}>
                    Approve…
                  </Button>
                )}
              </>
            )}
            {own && request.state === 'issued' && request.kind !== 'csr' && (
              <CollectButton request={request} />
            )}
          </>
        }
      >
        <RequestStateMark state={request.state} />
      </PageHead>
      {decides && own && (
        <div className={css.notices}>
          <Notice>It is your own: somebody else has to approve it.</Notice>
        </div>
      )}
      <Facts request={request} />
      {request.csr !== null && (
        <Section title="CSR">
          <Copyable label="CSR" value={request.csr} />
        </Section>
      )}
      {decision !== null && (
        <DecisionDialog decision={decision} onClose={() => setDecision(null)} />
      )}
    </>
  );
}

function Facts({ request }: { readonly request: CertificateRequest }) {
  const metadata = Object.entries(request.metadata);
  return (
    <dl className={css.facts}>
      <dt>Subject</dt>
      <dd>
        {request.subject === '' ? (
          <span className="quiet">None</span>
        ) : (
          <Copyable label="Subject" value={request.subject} />
        )}
      </dd>
      {request.sans.length > 0 && (
        <>
          <dt>Alternative names</dt>
          <dd>
            <ul aria-label="Alternative names">
              {request.sans.map(({ type, value }) => (
                <li key={`${type} ${value}`}>
                  <code>{value}</code> <span className="quiet">{SAN_NAMES[type]}</span>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      <dt>Kind</dt>
      <dd>
        {KINDS[request.kind]}
        {request.keyAlgorithm !== null && `, ${request.keyAlgorithm}`}
      </dd>
      <dt>Template</dt>
      <dd>{request.template}</dd>
      <dt>Authority</dt>
      <dd>{request.authority.name}</dd>
      <dt>Asked for</dt>
      <dd>
        <TimeText iso={request.submittedAt} /> by {request.requester}
      </dd>
      {request.decidedAt !== null && (
        <>
          <dt>Decided</dt>
          <dd>
            <TimeText iso={request.decidedAt} />
            {request.decidedBy !== null && ` by ${request.decidedBy}`}
          </dd>
        </>
      )}
      {request.comment !== null && request.comment !== '' && (
        <>
          <dt>Comment</dt>
          <dd className={css.said}>{request.comment}</dd>
        </>
      )}
      {metadata.length > 0 && (
        <>
          <dt>Metadata</dt>
          <dd>
            {metadata.map(([name, value]) => (
              <div key={name}>
                <span className="quiet">{name}</span> {value}
              </div>
            ))}
          </dd>
        </>
      )}
      {request.renews !== null && (
        <>
          <dt>Replaces</dt>
          <dd>
            <Link to="/certificates/$id" params={{ id: String(request.renews) }}>
              Certificate {request.renews}
            </Link>
          </dd>
        </>
      )}
      {request.certificate !== null && (
        <>
          <dt>Certificate</dt>
          <dd>
            <Link to="/certificates/$id" params={{ id: String(request.certificate) }}>
              Certificate {request.certificate}
            </Link>
          </dd>
        </>
      )}
    </dl>
  );
}
