/**
 * Judges the signature lines of one file as the scan comes upon them: which lines each covers, and
 * why one covers none. What the first of them signs is in another file (`series.ts`).
 */
import { toHex } from '@countersign/tlog';
import { Diagnostician } from './diagnose.ts';
import { MAX_LISTED } from './file-scan.ts';
import type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
import * as findings from './findings.ts';
import type { Finding } from './findings.ts';
import { Judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { KeyUse } from './key-use.ts';
import { SIGNING_EVENT } from './layout.ts';
import type { ProblemList } from './problem-list.ts';
import { startsWithBom } from './records.ts';
import type { RawRecord } from './records.ts';
import type { Run } from './report.ts';
import { Restarts, isStartup } from './restarts.ts';
import { appendRun } from './runs.ts';
import {
  gluedSignature,
  isTraced,
  looksLikeDamagedSignature,
  signatureOf,
} from './signature-line.ts';

/** Failed signatures that may turn out to be text of a value, and how long they may make a span. */
const MAX_EMBEDDED = 8;
const MAX_EMBEDDED_BYTES = 4_194_304;
/** Failures in a row from the beginning after which causes are no longer looked for. */
const MAX_HOPELESS = 5;

interface Anchor {
  readonly start: number;
  /** Length of the line with its line feed. */
  readonly length: number;
  readonly line: number;
}

/** A failure that later signatures may still overturn. */
interface Failure {
  readonly at: Anchor;
  readonly runs: readonly Run[];
  readonly problem: Finding;
}

/** What the signatures of a file say. */
export type SpanResult = Pick<
  FileScan,
  | 'head'
  | 'first'
  | 'last'
  | 'damagedHead'
  | 'damagedTail'
  | 'signatures'
  | 'firstIsCovered'
  | 'afterFirst'
  | 'valid'
  | 'invalid'
  | 'neverSigned'
  | 'unconfirmed'
  | 'restartAtEnd'
  | 'firstValid'
  | 'keyUse'
  | 'runs'
  | 'marks'
>;

export class Spans {
  readonly #bytes: Uint8Array;
  readonly #judge: Judge;
  readonly #problems: ProblemList;
  readonly #keyUse: KeyUse;
  readonly #diagnostician = new Diagnostician();
  readonly #restarts = new Restarts();
  readonly #runs: Run[] = [];
  readonly #marks = new Map<number, string>();
  #valid = 0;
  #invalid = 0;
  #neverSigned = 0;
  #signatures = 0;
  #embedded = 0;
  #firstIsCovered = false;
  #afterFirst: FileScan['afterFirst'] = 'nothing';
  #first: (Anchor & { signature: Uint8Array | undefined; traced: boolean }) | undefined;
  /** The signature line before, whatever its verdict. */
  #previous: Anchor | undefined;
  #previousOwn: 'valid' | 'invalid' | 'unknown' = 'unknown';
  #previousKey: number | undefined;
  /** The last signature line that certainly is one. */
  #anchor: Anchor | undefined;
  #failures: Failure[] = [];
  #failed = 0;
  /** The last line since the signature before that mentions AUDIT_LOG_SIGNING. */
  #mention: Uint8Array | undefined;
  #damaged: number[] = [];
  #damagedHead: number[] = [];

  constructor(file: LogFile, options: ScanOptions, problems: ProblemList) {
    this.#bytes = file.bytes;
    this.#judge = new Judge(options.keys);
    this.#keyUse = new KeyUse(options.keys, options.zone, problems);
    this.#problems = problems;
  }

  /** The encoding the spans are in, when it is not UTF-8. */
  get charset(): string | undefined {
    return this.#judge.charset;
  }

  /** Lines that looked like signature lines and were signed as text of a value. */
  get embedded(): number {
    return this.#embedded;
  }

  /** Takes the next record of the file. */
  visit(record: RawRecord): void {
    this.#restarts.settle(record);
    if (this.#signatures === 1 && this.#afterFirst === 'nothing') {
      this.#afterFirst = isStartup(record) ? 'startup' : 'other';
    }
    if (record.isSigning) this.#visitSigning(record);
    else this.#visitOrdinary(record);
  }

  /** Ends the file, which has so many lines. */
  finish(lines: number): SpanResult {
    this.#commitFailures();
    for (const restart of this.#restarts.confirmed) this.#problems.add(restart);
    const { atEnd } = this.#restarts;
    return {
      ...this.#ends(lines),
      signatures: this.#signatures,
      firstIsCovered: this.#firstIsCovered,
      afterFirst: this.#afterFirst,
      valid: this.#valid,
      invalid: this.#invalid,
      neverSigned: this.#neverSigned,
      unconfirmed: this.#restarts.unconfirmed,
      ...(atEnd === undefined ? {} : { restartAtEnd: atEnd }),
      ...(this.#keyUse.first === undefined ? {} : { firstValid: this.#keyUse.first }),
      keyUse: this.#keyUse.counts,
      runs: this.#runs,
      marks: this.#marks,
    };
  }

  /** The parts that may belong to spans of other files, copied so that the file can be let go. */
  #ends(lines: number): Pick<FileScan, 'head' | 'first' | 'last' | 'damagedHead' | 'damagedTail'> {
    const bytes = this.#bytes;
    const begin = startsWithBom(bytes) ? 3 : 0;
    const first = this.#first;
    const previous = this.#previous;
    if (first === undefined || previous === undefined) {
      // A file without signatures takes part in no span.
      const head = { lines, bytes: new Uint8Array(0) };
      return { head, damagedHead: this.#damaged, damagedTail: [] };
    }
    const lineAt = (at: Anchor): Uint8Array => bytes.slice(at.start, at.start + at.length);
    return {
      head: { lines: first.line - 1, bytes: bytes.slice(begin, first.start) },
      first: {
        line: first.line,
        bytes: lineAt(first),
        ...(first.signature === undefined ? {} : { signature: first.signature }),
        ...(first.traced ? { traced: true } : {}),
      },
      last: {
        line: previous.line,
        bytes: lineAt(previous),
        tail: bytes.slice(previous.start),
        tailLines: lines - previous.line,
        own: this.#previousOwn,
        ...(this.#previousKey === undefined ? {} : { key: this.#previousKey }),
      },
      damagedHead: this.#damagedHead,
      damagedTail: this.#damaged,
    };
  }

  #visitOrdinary(record: RawRecord): void {
    const glued = gluedSignature(record);
    if (glued !== undefined && this.#visitGlued(record, glued.at, glued.signature)) return;
    if (record.text.includes(SIGNING_EVENT)) {
      const line = record.text.split('\n').findLast((text) => text.includes(SIGNING_EVENT));
      this.#mention = new TextEncoder().encode(`${line}\n`);
    }
    const damaged = glued !== undefined || looksLikeDamagedSignature(record);
    if (damaged && this.#damaged.length < MAX_LISTED) this.#damaged.push(record.line);
  }

  /** A signature line that a crash glued to a torn line counts when it signs the line before. */
  #visitGlued(record: RawRecord, at: number, signature: Uint8Array): boolean {
    const previous = this.#previous;
    if (previous === undefined) return false;
    const before = new TextEncoder().encode(record.text.slice(0, at)).length;
    const start = record.start + before;
    const signed = this.#bytes.subarray(previous.start, previous.start + previous.length);
    const key = this.#judge.findKey(signed, signature);
    if (key === undefined) return false;
    const line = record.line + record.lines - 1;
    this.#commitFailures();
    appendRun(this.#runs, { to: previous.line, verdict: 'valid', key });
    appendRun(this.#runs, { to: line - 1, verdict: 'unsigned' });
    this.#problems.add(findings.torn(line));
    this.#addRestart(previous.line + 1, line - 1);
    this.#countValid(key, record.prefix?.stamp, line);
    this.#moveTo({ start, length: record.end - start, line }, 'valid', key, signature);
    return true;
  }

  #visitSigning(record: RawRecord): void {
    const at = { start: record.start, length: record.end - record.start, line: record.line };
    const signature = signatureOf(record);
    const previous = this.#previous;
    if (previous === undefined) {
      this.#first = { ...at, signature, traced: isTraced(record) };
      this.#damagedHead = this.#damaged;
      this.#moveTo(at, signature === undefined ? 'invalid' : 'unknown', undefined, signature);
      return;
    }
    if (signature === undefined) {
      this.#fail(at, undefined, findings.malformed(at.line, isTraced(record)));
      return;
    }
    const span = this.#bytes.subarray(previous.start, at.start);
    const found = this.#judge.find(span, signature, this.#restartLines(previous));
    if (found?.form === 'start') this.#startAgain(at, found, signature);
    else if (found !== undefined) this.#pass(record, at, found, signature);
    else if (!this.#absorbEmbedded(record, at, signature)) {
      this.#fail(at, signature, this.#diagnose(at, span, signature));
    }
  }

  /** What the signer starts from after a restart: the last line that mentions its own event. */
  #restartLines(previous: Anchor): Uint8Array[] {
    const line = this.#bytes.subarray(previous.start, previous.start + previous.length);
    return this.#mention === undefined ? [line] : [line, this.#mention];
  }

  #pass(record: RawRecord, at: Anchor, found: Judgement, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#commitFailures();
    if (found.form === 'restart') {
      // Signed is the signature line before, or a later line that mentions the event: then the former is unsigned.
      const verdict = found.restart === 0 ? 'valid' : 'unsigned';
      const key = verdict === 'valid' ? { key: found.key } : {};
      appendRun(this.#runs, { to: previous.line, verdict, ...key });
      appendRun(this.#runs, { to: at.line - 1, verdict: 'unsigned' });
      this.#addRestart(previous.line + 1, at.line - 1);
    } else {
      appendRun(this.#runs, { to: at.line - 1, verdict: 'valid', key: found.key });
      if (previous.line === this.#first!.line) this.#firstIsCovered = true;
    }
    if (found.charset !== undefined && !this.#problems.has('charset')) {
      this.#problems.add(findings.otherCharset(previous.line, at.line - 1, found.charset));
    }
    this.#countValid(found.key, record.prefix?.stamp, at.line);
    this.#moveTo(at, 'valid', found.key, signature);
  }

  #fail(at: Anchor, signature: Uint8Array | undefined, problem: Finding): void {
    this.#addFailure({ at, runs: [{ to: at.line - 1, verdict: 'invalid' }], problem });
    this.#moveTo(at, 'invalid', undefined, signature);
  }

  #diagnose(at: Anchor, span: Uint8Array, signature: Uint8Array): Finding {
    const previous = this.#previous!;
    // Where nothing verifies there is nothing to find out line by line: it is the wrong certificate.
    this.#failed += 1;
    if (this.#valid === 0 && this.#failed > MAX_HOPELESS) this.#diagnostician.giveUp();
    const diagnosis = this.#diagnostician.diagnose(
      span,
      (data) => this.#judge.findKey(data, signature) !== undefined,
    );
    return findings.invalid(at.line, previous.line, diagnosis, this.#damaged[0]);
  }

  /**
   * A signature over nothing, though signatures stand before it in the file: a server that started on
   * this file would have signed the last of them.
   */
  #startAgain(at: Anchor, found: Judgement, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#addFailure({
      at,
      runs: [
        { to: previous.line, verdict: this.#previousOwn === 'valid' ? 'valid' : 'invalid' },
        { to: at.line - 1, verdict: 'unsigned' },
      ],
      problem: findings.startedAgain(at.line, previous.line),
    });
    this.#moveTo(at, 'valid', found.key, signature);
  }

  /**
   * What looked like a signature line and failed may be text of a value that holds line feeds. It is,
   * when this signature covers everything since the last certain one, such lines included.
   */
  #absorbEmbedded(record: RawRecord, at: Anchor, signature: Uint8Array): boolean {
    const anchor = this.#anchor;
    if (this.#failures.length === 0 || anchor === undefined) return false;
    if (at.start - anchor.start > MAX_EMBEDDED_BYTES) return false;
    const span = this.#bytes.subarray(anchor.start, at.start);
    const key = this.#judge.findKey(span, signature);
    if (key === undefined) return false;
    for (const { at: embedded } of this.#failures) {
      this.#problems.add(findings.embedded(embedded.line));
      this.#embedded += 1;
    }
    this.#failures = [];
    appendRun(this.#runs, { to: at.line - 1, verdict: 'valid', key });
    this.#countValid(key, record.prefix?.stamp, at.line);
    this.#moveTo(at, 'valid', key, signature);
    return true;
  }

  #addFailure(failure: Failure): void {
    this.#failures.push(failure);
    if (this.#failures.length > MAX_EMBEDDED) this.#commitFailures();
  }

  #commitFailures(): void {
    for (const { runs, problem } of this.#failures) {
      for (const run of runs) appendRun(this.#runs, run);
      this.#invalid += 1;
      this.#problems.add(problem);
    }
    this.#failures = [];
  }

  #countValid(key: number, stamp: string | undefined, line: number): void {
    this.#valid += 1;
    this.#keyUse.add(key, stamp, line);
  }

  #addRestart(firstLine: number, lastLine: number): void {
    this.#neverSigned += lastLine - firstLine + 1;
    this.#restarts.add(firstLine, lastLine);
  }

  /** Makes a signature line the one the next span starts from. */
  #moveTo(
    at: Anchor,
    own: 'valid' | 'invalid' | 'unknown',
    key: number | undefined,
    signature: Uint8Array | undefined,
  ): void {
    this.#previous = at;
    this.#previousOwn = own;
    this.#previousKey = key;
    if (this.#failures.length === 0) this.#anchor = at;
    this.#mention = undefined;
    this.#damaged = [];
    this.#signatures += 1;
    if (signature !== undefined && isMarked(this.#signatures)) {
      this.#marks.set(at.start, toHex(signature.subarray(-16)));
    }
  }
}

/** Every mark of the first hundred, then ever fewer: enough to find a copy, bounded in number. */
function isMarked(count: number): boolean {
  return count <= 128 || (count & (count - 1)) === 0;
}
