import { Skeleton } from '@mantine/core';
import { IconChevronRight, IconMinus } from '@tabler/icons-react';
import { useState, type MouseEvent } from 'react';
import type { Facet, FacetValue } from '../api/types.ts';
import { LevelShape } from '../components/Values.tsx';
import { formatCount, formatEstimate } from '../lib/format.ts';
import { FACET_FIELDS, type FacetField } from './facet-fields.ts';
import { filterState, type Filter } from './filters.ts';
import css from './facets.module.css';

const SHORT = 6;

interface Props {
  readonly facets: readonly Facet[] | undefined;
  readonly filters: readonly Filter[];
  readonly folded: readonly string[];
  readonly onFold: (folded: string[]) => void;
  readonly onToggle: (field: string, value: string, mode: Filter['mode']) => void;
}

/** What occurs in the records shown, with counts; a click includes, alt-click or the minus excludes. */
export function FacetRail({ facets, filters, folded, onFold, onToggle }: Props) {
  return (
    <div className={css.rail}>
      {FACET_FIELDS.map((facetField) => {
        const open = !folded.includes(facetField.id);
        const facet = facets?.find(({ field }) => field === facetField.field);
        return (
          <section key={facetField.id} className={css.facet} aria-label={facetField.title}>
            <button
              type="button"
              className={css.head}
              aria-expanded={open}
              onClick={() =>
                onFold(
                  open ? [...folded, facetField.id] : folded.filter((id) => id !== facetField.id),
                )
              }
            >
              <IconChevronRight size={14} stroke={1.8} aria-hidden />
              {facetField.title}
            </button>
            {open && facets === undefined && <FacetSkeleton />}
            {open && facets !== undefined && (
              <Values facetField={facetField} facet={facet} filters={filters} onToggle={onToggle} />
            )}
          </section>
        );
      })}
    </div>
  );
}

interface ValuesProps {
  readonly facetField: FacetField;
  readonly facet: Facet | undefined;
  readonly filters: readonly Filter[];
  readonly onToggle: Props['onToggle'];
}

/** Values that filter stay in the list when nothing matches them any more, so that they can be taken back. */
function withHeld(values: readonly FacetValue[], held: readonly string[]): FacetValue[] {
  const missing = held.filter(
    (value) => !values.some((known) => known.value.toLowerCase() === value.toLowerCase()),
  );
  return [...values, ...missing.map((value) => ({ value, label: value, count: 0 }))];
}

function Values({ facetField, facet, filters, onToggle }: ValuesProps) {
  const [all, setAll] = useState(false);
  const held = filters
    .filter(({ field }) => field === facetField.field)
    .flatMap(({ values }) => values);
  const values = withHeld(facet?.values ?? [], held);
  if (values.length === 0) return <p className={css.none}>None</p>;
  const shown = all ? values : values.slice(0, SHORT);
  return (
    <ul>
      {shown.map((value) => (
        <Value
          key={value.value}
          value={value}
          exact={facet?.exact ?? true}
          isLevel={facetField.id === 'level'}
          state={filterState(filters, facetField.field, value.value)}
          onToggle={(mode) => onToggle(facetField.field, value.value, mode)}
        />
      ))}
      {values.length > SHORT && (
        <li>
          <button type="button" className={css.more} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `${formatCount(values.length - SHORT)} more`}
          </button>
        </li>
      )}
    </ul>
  );
}

interface ValueProps {
  readonly value: FacetValue;
  readonly exact: boolean;
  readonly isLevel: boolean;
  readonly state: Filter['mode'] | null;
  readonly onToggle: (mode: Filter['mode']) => void;
}

function Value({ value, exact, isLevel, state, onToggle }: ValueProps) {
  const count = formatEstimate(value.count, exact);
  return (
    <li className={css.value} data-state={state ?? undefined}>
      <button
        type="button"
        className={css.include}
        aria-pressed={state === 'include'}
        title={`${value.label}\nClick: only these. Alt-click: none of these.`}
        onClick={(event: MouseEvent) => onToggle(event.altKey ? 'exclude' : 'include')}
      >
        {isLevel && (
          <span className={css.level} data-level={value.value}>
            <LevelShape level={value.value} />
          </span>
        )}
        <span className={css.name}>{value.label}</span>
        <span className={css.count}>{count}</span>
      </button>
      <button
        type="button"
        className={css.exclude}
        aria-pressed={state === 'exclude'}
        aria-label={`Exclude ${value.label}`}
        title={`None of ${value.label}`}
        onClick={() => onToggle('exclude')}
      >
        <IconMinus size={13} stroke={2.2} aria-hidden />
      </button>
    </li>
  );
}

function FacetSkeleton() {
  return (
    <div className={css.skeleton}>
      {[80, 60, 70].map((width) => (
        <Skeleton key={width} height={10} width={`${width}%`} />
      ))}
    </div>
  );
}
