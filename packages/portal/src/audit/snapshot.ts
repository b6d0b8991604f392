/**
 * The moment a search was first asked. Coming back to a search shows what it showed, without asking, and thereby
 * recording, again; "new records" and pressing Enter in the query ask anew.
 */
const moments = new Map<string, string>();
const KEPT = 50;

export function snapshotOf(search: string): string {
  return moments.get(search) ?? newSnapshot(search);
}

export function newSnapshot(search: string): string {
  const now = new Date().toISOString();
  moments.delete(search);
  moments.set(search, now);
  const oldest = moments.keys().next().value;
  if (moments.size > KEPT && oldest !== undefined) moments.delete(oldest);
  return now;
}
