import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { LogRecord } from '../api/types.ts';
import { useKeys } from '../lib/keys.ts';
import type { TableHandle } from './RecordTable.tsx';
import type { SearchContext } from './search-params.ts';
import type { useAuditSearch } from './use-audit-search.ts';

interface Setting {
  /** Tells one search from another: a new one starts without a row. */
  readonly searchKey: string;
  /** What the record's own page is told of where it was come from. */
  readonly context: SearchContext;
  readonly rows: readonly LogRecord[];
  readonly open: number | undefined;
  readonly table: RefObject<TableHandle | null>;
  readonly queryInput: RefObject<HTMLInputElement | null>;
  readonly change: ReturnType<typeof useAuditSearch>['change'];
  readonly narrow: boolean;
  /** Fetches the next page; null when there is none or it is on its way. */
  readonly more: (() => unknown) | null;
  readonly onHelp: () => void;
}

/** Holding a key down runs over rows; only the one it stops at is opened, since opening is recorded. */
const SETTLE_MS = 160;

/** The keyboard of the audit page, and the row it stands on. */
export function useAuditKeys(setting: Setting) {
  const { rows, table, change, narrow } = setting;
  const [place, setPlace] = useState({ search: setting.searchKey, row: null as number | null });
  const cursor = place.search === setting.searchKey ? place.row : null;
  const setCursor = (row: number) => setPlace({ search: setting.searchKey, row });
  const navigate = useNavigate();
  const settle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(settle.current), []);

  const openRow = rows.findIndex(({ index }) => index === setting.open);
  const at = openRow >= 0 ? (cursor ?? openRow) : cursor;

  const show = (record: LogRecord) => {
    if (narrow) {
      void navigate({
        to: '/audit/$index',
        params: { index: String(record.index) },
        search: setting.context,
      });
    } else change({ open: record.index }, { replace: setting.open !== undefined });
  };
  const open = (record: LogRecord, row: number) => {
    clearTimeout(settle.current);
    setCursor(row);
    show(record);
  };
  const step = (by: 1 | -1) => {
    const next = Math.min(rows.length - 1, Math.max(0, at === null ? 0 : at + by));
    const record = rows[next];
    if (record === undefined) return;
    setCursor(next);
    table.current?.show(next);
    if (next >= rows.length - 5) setting.more?.();
    clearTimeout(settle.current);
    if (setting.open !== undefined) settle.current = setTimeout(() => show(record), SETTLE_MS);
  };
  const close = () => {
    clearTimeout(settle.current);
    change({ open: undefined, tab: undefined, proof: undefined });
    if (at !== null) table.current?.focus(at);
  };

  useKeys({
    '/': () => {
      setting.queryInput.current?.focus();
      setting.queryInput.current?.select();
    },
    j: () => step(1),
    k: () => step(-1),
    Enter: () => {
      const record = at === null ? undefined : rows[at];
      if (record !== undefined && at !== null) open(record, at);
    },
    Escape: () => {
      if (setting.open !== undefined) close();
    },
    '?': setting.onHelp,
  });
  return { cursor: at, open, step, close };
}
