import type { ReactNode } from 'react';
import css from './marks.module.css';

interface MarkProps {
  readonly tone?: 'plain' | 'warn' | 'fail' | 'good' | 'accent';
  readonly children: ReactNode;
}

/** A state as a shape and a word: never by colour alone. */
export function StateMark({ tone = 'plain', children }: MarkProps) {
  return (
    <span className={css.mark} data-tone={tone}>
      <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden fill="currentColor">
        {tone === 'warn' && <path d="M4.5 0.5 9 8.5H0z" />}
        {tone === 'fail' && <rect x="0.5" y="0.5" width="8" height="8" rx="1.5" />}
        {(tone === 'accent' || tone === 'good') && <circle cx="4.5" cy="4.5" r="4" />}
        {tone === 'plain' && (
          <circle cx="4.5" cy="4.5" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
        )}
      </svg>
      {children}
    </span>
  );
}

/** A word that sets one thing apart from its neighbours: "Built in", "Changed". */
export function Tag({ tone = 'plain', children }: MarkProps) {
  return (
    <span className={css.tag} data-tone={tone}>
      {children}
    </span>
  );
}

/** Tags beside each other. */
export function Tags({ children }: { readonly children: ReactNode }) {
  return <span className={css.tags}>{children}</span>;
}
