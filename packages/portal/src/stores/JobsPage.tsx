import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { administrationKey, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence } from '../api/faults.ts';
import type { JobState, StoreJob } from '../api/stores.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { scheduleText } from '../components/schedule-text.ts';
import { EmptyState, Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { jobText, JOB_STATE_NAMES, jobState } from './job-text.ts';
import { RowActions } from './RowActions.tsx';
import { useStoreRights } from './use-stores.ts';

interface JobPage {
  readonly jobs: StoreJob[];
  readonly total: number;
  readonly next: string | null;
}

function useJobs(state: JobState | undefined) {
  return useInfiniteQuery({
    queryKey: administrationKey('store-jobs', state ?? ''),
    gcTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      requestJson<JobPage>(apiUrl('store-jobs', { state, after: pageParam ?? undefined }), {
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
}

/** The work at stores: what waits, what is done, what failed and why. */
export function JobsPage() {
  useTitle('Jobs');
  const search = useSearch({ from: '/shell/store-jobs' });
  const navigate = useNavigate({ from: '/store-jobs' });
  const state = jobState(search.state);
  const jobs = useJobs(state);
  const may = useStoreRights();
  const act = useChange(({ job, method }: { job: StoreJob; method: 'POST' | 'DELETE' }) => {
    const path = method === 'POST' ? `store-jobs/${job.id}/retry` : `store-jobs/${job.id}`;
    return requestJson<unknown>(apiUrl(path), { method });
  });
  const said = act.error?.message ?? null;
  return (
    <div className="page">
      <PageHead title="Jobs">
        Work at certificate stores. Each job is recorded when it is scheduled, and again when it is
        done or has failed.
      </PageHead>
      <div className={css.tools}>
        <NativeSelect
          aria-label="State"
          value={state ?? ''}
          data={[
            { value: '', label: 'Any state' },
            ...Object.entries(JOB_STATE_NAMES).map(([value, { word }]) => ({ value, label: word })),
          ]}
          onChange={(event) => {
            const next = jobState(event.currentTarget.value);
            void navigate({ search: next === undefined ? {} : { state: next } });
          }}
        />
        <output className={css.count}>
          {jobs.data !== undefined && plural(jobs.data.pages[0]?.total ?? 0, 'job')}
        </output>
        <Button variant="default" size="xs" onClick={() => void jobs.refetch()}>
          Read again
        </Button>
      </div>
      {said !== null && <Notice tone="fail">{asSentence(said)}</Notice>}
      <Reading
        of={jobs}
        failed="The jobs could not be read"
        skeleton={<TableSkeleton label="Loading the jobs" />}
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.jobs);
          return rows.length === 0 ? (
            <EmptyState title="There is no such job">
              What is scheduled for stores stands here: inventories, additions, removals.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="Jobs"
                columns={columnsFor(
                  may.schedule ? (job, method) => act.mutate({ job, method }) : null,
                )}
                rows={rows}
                keyOf={({ id }) => String(id)}
              />
              {jobs.hasNextPage && (
                <div className={css.more}>
                  <Button
                    variant="default"
                    size="xs"
                    loading={jobs.isFetchingNextPage}
                    onClick={() => void jobs.fetchNextPage()}
                  >
                    Show more
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </Reading>
    </div>
  );
}

type Act = (job: StoreJob, method: 'POST' | 'DELETE') => void;

function columnsFor(onAct: Act | null): Column<StoreJob>[] {
  const columns: Column<StoreJob>[] = [
    {
      title: 'Job',
      width: '26%',
      cell: (job) => (
        <>
          <b className={css.strong}>{jobText(job)}</b>
          <span className={css.small}>
            by {job.requestedBy}, {scheduleText(job.schedule)}
          </span>
        </>
      ),
    },
    {
      title: 'Where',
      width: '20%',
      cell: ({ store, clientMachine, details }) =>
        store === null ? (
          `${clientMachine}${details.path === undefined ? '' : `:${details.path}`}`
        ) : (
          <Link to="/stores/$id" params={{ id: store.id }}>
            {store.displayName}
          </Link>
        ),
    },
    {
      title: 'Due',
      width: '170px',
      cell: ({ dueAt, endedAt }) => <TimeText iso={endedAt ?? dueAt} plain whole />,
    },
    {
      title: 'State',
      width: '22%',
      cell: ({ state, error, attempts }) => {
        const { tone, word } = JOB_STATE_NAMES[state];
        return (
          <>
            <StateMark tone={tone}>{word}</StateMark>
            {error !== null && (
              <span className={css.small}>
                {error}.{attempts > 1 && ` Tried ${attempts} times.`}
              </span>
            )}
          </>
        );
      },
    },
  ];
  if (onAct === null) return columns;
  return [
    ...columns,
    {
      title: 'Action',
      width: '150px',
      align: 'end',
      bare: true,
      cell: (job) =>
        job.state !== 'running' && (
          <RowActions
            name={`job ${job.id}`}
            actions={[
              ...(job.state === 'done'
                ? []
                : [{ title: 'Do it now', onDo: () => onAct(job, 'POST') }]),
              { title: 'Remove', onDo: () => onAct(job, 'DELETE') },
            ]}
          />
        ),
    },
  ];
}
