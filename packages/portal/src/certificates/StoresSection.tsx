import type { CertificateDetails } from '../api/certificates.ts';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../api/administration.ts';
import { AddToStoresDialog } from '../stores/AddToStoresDialog.tsx';
import { Section } from '../components/PageHead.tsx';
import css from '../security/security.module.css';

/** Where the certificate is installed, as the last inventories saw it. */
export function StoresSection({ certificate }: { readonly certificate: CertificateDetails }) {
  const { stores } = certificate;
  const [adding, setAdding] = useState(false);
  const reads = useMay('certServer.certificate.stores', 'read');
  const may = useMay('certServer.certificate.stores', 'schedule');
  return (
    <Section
      title="Stores"
      note="Where it is installed, as far as inventories have seen it."
      actions={
        may &&
        certificate.state !== 'revoked' && (
          <Button variant="default" size="xs" onClick={() => setAdding(true)}>
            Add to stores
          </Button>
        )
      }
    >
      {stores.length === 0 ? (
        <p className={css.empty}>In none.</p>
      ) : (
        <ul className={css.lines} aria-label="Stores">
          {stores.map(({ id, name, alias }) => (
            <li key={`${id} ${alias}`}>
              {reads ? (
                <Link to="/stores/$id" params={{ id }}>
                  {name}
                </Link>
              ) : (
                name
              )}
              {alias !== '' && <code>{alias}</code>}
            </li>
          ))}
        </ul>
      )}
      {adding && <AddToStoresDialog certificate={certificate} onClose={() => setAdding(false)} />}
    </Section>
  );
}
