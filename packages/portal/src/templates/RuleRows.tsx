import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { PART_NAMES } from '../enroll/subject.ts';
import css from './templates.module.css';

export interface RegexRule {
  /** A part of the subject, or a kind of alternative names. */
  readonly about: string;
  readonly regex: string;
  readonly error: string;
}

interface RulesProps {
  readonly legend: string;
  /** What rules can be about, with what it is called. */
  readonly subjects: Readonly<Record<string, string>>;
  readonly rules: readonly RegexRule[];
  readonly onChange: (rules: RegexRule[]) => void;
}

/** Regular expressions that values have to match, and what is said where they do not. */
export function RegexRules({ legend, subjects, rules, onChange }: RulesProps) {
  const choices = Object.entries(subjects).map(([value, label]) => ({ value, label }));
  const change = (at: number, part: Partial<RegexRule>) =>
    onChange(rules.map((rule, n) => (n === at ? { ...rule, ...part } : rule)));
  return (
    <fieldset className={css.rows}>
      <legend>{legend}</legend>
      {rules.map((rule, n) => (
        <div
          // oxlint-disable-next-line react/no-array-index-key -- they may repeat, and their place is their identity
          key={n}
          className={css.rule}
        >
          <NativeSelect
            aria-label={`What rule ${n + 1} is about`}
            value={rule.about}
            data={choices}
            onChange={(event) => change(n, { about: event.currentTarget.value })}
          />
          <TextInput
            className={css.mono ?? ''}
            aria-label={`Regular expression of rule ${n + 1}`}
            placeholder="^.+\.example\.com$"
            spellCheck={false}
            value={rule.regex}
            error={isPattern(rule.regex) ? undefined : 'No regular expression.'}
            onChange={(event) => change(n, { regex: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`What is expected by rule ${n + 1}`}
            placeholder="What is expected, in words"
            value={rule.error}
            onChange={(event) => change(n, { error: event.currentTarget.value })}
          />
          <Remove
            label={`Remove rule ${n + 1}`}
            onRemove={() => onChange(rules.filter((_, at) => at !== n))}
          />
        </div>
      ))}
      <Add
        label="Add a rule"
        onAdd={() => onChange([...rules, { about: choices[0]?.value ?? '', regex: '', error: '' }])}
      />
    </fieldset>
  );
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

interface ValuesProps {
  readonly legend: string;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Record<string, string>) => void;
}

/** Parts of a subject with a value each. */
export function PartValues({ legend, values, onChange }: ValuesProps) {
  const entries = Object.entries(values);
  const free = Object.keys(PART_NAMES).filter((part) => !(part in values));
  const write = (next: readonly (readonly [string, string])[]) =>
    onChange(Object.fromEntries(next));
  return (
    <fieldset className={css.rows}>
      <legend>{legend}</legend>
      {entries.map(([part, value], n) => (
        <div
          // oxlint-disable-next-line react/no-array-index-key -- the part itself is what is changed
          key={n}
          className={css.value}
        >
          <NativeSelect
            aria-label={`Part ${n + 1}`}
            value={part}
            data={[part, ...free].map((one) => ({ value: one, label: PART_NAMES[one] ?? one }))}
            onChange={(event) => {
              const next = event.currentTarget.value;
              write(entries.map(([old, v], at) => [at === n ? next : old, v]));
            }}
          />
          <TextInput
            aria-label={`Value of ${PART_NAMES[part] ?? part}`}
            value={value}
            onChange={(event) => {
              const next = event.currentTarget.value;
              write(entries.map(([old, v], at) => [old, at === n ? next : v]));
            }}
          />
          <Remove
            label={`Remove ${PART_NAMES[part] ?? part}`}
            onRemove={() => write(entries.filter((_, at) => at !== n))}
          />
        </div>
      ))}
      {free[0] !== undefined && (
        <Add
          label="Add a part"
          onAdd={() => onChange({ ...values, [free.includes('O') ? 'O' : (free[0] ?? '')]: '' })}
        />
      )}
    </fieldset>
  );
}

function Add({ label, onAdd }: { readonly label: string; readonly onAdd: () => void }) {
  return (
    <div>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} stroke={1.8} />}
        onClick={onAdd}
      >
        {label}
      </Button>
    </div>
  );
}

function Remove({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={onRemove}>
      <IconX size={16} />
    </ActionIcon>
  );
}
