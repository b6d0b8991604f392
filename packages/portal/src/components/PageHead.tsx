import type { ReactNode } from 'react';
import css from './page-head.module.css';

interface Props {
  readonly title: ReactNode;
  /** One or two sentences: what is here, and what it means. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** The title of a page, what it is about, and what can be done on it. */
export function PageHead({ title, children, actions }: Props) {
  return (
    <div className={css.head}>
      <div className={css.words}>
        <h1>{title}</h1>
        {children !== undefined && <div className={css.about}>{children}</div>}
      </div>
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with its own title and its own actions. */
export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className={css.section} aria-label={title}>
      <div className={css.sectionHead}>
        <div>
          <h2>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
