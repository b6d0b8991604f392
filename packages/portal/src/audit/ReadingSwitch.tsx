import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { formatEstimate } from '../lib/format.ts';
import type { Reading } from './reading.ts';
import css from './audit.module.css';

interface Props {
  readonly reading: Reading;
  /** How many records are hidden; null while that is not known. */
  readonly hidden: { readonly value: number; readonly exact: boolean } | null;
  readonly onChange: (shown: boolean) => void;
}

/** Says whether records of reading this log are left out, and how many; one click shows them. */
export function ReadingSwitch({ reading, hidden, onChange }: Props) {
  if (reading === 'asked for') {
    return (
      <span
        className={css.reading}
        title="The query is about such records, so none of them is hidden."
      >
        <IconEye size={15} stroke={1.7} aria-hidden />
        Reading of this log: shown, as asked for
      </span>
    );
  }
  if (reading === 'hidden' && hidden !== null && hidden.exact && hidden.value === 0) {
    return (
      <span
        className={css.reading}
        title="Successful searches and reads of this log would be left out, but the query finds none."
      >
        <IconEyeOff size={15} stroke={1.7} aria-hidden />
        Reading of this log: hidden (0)
      </span>
    );
  }
  const shown = reading === 'shown';
  const Icon = shown ? IconEye : IconEyeOff;
  const amount = hidden === null ? '' : ` (${formatEstimate(hidden.value, hidden.exact)})`;
  return (
    <button
      type="button"
      className={css.reading}
      title={
        shown
          ? 'Leave out successful searches and reads of this log, and the decisions that allowed them'
          : 'Left out: successful searches and reads of this log, and the decisions that allowed them. Failures, exports and verifications are never left out.'
      }
      onClick={() => onChange(!shown)}
    >
      <Icon size={15} stroke={1.7} aria-hidden />
      <span>Reading of this log: {shown ? 'shown' : `hidden${amount}`}</span>
      <b>{shown ? 'Hide' : 'Show'}</b>
    </button>
  );
}
