import type { Facet } from '../api/types.ts';

/** The values that occur, by query field, for completing a query. */
export function knownValues(
  facets: readonly Facet[] | undefined,
): (field: string) => readonly string[] {
  const byField = new Map<string, string[]>();
  for (const { field, values } of facets ?? []) {
    byField.set(
      field,
      values.map(({ value }) => value),
    );
  }
  return (field) => byField.get(field) ?? [];
}
