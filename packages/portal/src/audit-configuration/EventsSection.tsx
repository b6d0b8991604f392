import { Button, Checkbox } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import type { AuditedEvent } from '../api/security.ts';
import { DataTable, type Column } from '../components/DataTable.tsx';
import { StateMark, Tag } from '../components/Marks.tsx';
import { Section } from '../components/PageHead.tsx';
import { plural } from '../lib/format.ts';
import { choiceOf, type Draft, type EventChoice } from './configuration-draft.ts';
import configurationCss from './configuration.module.css';
import { FilterDialog } from './FilterDialog.tsx';

interface Props {
  readonly group: string;
  readonly events: readonly AuditedEvent[];
  readonly draft: Draft;
  /** Null where it is only shown. */
  readonly onChoose: ((event: AuditedEvent, choice: EventChoice) => void) | null;
}

/** The events of one group: always recorded, chosen, filtered. */
export function EventsSection({ group, events, draft, onChoose }: Props) {
  const [filtering, setFiltering] = useState<AuditedEvent | null>(null);
  return (
    <Section title={group} note={plural(events.length, 'event')}>
      <DataTable
        label={group}
        columns={columnsFor(draft, onChoose, setFiltering)}
        rows={events}
        keyOf={({ event }) => event}
      />
      {filtering !== null && onChoose !== null && (
        <FilterDialog
          event={filtering}
          filter={chosenOf(draft, filtering).filter}
          onUse={(filter) => onChoose(filtering, { ...chosenOf(draft, filtering), filter })}
          onClose={() => setFiltering(null)}
        />
      )}
    </Section>
  );
}

function columnsFor(
  draft: Draft,
  onChoose: Props['onChoose'],
  onFilter: (event: AuditedEvent) => void,
): Column<AuditedEvent>[] {
  return [
    {
      title: 'Event',
      width: '30%',
      cell: (event) => (
        <>
          <code>{event.event}</code>{' '}
          {draft.events.has(event.event) && <Tag tone="accent">Not saved</Tag>}
        </>
      ),
    },
    { title: 'What it says', width: '24%', cell: ({ title }) => title },
    {
      title: 'Recorded',
      width: '15%',
      cell: (event) => (
        <Recorded event={event} choice={chosenOf(draft, event)} onChoose={onChoose} />
      ),
    },
    {
      title: 'Which of them',
      cell: (event) => (
        <Which
          event={event}
          choice={chosenOf(draft, event)}
          onFilter={onChoose === null ? null : onFilter}
        />
      ),
    },
  ];
}

/** What an event is to be, with what was chosen and is not saved yet. */
function chosenOf(draft: Draft, event: AuditedEvent): EventChoice {
  return draft.events.get(event.event) ?? choiceOf(event);
}

interface CellProps {
  readonly event: AuditedEvent;
  readonly choice: EventChoice;
}

function Recorded({ event, choice, onChoose }: CellProps & Pick<Props, 'onChoose'>) {
  if (event.status === 'mandatory') {
    return (
      <span className={configurationCss.always}>
        <IconLock size={14} stroke={1.8} aria-hidden />
        Always
      </span>
    );
  }
  if (onChoose === null) {
    return choice.enabled ? (
      <StateMark tone="accent">Recorded</StateMark>
    ) : (
      <StateMark>Not recorded</StateMark>
    );
  }
  return (
    <Checkbox
      className={configurationCss.check ?? ''}
      size="xs"
      label="Recorded"
      aria-label={`Recorded: ${event.event}`}
      checked={choice.enabled}
      onChange={(change) => onChoose(event, { ...choice, enabled: change.currentTarget.checked })}
    />
  );
}

interface WhichProps extends CellProps {
  readonly onFilter: ((event: AuditedEvent) => void) | null;
}

function Which({ event, choice, onFilter }: WhichProps) {
  if (event.status === 'mandatory') return <span className="quiet">All</span>;
  return (
    <span className={configurationCss.filter}>
      {choice.filter === null ? (
        <span className="quiet">{choice.enabled ? 'All' : 'None'}</span>
      ) : (
        <code>{choice.filter}</code>
      )}
      {onFilter !== null && choice.enabled && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`${choice.filter === null ? 'Filter' : 'Edit filter of'} ${event.event}`}
          onClick={() => onFilter(event)}
        >
          {choice.filter === null ? 'Filter…' : 'Edit filter…'}
        </Button>
      )}
    </span>
  );
}
