import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import css from '../security/security.module.css';

/** What a collection is asked for with. */
export interface CollectionValues {
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly onDashboard: boolean;
}

/** The values of a dialog as they are typed, and as they are sent. */
export function useCollectionValues(given: CollectionValues) {
  const [values, setValues] = useState(given);
  const sent = {
    ...values,
    name: values.name.trim(),
    description: values.description.trim(),
    query: values.query.trim(),
  };
  return { values, setValues, sent };
}

interface Props {
  readonly values: CollectionValues;
  readonly onChange: (values: CollectionValues) => void;
  /** What the server has against a field. */
  readonly faults: Readonly<Partial<Record<string, string>>>;
  readonly aboutQuery: string;
}

/** Name, purpose and query of a collection, to be typed. */
export function CollectionFields({ values, onChange, faults, aboutQuery }: Props) {
  const set = (change: Partial<CollectionValues>) => onChange({ ...values, ...change });
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={values.name}
        error={faults['name']}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Textarea
        label="What it is for"
        description="Optional."
        rows={2}
        value={values.description}
        error={faults['description']}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Textarea
        className={css.monoInput ?? ''}
        label="Query"
        description={aboutQuery}
        rows={3}
        spellCheck={false}
        value={values.query}
        error={faults['query']}
        onChange={(event) => set({ query: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Count it on the start page"
        checked={values.onDashboard}
        onChange={(event) => set({ onDashboard: event.currentTarget.checked })}
      />
    </>
  );
}
