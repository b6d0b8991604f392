import { Autocomplete, Button, Textarea } from '@mantine/core';
import type { Content, Envelope } from '@countersign/records';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange, useMay } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { isErasable, type Erasure } from './erasure.ts';
import css from './erasures.module.css';
import { Fate } from './Fate.tsx';

interface Props {
  readonly index: number;
  readonly envelope: Envelope;
  readonly content: Content | null;
}

/** For auditors, at the end of a record: the way to have its content erased. */
export function EraseContent({ index, envelope, content }: Props) {
  const may = useMay('certServer.log.content.signedAudit', 'erase');
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  if (!may || content === null || !isErasable(envelope)) return null;
  return (
    <div className={`${css.offer} no-print`}>
      {asked ? (
        <output>
          Asked for. Nothing is erased before another auditor approves, under{' '}
          <Link to="/erasures">Erasures</Link>.
        </output>
      ) : (
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          Erase content…
        </Button>
      )}
      {asking && (
        <AskDialog
          index={index}
          onClose={() => setAsking(false)}
          onAsked={() => {
            setAsking(false);
            setAsked(true);
          }}
        />
      )}
    </div>
  );
}

/** What erasing most often rests on; anything else can be typed. */
const LEGAL_BASES = [
  'GDPR Art. 17(1)(a): no longer necessary',
  'GDPR Art. 17(1)(b): consent withdrawn',
  'GDPR Art. 17(1)(c): objection',
  'GDPR Art. 17(1)(d): unlawfully processed',
  'GDPR Art. 17(1)(e): legal obligation',
  'GDPR Art. 5(1)(e): storage limitation',
];

interface AskProps {
  readonly index: number;
  readonly onClose: () => void;
  readonly onAsked: () => void;
}

function AskDialog({ index, onClose, onAsked }: AskProps) {
  const [legalBasis, setLegalBasis] = useState('');
  const [reason, setReason] = useState('');
  const ask = useChange(
    () =>
      requestJson<Erasure>(apiUrl('audit/erasures'), {
        method: 'POST',
        body: { index, legalBasis: legalBasis.trim(), reason: reason.trim() },
      }),
    { onDone: onAsked },
  );
  const { general, fields } = faultsOf(ask.error, ['legalBasis', 'reason']);
  return (
    <FormDialog
      title={`Erase the content of record ${index}`}
      submit="Ask for the erasing"
      size="lg"
      busy={ask.isPending}
      disabled={legalBasis.trim() === '' || reason.trim() === ''}
      fault={general}
      onSubmit={() => ask.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        You ask, and another auditor decides. Once approved, the content is overwritten with zeros:
        that cannot be undone.
      </p>
      <Fate />
      <Autocomplete
        label="Legal basis"
        data={LEGAL_BASES}
        data-autofocus
        comboboxProps={{ withinPortal: true }}
        value={legalBasis}
        error={fields['legalBasis']}
        onChange={setLegalBasis}
      />
      <Textarea
        label="Reason"
        description="Both are recorded and stay for ever: no personal data in them."
        rows={3}
        value={reason}
        error={fields['reason']}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
