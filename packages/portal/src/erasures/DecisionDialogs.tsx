import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import type { Erasure } from './erasure.ts';
import { Fate } from './Fate.tsx';

interface Props {
  readonly erasure: Erasure;
  readonly onClose: () => void;
}

function send(id: string, decision: 'approve' | 'deny' | 'withdraw', body: object) {
  return requestJson<Erasure>(apiUrl(`audit/erasures/${pathTo(id)}/${decision}`), {
    method: 'POST',
    body,
  });
}

/** The second word: after it the content is gone. */
export function ApproveDialog({ erasure, onClose }: Props) {
  const client = useQueryClient();
  const approve = useChange(() => send(erasure.id, 'approve', {}), {
    onDone: () => {
      // What this window has read of it is forgotten, too.
      client.removeQueries({ type: 'inactive' });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Erase the content of record ${erasure.index}?`}
      submit={`Erase the content of record ${erasure.index}`}
      danger
      size="lg"
      busy={approve.isPending}
      fault={faultsOf(approve.error, []).general}
      onSubmit={() => approve.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        <b>{erasure.requestedBy.username}</b> asks for it and you approve it; both of you stand in
        the record of it. This cannot be undone.
      </p>
      <Fate>
        <dt>Reason</dt>
        <dd>{erasure.reason}</dd>
        <dt>Legal basis</dt>
        <dd>{erasure.legalBasis}</dd>
      </Fate>
    </FormDialog>
  );
}

/** The content stays: another auditor says no, or whoever asked asks no longer. */
export function RefuseDialog({ erasure, onClose }: Props) {
  const [reason, setReason] = useState('');
  const decision = erasure.own ? 'withdraw' : 'deny';
  const refuse = useChange(() => send(erasure.id, decision, { reason: reason.trim() }), {
    onDone: onClose,
  });
  const { general, fields } = faultsOf(refuse.error, ['reason']);
  return (
    <FormDialog
      title={
        erasure.own
          ? `Withdraw the erasing of record ${erasure.index}`
          : `Deny the erasing of record ${erasure.index}`
      }
      submit={erasure.own ? 'Withdraw' : 'Deny'}
      busy={refuse.isPending}
      disabled={reason.trim() === ''}
      fault={general}
      onSubmit={() => refuse.mutate(undefined)}
      onClose={onClose}
    >
      <p>The content stays as it is. It can be asked for again.</p>
      <Textarea
        label="Reason"
        description="It is recorded and stays for ever: no personal data in it."
        rows={3}
        data-autofocus
        value={reason}
        error={fields['reason']}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
