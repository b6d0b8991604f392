/** What the report says of one file in its place in the chain. */
import type { Link } from './chain.ts';
import type { FileScan } from './file-scan.ts';
import type { FileLink, FileReport, Run } from './report.ts';
import { appendRun } from './runs.ts';

export function fileReport(
  scan: FileScan,
  link: FileLink,
  valid: number,
  invalid: number,
  runs: readonly Run[],
): FileReport {
  const { name, size, lines, records, firstTime, lastTime, charset } = scan;
  return {
    name,
    bytes: size,
    lines,
    records,
    link,
    valid,
    invalid,
    ...(firstTime === undefined ? {} : { firstTime }),
    ...(lastTime === undefined ? {} : { lastTime }),
    ...(charset === undefined ? {} : { charset }),
    runs,
  };
}

/** The verdict on every line of a signed file, its ends included, which other files may cover. */
export function lineVerdicts(link: Link, after: Link | undefined): Run[] {
  const { scan } = link;
  const runs: Run[] = [];
  if (scan.head.lines > 0) {
    const verdict = link.by === 'linked' && !link.skipsTail ? 'valid' : 'unsigned';
    appendRun(runs, { to: scan.head.lines, verdict, ...keyOf(verdict, link.key) });
  }
  for (const run of scan.runs) appendRun(runs, run);
  const last = scan.last!;
  const end = last.line + last.tailLines;
  if (after?.by === 'linked' && !after.skipsTail) {
    appendRun(runs, { to: end, verdict: 'valid', ...keyOf('valid', after.key) });
    return runs;
  }
  const own = ownVerdict(link, after);
  appendRun(runs, { to: last.line, verdict: own, ...keyOf(own, last.key ?? link.key) });
  appendRun(runs, { to: end, verdict: 'unsigned' });
  return runs;
}

/** The verdict on a last signature line that nothing covers: whether its own signature verifies. */
function ownVerdict(link: Link, after: Link | undefined): Run['verdict'] {
  if (after?.by === 'none') return 'invalid';
  const { own } = link.scan.last!;
  if (own !== 'unknown') return own;
  return link.by === 'none' ? 'unsigned' : 'valid';
}

function keyOf(verdict: Run['verdict'], key: number | undefined): { key?: number } {
  return verdict === 'valid' && key !== undefined ? { key } : {};
}
