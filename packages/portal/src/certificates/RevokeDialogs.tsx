import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { usePreferences } from '../lib/preferences.tsx';
import { fromInputValue } from '../lib/time.ts';
import css from '../security/security.module.css';
import { calledAs, doWithMany, whichOf, type Chosen, type Progress } from './chosen.ts';
import { ProgressNotice } from './ProgressNotice.tsx';
import { Refusals } from './Refusals.tsx';
import { HOLD, REVOCATION_REASONS } from './revocation.ts';

interface Props {
  readonly chosen: Chosen;
  /** Called once all of it is done. */
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

/** Takes trust back from certificates, for good or for now. */
export function RevokeDialog({ chosen, onDone, onClose }: Props) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const { zone } = usePreferences();
  const [reason, setReason] = useState(0);
  const [comment, setComment] = useState('');
  const [since, setSince] = useState('');
  const called = calledAs(chosen);
  const effectiveDate = fromInputValue(since, zone);
  const revoke = useChange(
    () =>
      doWithMany(
        'certificates/revoke',
        {
          ...whichOf(chosen),
          reason,
          comment: comment.trim(),
          ...(effectiveDate === null ? {} : { effectiveDate }),
        },
        setProgress,
      ),
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
        certificates={chosen.certificates}
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
      <ProgressNotice progress={progress} />
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
export function ReleaseDialog({ chosen, onDone, onClose }: Props) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [comment, setComment] = useState('');
  const called = calledAs(chosen);
  const release = useChange(
    () =>
      doWithMany(
        'certificates/release',
        { ...whichOf(chosen), comment: comment.trim() },
        setProgress,
      ),
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
        certificates={chosen.certificates}
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
      <ProgressNotice progress={progress} />
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
