import { RECORD_FIELDS } from '@countersign/records';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { denialOf } from '../denied/denial.ts';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { useSession } from '../api/session.ts';
import { formatEstimate } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { useWidth } from '../lib/use-width.ts';
import { RecordDrawer } from '../record/RecordDrawer.tsx';
import css from './audit.module.css';
import { ExportMenu } from './ExportMenu.tsx';
import { FacetRail } from './FacetRail.tsx';
import { FacetSheet } from './FacetSheet.tsx';
import { FilterChips } from './FilterChips.tsx';
import { readFilters, removeFilter, toggleFilter, type Filter } from './filters.ts';
import { Histogram } from './Histogram.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { QueryBar } from './QueryBar.tsx';
import type { TableHandle } from './RecordTable.tsx';
import { Results } from './Results.tsx';
import { ReadingSwitch } from './ReadingSwitch.tsx';
import { contextOf, rangeOf, rangeParams } from './search-params.ts';
import { sentSearch } from './sent-search.ts';
import { newSnapshot } from './snapshot.ts';
import { TimeRangeControl } from './TimeRangeControl.tsx';
import { useAuditKeys } from './use-audit-keys.ts';
import { useAuditSearch } from './use-audit-search.ts';
import { knownValues } from './known-values.ts';
import { useFacets, useHealth, useHiddenReading, useHistogram, useRecords } from './use-records.ts';

/** With less room than this beside an open record, in CSS pixels, the facets come up as a sheet. */
const FACETS_FROM = 900;

/** The audit log: a query, its histogram, facets and records, and the one that is open. */
export function AuditPage() {
  useTitle('Audit log');
  const session = useSession();
  const { search, change } = useAuditSearch();
  const client = useQueryClient();
  const page = useRef<HTMLDivElement>(null);
  const roomy = useWidth(page) >= FACETS_FROM;
  const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
  const queryInput = useRef<HTMLInputElement>(null);
  const table = useRef<TableHandle>(null);
  const [help, setHelp] = useState(false);
  const [, refresh] = useState(0);

  const q = search.q ?? '';
  const order = search.order ?? 'desc';
  const range = rangeOf(search);
  const context = contextOf(search);
  const sent = sentSearch(context);
  const records = useRecords(sent);
  const facets = useFacets(sent);
  const histogram = useHistogram(sent, narrow ? 48 : 96);
  const hidden = useHiddenReading(sent.hidden);
  const health = useHealth();

  const rows = useMemo(
    () => records.data?.pages.flatMap((page) => page.records) ?? [],
    [records.data],
  );
  const filters = useMemo(() => readFilters(q), [q]);
  const known = useMemo(() => knownValues(facets.data), [facets.data]);
  const keys = useAuditKeys({
    searchKey: sent.key + sent.asOf,
    context,
    rows,
    open: search.open,
    table,
    queryInput,
    change,
    narrow,
    more: records.hasNextPage && !records.isFetchingNextPage ? records.fetchNextPage : null,
    onHelp: () => setHelp(true),
  });

  const toggle = useCallback(
    (field: string, value: string, mode: Filter['mode']) =>
      change({ q: toggleFilter(q, field, value, mode) }),
    [change, q],
  );
  const nameColumns = useCallback(
    (columns: string | undefined) => change({ columns }, { replace: true }),
    [change],
  );
  const showNew = () => {
    newSnapshot(sent.key);
    void client.cancelQueries({ queryKey: ['records'] });
    refresh((n) => n + 1);
    table.current?.show(0);
  };

  const denial = denialOf(records.error);
  if (denial !== null) return <DeniedPage denial={denial} session={session} />;

  const count = countOf(records.data?.pages[0]?.count, histogram.data, records, rows.length);
  const rail = (
    <FacetRail
      facets={facets.isError ? [] : facets.data}
      filters={filters}
      folded={search.folded?.split(',') ?? []}
      onFold={(folded) => change({ folded: folded.join(',') }, { replace: true })}
      onToggle={toggle}
    />
  );
  return (
    <div className={css.frame}>
      <div className={css.page} ref={page}>
        <h1 className="hidden-visually">Audit log</h1>
        <div className={css.head}>
          <QueryBar
            table={RECORD_FIELDS}
            placeholder='Words, or conditions: Level -eq Warning AND ActingUser -eq "…"'
            value={q}
            known={known}
            inputRef={queryInput}
            onSubmit={(next) => {
              if (next === q) showNew();
              else change({ q: next });
            }}
          />
          <TimeRangeControl range={range} onChange={(next) => change(rangeParams(next))} />
          {!roomy && (
            <FacetSheet active={filters.length} full={narrow}>
              {rail}
            </FacetSheet>
          )}
          <ExportMenu
            query={sent.query}
            amount={count === null ? null : `${count} records`}
            without={sent.reading === 'hidden'}
            enabled={sent.valid && rows.length > 0}
          />
        </div>
        <FilterChips
          filters={filters}
          onRemove={(filter) => change({ q: removeFilter(q, filter) })}
        />
        <Histogram
          data={histogram.data}
          loading={histogram.isFetching}
          onZoom={(span) => change(rangeParams({ kind: 'custom', ...span }))}
        />
        <div className={css.body} data-facets={roomy || undefined}>
          {roomy && (
            <aside className={css.rail} aria-label="Filters">
              {rail}
            </aside>
          )}
          <Results
            records={records}
            rows={rows}
            count={count}
            health={health}
            narrow={narrow}
            context={context}
            reading={
              <ReadingSwitch
                reading={sent.reading}
                hidden={hidden}
                onChange={(shown) => change({ reading: shown ? 'shown' : undefined })}
              />
            }
            hidden={hidden?.value ?? 0}
            columns={search.columns}
            all={sent.query === ''}
            filtered={q !== '' || range.kind !== 'all'}
            valid={sent.valid}
            order={order}
            open={search.open}
            cursor={keys.cursor}
            table={table}
            onOrder={() => change({ order: order === 'desc' ? 'asc' : undefined })}
            onOpen={keys.open}
            onFilter={(field, value) => toggle(field, value, 'include')}
            onNew={showNew}
            onColumns={nameColumns}
            onReading={() => change({ reading: 'shown' })}
            onWiden={() => change({ q: undefined, ...rangeParams({ kind: 'all' }) })}
          />
        </div>
      </div>
      {search.open !== undefined && (
        <RecordDrawer
          context={context}
          index={search.open}
          tab={search.tab ?? 'overview'}
          proofOpen={search.proof === 'open'}
          onTab={(tab) => change({ tab: tab === 'overview' ? undefined : tab }, { replace: true })}
          onProof={(open) => change({ proof: open ? 'open' : undefined }, { replace: true })}
          onClose={keys.close}
          onStep={keys.step}
          onFilter={(field, value) => toggle(field, value, 'include')}
          onRecord={(open) => change({ open })}
        />
      )}
      {help && <KeyHelp onClose={() => setHelp(false)} />}
    </div>
  );
}

type Counted = { readonly value: number; readonly exact: boolean } | undefined;

/**
 * How many records the search has: as counted to the end, else what was read when that is all, else what the histogram
 * estimates; a count that was not finished only says how many there are at least.
 */
function countOf(
  counted: Counted,
  histogram: ReturnType<typeof useHistogram>['data'],
  records: ReturnType<typeof useRecords>,
  read: number,
): string | null {
  if (records.data === undefined) return null;
  if (counted?.exact === true) return formatEstimate(counted.value, true);
  if (!records.hasNextPage) return formatEstimate(read, true);
  const least = Math.max(counted?.value ?? 0, read);
  if (histogram === undefined) return `${formatEstimate(least, true)}+`;
  const sum = histogram.buckets.reduce(
    (total, b) => total + b.Information + b.Warning + b.Failure,
    0,
  );
  return formatEstimate(Math.max(sum, least), histogram.exact && sum >= least);
}
