import type { Authority } from '../api/authorities.ts';

/** An authority, and how many stand above it. */
export interface TreeRow {
  readonly authority: Authority;
  readonly depth: number;
}

/** Authorities as a tree: each below the one that signed it, in the order of their names. */
export function authorityTree(authorities: readonly Authority[]): TreeRow[] {
  const known = new Set(authorities.map(({ id }) => id));
  const byName = authorities.toSorted((a, b) => a.name.localeCompare(b.name));
  const below = Map.groupBy(byName, ({ parent }) =>
    parent !== null && known.has(parent.id) ? parent.id : null,
  );
  const rows: TreeRow[] = [];
  const add = (parent: string | null, depth: number) => {
    for (const authority of below.get(parent) ?? []) {
      rows.push({ authority, depth });
      add(authority.id, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

/** How the revocation list of an authority stands. */
export function listStanding(
  { lists }: Pick<Authority, 'lists'>,
  now: Date,
): { tone: 'plain' | 'warn' | 'fail' | 'accent'; word: string } {
  if (lists.full === null) return { tone: 'warn', word: 'No list yet' };
  if (Date.parse(lists.full.nextUpdate) <= now.getTime()) {
    return { tone: 'fail', word: 'List is out of date' };
  }
  if (lists.dueSince !== null) return { tone: 'warn', word: 'A new list is due' };
  return { tone: 'accent', word: `List ${lists.full.number}` };
}
