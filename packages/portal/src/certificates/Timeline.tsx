import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAdministered } from '../api/administration.ts';
import type { TimelineData } from '../api/certificates.ts';
import { asSentence } from '../api/faults.ts';
import { useSession } from '../api/session.ts';
import { Section } from '../components/PageHead.tsx';
import { Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import securityCss from '../security/security.module.css';
import { allowedPages } from '../shell/pages.ts';
import css from './timeline.module.css';
import { isMore, kindOf, operationText } from './timeline-steps.ts';

/** What happened to the certificate, from the request on: each step is a record of the audit log. */
export function Timeline({ id }: { readonly id: number }) {
  const session = useSession();
  const { data, error } = useAdministered<TimelineData>(`certificates/${id}/timeline`);
  const readsLog = allowedPages(session?.navigation ?? []).some((page) => page.id === 'audit');
  return (
    <Section
      title="Timeline"
      note={
        readsLog
          ? 'Each step is a record of the audit log, with its proof.'
          : 'Each step is a record of the audit log, which auditors read.'
      }
    >
      {error !== null && (
        <Notice tone="warn">The timeline could not be read: {asSentence(error.message)}</Notice>
      )}
      {data === undefined && error === null && <Skeleton height={120} />}
      {data?.steps.length === 0 && (
        <p className={securityCss.empty}>Nothing is recorded about it yet.</p>
      )}
      {data !== undefined && data.steps.length > 0 && (
        <ol className={css.steps} aria-label="Timeline">
          {data.steps.map((step) => (
            <li key={step.index} data-kind={kindOf(step)}>
              <div className={css.head}>
                <b>{operationText(step.operation)}</b>
                <TimeText iso={step.time} />
                {readsLog && (
                  <Link to="/audit/$index" params={{ index: String(step.index) }}>
                    Record {step.index}
                  </Link>
                )}
              </div>
              <p>{step.sentence}</p>
              {isMore(step) && <p className={css.comment}>“{step.comment}”</p>}
            </li>
          ))}
        </ol>
      )}
      {data?.more === true && (
        <p className={securityCss.fine}>
          There is more than is shown here: the audit log has all of it.
        </p>
      )}
    </Section>
  );
}
