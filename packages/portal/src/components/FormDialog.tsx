import { Button, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import css from './form-dialog.module.css';
import { Notice } from './States.tsx';

interface Props {
  readonly title: string;
  /** What the button does, in its own words: "Delete jdoe". */
  readonly submit: string;
  /** What cannot be undone. */
  readonly danger?: boolean;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** A refusal that belongs to no field. */
  readonly fault?: string | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question with its answer: fields, what was wrong with them, and one button that says what it does. */
export function FormDialog(props: Props) {
  const { title, submit, danger = false, size = 'md', busy, disabled = false, fault } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !disabled) props.onSubmit();
  };
  return (
    <Modal opened onClose={props.onClose} title={title} size={size} closeOnClickOutside={!busy}>
      <form className={css.form} onSubmit={send} noValidate>
        {fault !== undefined && fault !== null && <Notice tone="fail">{fault}</Notice>}
        {props.children}
        <div className={css.buttons}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={disabled}
            {...(danger ? { className: css.danger ?? '' } : {})}
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface ShownOnceProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What is shown this once and never again: it does not close by a stray click or key. */
export function ShownOnceDialog({ title, onClose, children }: ShownOnceProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className={css.form}>
        {children}
        <div className={css.buttons}>
          <Button onClick={onClose}>I have it</Button>
        </div>
      </div>
    </Modal>
  );
}
