/** A verification's report as text for people. */
import type { FileReport, LogProblem, SeriesReport } from '@countersign/records';
import { printable } from '../output.ts';
import type { Output, Style } from '../output.ts';
import type { CertificateFacts } from './certificate.ts';

const LISTED_PROBLEMS = 100;
/** When nothing verifies the places say little: the certificate is the wrong one. */
const LISTED_WHEN_ALL_FAIL = 5;
const LISTED_AMBIGUOUS = 20;

/** Returns the report, line by line. The last six lines have a fixed form. */
export function formatReport(
  output: Output,
  report: SeriesReport,
  certificates: readonly CertificateFacts[],
): string[] {
  return [
    ...certificates.map((facts) => certificateLine(facts)),
    ...report.keys.map(({ name, signatures }) => `  signed by ${printable(name)}: ${signatures}`),
    '',
    ...report.files.flatMap((file) => fileLines(output, file)),
    '',
    ...problemLines(output, report),
    ...ambiguousLines(report),
    ...(report.unsignedBetween > 0
      ? [`never signed in between: ${lines(report.unsignedBetween)}`]
      : []),
    ...(report.starts > 0
      ? ['the first signature begins the log: it signs nothing and is not counted']
      : []),
    ...formatTotals(report),
  ];
}

/** The six lines every report ends in. */
export function formatTotals(report: SeriesReport): string[] {
  return [
    `valid signatures: ${report.valid}`,
    `invalid signatures: ${report.invalid}`,
    `unsigned head: ${report.unsignedHead} lines`,
    `unsigned tail: ${report.unsignedTail} lines`,
    `ambiguous lines: ${report.ambiguous}`,
    `verdict: ${report.summary}`,
  ];
}

function certificateLine(facts: CertificateFacts): string {
  const { subject, key, fingerprint, validFrom, validTo } = facts;
  return (
    `certificate: ${printable(subject)}\n  ${key}, valid ${validFrom.slice(0, 10)} to ` +
    `${validTo.slice(0, 10)}, SHA-256 ${fingerprint}`
  );
}

const LINKS: Record<FileReport['link'], string> = {
  start: 'beginning of a chain',
  linked: 'continues the file before',
  beginning: 'what came before is not here',
  unlinked: 'does not continue the file before',
  unsigned: 'no signatures',
  ignored: 'left out',
};

function fileLines(output: Output, file: FileReport): string[] {
  const span =
    file.firstTime === undefined ? '' : `, ${file.firstTime} to ${file.lastTime ?? file.firstTime}`;
  const state = LINKS[file.link];
  const bad = file.link === 'unlinked' || file.invalid > 0;
  const signatures = `${file.valid} valid${file.invalid > 0 ? `, ${file.invalid} invalid` : ''}`;
  return [
    `${output.style(bad ? 'red' : 'bold', printable(file.name))}: ${lines(file.lines)}, ${signatures}; ${state}${span}`,
  ];
}

const STYLES: Record<LogProblem['severity'], Style> = {
  error: 'red',
  warning: 'yellow',
  note: 'dim',
};

function problemLines(output: Output, { problems, valid, invalid }: SeriesReport): string[] {
  const limit = valid === 0 && invalid > 0 ? LISTED_WHEN_ALL_FAIL : LISTED_PROBLEMS;
  const order = { error: 0, warning: 1, note: 2 };
  const sorted = [...problems].sort((a, b) => order[a.severity] - order[b.severity]);
  const shown = sorted.slice(0, limit).flatMap((problem) => {
    const head = `${output.style(STYLES[problem.severity], problem.severity)}: ${place(problem)}${printable(problem.message)}`;
    return problem.cause === undefined
      ? [head]
      : [head, `  likely cause: ${printable(problem.cause)}`];
  });
  const more = sorted.length - limit;
  if (more > 0) shown.push(`and ${more} more; --json lists them`);
  return shown.length > 0 ? [...shown, ''] : [];
}

function place({ file, firstLine, lastLine }: LogProblem): string {
  if (file === '') return '';
  if (firstLine === undefined) return `${printable(file)}: `;
  const range = lastLine === undefined || lastLine === firstLine ? '' : `-${lastLine}`;
  return `${printable(file)}:${firstLine}${range}: `;
}

function ambiguousLines({ ambiguousLines, ambiguous }: SeriesReport): string[] {
  if (ambiguous === 0) return [];
  const shown = ambiguousLines
    .slice(0, LISTED_AMBIGUOUS)
    .map(({ file, line, reason }) => `ambiguous: ${printable(file)}:${line}: ${printable(reason)}`);
  const more = ambiguous - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : []), ''];
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
