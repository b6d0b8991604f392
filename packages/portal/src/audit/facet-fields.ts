import { splitCapitals } from '../lib/format.ts';

/** A facet: its name in the page's URL, the query field it counts and a click filters by, and its title. */
export interface FacetField {
  readonly id: string;
  readonly field: string;
  readonly title: string;
}

export const FACET_FIELDS: readonly FacetField[] = [
  { id: 'level', field: 'Level', title: 'Level' },
  { id: 'outcome', field: 'Outcome', title: 'Outcome' },
  { id: 'category', field: 'Category', title: 'Category' },
  { id: 'operation', field: 'Operation', title: 'Operation' },
  { id: 'event', field: 'Event', title: 'Event' },
  { id: 'actor', field: 'ActingUser', title: 'Actor' },
  { id: 'targetType', field: 'TargetType', title: 'Target type' },
  { id: 'producer', field: 'Producer', title: 'Producer' },
];

/** The facet that a chip's field belongs to has the words for it; any other field speaks for itself. */
export function fieldTitle(field: string): string {
  return FACET_FIELDS.find((facet) => facet.field === field)?.title ?? splitCapitals(field);
}
