import { diffRows } from './diff-rows.ts';
import css from './line-diff.module.css';

interface Props {
  readonly label: string;
  /** Null where there was nothing. */
  readonly before: readonly string[] | null;
  readonly after: readonly string[];
}

/** What a change takes away and adds, line by line; what stays is shown quietly. */
export function LineDiff({ label, before, after }: Props) {
  return (
    <ul className={css.diff} aria-label={label}>
      {diffRows(before, after).map(({ sign, text }, n) => (
        <li
          // oxlint-disable-next-line react/no-array-index-key -- they repeat and never move: their place is their identity
          key={n}
          data-sign={sign}
        >
          {sign !== ' ' && (
            <span className="hidden-visually">{sign === '+' ? 'Added: ' : 'Removed: '}</span>
          )}
          {text}
        </li>
      ))}
    </ul>
  );
}
