/** One line of a comparison. */
export type DiffRow = { readonly sign: '−' | '+' | ' '; readonly text: string };

/** The lines of both sides in their order: of what differs first what went, then what came. */
export function diffRows(before: readonly string[] | null, after: readonly string[]): DiffRow[] {
  const old = before ?? [];
  const rows: DiffRow[] = [];
  const came: DiffRow[] = [];
  let at = 0;
  const close = (end: number) => {
    for (const text of old.slice(at, end)) rows.push({ sign: '−', text });
    rows.push(...came.splice(0));
  };
  for (const text of after) {
    const found = old.indexOf(text, at);
    if (found === -1) {
      came.push({ sign: '+', text });
      continue;
    }
    close(found);
    rows.push({ sign: ' ', text });
    at = found + 1;
  }
  close(old.length);
  return rows;
}
