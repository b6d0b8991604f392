import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { LogRecord } from '../api/types.ts';
import { LevelMark, Seal, TimeText } from '../components/Values.tsx';
import { usePreferences } from '../lib/preferences.tsx';
import { useSeals } from '../record/seals.ts';
import { categoryName } from './category-name.ts';
import { sealState } from './seal-state.ts';
import { Sentence } from './Sentence.tsx';
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
  const { records, more, handle, onMore } = props;
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
      <table className={css.table} aria-rowcount={more === 'none' ? records.length + 1 : -1}>
        <Head zone={zone} order={props.order} onOrder={props.onOrder} />
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
      <TableEnd more={more} onMore={onMore} />
    </section>
  );
}

function Head(props: { zone: 'utc' | 'local'; order: 'asc' | 'desc'; onOrder: () => void }) {
  const Arrow = props.order === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <>
      <colgroup>
        <col style={{ width: 208 }} />
        <col style={{ width: 104 }} />
        <col style={{ width: 150 }} />
        <col />
        <col style={{ width: 112 }} />
        <col style={{ width: 48 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" aria-sort={props.order === 'desc' ? 'descending' : 'ascending'}>
            <button
              type="button"
              className={css.sort}
              onClick={props.onOrder}
              title={props.order === 'desc' ? 'Newest first' : 'Oldest first'}
            >
              Time ({props.zone === 'utc' ? 'UTC' : 'local'})
              <Arrow size={13} stroke={1.8} aria-hidden />
            </button>
          </th>
          <th scope="col">Level</th>
          <th scope="col">Category</th>
          <th scope="col">What happened</th>
          <th scope="col">Origin</th>
          <th scope="col" className={css.sealed}>
            Seal
          </th>
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

function Row({ record, row, cursor, open, seal, onOpen, onFilter }: RowProps) {
  const { envelope, content } = record;
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
      <td>
        <Link
          to="/audit/$index"
          params={{ index: String(record.index) }}
          className={css.when}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onOpen(record, row);
          }}
        >
          <span className="hidden-visually">Record {record.index}, </span>
          <TimeText iso={envelope.time} plain />
        </Link>
      </td>
      <td>
        <LevelMark level={envelope.level} />
      </td>
      <td title={categoryName(envelope.category)}>{categoryName(envelope.category)}</td>
      <td title={record.sentence}>
        <Sentence sentence={record.sentence} content={content} onFilter={onFilter} />
      </td>
      <td className={css.origin} title={content?.origin?.userAgent}>
        {originOf(record)}
      </td>
      <td className={css.sealed}>{seal}</td>
    </tr>
  );
}

/** Where it came from: the address, else the way in, else the system. */
export function originOf({ content }: LogRecord): string {
  if (content === null) return '';
  return content.origin?.address ?? content.origin?.interface ?? content.source.system;
}

function TableEnd({ more, onMore }: Pick<Props, 'more' | 'onMore'>) {
  if (more === 'loading') return <RowSkeletons rows={3} />;
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

export function RowSkeletons({ rows }: { readonly rows: number }) {
  return (
    <div aria-busy aria-label="Loading records">
      {Array.from({ length: rows }, (_, n) => (
        <div key={n} className={css.skeleton}>
          <Skeleton height={10} width={168} />
          <Skeleton height={10} width={84} />
          <Skeleton height={10} width={130} />
          <Skeleton height={10} width={`${26 + ((n * 7) % 22)}%`} />
        </div>
      ))}
    </div>
  );
}
