/**
 * Reads one file record by record, in one pass over its bytes. What is kept does not grow with the
 * file, apart from lists, which are bounded. The signatures are judged in `spans.ts`.
 */
import { sha256, toHex } from '@countersign/tlog';
import { cutMessage } from './fields.ts';
import { MAX_LISTED } from './file-scan.ts';
import type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
import * as findings from './findings.ts';
import { ProblemList } from './problem-list.ts';
import { readRecords, startsWithBom } from './records.ts';
import type { RawRecord } from './records.ts';
import type { AmbiguousLine } from './report.ts';
import { Spans } from './spans.ts';
import { parseTimestamp } from './timestamp.ts';

/** Scans a file. Never throws on any bytes. */
export function scanFile({ name, bytes: given }: LogFile, options: ScanOptions): FileScan {
  // A Node Buffer's slices are views that would keep the whole file: see it as the array it is.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const problems = new ProblemList(name);
  const spans = new Spans({ name, bytes }, options, problems);
  const ambiguities = new Ambiguities(name);
  let records = 0;
  let lines = 0;
  let complete = true;
  let firstStamp: string | undefined;
  let lastStamp: string | undefined;
  for (const record of readRecords(bytes)) {
    records += 1;
    lines = record.line + record.lines - 1;
    complete = record.complete;
    firstStamp ??= record.prefix?.stamp;
    lastStamp = record.prefix?.stamp ?? lastStamp;
    if (!record.isSigning) ambiguities.visit(record);
    spans.visit(record);
  }
  const signed = spans.finish(lines);
  if (bytes.length === 0) problems.add(findings.EMPTY);
  if (startsWithBom(bytes)) problems.add(findings.BYTE_ORDER_MARK);
  if (!complete) problems.add(findings.incomplete(lines));
  const timeOf = (stamp: string | undefined): string | undefined =>
    stamp === undefined ? undefined : parseTimestamp(stamp, options.zone).time;
  return {
    name,
    size: bytes.length,
    digest: toHex(sha256(bytes)),
    lines,
    records,
    complete,
    ambiguous: ambiguities.count + spans.embedded,
    ambiguousLines: ambiguities.first,
    ...definedOnly({
      firstTime: timeOf(firstStamp),
      lastTime: timeOf(lastStamp),
      charset: spans.charset,
    }),
    ...signed,
    problems: problems.list(),
  };
}

/** Counts records that can be read in more than one way, and keeps the first of them. */
class Ambiguities {
  readonly #file: string;
  readonly first: AmbiguousLine[] = [];
  count = 0;
  #afterUnfinished = false;

  constructor(file: string) {
    this.#file = file;
  }

  visit(record: RawRecord): void {
    const reason = ambiguityOf(record) ?? (this.#afterUnfinished ? FOLLOWS_UNFINISHED : undefined);
    this.#afterUnfinished = reason === UNFINISHED;
    if (reason === undefined) return;
    this.count += 1;
    if (this.first.length < MAX_LISTED) {
      this.first.push({ file: this.#file, line: record.line, reason });
    }
  }
}

const UNFINISHED = 'the record is unfinished';
const FOLLOWS_UNFINISHED = 'it follows an unfinished record and may be part of its text';

/** Why a record other than a signature line can be read in more than one way. */
export function ambiguityOf(record: RawRecord): string | undefined {
  if (record.flaw !== undefined) return record.flaw;
  if (record.prefix === undefined) return 'the line has no prefix and continues no record';
  return cutMessage(record.text.slice(record.prefix.end)).ambiguous;
}

function definedOnly<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
