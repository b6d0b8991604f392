import { Skeleton } from '@mantine/core';
import css from './shell.module.css';

/** The frame while it is not known who is signed in. */
export function ShellSkeleton() {
  return (
    <section className={css.shell} aria-busy aria-label="Loading">
      <div className={css.nav}>
        <div className={css.brand}>
          <img src="/portal/mark.svg" alt="" />
          <span className={css.word}>Countersign</span>
        </div>
      </div>
      <div className={css.top}>
        <Skeleton width={120} height={12} />
      </div>
      <main className={css.main} />
    </section>
  );
}
