/** Verdicts on lines, as runs of lines with one verdict. */
import type { Run } from './report.ts';

/** Adds a run, joining it to the one before where the verdict is the same. */
export function appendRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last !== undefined && run.to <= last.to) return;
  if (last !== undefined && last.verdict === run.verdict && last.key === run.key) runs.pop();
  runs.push(run);
}
