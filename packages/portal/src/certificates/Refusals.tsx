import { asSentence } from '../api/faults.ts';
import type { BulkAnswer, Certificate } from '../api/certificates.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import css from '../security/security.module.css';
import { nameOf } from './certificate-state.ts';

interface Props {
  readonly title: string;
  readonly certificates: readonly Certificate[];
  readonly refused: NonNullable<BulkAnswer['refused']>;
  readonly onClose: () => void;
}

/** Which of many were refused, and why each; the others are done. */
export function Refusals({ title, certificates, refused, onClose }: Props) {
  return (
    <FormDialog title={title} submit="Close" busy={false} onSubmit={onClose} onClose={onClose}>
      <ul className={css.lines} aria-label="Refused">
        {refused.map(({ id, detail }) => {
          const certificate = certificates.find((one) => one.id === id);
          return (
            <li key={id}>
              <b className={css.strong}>
                {certificate === undefined ? `Certificate ${id}` : nameOf(certificate)}
              </b>
              {asSentence(detail)}
            </li>
          );
        })}
      </ul>
    </FormDialog>
  );
}
