import type { AppendResult } from './append.ts';
import type { Machine } from './machine.ts';
import type { SearchResult } from './search.ts';
import type { StateResult } from './state.ts';
import { formatMs, formatRate } from './stats.ts';
import type { SustainedResult } from './sustained.ts';
import type { VerifyResult } from './verify.ts';

export interface Report {
  readonly machine: Machine;
  readonly append: readonly AppendResult[];
  readonly sustained: SustainedResult;
  readonly verify: readonly VerifyResult[];
  readonly search: readonly SearchResult[];
  readonly state: readonly StateResult[];
}

/** What we want to reach. */
export const AIMS = {
  ratioAtBatch1000: 0.7,
  sustained: 50_000,
  verifiedPerCore: 200_000,
  searchP95Ms: 50,
};

/** The report as Markdown: figures with the aims beside them. */
export function formatReport(report: Report): string {
  const { machine, append, sustained, verify, search, state } = report;
  return [
    `${machine.cores} cores ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, ${machine.fileSystem}, fdatasync of 4 KiB ${formatMs(machine.syncMs)} ms`,
    '',
    '### Acknowledged appends, in process',
    '',
    table(
      ['', 'records/s', 'floor, records/s', 'of the floor', 'aim'],
      append.map((row) => [
        row.name,
        formatRate(row.rate),
        formatRate(row.floor),
        row.ratio.toFixed(2),
        row.name.startsWith('batch 1000')
          ? verdict(row.ratio >= AIMS.ratioAtBatch1000, `≥ ${AIMS.ratioAtBatch1000}`)
          : '',
      ]),
    ),
    '',
    'Floor: serialise, digest and leaf hash, write, fdatasync of the same bytes; no tree, signature, index, checks.',
    '',
    '### Sustained, index with full text caught up',
    '',
    table(
      ['', 'records/s', 'aim'],
      [
        [
          `${formatRate(sustained.records)} records, all indexed`,
          formatRate(sustained.rate),
          verdict(sustained.rate >= AIMS.sustained, `≥ ${formatRate(AIMS.sustained)}`),
        ],
        ['acknowledged without an index', formatRate(sustained.baseline), ''],
        ['the first of that', sustained.ratio.toFixed(2), ''],
        ['acknowledged meanwhile', formatRate(sustained.appendRate), ''],
        ['CPU a record, all threads (µs)', sustained.cpuMicros.toFixed(1), ''],
        ['index behind at most (records)', formatRate(sustained.lag), ''],
      ],
    ),
    '',
    '### Verify',
    '',
    table(
      ['', 'records/s', 'per core', 'aim'],
      verify.map((row) => [
        `${row.workers} ${row.workers === 1 ? 'worker' : 'workers'}`,
        formatRate(row.rate),
        formatRate(row.perCore),
        verdict(row.perCore >= AIMS.verifiedPerCore, `≥ ${formatRate(AIMS.verifiedPerCore)}`),
      ]),
    ),
    '',
    '### Changes of the state, each with its record',
    '',
    table(
      ['', 'a second', 'bare transaction, a second', 'of that'],
      state.map((row) => [
        row.name,
        formatRate(row.rate),
        formatRate(row.floor),
        row.ratio.toFixed(2),
      ]),
    ),
    '',
    'Bare: begin, the same insert, commit on the same database, one after another; no record, no log.',
    '',
    `### Search over ${formatRate(sustained.records)} records, pages of 50`,
    '',
    table(
      ['', 'p50 ms', 'p95 ms', 'max ms', 'found', 'aim'],
      search.map((row) => [
        row.name,
        formatMs(row.p50),
        formatMs(row.p95),
        formatMs(row.max),
        row.found.toFixed(row.found < 10 ? 1 : 0),
        verdict(row.p95 < AIMS.searchP95Ms, `p95 < ${AIMS.searchP95Ms}`),
      ]),
    ),
    '',
  ].join('\n');
}

function verdict(reached: boolean, aim: string): string {
  return `${aim} ${reached ? 'reached' : 'MISSED'}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, i) =>
    Math.max(3, cell.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
