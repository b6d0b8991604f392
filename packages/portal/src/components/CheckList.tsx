import { Checkbox } from '@mantine/core';
import css from './check-list.module.css';

interface Props {
  readonly legend: string;
  readonly description?: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: readonly string[];
  readonly error?: string | undefined;
  readonly onChange: (value: string[]) => void;
}

/** Some of several; the chosen ones stay in the order in which they are offered. */
export function CheckList({ legend, description, options, value, error, onChange }: Props) {
  const toggle = (which: string, on: boolean) =>
    onChange(
      options
        .map((option) => option.value)
        .filter((one) => (one === which ? on : value.includes(one))),
    );
  return (
    <fieldset className={css.list}>
      <legend>{legend}</legend>
      {description !== undefined && <p>{description}</p>}
      <div className={css.options}>
        {options.map((option) => (
          <Checkbox
            key={option.value}
            size="xs"
            label={option.label}
            checked={value.includes(option.value)}
            onChange={(event) => toggle(option.value, event.currentTarget.checked)}
          />
        ))}
      </div>
      {error !== undefined && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
