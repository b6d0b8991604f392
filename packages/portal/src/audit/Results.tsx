import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import type { LogRecord } from '../api/types.ts';
import { EmptyState, ErrorState, Notice } from '../components/States.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { useWidth } from '../lib/use-width.ts';
import css from './audit.module.css';
import { ColumnChooser } from './ColumnChooser.tsx';
import type { ColumnId } from './columns.ts';
import { CardSkeletons, RecordCards } from './RecordCards.tsx';
import { RecordTable, RowSkeletons, type TableHandle } from './RecordTable.tsx';
import type { SearchContext } from './search-params.ts';
import { useColumns } from './use-columns.ts';
import { useGrowth } from './use-growth.ts';
import type { useHealth, useRecords } from './use-records.ts';

/** An index a moment behind is as it should be; from here on the view is missing something. */
const BEHIND = 50;

interface Props {
  readonly records: ReturnType<typeof useRecords>;
  readonly rows: readonly LogRecord[];
  readonly count: string | null;
  readonly health: ReturnType<typeof useHealth>;
  readonly narrow: boolean;
  readonly context: SearchContext;
  /** Says whether reading of the log is left out. */
  readonly reading: ReactNode;
  /** How many records of reading are left out. */
  readonly hidden: number;
  /** The columns the URL names. */
  readonly columns: string | undefined;
  readonly filtered: boolean;
  /** Every record of the log is shown, whatever it is. */
  readonly all: boolean;
  readonly valid: boolean;
  readonly order: 'asc' | 'desc';
  readonly open: number | undefined;
  readonly cursor: number | null;
  readonly table: RefObject<TableHandle | null>;
  readonly onOrder: () => void;
  readonly onOpen: (record: LogRecord, row: number) => void;
  readonly onFilter: (field: string, value: string) => void;
  readonly onNew: () => void;
  readonly onColumns: (columns: string | undefined) => void;
  readonly onReading: () => void;
  readonly onWiden: () => void;
}

/** The records of a search in whatever state they are: coming, there, none, or failed. */
export function Results(props: Props) {
  const { records, rows, health, count } = props;
  const section = useRef<HTMLElement>(null);
  const { columns, chosen, choose } = useColumns(props.columns, useWidth(section), props.onColumns);
  const growth = useGrowth(records.isSuccess ? records.dataUpdatedAt : 0, health);
  const behind = health.data === undefined ? 0 : health.data.treeSize - health.data.indexedSize;
  return (
    <section ref={section} className={css.results} aria-label="Results">
      <div className={css.strip}>
        <output className={css.count}>
          {count === null ? (
            <small>{records.isPending && props.valid ? 'Searching…' : ''}</small>
          ) : (
            <>
              {count} <small>{count === '1' ? 'record' : 'records'}</small>
            </>
          )}
        </output>
        {growth > 0 && (
          <button
            type="button"
            className={css.fresh}
            onClick={props.onNew}
            title={`The log has grown by ${plural(growth, 'record')} since this search, your own reading aside. Asking again shows those that belong here.`}
          >
            {formatCount(growth)} new{props.all ? '' : ' in the log'}
          </button>
        )}
        {props.valid && props.reading}
        <span className={css.spacer} />
        {!props.narrow && (
          <>
            <ColumnChooser columns={columns} chosen={chosen} onChoose={choose} />
            <KeyHint />
          </>
        )}
      </div>
      {behind >= BEHIND && (
        <div className={css.notice}>
          <Notice tone="warn">
            The index is {plural(behind, 'record')} behind the log; until it has caught up, the
            newest records may be missing here. They are safe in the log.
          </Notice>
        </div>
      )}
      <Body {...props} rows={rows} shownColumns={columns} />
    </section>
  );
}

function KeyHint() {
  return (
    <Tooltip label="Keys: press ?">
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label="Keys"
        onClick={() => window.dispatchEvent(new KeyboardEvent('keydown', { key: '?' }))}
      >
        <IconKeyboard size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

function Body(props: Props & { readonly shownColumns: readonly ColumnId[] }) {
  const { records, rows, narrow, health, shownColumns } = props;
  if (!props.valid) {
    return (
      <div className={css.failure}>
        <EmptyState title="The query cannot be read">
          What is wrong is underlined in it. Nothing was asked, so nothing was recorded.
        </EmptyState>
      </div>
    );
  }
  if (records.isPending) {
    return narrow ? <CardSkeletons /> : <RowSkeletons rows={16} columns={shownColumns} head />;
  }
  if (records.isError && rows.length === 0) {
    return (
      <div className={css.failure}>
        <ErrorState
          what="The records could not be read"
          error={records.error}
          onRetry={() => void records.refetch()}
        />
      </div>
    );
  }
  if (rows.length === 0) {
    return (
      <Nothing
        filtered={props.filtered}
        hidden={props.hidden}
        onWiden={props.onWiden}
        onReading={props.onReading}
      />
    );
  }
  const more = moreOf(records);
  const onMore = () => {
    if (records.hasNextPage && !records.isFetchingNextPage) void records.fetchNextPage();
  };
  if (narrow) {
    return (
      <div>
        <RecordCards
          records={rows}
          context={props.context}
          treeSize={health.data?.treeSize}
          more={more}
          onMore={onMore}
        />
      </div>
    );
  }
  return (
    <RecordTable
      records={rows}
      columns={shownColumns}
      context={props.context}
      order={props.order}
      cursor={props.cursor}
      open={props.open}
      treeSize={health.data?.treeSize}
      more={more}
      handle={props.table}
      onOrder={props.onOrder}
      onOpen={props.onOpen}
      onFilter={props.onFilter}
      onMore={onMore}
    />
  );
}

function moreOf(records: Props['records']): 'none' | 'idle' | 'loading' | 'failed' {
  if (records.isFetchingNextPage) return 'loading';
  if (records.isFetchNextPageError) return 'failed';
  return records.hasNextPage ? 'idle' : 'none';
}

interface NothingProps {
  readonly filtered: boolean;
  readonly hidden: number;
  readonly onWiden: () => void;
  readonly onReading: () => void;
}

function Nothing({ filtered, hidden, onWiden, onReading }: NothingProps) {
  const show = hidden > 0 && (
    <Button size="xs" variant="default" onClick={onReading}>
      Show {plural(hidden, 'record')} of reading this log
    </Button>
  );
  return (
    <div className={css.failure}>
      {filtered ? (
        <EmptyState
          title="No record matches"
          actions={
            <>
              <Button size="xs" variant="default" onClick={onWiden}>
                Show all records
              </Button>
              {show}
            </>
          }
        >
          Nothing in the log fits this query and time range
          {hidden > 0 && ' but records of reading it, which are hidden'}. Take a filter away, widen
          the range, or check the spelling of a name.
        </EmptyState>
      ) : (
        <EmptyState title="The log is empty" actions={show === false ? undefined : show}>
          Every operation of this server and of the systems that report to it becomes a record here.
          Import a signed Dogtag log with <code>countersign dogtag import</code>, or create a
          producer with <code>countersign producer create</code>.
        </EmptyState>
      )}
    </div>
  );
}
