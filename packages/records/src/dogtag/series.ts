/**
 * Verifies a series of files: scans each, orders them by their chain, verifies what reaches from one
 * file into the next, and sums up.
 */
import { baseName, orderFiles } from './chain.ts';
import type { Link } from './chain.ts';
import { fileReport, lineVerdicts } from './file-report.ts';
import { Judge } from './judge.ts';
import type { FileLink, FileReport, Problem, SeriesReport, SignatureKey } from './report.ts';
import { MAX_LISTED } from './file-scan.ts';
import type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
import { inserted, keyChanged, malformed, perhapsInserted } from './findings.ts';
import type { Finding } from './findings.ts';
import { sameCertificate } from './key-use.ts';
import { scanFile } from './scan.ts';
import { countLines, seriesVerdict, summarize } from './series-verdict.ts';
import type { SeriesFigures } from './series-verdict.ts';

/** Verifies files held in memory. For large logs scan file by file and call `verifyScans`. */
export function verifyFiles(files: readonly LogFile[], options: ScanOptions): SeriesReport {
  return verifyScans(
    files.map((file) => scanFile(file, options)),
    options.keys,
  );
}

/** Joins scanned files into a series, in whatever order they are given. */
export function verifyScans(
  scans: readonly FileScan[],
  keys: readonly SignatureKey[],
): SeriesReport {
  return new Series(scans, keys).report();
}

class Series {
  readonly #scans: readonly FileScan[];
  readonly #keys: readonly SignatureKey[];
  readonly #problems: Problem[] = [];
  readonly #keyUse: number[];
  #valid = 0;
  #invalid = 0;
  #starts = 0;
  #between = 0;
  #restarts = 0;
  #startsAnew = 0;
  #strangers = 0;
  #startsAreLogged = true;

  constructor(scans: readonly FileScan[], keys: readonly SignatureKey[]) {
    this.#scans = scans;
    this.#keys = keys;
    this.#keyUse = keys.map(() => 0);
  }

  report(): SeriesReport {
    const { links, duplicates, empty, replays, forks } = orderFiles(
      this.#scans,
      new Judge(this.#keys),
    );
    this.#startsAreLogged = showsStarts(links);
    const firstSigned = links.findIndex((link) => link.scan.first !== undefined);
    const lastSigned = links.findLastIndex((link) => link.scan.first !== undefined);
    const files = links.map((_, i) => this.#addFile(links, i, firstSigned, lastSigned));
    for (const { scan, after } of forks) {
      this.#add('chain_forked', 'error', scan, {
        message: `${scan.name} continues ${after.name}, as another file does: there are two histories`,
        cause: 'one of the two was written on another machine, or put together by hand',
      });
      this.#strangers += 1;
    }
    for (const { scan, of } of replays) {
      this.#add('chain_forked', 'error', scan, {
        message: `signatures of ${scan.name} are in ${of.name}, too: lines of one were copied to the other`,
        cause: 'the file was put together by hand',
      });
      this.#strangers += 1;
    }
    for (const { scan, of } of duplicates) {
      const what = scan.digest === of.digest ? 'is the same file as' : 'is an earlier copy of';
      this.#add('file_duplicated', 'note', scan, { message: `it ${what} ${of.name}, left out` });
    }
    for (const scan of empty) this.#problems.push(...scan.problems);
    const head = this.#head(links, firstSigned);
    const tail = this.#tail(links, lastSigned);
    this.#addWeakKeys(links);
    const beginningMissing = firstSigned !== -1 && links[firstSigned]!.by === 'none';
    const figures: SeriesFigures = {
      valid: this.#valid,
      invalid: this.#invalid,
      starts: this.#starts,
      startsAnew: this.#startsAnew,
      restarts: this.#restarts,
      strangers: this.#strangers,
      beginningMissing,
      head,
      between: this.#between,
      tail,
      traced: this.#valid === 0 && this.#problems.some(({ kind }) => kind === 'line_traced'),
    };
    const verdict = seriesVerdict(figures);
    if (verdict === 'unsigned') this.#addNothingSigned(firstSigned !== -1);
    const ignored = [...duplicates.map(({ scan }) => scan), ...empty];
    const counted = links.map((link) => link.scan);
    return {
      ok: verdict === 'valid' || verdict === 'beginning-missing' || verdict === 'restarted',
      verdict,
      summary: summarize(verdict, figures),
      files: [...files, ...ignored.map((scan) => fileReport(scan, 'ignored', scan.valid, 0, []))],
      valid: this.#valid,
      invalid: this.#invalid,
      starts: this.#starts,
      unsignedHead: head,
      unsignedTail: tail,
      unsignedBetween: this.#between,
      records: sum(counted, (scan) => scan.records),
      ambiguous: sum(counted, (scan) => scan.ambiguous),
      ambiguousLines: counted.flatMap((scan) => scan.ambiguousLines).slice(0, MAX_LISTED),
      keys: this.#keys
        .map(({ name }, key) => ({ name, signatures: this.#keyUse[key]! }))
        .filter(({ signatures }) => signatures > 0),
      problems: this.#problems,
    };
  }

  #addFile(links: readonly Link[], i: number, firstSigned: number, lastSigned: number): FileReport {
    const link = links[i]!;
    const { scan } = link;
    if (scan.first === undefined) {
      const next = links.slice(i).find((l) => l.scan.first !== undefined);
      return this.#addUnsignedFile(scan, i > firstSigned && i < lastSigned ? next : undefined);
    }
    const before = links.slice(0, i).findLast((l) => l.scan.first !== undefined);
    const state = this.#addFirstSignature(link, before, i === firstSigned);
    this.#problems.push(...scan.problems);
    const after = links.slice(i + 1).find((l) => l.scan.first !== undefined);
    const insertions = this.#addRestarts(scan, after);
    this.#valid += scan.valid - insertions;
    this.#invalid += scan.invalid + insertions;
    this.#between += scan.neverSigned;
    scan.keyUse.forEach((count, key) => (this.#keyUse[key]! += count));
    const begins = before === undefined || baseName(scan.name) !== baseName(before.scan.name);
    const counts = countsAs(link, state, begins);
    return fileReport(
      scan,
      state,
      scan.valid - insertions + (counts === 'valid' ? 1 : 0),
      scan.invalid + insertions + (counts === 'invalid' ? 1 : 0),
      lineVerdicts(link, after),
    );
  }

  /**
   * Lines that stand between two signatures, signed by neither: a restart left them, or somebody put
   * them there. Where the log shows starts of the server, one that is missing gives it away.
   * Returns how many of the signatures so excused do not count.
   */
  #addRestarts(scan: FileScan, after: Link | undefined): number {
    const file = scan.name;
    const { restartAtEnd } = scan;
    // A file that another one continues was left by a running server, which would have logged its start.
    const atEnd = restartAtEnd === undefined || after?.by !== 'linked' ? [] : [restartAtEnd];
    const unconfirmed: Finding[] = [...scan.unconfirmed, ...atEnd];
    if (restartAtEnd !== undefined && atEnd.length === 0) {
      this.#problems.push({ ...restartAtEnd, file });
    }
    const describe = this.#startsAreLogged ? inserted : perhapsInserted;
    for (const finding of unconfirmed) this.#problems.push({ ...describe(finding), file });
    return this.#startsAreLogged ? unconfirmed.length : 0;
  }

  /** What the first signature of a file says about the file before. */
  #addFirstSignature(link: Link, before: Link | undefined, isFirst: boolean): FileLink {
    const { scan } = link;
    if (link.by === 'linked') {
      this.#keyUse[link.key!]! += 1;
      if (link.skipsTail) this.#addAppended(before!.scan, scan);
      else this.#valid += 1;
      this.#addKeyChange(link, before);
      return 'linked';
    }
    if (link.by === 'start') {
      if (isFirst) {
        this.#starts += 1;
        this.#addKeyChange(link, undefined);
      } else this.#addRestart(link, before!);
      return 'start';
    }
    if (isFirst) {
      this.#addBeginning(scan);
      return 'beginning';
    }
    this.#addMissing(scan, before!.scan);
    return 'unlinked';
  }

  /** The first signature of all signs what is not here, or cannot be read. */
  #addBeginning(scan: FileScan): void {
    const { line, signature, traced } = scan.first!;
    if (signature === undefined) {
      this.#invalid += 1;
      this.#problems.push({ ...malformed(line, traced === true), file: scan.name });
      return;
    }
    this.#add('beginning_missing', 'warning', scan, {
      firstLine: line,
      lastLine: line,
      message: `the first signature, line ${line}, signs something that is not here: the log begins earlier`,
      cause: scan.firstIsCovered
        ? 'earlier files were archived or removed'
        : 'earlier files were archived or removed, or the line was changed',
    });
  }

  #addMissing(scan: FileScan, before: FileScan): void {
    const line = scan.first!.line;
    this.#invalid += 1;
    const endIsWhole = before.last!.own !== 'invalid';
    let cause = `the end of ${before.name} or the first line of ${scan.name} was changed`;
    if (scan.firstIsCovered && endIsWhole) {
      cause =
        `one or more files between ${before.name} and ${scan.name} are missing, or lines were ` +
        `removed from the end of ${before.name}`;
    } else if (scan.firstIsCovered) {
      cause = `the end of ${before.name} was changed, or files in between are missing`;
    }
    this.#add('file_missing', 'error', scan, {
      firstLine: 1,
      lastLine: line,
      message:
        `the first signature, line ${line}, does not verify over the end of ${before.name} ` +
        `(from line ${before.last!.line}): the chain is broken between ${before.name} and ${scan.name}`,
      cause,
    });
  }

  /**
   * A file further on whose first signature signs nothing: its server found no signature in it. That
   * happens to honest logs, so it is no failure; but what was between cannot be told.
   */
  #addRestart(link: Link, previous: Link): void {
    const { scan } = link;
    const before = previous.scan;
    const isOther = baseName(scan.name) !== baseName(before.name);
    const overlaps = !isOther && beginsWithin(scan, before);
    this.#restarts += 1;
    if (overlaps) this.#strangers += 1;
    this.#keyUse[link.key!]! += 1;
    // The first signature of another log is not counted, as that of the first log is not.
    if (isOther) {
      this.#starts += 1;
    } else {
      this.#valid += 1;
      this.#startsAnew += 1;
    }
    let cause =
      'the server found no signature in its file when it started: the file had been moved away, removed or ' +
      'emptied while it was down, signing had been off, or it was killed right after a rotation';
    if (overlaps) cause = 'one server writes one log at a time: these are of two';
    if (isOther) {
      cause =
        'by their names these are two logs: verify them one at a time; if not, files or lines ' +
        'between them were removed';
    }
    this.#add('chain_restarted', overlaps ? 'error' : 'warning', scan, {
      firstLine: 1,
      lastLine: scan.first!.line,
      message: overlaps
        ? `the chain begins anew in ${scan.name} before ${before.name} has ended${timesBetween(before, scan)}`
        : `the chain begins anew in ${scan.name}: nothing joins it to ${before.name} before it, and nothing ` +
          `shows what was logged in between${timesBetween(before, scan)}`,
      cause,
    });
    this.#addKeyChange(link, previous);
    this.#addNeverSigned(before, 'nothing signs what is behind its last signature');
    this.#between += scan.head.lines;
  }

  /** A running server signs all of a file before it leaves it: what it did not sign came later. */
  #addAppended(before: FileScan, scan: FileScan): void {
    const { line, tailLines } = before.last!;
    this.#between += tailLines;
    this.#invalid += 1;
    this.#add('lines_inserted', 'error', before, {
      firstLine: line + 1,
      lastLine: line + tailLines,
      message: `${countLines(tailLines)} at the end of ${before.name} ${tailLines === 1 ? 'is' : 'are'} not signed, though ${scan.name} signs its last signature`,
      cause: 'the lines were added later',
    });
  }

  #addNeverSigned(scan: FileScan, why: string): void {
    const { line, tailLines } = scan.last!;
    if (tailLines === 0) return;
    this.#between += tailLines;
    this.#add('lines_never_signed', 'warning', scan, {
      firstLine: line + 1,
      lastLine: line + tailLines,
      message: `${why}: ${tailLines} lines at the end of ${scan.name} were never signed`,
    });
  }

  /** The key may change with the first signature of a file, or behind it, where the scan had nothing to compare with. */
  #addKeyChange({ scan, key }: Link, before: Link | undefined): void {
    const line = scan.first!.line;
    const used = before?.scan.last!.key ?? before?.key;
    const next = scan.firstValid;
    if (used !== undefined && key !== undefined) this.#compareKeys(scan, line, used, key);
    if (key !== undefined && next !== undefined) this.#compareKeys(scan, next.line, key, next.key);
  }

  #compareKeys(scan: FileScan, line: number, from: number, to: number): void {
    if (sameCertificate(this.#keys[from]!, this.#keys[to]!)) return;
    this.#problems.push({
      ...keyChanged(line, this.#keys[from]!, this.#keys[to]!),
      file: scan.name,
    });
  }

  /** A file without signatures; `next` is the signed file behind it when signed ones are before it, too. */
  #addUnsignedFile(scan: FileScan, next: Link | undefined): FileReport {
    this.#problems.push(...scan.problems);
    this.#addDamaged(scan, scan.damagedHead);
    if (next !== undefined) {
      // Signing that was off begins anew; a chain that goes on has no place for the file.
      const wasOff = next.by === 'start';
      const isOther = baseName(scan.name) !== baseName(next.scan.name);
      this.#between += scan.lines;
      if (!wasOff && !isOther) this.#strangers += 1;
      let cause = 'the file was slipped in, or its signature lines were removed';
      if (wasOff) cause = 'signing had been off, or its signature lines were removed';
      else if (isOther) cause = 'by its name it is of another log: verify that by itself';
      this.#add('file_unsigned', wasOff || isOther ? 'warning' : 'error', scan, {
        firstLine: 1,
        lastLine: scan.lines,
        message: 'no line of the file is signed, though files before and after are',
        cause,
      });
    }
    return fileReport(scan, 'unsigned', 0, 0, [{ to: scan.lines, verdict: 'unsigned' }]);
  }

  #addDamaged(scan: FileScan, lines: readonly number[]): void {
    for (const line of lines) {
      this.#invalid += 1;
      this.#add('signature_damaged', 'error', scan, {
        firstLine: line,
        lastLine: line,
        message: `line ${line} looks like a signature line that was changed`,
      });
    }
  }

  /** Lines before the first signature that nothing covers. */
  #head(links: readonly Link[], firstSigned: number): number {
    const end = firstSigned === -1 ? links.length : firstSigned;
    let lines = sum(links.slice(0, end), (link) => link.scan.lines);
    const first = links[firstSigned];
    if (first !== undefined) {
      this.#addDamaged(first.scan, first.scan.damagedHead);
      lines += first.scan.head.lines;
    }
    if (lines > 0 && first !== undefined) {
      this.#add('unsigned_head', 'warning', links[0]!.scan, {
        firstLine: 1,
        lastLine: first.scan === links[0]!.scan ? first.scan.head.lines : links[0]!.scan.lines,
        message: `${countLines(lines)} before the first signature: nothing protects them`,
        ...(first.by === 'start' ? { cause: 'signing was switched on later' } : {}),
      });
    }
    return lines;
  }

  /** Lines behind the last signature. */
  #tail(links: readonly Link[], lastSigned: number): number {
    const last = links[lastSigned]?.scan;
    if (last?.last === undefined) return 0;
    this.#addDamaged(last, last.damagedTail);
    const lines = last.last.tailLines + sum(links.slice(lastSigned + 1), (link) => link.scan.lines);
    if (lines > 0) {
      this.#add('unsigned_tail', 'note', last, {
        firstLine: last.last.line + 1,
        lastLine: last.last.line + Math.max(last.last.tailLines, 1),
        message: `${countLines(lines)} behind the last signature, line ${last.last.line}, not signed yet`,
        cause: 'the server is running, or ended without its last signature; nothing protects them',
      });
    }
    return lines;
  }

  #addWeakKeys(links: readonly Link[]): void {
    for (const [key, { weak, name }] of this.#keys.entries()) {
      if (weak === undefined || this.#keyUse[key] === 0 || links.length === 0) continue;
      this.#add('weak_algorithm', 'warning', links[0]!.scan, {
        message: `${this.#keyUse[key]} signatures by ${name} use ${weak}, which can be forged today`,
        cause: 'versions before 10 signed so',
      });
    }
  }

  #addNothingSigned(signed: boolean): void {
    this.#problems.push({
      kind: 'nothing_signed',
      severity: 'error',
      file: '',
      message: signed ? 'no signature covers any line' : 'there is no signature line at all',
      cause: signed
        ? 'the log was only just begun, or was cut right behind its first signature'
        : 'signing is off, or all signature lines were removed',
    });
  }

  #add(
    kind: Problem['kind'],
    severity: Problem['severity'],
    scan: FileScan,
    rest: Omit<Problem, 'kind' | 'severity' | 'file'>,
  ): void {
    this.#problems.push({ kind, severity, file: scan.name, ...rest });
  }
}

/** What the first signature of a file counts as: the first of all that begins a chain is not counted. */
function countsAs(link: Link, state: FileLink, begins: boolean): 'valid' | 'invalid' | 'nothing' {
  if (link.by === 'linked') return link.skipsTail ? 'invalid' : 'valid';
  if (state === 'start') return begins ? 'nothing' : 'valid';
  return state === 'unlinked' || link.scan.first?.signature === undefined ? 'invalid' : 'nothing';
}

/** Whether the log shows starts of the server: AUDIT_LOG_STARTUP can be deselected, and is gone then. */
function showsStarts(links: readonly Link[]): boolean {
  const starts = links.filter((link) => link.by === 'start');
  const shown = starts.some(({ scan }) => scan.afterFirst === 'startup');
  return shown || !starts.some(({ scan }) => scan.afterFirst === 'other');
}

/** Whether a file begins while another is still written; events may be late in a file by less than a minute. */
function beginsWithin({ firstTime }: FileScan, { lastTime }: FileScan): boolean {
  if (firstTime === undefined || lastTime === undefined) return false;
  return Date.parse(firstTime) < Date.parse(lastTime) - 60_000;
}

function timesBetween(before: FileScan, scan: FileScan): string {
  if (before.lastTime === undefined || scan.firstTime === undefined) return '';
  return ` (${before.lastTime} to ${scan.firstTime})`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
