import { Button } from '@mantine/core';
import { useState } from 'react';
import type { CertificateDetails } from '../api/certificates.ts';
import { Section } from '../components/PageHead.tsx';
import css from '../security/security.module.css';
import { MetadataDialog } from './MetadataDialogs.tsx';

/** What is kept beside the certificate and is no part of it. */
export function MetadataSection({ certificate }: { readonly certificate: CertificateDetails }) {
  const [editing, setEditing] = useState(false);
  const values = Object.entries(certificate.metadata);
  return (
    <Section
      title="Metadata"
      actions={
        certificate.rights.includes('edit-metadata') && (
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            Edit metadata
          </Button>
        )
      }
    >
      {values.length === 0 ? (
        <p className={css.empty}>None.</p>
      ) : (
        <dl className={css.facts}>
          {values.map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd className={css.said}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {editing && <MetadataDialog certificate={certificate} onClose={() => setEditing(false)} />}
    </Section>
  );
}
