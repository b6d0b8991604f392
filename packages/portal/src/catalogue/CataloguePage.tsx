import { Button, Skeleton, TextInput } from '@mantine/core';
import type { EventDefinition } from '@countersign/records';
import { IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { apiUrl, requestJson } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { categoryName } from '../audit/category-name.ts';
import { EmptyState, ErrorState } from '../components/States.tsx';
import { Copyable, LevelMark } from '../components/Values.tsx';
import { denialOf } from '../denied/denial.ts';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { allowedPages } from '../shell/pages.ts';
import css from './catalogue.module.css';
import { eachOutcome, groupEvents } from './group.ts';

interface Coded {
  readonly code: number;
  readonly name: string;
}

interface Catalogue {
  readonly events: EventDefinition[];
  readonly categories: Coded[];
  readonly operations: Coded[];
  readonly levels: Coded[];
}

/** Every event that is recorded: what it means, what it carries, and where to find it in the log. */
export function CataloguePage() {
  useTitle('Catalogue');
  const session = useSession();
  const { q = '' } = useSearch({ from: '/shell/catalogue' });
  const navigate = useNavigate({ from: '/catalogue' });
  const catalogue = useQuery({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => requestJson<Catalogue>(apiUrl('audit/catalogue'), { signal }),
  });
  const denial = denialOf(catalogue.error);
  if (denial !== null) return <DeniedPage denial={denial} session={session} />;
  if (catalogue.isError) {
    return (
      <ErrorState
        what="The catalogue could not be read"
        error={catalogue.error}
        onRetry={() => void catalogue.refetch()}
      />
    );
  }
  const groups = groupEvents(catalogue.data?.events ?? [], q);
  const readsLog = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'audit');
  return (
    <div className="page">
      <div className={css.top}>
        <div>
          <h1>Catalogue</h1>
          <p>
            {catalogue.data === undefined
              ? 'Every event that is recorded.'
              : `${plural(catalogue.data.events.length, 'event')}, in ${plural(catalogue.data.categories.length, 'category', 'categories')} and ${plural(catalogue.data.operations.length, 'operation')}.`}
          </p>
        </div>
        <TextInput
          className={css.search ?? ''}
          aria-label="Search the catalogue"
          placeholder="Name, words, attribute"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={q}
          onChange={(event) => {
            const text = event.currentTarget.value;
            void navigate({ search: text === '' ? {} : { q: text }, replace: true });
          }}
        />
      </div>
      {catalogue.data === undefined && <CatalogueSkeleton />}
      {catalogue.data !== undefined && groups.length === 0 && (
        <EmptyState title="No event goes by these words">
          Try a part of its name, a category, or an attribute such as <code>Resource</code>.
        </EmptyState>
      )}
      {catalogue.data !== undefined &&
        groups.map(({ name, events }) => (
          <section key={name} className={css.group} aria-label={name}>
            <h2>
              {name}
              <small>{plural(events.length, 'event')}</small>
            </h2>
            {events.map((event) => (
              <Event
                key={event.name}
                event={event}
                catalogue={catalogue.data}
                readsLog={readsLog}
              />
            ))}
          </section>
        ))}
    </div>
  );
}

interface EventProps {
  readonly event: EventDefinition;
  readonly catalogue: Catalogue;
  readonly readsLog: boolean;
}

function coded(names: readonly string[], table: readonly Coded[], show = (name: string) => name) {
  return names
    .map((name) => {
      const code = table.find((entry) => entry.name === name)?.code;
      return code === undefined ? show(name) : `${show(name)} (${code})`;
    })
    .join(', ');
}

function Event({ event, catalogue, readsLog }: EventProps) {
  return (
    <details className={css.event} id={event.name}>
      <summary>
        <code>{event.name}</code>
        <span>{event.title}</span>
        <span className={css.levels}>
          {eachOutcome(event.level).map((level) => (
            <LevelMark key={level} level={level} />
          ))}
        </span>
        <IconChevronRight size={15} stroke={1.7} aria-hidden />
      </summary>
      <div className={css.body}>
        <p>{event.description}</p>
        <dl className={css.facts}>
          <dt>Name</dt>
          <dd>
            <Copyable label="Event" value={event.name} />
          </dd>
          <dt>Category</dt>
          <dd>{coded(eachOutcome(event.category), catalogue.categories, categoryName)}</dd>
          <dt>Operation</dt>
          <dd>{coded(eachOutcome(event.operation), catalogue.operations)}</dd>
          <dt>Level</dt>
          <dd>{coded(eachOutcome(event.level), catalogue.levels)}</dd>
          <dt>Attributes</dt>
          <dd className={css.attributes}>
            {event.attributes.length === 0 && 'none'}
            {[...new Set(event.attributes)].map((attribute) => (
              <code key={attribute}>{attribute}</code>
            ))}
          </dd>
          <dt>Kept</dt>
          <dd>{event.retention === 'extended' ? 'Extended retention' : 'Normal retention'}</dd>
          <dt>Can be switched off</dt>
          <dd>{event.selectable ? 'Yes' : 'No, it is always recorded'}</dd>
        </dl>
        {readsLog && (
          <div>
            <Button
              component={Link}
              to={`/audit?q=${encodeURIComponent(`Event -eq "${event.name}"`)}`}
              size="xs"
              variant="default"
            >
              Show in the log
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

function CatalogueSkeleton() {
  return (
    <section aria-busy aria-label="Loading the catalogue">
      {[0, 1, 2, 3, 4, 5, 6, 7].map((n) => (
        <div key={n} style={{ display: 'flex', gap: 24, padding: '14px 8px' }}>
          <Skeleton height={10} width={`${24 + (n % 3) * 6}%`} />
          <Skeleton height={10} width="30%" />
          <Skeleton height={10} width={80} />
        </div>
      ))}
    </section>
  );
}
