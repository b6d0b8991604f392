import type { ReactNode } from 'react';
import css from './erasures.module.css';

/** What erasing leaves and what it takes; what else is to be said of one comes before. */
export function Fate({ children }: { readonly children?: ReactNode }) {
  return (
    <dl className={css.fate}>
      {children}
      <dt>Stays</dt>
      <dd>
        The envelope: event, time, category, outcome, producer and number. Every proof, of this
        record and all others. Backups, exports and signed files that were written before.
      </dd>
      <dt>Goes</dt>
      <dd>
        The content: who, from where, on what, before and after, reason and attributes; the salt
        that binds it; all that searches knew of it.
      </dd>
    </dl>
  );
}
