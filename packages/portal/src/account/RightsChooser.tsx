import { Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Notice } from '../components/States.tsx';
import { plural } from '../lib/format.ts';
import css from './rights-chooser.module.css';

interface Props {
  /** Those to choose from, `resource:operation`. */
  readonly rights: readonly string[];
  readonly value: ReadonlySet<string>;
  readonly error: string | undefined;
  readonly onChange: (value: ReadonlySet<string>) => void;
}

/** Some of the rights one has oneself. */
export function RightsChooser({ rights, value, error, onChange }: Props) {
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/);
  const found = rights.filter((right) => words.every((word) => right.toLowerCase().includes(word)));
  return (
    <fieldset className={css.chooser}>
      <legend>
        {value.size === 0 ? 'Which rights' : `Which rights: ${plural(value.size, 'right')} chosen`}
      </legend>
      <TextInput
        aria-label="Search your rights"
        placeholder="Resource, operation"
        leftSection={<IconSearch size={16} stroke={1.7} />}
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className={css.rights}>
        {found.length === 0 && <span className="quiet">You have no right by these words.</span>}
        {found.map((right) => (
          <Checkbox
            key={right}
            size="xs"
            label={right}
            checked={value.has(right)}
            onChange={(event) => {
              const next = new Set(value);
              if (event.currentTarget.checked) next.add(right);
              else next.delete(right);
              onChange(next);
            }}
          />
        ))}
      </div>
      {error !== undefined && <Notice tone="fail">{error}</Notice>}
    </fieldset>
  );
}
