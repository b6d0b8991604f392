import { ActionIcon, Button, NativeSelect, Popover, TextInput, Tooltip } from '@mantine/core';
import {
  operatorsOf,
  quoteQueryValue,
  type FieldTable,
  type QueryField,
} from '@countersign/records';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useId, useState, type FormEvent } from 'react';
import { addCondition } from './filters.ts';
import { faultOf } from './query-text.ts';
import css from './query-bar.module.css';

const WORDS: Record<string, string> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is less than',
  le: 'is at most',
  gt: 'is more than',
  ge: 'is at least',
  contains: 'contains',
  notcontains: 'does not contain',
  startswith: 'starts with',
  endswith: 'ends with',
};

interface Props {
  readonly table: FieldTable;
  readonly query: string;
  readonly known: (field: string) => readonly string[];
  readonly onAdd: (query: string) => void;
}

/** One condition by choosing: a field, how it compares, a value. It becomes text like any other. */
export function QueryBuilder({ table, query, known, onAdd }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      trapFocus
      withRoles
      shadow="md"
    >
      <Popover.Target>
        <Tooltip label="Build a condition" disabled={opened}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={26}
            aria-label="Build a condition"
            onClick={() => setOpened(!opened)}
          >
            <IconAdjustmentsHorizontal size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Build a condition">
        <Form
          table={table}
          known={known}
          joins={query.trim() !== '' && faultOf(query, table) === null}
          onAdd={(condition, connective) => {
            setOpened(false);
            onAdd(
              faultOf(query, table) === null
                ? addCondition(query, condition, connective, table)
                : condition,
            );
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface FormProps {
  readonly table: FieldTable;
  readonly known: Props['known'];
  readonly joins: boolean;
  readonly onAdd: (condition: string, connective: 'AND' | 'OR') => void;
}

/** The field one asks for most: who, in records. */
function firstField({ fields }: FieldTable): QueryField {
  const field = fields.find(({ name }) => name === 'ActingUser') ?? fields[0];
  if (field === undefined) throw new Error('the query language has no fields');
  return field;
}

function Form({ table, known, joins, onAdd }: FormProps) {
  const [field, setField] = useState(() => firstField(table));
  const [operator, setOperator] = useState<string>('eq');
  const [value, setValue] = useState('');
  const list = useId();
  const operators = operatorsOf(field);
  const choices = [
    ...(field.values ?? []).map(({ name, label }) => ({ value: name, label })),
    ...known(field.name).map((name) => ({ value: name, label: name })),
  ];
  const condition = `${field.name} -${operator} ${value.trim() === '' ? 'NULL' : quoteQueryValue(value.trim())}`;
  const fault = faultOf(condition, table);
  const add = (connective: 'AND' | 'OR') => {
    if (fault === null) onAdd(condition, connective);
  };
  return (
    <form
      className={css.builder}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        add('AND');
      }}
    >
      <NativeSelect
        label="Field"
        size="xs"
        value={field.name}
        description={field.description}
        data={table.fields.map(({ name }) => name)}
        onChange={(event) => {
          const next = table.fields.find(({ name }) => name === event.currentTarget.value);
          if (next === undefined) return;
          setField(next);
          setValue('');
          if (!operatorsOf(next).some((known) => known === operator)) setOperator('eq');
        }}
      />
      <NativeSelect
        label="Comparison"
        size="xs"
        value={operator}
        data={operators.map((name) => ({ value: name, label: WORDS[name] ?? name }))}
        onChange={(event) => setOperator(event.currentTarget.value)}
      />
      <TextInput
        label="Value"
        size="xs"
        value={value}
        list={list}
        placeholder={field.type === 'date' ? '2026-11-22 or %TODAY-7%' : 'empty: has no value'}
        error={value !== '' && fault !== null ? fault.message : undefined}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <datalist id={list}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </datalist>
      <div style={{ display: 'flex', gap: 8 }}>
        <Button type="submit" size="xs" disabled={fault !== null}>
          {joins ? 'Add with AND' : 'Search'}
        </Button>
        {joins && (
          <Button size="xs" variant="default" disabled={fault !== null} onClick={() => add('OR')}>
            Add with OR
          </Button>
        )}
      </div>
    </form>
  );
}
