/** One line of a comparison. */
export type Row = { readonly sign: '−' | '+' | ' '; readonly text: string };

/** The lines of both sides, what went before what came, in the order of each. */
export function diffRows(before: readonly string[] | null, after: readonly string[]): Row[] {
  const old = before ?? [];
  const rows: Row[] = [];
  let at = 0;
  for (const text of after) {
    const found = old.indexOf(text, at);
    if (found === -1) {
      rows.push({ sign: '+', text });
      continue;
    }
    for (const gone of old.slice(at, found)) rows.push({ sign: '−', text: gone });
    rows.push({ sign: ' ', text });
    at = found + 1;
  }
  for (const gone of old.slice(at)) rows.push({ sign: '−', text: gone });
  return rows;
}
