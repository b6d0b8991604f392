import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { BulkAnswer, Certificate } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { plural } from '../lib/format.ts';
import { usePreferences } from '../lib/preferences.tsx';
import { fromInputValue } from '../lib/time.ts';
import css from '../security/security.module.css';
import { nameOf } from './certificate-state.ts';
import { Refusals } from './Refusals.tsx';
import { HOLD, REVOCATION_REASONS } from './revocation.ts';

interface Props {
  readonly certificates: readonly Certificate[];
  /** Called once all of it is done. */
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

function calledAs(certificates: readonly Certificate[]): string {
  const [only] = certificates;
  return certificates.length === 1 && only !== undefined
    ? nameOf(only)
    : plural(certificates.length, 'certificate');
}

/** Takes trust back from certificates, for good or for now. */
export function RevokeDialog({ certificates, onDone, onClose }: Props) {
  const { zone } = usePreferences();
  const [reason, setReason] = useState(0);
  const [comment, setComment] = useState('');
  const [since, setSince] = useState('');
  const called = calledAs(certificates);
  const effectiveDate = fromInputValue(since, zone);
  const revoke = useChange(
    () =>
      requestJson<BulkAnswer>(apiUrl('certificates/revoke'), {
        method: 'POST',
        body: {
          ids: certificates.map(({ id }) => id),
          reason,
          comment: comment.trim(),
          ...(effectiveDate === null ? {} : { effectiveDate }),
        },
      }),
    {
      onDone: ({ refused = [] }) => {
        if (refused.length > 0) return;
        onDone?.();
        onClose();
      },
    },
  );
  if (revoke.data?.refused !== undefined && revoke.data.refused.length > 0) {
    return (
      <Refusals
        title="Not all of them were revoked"
        certificates={certificates}
        refused={revoke.data.refused}
        onClose={onClose}
      />
    );
  }
  const { general, fields } = faultsOf(revoke.error, ['reason', 'comment', 'effectiveDate']);
  const hold = reason === HOLD;
  return (
    <FormDialog
      title={`Revoke ${called}?`}
      submit={hold ? `Put ${called} on hold` : `Revoke ${called}`}
      danger={!hold}
      busy={revoke.isPending}
      disabled={comment.trim() === ''}
      fault={general}
      onSubmit={() => revoke.mutate(undefined)}
      onClose={onClose}
    >
      <NativeSelect
        label="Reason"
        description={REVOCATION_REASONS.find(({ code }) => code === reason)?.when}
        data-autofocus
        value={String(reason)}
        error={fields['reason']}
        data={REVOCATION_REASONS.map(({ code, word }) => ({ value: String(code), label: word }))}
        onChange={(event) => setReason(Number(event.currentTarget.value))}
      />
      <Textarea
        label="Comment"
        description="Why, for whoever reads the record."
        rows={2}
        value={comment}
        error={fields['comment']}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label="Not to be trusted since"
        description={`Optional: when the key was lost, if that was before now. In ${zone === 'utc' ? 'UTC' : 'local time'}.`}
        value={since}
        error={fields['effectiveDate']}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <p className={css.fine}>
        {hold
          ? 'It stands on the next revocation list until it is released or revoked for good.'
          : 'It stands on the next revocation list. This cannot be undone.'}
      </p>
    </FormDialog>
  );
}

/** Takes certificates off hold. */
export function ReleaseDialog({ certificates, onDone, onClose }: Props) {
  const [comment, setComment] = useState('');
  const called = calledAs(certificates);
  const release = useChange(
    () =>
      requestJson<BulkAnswer>(apiUrl('certificates/release'), {
        method: 'POST',
        body: { ids: certificates.map(({ id }) => id), comment: comment.trim() },
      }),
    {
      onDone: ({ refused = [] }) => {
        if (refused.length > 0) return;
        onDone?.();
        onClose();
      },
    },
  );
  if (release.data?.refused !== undefined && release.data.refused.length > 0) {
    return (
      <Refusals
        title="It was not released"
        certificates={certificates}
        refused={release.data.refused}
        onClose={onClose}
      />
    );
  }
  const { general, fields } = faultsOf(release.error, ['comment']);
  return (
    <FormDialog
      title={`Release ${called}?`}
      submit={`Release ${called}`}
      busy={release.isPending}
      disabled={comment.trim() === ''}
      fault={general}
      onSubmit={() => release.mutate(undefined)}
      onClose={onClose}
    >
      <p>It is good again, and leaves the revocation list with the next one.</p>
      <Textarea
        label="Comment"
        description="Why, for whoever reads the record."
        rows={2}
        data-autofocus
        value={comment}
        error={fields['comment']}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
