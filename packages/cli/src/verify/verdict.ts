import type { Axis, Problem, Verdict } from '@countersign/ledger';
import { printable, type Output, type Style } from '../output.ts';

const AXES = ['integrity', 'completeness', 'time', 'independence'] as const;

const STYLES: Record<Axis['verdict'], Style> = {
  verified: 'green',
  partial: 'yellow',
  unverifiable: 'dim',
  failed: 'red',
};

/** Many problems have one cause; the first ones name it. */
const PROBLEMS_SHOWN = 20;

/** The verdict in words: the four axes with their evidence, what is wrong and where, and one last line. */
export function formatVerdict(output: Output, verdict: Verdict): string[] {
  const lines: string[] = [];
  for (const name of AXES) {
    const axis = verdict.axes[name];
    const word = output.style(STYLES[axis.verdict], axis.verdict.padEnd(12));
    lines.push(`${output.style('bold', name.padEnd(12))}  ${word}  ${printable(axis.summary)}`);
    for (const evidence of axis.evidence)
      lines.push(`${' '.repeat(28)}${output.style('dim', printable(evidence))}`);
  }
  if (verdict.problemCount > 0) {
    lines.push('', `problems: ${verdict.problemCount}`);
    for (const problem of verdict.problems.slice(0, PROBLEMS_SHOWN))
      lines.push(`  ${formatProblem(output, problem)}`);
    if (verdict.problemCount > PROBLEMS_SHOWN)
      lines.push(`  … and ${verdict.problemCount - PROBLEMS_SHOWN} more (all with --json)`);
  }
  const size = `${verdict.size} ${verdict.size === 1 ? 'record' : 'records'}`;
  lines.push(
    '',
    verdict.ok
      ? output.style('green', `verdict: verified, ${size}`)
      : output.style('red', `verdict: FAILED, ${size}`),
  );
  return lines;
}

function formatProblem(output: Output, problem: Problem): string {
  const place = [
    problem.file,
    problem.offset === undefined ? undefined : `byte ${problem.offset}`,
    problem.index === undefined ? undefined : `record ${problem.index}`,
  ].filter((part) => part !== undefined);
  const where = place.length === 0 ? '' : ` [${place.join(', ')}]`;
  return `${output.style('red', problem.kind)}${where}: ${printable(problem.message)}`;
}
