import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Review } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';

interface Props {
  readonly review: Review;
  readonly onClose: () => void;
}

/** Signs a review off, with what the auditor has to say about it. */
export function SignDialog({ review, onClose }: Props) {
  const [comment, setComment] = useState('');
  const sign = useChange(
    () =>
      requestJson<Review>(apiUrl(`security/reviews/${pathTo(review.period)}/sign`), {
        method: 'POST',
        body: { comment: comment.trim() },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(sign.error, ['comment']);
  return (
    <FormDialog
      title={`Sign off the review of ${review.period}`}
      submit={`Sign off ${review.period}`}
      busy={sign.isPending}
      disabled={comment.trim() === ''}
      fault={general}
      onSubmit={() => sign.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        You say that you looked at who holds what, as the report shows it. The report does not
        change any more, and signing cannot be undone.
      </p>
      <Textarea
        label="Comment"
        description="What you found and what is to be done about it; it stands in the record."
        rows={4}
        data-autofocus
        value={comment}
        error={fields['comment']}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
