import { Button } from '@mantine/core';
import { filterAttributes } from '@countersign/records';
import { useState } from 'react';
import type { AuditedEvent } from '../api/security.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { LineEditor } from '../components/LineEditor.tsx';
import css from './configuration.module.css';
import { filterExamples, filterFault } from './filter-text.ts';

interface Props {
  readonly event: AuditedEvent;
  readonly filter: string | null;
  readonly onUse: (filter: string | null) => void;
  readonly onClose: () => void;
}

/** Which records of an event are kept, as a filter with its fault shown where it is. */
export function FilterDialog({ event, filter, onUse, onClose }: Props) {
  const [text, setText] = useState(filter ?? '');
  const [asked, setAsked] = useState(false);
  const attributes = filterAttributes(event.event);
  const empty = text.trim() === '';
  const fault = empty ? null : filterFault(event.event, text);
  const use = () => {
    setAsked(true);
    if (fault !== null) return;
    onUse(empty ? null : text.trim());
    onClose();
  };
  return (
    <FormDialog
      title={`Filter of ${event.event}`}
      submit={empty ? 'Use no filter' : 'Use this filter'}
      size="lg"
      busy={false}
      onSubmit={use}
      onClose={onClose}
    >
      <LineEditor
        label="Filter"
        description="Only records that match are recorded; without a filter all are. Written as LDAP filters are (RFC 4515)."
        placeholder="(Outcome=Failure)"
        value={text}
        focusFirst
        fault={asked ? fault : null}
        onEnter={use}
        onChange={(next) => {
          setText(next);
          setAsked(false);
        }}
      />
      <div>
        <span className="label">Examples</span>
        <ul className={css.examples}>
          {filterExamples(attributes).map((example) => (
            <li key={example.text}>
              <Button
                variant="default"
                size="compact-xs"
                className={css.example ?? ''}
                onClick={() => setText(example.text)}
              >
                {example.text}
              </Button>
              <span>{example.about}</span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <span className="label">What it may name</span>
        <p className={css.attributes}>
          {attributes.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </p>
      </div>
    </FormDialog>
  );
}
