import { Button } from '@mantine/core';
import css from '../security/security.module.css';

interface Props {
  /** What the row is called, for people who do not see where a button stands. */
  readonly name: string;
  readonly actions: readonly { readonly title: string; readonly onDo: () => void }[];
}

/** What can be done with one row of a table. */
export function RowActions({ name, actions }: Props) {
  return (
    <span className={css.pair}>
      {actions.map(({ title, onDo }) => (
        <Button
          key={title}
          variant="default"
          size="compact-xs"
          aria-label={`${title.replace('…', '')} ${name}`}
          onClick={onDo}
        >
          {title}
        </Button>
      ))}
    </span>
  );
}
