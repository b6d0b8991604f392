import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { administrationKey, useMay } from '../api/administration.ts';
import type { CertificateRequest } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { DecisionDialog, type Decision } from './DecisionDialog.tsx';
import { REQUEST_STATES, stateOf } from './request-state.ts';
import { RequestStateMark } from './RequestStateMark.tsx';

const EMPTY = {
  pending: 'Nothing waits for approval',
  issued: 'Nothing was issued by request yet',
  denied: 'Nothing was denied yet',
} as const;

interface RequestPage {
  readonly requests: CertificateRequest[];
  readonly next: string | null;
}

function useRequests(state: CertificateRequest['state']) {
  return useInfiniteQuery({
    queryKey: administrationKey('requests', state),
    gcTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      requestJson<RequestPage>(apiUrl('requests', { state, after: pageParam ?? undefined }), {
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
}

/** What was asked for, and what became of it. */
export function RequestsPage() {
  useTitle('Requests');
  const search = useSearch({ from: '/shell/requests' });
  const navigate = useNavigate({ from: '/requests' });
  const state = stateOf(search.state);
  const requests = useRequests(state);
  const session = useSession();
  const may = useMay('certServer.ca.request.enrollment', 'execute');
  const [decision, setDecision] = useState<Decision | null>(null);
  return (
    <div className="page">
      <PageHead title="Requests">
        Templates that need approval keep what is asked for here until somebody else decides.
      </PageHead>
      <div className={css.tools}>
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={state}
          data={REQUEST_STATES.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(next) => void navigate({ search: { state: stateOf(next) } })}
        />
      </div>
      <Reading
        of={requests}
        failed="The requests could not be read"
        skeleton={<TableSkeleton label="Loading the requests" />}
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.requests);
          return rows.length === 0 ? (
            <EmptyState title={EMPTY[state]}>
              What is enrolled by a template that needs approval stands here first.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="Requests"
                columns={columnsFor(
                  may && state === 'pending' ? setDecision : null,
                  session?.user.username ?? '',
                )}
                rows={rows}
                keyOf={({ id }) => String(id)}
              />
              {requests.hasNextPage && (
                <div className={css.more}>
                  <Button
                    variant="default"
                    size="xs"
                    loading={requests.isFetchingNextPage}
                    onClick={() => void requests.fetchNextPage()}
                  >
                    Show more
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </Reading>
      {decision !== null && (
        <DecisionDialog decision={decision} onClose={() => setDecision(null)} />
      )}
    </div>
  );
}

function columnsFor(
  onDecide: ((decision: Decision) => void) | null,
  me: string,
): Column<CertificateRequest>[] {
  const columns: Column<CertificateRequest>[] = [
    {
      title: 'Subject',
      width: '30%',
      cell: ({ id, subject, sans }) => (
        <Link className={css.name} to="/requests/$id" params={{ id: String(id) }}>
          <b>{subject === '' ? (sans[0]?.value ?? `Request ${id}`) : subject}</b>
          <span>Request {id}</span>
        </Link>
      ),
    },
    { title: 'Template', cell: ({ template }) => template },
    { title: 'Asked for by', cell: ({ requester }) => requester },
    {
      title: 'Asked for',
      width: '200px',
      cell: ({ submittedAt }) => <TimeText iso={submittedAt} plain />,
    },
  ];
  if (onDecide === null) {
    return [
      ...columns,
      { title: 'State', width: '110px', cell: (one) => <RequestStateMark state={one.state} /> },
    ];
  }
  return [
    ...columns,
    {
      title: 'Decision',
      width: '168px',
      align: 'end',
      bare: true,
      cell: (request) => (
        <span className={css.pair}>
          {request.requester !== me && (
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`Approve request ${request.id}`}
              onClick={() => onDecide({ kind: 'approve', request })}
            >
              Approve…
            </Button>
          )}
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Deny request ${request.id}`}
            onClick={() => onDecide({ kind: 'deny', request })}
          >
            Deny…
          </Button>
        </span>
      ),
    },
  ];
}
