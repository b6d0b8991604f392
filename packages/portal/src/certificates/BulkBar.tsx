import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Certificate } from '../api/certificates.ts';
import { formatCount, plural } from '../lib/format.ts';
import css from './certificates.module.css';
import { chosenOf, type Chosen } from './chosen.ts';
import { DeleteCertificatesDialog } from './DeleteDialogs.tsx';
import { ManyMetadataDialog } from './MetadataDialogs.tsx';
import { RevokeDialog } from './RevokeDialogs.tsx';
import { useMayWithSome } from './use-certificates.ts';

interface Props {
  readonly chosen: readonly Certificate[];
  /** All that are shown are chosen, and there are more than those: what finds them all. */
  readonly all: { readonly query: string; readonly count: number } | null;
  readonly onDone: () => void;
}

/** What can be done with all that are chosen, at the foot of the page as long as some are. */
export function BulkBar({ chosen, all, onDone }: Props) {
  const [everything, setEverything] = useState(false);
  const [dialog, setDialog] = useState<'revoke' | 'metadata' | 'delete' | null>(null);
  const may = {
    revoke: useMayWithSome('revoke'),
    metadata: useMayWithSome('edit-metadata'),
    delete: useMayWithSome('delete'),
  };
  const close = () => setDialog(null);
  const taken: Chosen =
    everything && all !== null ? { certificates: chosen, ...all } : chosenOf(chosen);
  const revocable =
    taken.query === null ? chosenOf(chosen.filter(({ state }) => state !== 'revoked')) : taken;
  return (
    <section className={css.bulk} aria-label="Chosen certificates">
      <output>{plural(taken.count, 'certificate')} chosen</output>
      {all !== null && taken.query === null && (
        <Button variant="subtle" size="xs" onClick={() => setEverything(true)}>
          Choose all {formatCount(all.count)}
        </Button>
      )}
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
          disabled={revocable.count === 0}
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
      {dialog === 'revoke' && <RevokeDialog chosen={revocable} onDone={onDone} onClose={close} />}
      {dialog === 'metadata' && (
        <ManyMetadataDialog chosen={taken} onDone={onDone} onClose={close} />
      )}
      {dialog === 'delete' && (
        <DeleteCertificatesDialog chosen={taken} onDone={onDone} onClose={close} />
      )}
    </section>
  );
}
