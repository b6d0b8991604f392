import { escapeFilterValue } from './escape.ts';
import type { Filter } from './tree.ts';

const OPERATORS = { equal: '=', greaterOrEqual: '>=', lessOrEqual: '<=' } as const;

/** The canonical text of a filter: parsing it gives the same filter. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and': {
      return `(&${filter.filters.map(formatFilter).join('')})`;
    }
    case 'or': {
      return `(|${filter.filters.map(formatFilter).join('')})`;
    }
    case 'not': {
      return `(!${formatFilter(filter.filter)})`;
    }
    case 'present': {
      return `(${filter.attribute}=*)`;
    }
    case 'substrings': {
      const pieces = [filter.initial, ...filter.any, filter.final].map(escapeFilterValue);
      return `(${filter.attribute}=${pieces.join('*')})`;
    }
    case 'equal':
    case 'greaterOrEqual':
    case 'lessOrEqual': {
      return `(${filter.attribute}${OPERATORS[filter.kind]}${escapeFilterValue(filter.value)})`;
    }
  }
}
