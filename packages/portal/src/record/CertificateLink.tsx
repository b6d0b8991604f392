import type { Content } from '@countersign/records';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiUrl, requestJson } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { allowedPages } from '../shell/pages.ts';
import { Notice } from '../components/States.tsx';
import { asSentence } from '../api/faults.ts';
import { certificateOf } from './certificate-of.ts';
import css from './record.module.css';

/** The way from a record to the certificate it is about, for those who may see certificates. */
export function CertificateLink({ content }: { readonly content: Content | null }) {
  const session = useSession();
  const navigate = useNavigate();
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const fingerprint = certificateOf(content);
  const reads = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'certificates');
  if (fingerprint === null || !reads) return null;
  const open = () => {
    setBusy(true);
    requestJson<{ id: number }>(apiUrl(`certificates/by-fingerprint/${fingerprint}`)).then(
      ({ id }) => void navigate({ to: '/certificates/$id', params: { id: String(id) } }),
      (error: Error) => {
        setFault(error.message);
        setBusy(false);
      },
    );
  };
  return (
    <div className={css.certificate}>
      <Button variant="default" size="compact-sm" loading={busy} onClick={open}>
        Open the certificate
      </Button>
      {fault !== null && <Notice tone="warn">{asSentence(fault)}</Notice>}
    </div>
  );
}
