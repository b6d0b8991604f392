import { CATEGORIES } from '@countersign/records';
import { splitCapitals } from '../lib/format.ts';

const NAMES: ReadonlyMap<string, string> = new Map(
  CATEGORIES.map(({ name, display }) => [name, display]),
);

/** The category as people read it; one that this version does not know is split at its capitals. */
export function categoryName(category: string): string {
  return NAMES.get(category) ?? splitCapitals(category);
}
