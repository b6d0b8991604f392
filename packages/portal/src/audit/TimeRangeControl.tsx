import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { usePreferences } from '../lib/preferences.tsx';
import { formatTime, fromInputValue, toInputValue, type Zone } from '../lib/time.ts';
import { PRESETS, type TimeRange } from './time-range.ts';
import css from './audit.module.css';

interface Props {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}

function nameOf(range: TimeRange, zone: Zone): string {
  switch (range.kind) {
    case 'all':
      return 'All time';
    case 'preset':
      return PRESETS.find(({ id }) => id === range.id)?.label ?? range.id;
    case 'custom':
      return `${formatTime(range.from, zone).slice(0, -7)} – ${formatTime(range.to, zone).slice(0, -7)}`;
  }
}

/** From the last 15 minutes to all of time, or between two times, in UTC or the machine's zone. */
export function TimeRangeControl({ range, onChange }: Props) {
  const { zone, setZone } = usePreferences();
  const [opened, setOpened] = useState(false);
  const choose = (next: TimeRange) => {
    setOpened(false);
    onChange(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withRoles>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          h={36}
          px={12}
          fw={450}
          leftSection={<IconCalendarTime size={16} stroke={1.6} />}
          rightSection={<IconChevronDown size={14} stroke={1.8} />}
          onClick={() => setOpened(!opened)}
          aria-label={`Time range: ${nameOf(range, zone)}`}
        >
          {nameOf(range, zone)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time range" className={css.ranges}>
        <div className={css.presets}>
          {PRESETS.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              aria-pressed={range.kind === 'preset' && range.id === id}
              onClick={() => choose({ kind: 'preset', id })}
            >
              {label}
            </button>
          ))}
          <button
            type="button"
            aria-pressed={range.kind === 'all'}
            onClick={() => choose({ kind: 'all' })}
          >
            All time
          </button>
        </div>
        <CustomRange key={zone} range={range} zone={zone} onChoose={choose}>
          <SegmentedControl
            size="xs"
            fullWidth
            value={zone}
            onChange={(value) => setZone(value === 'local' ? 'local' : 'utc')}
            data={[
              { value: 'utc', label: 'UTC' },
              { value: 'local', label: 'Local' },
            ]}
          />
        </CustomRange>
      </Popover.Dropdown>
    </Popover>
  );
}

interface CustomProps {
  readonly range: TimeRange;
  readonly zone: Zone;
  readonly onChoose: (range: TimeRange) => void;
  readonly children: React.ReactNode;
}

function CustomRange({ range, zone, onChoose, children }: CustomProps) {
  const custom = range.kind === 'custom' ? range : null;
  const [from, setFrom] = useState(custom === null ? '' : toInputValue(custom.from, zone));
  const [to, setTo] = useState(custom === null ? '' : toInputValue(custom.to, zone));
  const start = fromInputValue(from, zone);
  const end = fromInputValue(to, zone);
  const backwards = start !== null && end !== null && start >= end;
  return (
    <form
      className={css.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== null && end !== null && !backwards) {
          onChoose({ kind: 'custom', from: start, to: end });
        }
      }}
    >
      {children}
      <TextInput
        type="datetime-local"
        step={1}
        size="xs"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
        size="xs"
        label="To (not included)"
        value={to}
        error={backwards ? 'The end must be after the start.' : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" disabled={start === null || end === null || backwards}>
        Show this range
      </Button>
    </form>
  );
}
