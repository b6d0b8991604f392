import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { CertificateRequest } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';

export interface Decision {
  readonly kind: 'approve' | 'deny';
  readonly request: CertificateRequest;
}

interface Props {
  readonly decision: Decision;
  readonly onClose: () => void;
}

/** Yes or no to what somebody asked for; a no says why. */
export function DecisionDialog({ decision: { kind, request }, onClose }: Props) {
  const [comment, setComment] = useState('');
  const approves = kind === 'approve';
  const decide = useChange(
    () =>
      requestJson<CertificateRequest>(apiUrl(`requests/${request.id}/${kind}`), {
        method: 'POST',
        body: comment.trim() === '' ? {} : { comment: comment.trim() },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(decide.error, ['comment']);
  return (
    <FormDialog
      title={`${approves ? 'Approve' : 'Deny'} request ${request.id}?`}
      submit={`${approves ? 'Approve' : 'Deny'} request ${request.id}`}
      danger={!approves}
      busy={decide.isPending}
      disabled={!approves && comment.trim() === ''}
      fault={general}
      onSubmit={() => decide.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        {approves
          ? `${request.authority.name} issues a certificate for ${request.subject || 'the names asked for'} at once.`
          : 'Nothing is issued, and the key made for it, if there is one, is lost. This cannot be undone; it can be asked for again.'}
      </p>
      <Textarea
        label="Comment"
        description={
          approves
            ? 'Optional, for whoever reads the record.'
            : `Why, for ${request.requester} and for whoever reads the record.`
        }
        rows={3}
        data-autofocus
        value={comment}
        error={fields['comment']}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
