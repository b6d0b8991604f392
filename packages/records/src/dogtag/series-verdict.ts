/** What a series' figures come to: the verdict, and the verdict in words. */
import type { SeriesVerdict } from './report.ts';

/** The figures of a series. */
export interface SeriesFigures {
  /** As the report counts them. */
  readonly valid: number;
  readonly invalid: number;
  readonly starts: number;
  /** Valid signatures that cover no line: the chain begins anew there. */
  readonly startsAnew: number;
  /** Places where the chain begins anew, other logs included. */
  readonly restarts: number;
  /** Files that contradict the chain though every signature verifies. */
  readonly strangers: number;
  readonly beginningMissing: boolean;
  /** Lines nothing signs. */
  readonly head: number;
  readonly between: number;
  readonly tail: number;
  /** Whether the lines say that the server logs with `trace=true`. */
  readonly traced: boolean;
}

export function seriesVerdict(figures: SeriesFigures): SeriesVerdict {
  if (figures.invalid > 0) return 'invalid';
  if (figures.valid === figures.startsAnew) return 'unsigned';
  if (figures.strangers > 0) return 'broken';
  if (figures.beginningMissing) return 'beginning-missing';
  return figures.restarts > 0 ? 'restarted' : 'valid';
}

/** Says a verdict in words, with what honest logs leave open. */
export function summarize(verdict: SeriesVerdict, figures: SeriesFigures): string {
  const { valid, invalid, starts, restarts, head, between, tail, traced } = figures;
  const anew =
    restarts === 0
      ? []
      : [`the chain begins anew ${restarts === 1 ? 'once' : `${restarts} times`}`];
  const notes = [
    ...(verdict === 'restarted' ? [] : anew),
    ...(head > 0 ? [`${countLines(head)} at the beginning never signed`] : []),
    ...(between > 0 ? [`${countLines(between)} in between never signed`] : []),
    ...(tail > 0 ? [`${countLines(tail)} at the end not signed yet`] : []),
  ];
  const but = notes.length === 0 ? '' : `; ${notes.join(', ')}`;
  let failed = `${invalid} of ${invalid + valid} signatures do not verify${but}`;
  if (traced) failed = 'no signature can verify: the server logs with trace=true';
  else if (valid + starts === 0) failed = 'no signature verifies; is it the right certificate?';
  const summaries: Record<SeriesVerdict, string> = {
    valid: `valid${but}`,
    'beginning-missing': `valid, but the beginning of the log is missing${but}`,
    restarted: `valid, but ${anew.join()}: whether anything is missing there cannot be told${but}`,
    broken: `broken: every signature verifies, but not all files are of one chain${but}`,
    unsigned: 'unsigned: no signature covers any line',
    invalid: `invalid: ${failed}`,
  };
  return summaries[verdict];
}

/** `1 line`, `2 lines`. */
export function countLines(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}
