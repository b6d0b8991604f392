import { Button } from '@mantine/core';
import { plural } from '../lib/format.ts';
import css from './change-bar.module.css';
import type { DiffRow } from './diff-rows.ts';
import { Notice } from './States.tsx';

interface Props {
  /** How many things change; a line that replaces another is one. Without it each line counts. */
  readonly count?: number;
  /** What goes and what comes, each change with its lines beside each other. */
  readonly rows: readonly DiffRow[];
  readonly fault: string | null;
  readonly busy: boolean;
  /** "Save rights". */
  readonly submit: string;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** What is not saved yet, line by line, at the foot of the page until it is saved or discarded. */
export function ChangeBar(props: Props) {
  const { rows, fault, busy } = props;
  const count = props.count ?? rows.length;
  return (
    <section className={css.bar} aria-label="Not saved yet">
      {fault !== null && <Notice tone="fail">{fault}</Notice>}
      <div className={css.row}>
        <div className={css.text}>
          <output>{plural(count, 'change')} not saved</output>
          <ul
            className={css.changes}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
            tabIndex={rows.length > 4 ? 0 : undefined}
            aria-label="Changes"
          >
            {rows.map(({ sign, text }) => (
              <li key={sign + text} data-sign={sign}>
                <span className="hidden-visually">{sign === '+' ? 'Added: ' : 'Removed: '}</span>
                {text}
              </li>
            ))}
          </ul>
        </div>
        <Button variant="default" size="xs" onClick={props.onDiscard}>
          Discard
        </Button>
        <Button size="xs" loading={busy} onClick={props.onSave}>
          {props.submit}
        </Button>
      </div>
    </section>
  );
}
