import { Link } from '@tanstack/react-router';
import type { CertificateDetails } from '../api/certificates.ts';
import { Copyable, TimeText } from '../components/Values.tsx';
import { formatRelative } from '../lib/time.ts';
import { useNow } from '../lib/use-now.ts';
import css from '../security/security.module.css';
import { keyText } from './certificate-state.ts';
import { SAN_NAMES } from './alternative-names.ts';

/** What the certificate says, and how it came here. */
export function CertificateFacts({ certificate }: { readonly certificate: CertificateDetails }) {
  const now = useNow();
  const { authority, sans, keyUsage, extendedKeyUsage, collections } = certificate;
  return (
    <dl className={css.facts}>
      <dt>Subject</dt>
      <dd>
        {certificate.subject === '' ? (
          <span className="quiet">None: it goes by its alternative names</span>
        ) : (
          <Copyable label="Subject" value={certificate.subject} />
        )}
      </dd>
      {sans.length > 0 && (
        <>
          <dt>Alternative names</dt>
          <dd>
            <ul aria-label="Alternative names">
              {sans.map(({ type, value }) => (
                <li key={`${type} ${value}`}>
                  <Copyable label={SAN_NAMES[type]} value={value} />{' '}
                  <span className="quiet">{SAN_NAMES[type]}</span>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      <dt>Issued by</dt>
      <dd>
        {authority === null ? (
          <Copyable label="Issuer" value={certificate.issuer} />
        ) : (
          <>
            {authority.name}, <Copyable label="Issuer" value={certificate.issuer} />
          </>
        )}
      </dd>
      <dt>Valid</dt>
      <dd>
        <TimeText iso={certificate.notBefore} plain whole /> to{' '}
        <TimeText iso={certificate.notAfter} plain whole />{' '}
        <span className="quiet">({formatRelative(certificate.notAfter, now)})</span>
      </dd>
      <dt>Serial number</dt>
      <dd>
        <Copyable label="Serial number" value={certificate.serial} grouped />
      </dd>
      <dt>SHA-256 fingerprint</dt>
      <dd>
        <Copyable label="SHA-256 fingerprint" value={certificate.fingerprint} grouped />
      </dd>
      <dt>SHA-1 thumbprint</dt>
      <dd>
        <Copyable label="SHA-1 thumbprint" value={certificate.thumbprint} grouped />
      </dd>
      <dt>Key</dt>
      <dd>
        {keyText(certificate)},{' '}
        {certificate.hasPrivateKey ? 'the private key is kept here' : 'no private key is kept here'}
      </dd>
      <dt>Signed with</dt>
      <dd>{certificate.signatureAlgorithm}</dd>
      {keyUsage.length + extendedKeyUsage.length > 0 && (
        <>
          <dt>Usage</dt>
          <dd>{[...keyUsage, ...extendedKeyUsage].join(', ')}</dd>
        </>
      )}
      <dt>{certificate.origin === 'issued' ? 'Issued' : 'Imported'}</dt>
      <dd>
        <TimeText iso={certificate.createdAt} /> by {certificate.requester}
        {certificate.template !== null && `, template ${certificate.template}`}
      </dd>
      <dt>Owner</dt>
      <dd>{certificate.ownerRole ?? <span className="quiet">No role</span>}</dd>
      {collections.length > 0 && (
        <>
          <dt>Collections</dt>
          <dd>
            {collections.map(({ id, name }, n) => (
              <span key={id}>
                {n > 0 && ', '}
                <Link to="/certificates" search={{ collection: id }}>
                  {name}
                </Link>
              </span>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
