import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { AuditConfiguration, AuditedEvent } from '../api/security.ts';
import { ChangeBar } from '../components/ChangeBar.tsx';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import {
  draftBody,
  draftRows,
  EMPTY_DRAFT,
  SETTINGS,
  withChoice,
  withSetting,
} from './configuration-draft.ts';
import { EventsSection } from './EventsSection.tsx';
import { FilesSection } from './FilesSection.tsx';

/** Which events are recorded, and how the signed files are written. */
export function AuditConfigurationPage() {
  useTitle('Audit configuration');
  const configuration = useAdministered<AuditConfiguration>('audit/configuration');
  return (
    <div className="page">
      <PageHead title="Audit configuration">
        Which events are recorded. What the standards ask for is always recorded; of the rest you
        choose. A change takes effect at once and is itself recorded, with before and after.
      </PageHead>
      <Reading
        of={configuration}
        failed="The audit configuration could not be read"
        skeleton={<TableSkeleton label="Loading the audit configuration" rows={10} />}
      >
        {(data) => <Loaded configuration={data} />}
      </Reading>
    </div>
  );
}

const FIELDS = SETTINGS.map(({ name }) => `files.${name}`);

function Loaded({ configuration }: { readonly configuration: AuditConfiguration }) {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [search, setSearch] = useState('');
  const may = useMay('certServer.log.configuration', 'modify');
  const save = useChange(
    () =>
      requestJson<AuditConfiguration>(apiUrl('audit/configuration'), {
        method: 'PATCH',
        body: draftBody(draft),
      }),
    { onDone: () => setDraft(EMPTY_DRAFT) },
  );
  const { general, fields } = faultsOf(save.error, FIELDS);
  const rows = draftRows(configuration, draft);
  const found = configuration.events.filter((event) => matches(event, search));
  const groups = [...new Set(found.map(({ group }) => group))];
  const faulty = Object.keys(fields).length > 0 ? 'A setting of the files is faulty.' : null;
  return (
    <>
      <div className={css.tools}>
        <TextInput
          className={css.search ?? ''}
          aria-label="Search events"
          placeholder="Name, words, filter"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <output className={css.count}>{summary(found)}</output>
      </div>
      {groups.length === 0 && (
        <EmptyState title="No event by these words">
          Try a part of its name, such as <code>AUTHZ</code>, or words of its title.
        </EmptyState>
      )}
      {groups.map((group) => (
        <EventsSection
          key={group}
          group={group}
          events={found.filter((event) => event.group === group)}
          draft={draft}
          onChoose={
            may ? (event, choice) => setDraft((held) => withChoice(held, event, choice)) : null
          }
        />
      ))}
      <FilesSection
        files={configuration.files}
        draft={draft}
        faults={fields}
        onType={
          may
            ? (name, text) => setDraft((held) => withSetting(held, configuration.files, name, text))
            : null
        }
      />
      {rows.length > 0 && (
        <ChangeBar
          count={rows.length / 2}
          rows={rows}
          fault={general ?? faulty}
          busy={save.isPending}
          submit="Save the configuration"
          onSave={() => save.mutate(undefined)}
          onDiscard={() => {
            save.reset();
            setDraft(EMPTY_DRAFT);
          }}
        />
      )}
    </>
  );
}

function matches({ event, title, group, filter }: AuditedEvent, search: string): boolean {
  const text = `${event} ${title} ${group} ${filter ?? ''}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** "68 events: 41 always, 26 chosen, 1 not recorded". */
function summary(events: readonly AuditedEvent[]): string {
  const count = (status: AuditedEvent['status']) =>
    events.filter((event) => event.status === status).length;
  const parts = [
    `${count('mandatory')} always recorded`,
    `${count('enabled')} chosen`,
    `${count('disabled')} not recorded`,
  ];
  return `${plural(events.length, 'event')}: ${parts.join(', ')}`;
}
