import { IconX } from '@tabler/icons-react';
import { splitCapitals } from '../lib/format.ts';
import { fieldTitle } from './facet-fields.ts';
import type { Filter } from './filters.ts';
import css from './audit.module.css';

interface Props {
  readonly filters: readonly Filter[];
  readonly onRemove: (filter: Filter) => void;
}

/** The filters in force, each with its way out. */
export function FilterChips({ filters, onRemove }: Props) {
  if (filters.length === 0) return null;
  return (
    <ul className={css.chips} aria-label="Filters in force">
      {filters.map((filter) => {
        const values = filter.values
          .map((value) => (filter.field === 'Category' ? splitCapitals(value) : value))
          .join(' or ');
        const words = `${fieldTitle(filter.field)} ${filter.mode === 'include' ? 'is' : 'is not'} ${values}`;
        return (
          <li
            key={`${filter.mode} ${filter.field} ${values}`}
            className={css.chip}
            data-mode={filter.mode}
          >
            <span>
              {fieldTitle(filter.field)} <i>{filter.mode === 'include' ? 'is' : 'is not'}</i>{' '}
              <b>{values}</b>
            </span>
            <button type="button" aria-label={`Remove: ${words}`} onClick={() => onRemove(filter)}>
              <IconX size={13} stroke={2} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
