import { ActionIcon } from '@mantine/core';
import { completeQuery, type FieldTable } from '@countersign/records';
import { IconSearch, IconX } from '@tabler/icons-react';
import {
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { QueryBuilder } from './QueryBuilder.tsx';
import { faultOf, paintQuery, takeSuggestion, type QueryFault } from './query-text.ts';
import css from './query-bar.module.css';

interface Props {
  /** The fields a query may name. */
  readonly table: FieldTable;
  readonly placeholder: string;
  readonly value: string;
  readonly onSubmit: (query: string) => void;
  /** Values that occur, by field, for completion. */
  readonly known: (field: string) => readonly string[];
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** The query, typed: painted, completed, and with its fault underlined where it is. */
export function QueryBar(props: Props) {
  const { table, value, onSubmit, known, inputRef: input } = props;
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const [asked, setAsked] = useState(true);
  const paint = useRef<HTMLDivElement>(null);
  const id = useId();

  const [given, setGiven] = useState(value);
  if (given !== value) {
    setGiven(value);
    setText(value);
    setAsked(true);
  }

  const fault = useMemo(() => faultOf(text, table), [text, table]);
  const completion = useMemo(
    () => (open ? completeQuery(text, cursor, known, table) : null),
    [open, text, cursor, known, table],
  );
  const suggestions = completion?.suggestions ?? [];
  const selected = at === null ? undefined : suggestions[at];
  const shownFault = asked ? fault : null;

  useLayoutEffect(() => {
    const field = input.current;
    const layer = paint.current;
    if (field !== null && layer !== null) {
      layer.style.transform = `translateX(${-field.scrollLeft}px)`;
    }
  });

  const submit = (next: string) => {
    setOpen(false);
    setAt(null);
    setAsked(true);
    if (faultOf(next, table) === null) onSubmit(next.trim());
  };
  const take = (n: number) => {
    const suggestion = suggestions[n];
    if (completion === null || suggestion === undefined) return;
    const next = takeSuggestion(text, completion, suggestion);
    setText(next.text);
    setCursor(next.cursor);
    setAt(null);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const many = suggestions.length;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && many > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt(at === null ? (step === 1 ? 0 : many - 1) : (at + step + many) % many);
    } else if (event.key === 'ArrowDown') {
      setOpen(true);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (at === null) submit(text);
      else take(at);
    } else if (event.key === 'Tab' && open && at !== null) {
      event.preventDefault();
      take(at);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (open && many > 0) setOpen(false);
      else input.current?.blur();
    }
  };

  return (
    <search className={css.bar}>
      <div className={css.field} data-fault={shownFault === null ? undefined : true}>
        <IconSearch size={16} stroke={1.7} className={css.icon} aria-hidden />
        <div className={css.text}>
          <div ref={paint} className={css.paint} aria-hidden>
            {paintQuery(text, shownFault, table).map((stretch) => (
              <span
                key={stretch.at}
                data-kind={stretch.kind}
                data-fault={stretch.fault || undefined}
              >
                {stretch.text}
              </span>
            ))}
          </div>
          <input
            ref={input}
            className={css.input}
            value={text}
            placeholder={props.placeholder}
            role="combobox"
            aria-label="Query"
            aria-expanded={suggestions.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={at === null ? undefined : `${id}-${at}`}
            aria-invalid={shownFault !== null}
            aria-describedby={shownFault === null ? undefined : `${id}-fault`}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => {
              setText(event.currentTarget.value);
              setCursor(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
              setOpen(true);
              setAt(null);
              setAsked(false);
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onClick={() => setOpen(true)}
            onBlur={() => {
              setOpen(false);
              setAsked(true);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div className={css.end}>
          {text !== '' && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label="Clear the query"
              onClick={() => {
                setText('');
                onSubmit('');
                input.current?.focus();
              }}
            >
              <IconX size={15} />
            </ActionIcon>
          )}
          <QueryBuilder table={table} query={text} known={known} onAdd={submit} />
        </div>
      </div>
      {suggestions.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no native list follows a combobox like this
        <div className={css.list} id={`${id}-list`} role="listbox" aria-label="Suggestions">
          {suggestions.map((suggestion, n) => (
            <div
              key={`${suggestion.kind} ${suggestion.label}`}
              id={`${id}-${n}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an option of the list above
              role="option"
              tabIndex={-1}
              aria-selected={suggestion === selected}
              className={css.option}
              ref={(element) => {
                if (n === at) element?.scrollIntoView({ block: 'nearest' });
              }}
              onMouseDown={(event) => {
                event.preventDefault();
                take(n);
              }}
            >
              <code>{suggestion.label}</code>
              <span>{suggestion.detail}</span>
            </div>
          ))}
        </div>
      )}
      {shownFault !== null && (
        <Fault
          id={`${id}-fault`}
          fault={shownFault}
          onTake={(word) => {
            const next =
              text.slice(0, shownFault.position) +
              word +
              text.slice(shownFault.position + shownFault.length);
            setText(next);
            submit(next);
          }}
        />
      )}
    </search>
  );
}

interface FaultProps {
  readonly id: string;
  readonly fault: QueryFault;
  readonly onTake: (word: string) => void;
}

function Fault({ id, fault, onTake }: FaultProps) {
  const { suggestion } = fault;
  return (
    <div className={css.fault} id={id} role="alert">
      <span>{fault.message}.</span>
      {suggestion !== undefined && (
        <button type="button" className="plain" onClick={() => onTake(suggestion)}>
          Use {suggestion}
        </button>
      )}
    </div>
  );
}
