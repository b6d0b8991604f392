import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Certificate } from '../api/certificates.ts';
import { plural } from '../lib/format.ts';
import css from './certificates.module.css';
import { DeleteCertificatesDialog } from './DeleteDialogs.tsx';
import { ManyMetadataDialog } from './MetadataDialogs.tsx';
import { RevokeDialog } from './RevokeDialogs.tsx';
import { useMayWithSome } from './use-certificates.ts';

interface Props {
  readonly chosen: readonly Certificate[];
  readonly onDone: () => void;
}

/** What can be done with all that are chosen, at the foot of the page as long as some are. */
export function BulkBar({ chosen, onDone }: Props) {
  const [dialog, setDialog] = useState<'revoke' | 'metadata' | 'delete' | null>(null);
  const may = {
    revoke: useMayWithSome('revoke'),
    metadata: useMayWithSome('edit-metadata'),
    delete: useMayWithSome('delete'),
  };
  const close = () => setDialog(null);
  const revocable = chosen.filter(({ state }) => state !== 'revoked');
  return (
    <section className={css.bulk} aria-label="Chosen certificates">
      <output>{plural(chosen.length, 'certificate')} chosen</output>
      <Button variant="subtle" size="xs" onClick={onDone}>
        Choose none
      </Button>
      {may.metadata && (
        <Button variant="default" size="xs" onClick={() => setDialog('metadata')}>
          Metadata…
        </Button>
      )}
      {may.revoke && (
        <Button
          variant="default"
          size="xs"
          disabled={revocable.length === 0}
          onClick={() => setDialog('revoke')}
        >
          Revoke…
        </Button>
      )}
      {may.delete && (
        <Button variant="default" size="xs" onClick={() => setDialog('delete')}>
          Delete…
        </Button>
      )}
      {dialog === 'revoke' && (
        <RevokeDialog certificates={revocable} onDone={onDone} onClose={close} />
      )}
      {dialog === 'metadata' && (
        <ManyMetadataDialog certificates={chosen} onDone={onDone} onClose={close} />
      )}
      {dialog === 'delete' && (
        <DeleteCertificatesDialog certificates={chosen} onDone={onDone} onClose={close} />
      )}
    </section>
  );
}
