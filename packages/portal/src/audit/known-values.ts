import type { Facet } from '../api/types.ts';
import { FACET_FIELDS } from './facet-fields.ts';

/** The values that occur, by query field, for completing a query. */
export function knownValues(
  facets: readonly Facet[] | undefined,
): (field: string) => readonly string[] {
  const byField = new Map<string, string[]>();
  for (const { id, field } of FACET_FIELDS) {
    const facet = facets?.find((held) => held.field === id || held.field === field);
    if (facet === undefined) continue;
    byField.set(
      field,
      facet.values.map(({ value }) => value),
    );
  }
  return (field) => byField.get(field) ?? [];
}
