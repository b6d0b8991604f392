import type { RuleEntry } from '../../api/security.ts';
import { StateMark } from '../../components/Marks.tsx';
import css from './access-rules.module.css';
import { expressionWords } from './rule-text.ts';

/** Who may and who may not, entry by entry, in words. */
export function RuleWords({ entries }: { readonly entries: readonly RuleEntry[] }) {
  if (entries.length === 0) return <span className="quiet">Nobody</span>;
  return (
    <ul className={css.entries}>
      {entries.map((entry, n) => (
        <li
          // oxlint-disable-next-line react/no-array-index-key -- they repeat and never move: their place is their identity
          key={n}
        >
          <StateMark tone={entry.type === 'allow' ? 'accent' : 'fail'}>
            {entry.type === 'allow' ? 'Allow' : 'Deny'}
          </StateMark>
          <span className={css.entry}>
            <b>{entry.operations.join(', ')}</b>{' '}
            {expressionWords(entry.expression) ?? <code>{entry.expression}</code>}
          </span>
        </li>
      ))}
    </ul>
  );
}
