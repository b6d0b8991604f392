import { useCallback } from 'react';
import { readStored, writeStored } from '../lib/storage.ts';
import { fittingColumns, parseColumns, type ColumnId } from './columns.ts';

/**
 * The columns in force: those of the URL, else those this person chose last, else what fits.
 *
 * @param named the columns as the URL has them
 * @param width of the table, in CSS pixels
 */
export function useColumns(
  named: string | undefined,
  width: number,
  onName: (columns: string | undefined) => void,
): {
  readonly columns: readonly ColumnId[];
  readonly chosen: boolean;
  readonly choose: (columns: readonly ColumnId[] | null) => void;
} {
  const held = parseColumns(named) ?? parseColumns(readStored('columns'));
  const choose = useCallback(
    (columns: readonly ColumnId[] | null) => {
      const text = columns?.join(',') ?? null;
      writeStored('columns', text);
      onName(text ?? undefined);
    },
    [onName],
  );
  return { columns: held ?? fittingColumns(width), chosen: held !== undefined, choose };
}
