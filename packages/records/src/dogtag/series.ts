/**
 * Verifies a series of files: scans each, orders them by their chain, verifies what reaches from one
 * file into the next, and sums up.
 */
import { baseName, orderFiles } from './chain.ts';
import type { Link } from './chain.ts';
import { fileReport, lineVerdicts } from './file-report.ts';
import { Judge } from './judge.ts';
import type {
  FileLink,
  FileReport,
  Problem,
  SeriesReport,
  SeriesVerdict,
  SignatureKey,
} from './report.ts';
import { MAX_LISTED } from './file-scan.ts';
import type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
import { sameCertificate, scanFile } from './scan.ts';

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
  #holes = 0;

  constructor(scans: readonly FileScan[], keys: readonly SignatureKey[]) {
    this.#scans = scans;
    this.#keys = keys;
    this.#keyUse = keys.map(() => 0);
  }

  report(): SeriesReport {
    const { links, duplicates, empty, forks } = orderFiles(this.#scans, new Judge(this.#keys));
    const firstSigned = links.findIndex((link) => link.scan.first !== undefined);
    const lastSigned = links.findLastIndex((link) => link.scan.first !== undefined);
    const files = links.map((_, i) => this.#addFile(links, i, firstSigned, lastSigned));
    for (const { scan, after } of forks) {
      this.#add('chain_forked', 'error', scan, {
        message: `${scan.name} continues ${after.name}, as another file does: there are two histories`,
        cause: 'one of the two was written on another machine, or put together by hand',
      });
      this.#holes += 1;
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
    const verdict = this.#verdict(firstSigned !== -1, beginningMissing);
    const ignored = [...duplicates.map(({ scan }) => scan), ...empty];
    const counted = links.map((link) => link.scan);
    return {
      ok: verdict === 'valid' || verdict === 'beginning-missing',
      verdict,
      summary: this.#summary(verdict, head, tail),
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
      return this.#addUnsignedFile(scan, i > firstSigned && i < lastSigned);
    }
    const before = links.slice(0, i).findLast((l) => l.scan.first !== undefined);
    const state = this.#addFirstSignature(link, before, i === firstSigned);
    this.#problems.push(...scan.problems);
    this.#valid += scan.valid;
    this.#invalid += scan.invalid;
    this.#starts += scan.starts;
    this.#holes += scan.starts + scan.insertions;
    this.#between += scan.neverSigned;
    scan.keyUse.forEach((count, key) => (this.#keyUse[key]! += count));
    const after = links.slice(i + 1).find((l) => l.scan.first !== undefined);
    const counted = link.by === 'linked' ? 1 : 0;
    const failed = state === 'unlinked' ? 1 : 0;
    return fileReport(
      scan,
      state,
      scan.valid + counted,
      scan.invalid + failed,
      lineVerdicts(link, after),
    );
  }

  /** What the first signature of a file says about the file before. */
  #addFirstSignature(link: Link, before: Link | undefined, isFirst: boolean): FileLink {
    const { scan } = link;
    const line = scan.first!.line;
    if (link.by === 'linked') {
      this.#valid += 1;
      this.#keyUse[link.key!]! += 1;
      if (link.skipsTail) this.#addAppended(before!.scan, scan);
      this.#addKeyChange(link, before!);
      return 'linked';
    }
    if (link.by === 'start') {
      this.#starts += 1;
      if (!isFirst) this.#addRestart(scan, before!.scan);
      return 'start';
    }
    if (isFirst) {
      const malformed = scan.first!.signature === undefined;
      this.#add(
        malformed ? 'signature_malformed' : 'beginning_missing',
        malformed ? 'error' : 'warning',
        scan,
        {
          firstLine: line,
          lastLine: line,
          message: malformed
            ? `line ${line} is a signature line, but its signature cannot be read`
            : `the first signature, line ${line}, signs something that is not here: the log begins earlier`,
          cause: scan.firstIsCovered
            ? 'earlier files were archived or removed'
            : 'earlier files were archived or removed, or the line was changed',
        },
      );
      if (malformed) this.#invalid += 1;
      return 'beginning';
    }
    this.#addMissing(scan, before!.scan);
    return 'unlinked';
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

  /** A first signature over nothing, further on: what was between is not provable. */
  #addRestart(scan: FileScan, before: FileScan): void {
    this.#holes += 1;
    this.#add('chain_restarted', 'error', scan, {
      firstLine: 1,
      lastLine: scan.first!.line,
      message: `the chain begins anew in ${scan.name}: nothing joins it to ${before.name} before it`,
      cause:
        baseName(scan.name) === baseName(before.name)
          ? 'the server found no signature in its file when it started: it was killed right after a ' +
            'rotation, signing had been off, or the file was removed or cut while the server was down'
          : 'by their names these are two logs: verify them one at a time; if not, files or lines ' +
            'between them were removed',
    });
    this.#addNeverSigned(before, 'nothing signs what is behind its last signature');
    this.#between += scan.head.lines;
  }

  /** A running server signs all of a file before it leaves it: what it did not sign came later. */
  #addAppended(before: FileScan, scan: FileScan): void {
    const { line, tailLines } = before.last!;
    this.#between += tailLines;
    this.#holes += 1;
    this.#add('lines_inserted', 'error', before, {
      firstLine: line + 1,
      lastLine: line + tailLines,
      message: `${count(tailLines)} at the end of ${before.name} are not signed, though ${scan.name} signs its last signature`,
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

  #addKeyChange(link: Link, before: Link): void {
    const key = link.key!;
    const used = before.scan.last!.key ?? before.key;
    if (used === undefined || sameCertificate(this.#keys[used]!, this.#keys[key]!)) return;
    this.#add('key_changed', 'note', link.scan, {
      firstLine: link.scan.first!.line,
      lastLine: link.scan.first!.line,
      message: `from here on ${this.#keys[key]!.name} signs instead of ${this.#keys[used]!.name}`,
    });
  }

  #addUnsignedFile(scan: FileScan, between: boolean): FileReport {
    this.#problems.push(...scan.problems);
    this.#addDamaged(scan, scan.damagedHead);
    if (between) {
      this.#between += scan.lines;
      this.#holes += 1;
      this.#add('file_unsigned', 'error', scan, {
        firstLine: 1,
        lastLine: scan.lines,
        message: 'no line of the file is signed, though files before and after are',
        cause: 'signing had been off, or its signature lines were removed',
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
        message: `${count(lines)} before the first signature: nothing protects them`,
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
        message: `${count(lines)} behind the last signature, line ${last.last.line}, not signed yet`,
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

  #verdict(signed: boolean, beginningMissing: boolean): SeriesVerdict {
    if (this.#invalid > 0) return 'invalid';
    if (this.#valid === 0) {
      this.#problems.push({
        kind: 'nothing_signed',
        severity: 'error',
        file: '',
        message: signed ? 'no signature covers any line' : 'there is no signature line at all',
        cause: signed
          ? 'the log was only just begun, or was cut right behind its first signature'
          : 'signing is off, or all signature lines were removed',
      });
      return 'unsigned';
    }
    if (this.#holes > 0) return 'broken';
    return beginningMissing ? 'beginning-missing' : 'valid';
  }

  #summary(verdict: SeriesVerdict, head: number, tail: number): string {
    const bare = [
      ...(head > 0 ? [`${count(head)} at the beginning never signed`] : []),
      ...(this.#between > 0 ? [`${count(this.#between)} in between never signed`] : []),
      ...(tail > 0 ? [`${count(tail)} at the end not signed yet`] : []),
    ];
    const but = bare.length === 0 ? '' : `; ${bare.join(', ')}`;
    const failed = `${this.#invalid} of ${this.#invalid + this.#valid} signatures do not verify`;
    const allFailed = 'no signature verifies; is it the right certificate?';
    const summaries: Record<SeriesVerdict, string> = {
      valid: `valid${but}`,
      'beginning-missing': `valid, but the beginning of the log is missing${but}`,
      broken: 'broken: every signature verifies, but the chain of the files has a hole',
      unsigned: 'unsigned: no signature covers any line',
      invalid: `invalid: ${this.#valid + this.#starts === 0 ? allFailed : failed}`,
    };
    return summaries[verdict];
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

function count(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
