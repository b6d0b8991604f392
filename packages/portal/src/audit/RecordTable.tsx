import { Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { LogRecord } from '../api/types.ts';
import { Seal } from '../components/Values.tsx';
import { usePreferences } from '../lib/preferences.tsx';
import { useSeals } from '../record/seals.ts';
import { columnOf, leastWidth, type ColumnId } from './columns.ts';
import { RecordCell } from './RecordCell.tsx';
import type { SearchContext } from './search-params.ts';
import { sealState } from './seal-state.ts';
import { useWindow } from './use-window.ts';
import css from './table.module.css';

const ROW = 36;
const HEAD = 33;

export interface TableHandle {
  readonly show: (row: number) => void;
  readonly focus: (row: number) => void;
}

interface Props {
  readonly records: readonly LogRecord[];
  readonly columns: readonly ColumnId[];
  readonly context: SearchContext;
  readonly order: 'asc' | 'desc';
  readonly cursor: number | null;
  readonly open: number | undefined;
  readonly treeSize: number | undefined;
  readonly more: 'none' | 'idle' | 'loading' | 'failed';
  readonly handle: Ref<TableHandle>;
  readonly onOrder: () => void;
  readonly onOpen: (record: LogRecord, row: number) => void;
  readonly onFilter: (field: string, value: string) => void;
  readonly onMore: () => void;
}

/** The records, 36 px a row; only those in view are drawn, and the next page is fetched before its place comes up. */
export function RecordTable(props: Props) {
  const { records, columns, more, handle, onMore } = props;
  const box = useRef<HTMLElement>(null);
  const { zone } = usePreferences();
  const seals = useSeals();
  const { first, end, show } = useWindow(box, records.length, ROW, HEAD);

  useImperativeHandle(handle, () => ({
    show,
    focus(row) {
      show(row);
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>(`[data-row="${row}"]`)?.focus(),
      );
    },
  }));
  useEffect(() => {
    if (more === 'idle' && end >= records.length - 20) onMore();
  }, [more, end, records.length, onMore]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
    <section className={css.box} ref={box} tabIndex={0} aria-label="Records">
      <table
        className={css.table}
        style={{ minWidth: leastWidth(columns) }}
        aria-rowcount={more === 'none' ? records.length + 1 : -1}
      >
        <Head columns={columns} zone={zone} order={props.order} onOrder={props.onOrder} />
        <tbody>
          {first > 0 && <tr aria-hidden style={{ height: first * ROW }} />}
          {records.slice(first, end).map((record, n) => (
            <Row
              key={record.index}
              {...props}
              record={record}
              row={first + n}
              seal={<Seal state={sealState(record, seals, props.treeSize)} />}
            />
          ))}
          {end < records.length && (
            <tr aria-hidden style={{ height: (records.length - end) * ROW }} />
          )}
        </tbody>
      </table>
      <TableEnd columns={columns} more={more} onMore={onMore} />
    </section>
  );
}

interface HeadProps extends Pick<Props, 'columns' | 'order' | 'onOrder'> {
  readonly zone: 'utc' | 'local';
}

function Head({ columns, zone, order, onOrder }: HeadProps) {
  const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <>
      <colgroup>
        {columns.map((id) => (
          <col key={id} style={id === 'message' ? undefined : { width: columnOf(id).width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((id) =>
            id === 'time' ? (
              <th key={id} scope="col" aria-sort={order === 'desc' ? 'descending' : 'ascending'}>
                <button
                  type="button"
                  className={css.sort}
                  onClick={onOrder}
                  title={order === 'desc' ? 'Newest first' : 'Oldest first'}
                >
                  Time ({zone === 'utc' ? 'UTC' : 'local'})
                  <Arrow size={13} stroke={1.8} aria-hidden />
                </button>
              </th>
            ) : (
              <th key={id} scope="col" className={id === 'seal' ? css.sealed : undefined}>
                {columnOf(id).title}
              </th>
            ),
          )}
        </tr>
      </thead>
    </>
  );
}

interface RowProps extends Props {
  readonly record: LogRecord;
  readonly row: number;
  readonly seal: React.ReactNode;
}

function Row({ record, row, columns, context, cursor, open, seal, onOpen, onFilter }: RowProps) {
  return (
    <tr
      className={css.row}
      data-row={row}
      data-cursor={cursor === row || undefined}
      data-open={open === record.index || undefined}
      aria-current={open === record.index || undefined}
      aria-rowindex={row + 2}
      tabIndex={-1}
      onClick={(event) => {
        if (window.getSelection()?.isCollapsed === false) return;
        if (event.target instanceof Element && event.target.closest('a') !== null) return;
        onOpen(record, row);
      }}
    >
      {columns.map((column) => (
        <RecordCell
          key={column}
          column={column}
          record={record}
          seal={seal}
          context={context}
          onOpen={() => onOpen(record, row)}
          onFilter={onFilter}
        />
      ))}
    </tr>
  );
}

function TableEnd({ columns, more, onMore }: Pick<Props, 'columns' | 'more' | 'onMore'>) {
  if (more === 'loading') return <RowSkeletons rows={3} columns={columns} />;
  if (more === 'failed') {
    return (
      <p className={css.end} role="alert">
        The next records could not be read.{' '}
        <button type="button" className="plain" onClick={onMore}>
          <u>Try again</u>
        </button>
      </p>
    );
  }
  return <p className={css.end}>{more === 'none' ? 'That is all.' : ''}</p>;
}

interface SkeletonProps {
  readonly rows: number;
  readonly columns: readonly ColumnId[];
  /** With the row of titles, where no table stands above. */
  readonly head?: boolean;
}

/** How much of its column a value takes, in percent; those of "What happened" vary. */
const FILLED: Readonly<Record<ColumnId, number>> = {
  time: 88,
  level: 78,
  category: 70,
  message: 60,
  actor: 58,
  target: 66,
  origin: 64,
  producer: 70,
  event: 76,
  seal: 34,
};

/** Rows to come: of the same height, with the same columns. */
export function RowSkeletons({ rows, columns, head = false }: SkeletonProps) {
  const template = columns.map((id) =>
    id === 'message' ? 'minmax(0, 1fr)' : `${columnOf(id).width}px`,
  );
  return (
    <section aria-busy aria-label="Loading records" className={head ? css.box : undefined}>
      {head && <div className={css.skeletonHead} />}
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={css.skeleton} style={{ gridTemplateColumns: template.join(' ') }}>
          {columns.map((id) => (
            <span key={id}>
              <Skeleton
                height={10}
                width={`${FILLED[id] + (id === 'message' ? ((row * 13) % 34) - 12 : 0)}%`}
              />
            </span>
          ))}
        </div>
      ))}
    </section>
  );
}
