import type { Review } from '../../api/security.ts';
import { StateMark } from '../../components/Marks.tsx';
import { Section } from '../../components/PageHead.tsx';
import css from '../security.module.css';
import { FINDING_WORDS, findingsOf, type Finding } from './review-findings.ts';

interface Props {
  readonly report: Review['report'];
}

const ORDER: readonly Finding[] = ['dormant', 'disabled', 'no-role'];

/** What an auditor should look at before signing. */
export function Findings({ report }: Props) {
  const found = ORDER.map((finding) => ({
    finding,
    who: report.identities
      .filter((identity) => findingsOf(identity, report).includes(finding))
      .map(({ username }) => username),
  })).filter(({ who }) => who.length > 0);
  return (
    <Section title="To look at">
      {report.conflicts.length === 0 && found.length === 0 ? (
        <p className={css.empty}>
          Nothing stands out: no roles exclude each other, nobody is dormant, and no disabled
          identity holds roles.
        </p>
      ) : (
        <ul className={css.lines} aria-label="Findings">
          {report.conflicts.map((conflict) => (
            <li key={conflictWords(conflict)}>
              <StateMark tone="fail">Roles that exclude each other</StateMark>
              <span>{conflictWords(conflict)}</span>
            </li>
          ))}
          {found.map(({ finding, who }) => (
            <li key={finding}>
              <StateMark tone="warn">{FINDING_WORDS[finding]}</StateMark>
              <span>{who.join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** "jdoe: Auditor, RA". */
function conflictWords(conflict: Review['report']['conflicts'][number]): string {
  return `${conflict.username}: ${conflict.roles.join(', ')}`;
}
