import { Checkbox, Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './data-table.module.css';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** Share of the width, as CSS; without one the columns share what is left. */
  readonly width?: string;
  readonly align?: 'end';
  /** On a narrow screen its title does not stand beside the value. */
  readonly bare?: boolean;
  /** What the rows are sorted by when its title is pressed. */
  readonly sort?: string;
}

export interface Sorting {
  readonly by: string;
  readonly order: 'asc' | 'desc';
  readonly onSort: (by: string) => void;
}

export interface Selection<T> {
  /** Keys of the rows that are chosen. */
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** What a row is called, for people who do not see it. */
  readonly nameOf: (row: T) => string;
}

interface Props<T> {
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Marks rows that stand back: switched off, not chosen. */
  readonly dim?: (row: T) => boolean;
  readonly sorting?: Sorting;
  readonly selection?: Selection<T> | undefined;
}

/** Rows with a name and facts; on a narrow screen each becomes a card. */
export function DataTable<T>(props: Props<T>) {
  const { label, columns, rows, keyOf, dim, sorting, selection } = props;
  return (
    <table className={css.table} aria-label={label}>
      <colgroup>
        {selection !== undefined && <col style={{ width: '34px' }} />}
        {columns.map(({ title, width }) => (
          <col key={title} style={width === undefined ? undefined : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {selection !== undefined && (
            <td>
              <ChooseAll keys={rows.map(keyOf)} {...selection} />
            </td>
          )}
          {columns.map((column) => (
            <Title key={column.title} column={column} sorting={sorting} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-dim={dim?.(row) === true || undefined}>
            {selection !== undefined && (
              <td data-choice>
                <Choose row={row} name={keyOf(row)} {...selection} />
              </td>
            )}
            {columns.map(({ title, cell, align, bare }, n) =>
              n === 0 ? (
                <th key={title} scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td key={title} data-align={align} data-title={bare === true ? undefined : title}>
                  <div>{cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface TitleProps<T> {
  readonly column: Column<T>;
  readonly sorting: Sorting | undefined;
}

function Title<T>({ column: { title, align, bare, sort }, sorting }: TitleProps<T>) {
  if (sort === undefined || sorting === undefined) {
    return (
      <th scope="col" data-align={align}>
        {bare === true ? <span className="hidden-visually">{title}</span> : title}
      </th>
    );
  }
  const order = sorting.by === sort ? sorting.order : null;
  const Arrow = order === 'asc' ? IconArrowUp : IconArrowDown;
  return (
    <th
      scope="col"
      data-align={align}
      aria-sort={order === null ? undefined : order === 'asc' ? 'ascending' : 'descending'}
    >
      <button
        type="button"
        className={`plain ${css.sort}`}
        data-sorted={order !== null || undefined}
        onClick={() => sorting.onSort(sort)}
      >
        {title}
        <Arrow size={13} stroke={2} aria-hidden />
      </button>
    </th>
  );
}

function ChooseAll<T>({ keys, chosen, onChange }: Selection<T> & { readonly keys: string[] }) {
  const all = keys.length > 0 && keys.every((key) => chosen.has(key));
  return (
    <Checkbox
      size="xs"
      aria-label="Choose all that are shown"
      checked={all}
      indeterminate={!all && chosen.size > 0}
      onChange={() => onChange(new Set(all ? [] : keys))}
    />
  );
}

interface ChooseProps<T> extends Selection<T> {
  readonly row: T;
  readonly name: string;
}

function Choose<T>({ row, name, chosen, onChange, nameOf }: ChooseProps<T>) {
  return (
    <Checkbox
      size="xs"
      aria-label={`Choose ${nameOf(row)}`}
      checked={chosen.has(name)}
      onChange={() => {
        const next = new Set(chosen);
        if (!next.delete(name)) next.add(name);
        onChange(next);
      }}
    />
  );
}

/** The shape of a table that is on its way. */
export function TableSkeleton({ label, rows = 6 }: { readonly label: string; rows?: number }) {
  return (
    <section className={css.skeleton} aria-busy aria-label={label}>
      {Array.from({ length: rows }, (_, n) => (
        <div key={n}>
          <Skeleton height={10} width={`${18 + (n % 3) * 5}%`} />
          <Skeleton height={10} width="26%" />
          <Skeleton height={10} width="14%" />
        </div>
      ))}
    </section>
  );
}
