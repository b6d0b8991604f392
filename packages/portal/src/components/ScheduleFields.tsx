import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { WEEKDAYS, type Weekday } from '../api/settings.ts';
import { usePreferences } from '../lib/preferences.tsx';
import { fromInputValue, toInputValue } from '../lib/time.ts';
import { CheckList } from './CheckList.tsx';
import { SCHEDULE_FORMS, type ScheduleDraft, type ScheduleForm } from './schedule-text.ts';

interface Props {
  readonly label: string;
  /** The forms that make sense here. */
  readonly forms: readonly ScheduleForm[];
  readonly draft: ScheduleDraft;
  readonly error?: string | undefined;
  readonly onChange: (draft: ScheduleDraft) => void;
}

/** When something is done: the form of the schedule, and what that form asks for. */
export function ScheduleFields({ label, forms, draft, error, onChange }: Props) {
  const { zone } = usePreferences();
  const { form } = draft;
  const offered = SCHEDULE_FORMS.filter(({ id }) => forms.includes(id));
  return (
    <>
      <NativeSelect
        label={label}
        value={form}
        error={error}
        data={offered.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(event) => {
          const next = offered.find(({ id }) => id === event.currentTarget.value);
          if (next !== undefined) onChange({ ...draft, form: next.id });
        }}
      />
      {form === 'interval' && (
        <NumberInput
          label="Minutes"
          hideControls
          allowDecimal={false}
          min={1}
          value={draft.minutes}
          onChange={(next) => {
            if (typeof next === 'number') onChange({ ...draft, minutes: next });
          }}
        />
      )}
      {form === 'weekly' && (
        <CheckList
          legend="Days"
          options={WEEKDAYS.map((value) => ({ value, label: value }))}
          value={draft.days}
          onChange={(days) => onChange({ ...draft, days: days as Weekday[] })}
        />
      )}
      {(form === 'daily' || form === 'weekly') && (
        <TextInput
          type="time"
          label="Time of the day, UTC"
          value={draft.time}
          onChange={(event) => onChange({ ...draft, time: event.currentTarget.value })}
        />
      )}
      {form === 'exactlyOnce' && (
        <TextInput
          type="datetime-local"
          step={1}
          label={`Time, ${zone === 'utc' ? 'UTC' : 'local'}`}
          value={draft.at === '' ? '' : toInputValue(draft.at, zone)}
          onChange={(event) =>
            onChange({ ...draft, at: fromInputValue(event.currentTarget.value, zone) ?? '' })
          }
        />
      )}
    </>
  );
}
