import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { administrationKey } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead, Section } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { TimeText } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { ApproveDialog, RefuseDialog } from './DecisionDialogs.tsx';
import { STATE_WORDS, type Erasure, type ErasurePage } from './erasure.ts';
import own from './erasures.module.css';

const PAGE_SIZE = 50;

type Dialog = { readonly kind: 'approve' | 'refuse'; readonly erasure: Erasure };

/** Contents that are to be erased, for a second auditor to decide on, and what became of earlier requests. */
export function ErasuresPage() {
  useTitle('Erasures');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead title="Erasures">
        The content of a record is erased by two auditors: one asks on the page of the record,
        another one decides here. The envelope stays, and with it every proof.
      </PageHead>
      <Section title="Waiting">
        <Erasures
          state="open"
          label="Waiting for a decision"
          columns={[RECORD, WHY, ASKED, actions(setDialog)]}
          none="Nothing waits for a decision."
        />
      </Section>
      <Section title="Decided">
        <Erasures
          state="closed"
          label="Decided"
          columns={[RECORD, WHY, ASKED, DECIDED, OUTCOME]}
          none="Nothing was decided so far."
        />
      </Section>
      {dialog?.kind === 'approve' && <ApproveDialog erasure={dialog.erasure} onClose={close} />}
      {dialog?.kind === 'refuse' && <RefuseDialog erasure={dialog.erasure} onClose={close} />}
    </div>
  );
}

interface ErasuresProps {
  readonly state: 'open' | 'closed';
  readonly label: string;
  readonly columns: readonly Column<Erasure>[];
  readonly none: string;
}

function Erasures({ state, label, columns, none }: ErasuresProps) {
  const found = useInfiniteQuery({
    queryKey: administrationKey('erasures', state),
    gcTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      requestJson<ErasurePage>(
        apiUrl('audit/erasures', { state, after: pageParam ?? undefined, limit: PAGE_SIZE }),
        { signal },
      ),
    getNextPageParam: (last) => last.next,
  });
  return (
    <Reading
      of={found}
      failed="The erasures could not be read"
      skeleton={<TableSkeleton label={`Loading: ${label}`} rows={2} />}
    >
      {({ pages }) => {
        const rows = pages.flatMap(({ erasures }) => erasures);
        if (rows.length === 0) return <p className={css.empty}>{none}</p>;
        return (
          <>
            <DataTable label={label} columns={columns} rows={rows} keyOf={({ id }) => id} />
            {found.hasNextPage && (
              <div className={css.more}>
                <Button
                  variant="default"
                  size="xs"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Reading>
  );
}

const RECORD: Column<Erasure> = {
  title: 'Record',
  width: '24%',
  cell: ({ index, record }) => (
    <>
      <Link className={css.strong} to="/audit/$index" params={{ index: String(index) }}>
        Record {index}
      </Link>
      <span className={css.small}>
        {record.event}, <TimeText iso={record.time} plain />
      </span>
    </>
  ),
};

const WHY: Column<Erasure> = {
  title: 'Why',
  cell: ({ legalBasis, reason }) => (
    <>
      {reason}
      <span className={css.small}>{legalBasis}</span>
    </>
  ),
};

const ASKED: Column<Erasure> = {
  title: 'Asked for',
  width: '190px',
  cell: ({ requestedAt, requestedBy, own: mine }) => (
    <>
      <TimeText iso={requestedAt} plain />
      <span className={css.small}>by {mine ? 'you' : requestedBy.username}</span>
    </>
  ),
};

const DECIDED: Column<Erasure> = {
  title: 'Decided',
  width: '190px',
  cell: ({ decidedAt, decidedBy, decidedBecause }) => (
    <>
      {decidedAt !== null && <TimeText iso={decidedAt} plain />}
      <span className={css.small}>by {decidedBy?.username}</span>
      {decidedBecause !== null && <span className={css.small}>{decidedBecause}</span>}
    </>
  ),
};

const OUTCOME: Column<Erasure> = {
  title: 'Outcome',
  width: '140px',
  cell: ({ state, erasureRecord }) => (
    <>
      <StateMark tone={state === 'done' ? 'accent' : 'plain'}>{STATE_WORDS[state]}</StateMark>
      {erasureRecord !== null && (
        <Link className={css.small} to="/audit/$index" params={{ index: String(erasureRecord) }}>
          Record {erasureRecord}
        </Link>
      )}
    </>
  ),
};

/** What can be done with a request: whoever asked can only withdraw. */
function actions(onDialog: (dialog: Dialog) => void): Column<Erasure> {
  return {
    title: 'Decision',
    width: '210px',
    align: 'end',
    cell: (erasure) => {
      const { index, state, own: mine } = erasure;
      if (state === 'approved') return <StateMark tone="warn">{STATE_WORDS.approved}</StateMark>;
      return (
        <span className={own.acts}>
          {!mine && (
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`Approve the erasing of record ${index}`}
              onClick={() => onDialog({ kind: 'approve', erasure })}
            >
              Approve…
            </Button>
          )}
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`${mine ? 'Withdraw' : 'Deny'} the erasing of record ${index}`}
            onClick={() => onDialog({ kind: 'refuse', erasure })}
          >
            {mine ? 'Withdraw…' : 'Deny…'}
          </Button>
          {mine && <span className={css.small}>Another auditor decides</span>}
        </span>
      );
    },
  };
}
