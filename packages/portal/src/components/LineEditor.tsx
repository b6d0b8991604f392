import { useId, type KeyboardEvent } from 'react';
import type { LineFault } from './line-fault.ts';
import css from './line-editor.module.css';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly fault: LineFault | null;
  readonly focusFirst?: boolean;
  readonly onChange: (value: string) => void;
  /** Enter does this: a line has no line ends. */
  readonly onEnter?: () => void;
}

/** One long line in mono, wrapped so that all of it is seen, with its fault underlined where it is. */
export function LineEditor(props: Props) {
  const { label, description, value, fault, focusFirst = false, onEnter } = props;
  const id = useId();
  const said = [
    description === undefined ? null : `${id}-about`,
    fault === null ? null : `${id}-fault`,
  ]
    .filter((one) => one !== null)
    .join(' ');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onEnter?.();
  };
  return (
    <div className={css.editor}>
      <label htmlFor={id}>{label}</label>
      {description !== undefined && (
        <p id={`${id}-about`} className={css.about}>
          {description}
        </p>
      )}
      <div className={css.field} data-fault={fault === null ? undefined : true}>
        <Paint value={value} fault={fault} />
        <textarea
          id={id}
          className={css.input}
          value={value}
          placeholder={props.placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          data-autofocus={focusFirst || undefined}
          aria-invalid={fault !== null}
          aria-describedby={said === '' ? undefined : said}
          onKeyDown={onKeyDown}
          onChange={(event) => props.onChange(event.currentTarget.value.replaceAll(/\r?\n/g, ' '))}
        />
      </div>
      {fault !== null && (
        <p id={`${id}-fault`} className={css.fault} role="alert">
          {fault.message}
        </p>
      )}
    </div>
  );
}

/** The text again, unseen, under the one that is typed: it gives the field its height and bears the underline. */
function Paint({ value, fault }: { readonly value: string; readonly fault: LineFault | null }) {
  if (fault === null) {
    return (
      <div className={css.paint} aria-hidden>
        {value}{' '}
      </div>
    );
  }
  const from = Math.min(fault.position, value.length);
  const to = Math.min(value.length, from + Math.max(1, fault.length));
  return (
    <div className={css.paint} aria-hidden>
      {value.slice(0, from)}
      <span data-fault>{from === to ? '\u00a0\u00a0' : value.slice(from, to)}</span>
      {value.slice(to)}{' '}
    </div>
  );
}
