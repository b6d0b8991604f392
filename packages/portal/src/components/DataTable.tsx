import { Skeleton } from '@mantine/core';
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
}

interface Props<T> {
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Marks rows that stand back: switched off, not chosen. */
  readonly dim?: (row: T) => boolean;
}

/** Rows with a name and facts; on a narrow screen each becomes a card. */
export function DataTable<T>({ label, columns, rows, keyOf, dim }: Props<T>) {
  return (
    <table className={css.table} aria-label={label}>
      <colgroup>
        {columns.map(({ title, width }) => (
          <col key={title} style={width === undefined ? undefined : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ title, align, bare }) => (
            <th key={title} scope="col" data-align={align}>
              {bare === true ? <span className="hidden-visually">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-dim={dim?.(row) === true || undefined}>
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
