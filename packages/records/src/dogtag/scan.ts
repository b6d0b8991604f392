/**
 * Reads one file and verifies every signature in it but the first, whose span begins in another file
 * (`series.ts`). One pass over the bytes; what is kept does not grow with the file, apart from the
 * list of findings, which is bounded.
 */
import { sha256, toHex } from '@countersign/tlog';
import { Diagnostician } from './diagnose.ts';
import { cutMessage } from './fields.ts';
import { Judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import * as findings from './findings.ts';
import type { Finding } from './findings.ts';
import { MAX_LISTED } from './file-scan.ts';
import type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
import { SIGNING_EVENT } from './layout.ts';
import { readRecords, startsWithBom } from './records.ts';
import type { RawRecord } from './records.ts';
import type { AmbiguousLine, Problem, Run, SignatureKey } from './report.ts';
import { gluedSignature, looksLikeDamagedSignature, signatureOf } from './signature-line.ts';
import { parseTimestamp } from './timestamp.ts';

/** Failed signatures that may turn out to be text of a value, and how long they may make a span. */
const MAX_EMBEDDED = 8;
const MAX_EMBEDDED_BYTES = 4_194_304;
/** Failures in a row from the beginning after which causes are no longer looked for. */
const MAX_HOPELESS = 5;

/** Scans a file. Never throws on any bytes. */
export function scanFile({ name, bytes }: LogFile, options: ScanOptions): FileScan {
  // A Node Buffer's slices are views that would keep the whole file: see it as the array it is.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Scanner({ name, bytes: plain }, options).scan();
}

interface Anchor {
  readonly start: number;
  /** Length of the line with its line feed. */
  readonly length: number;
  readonly line: number;
}

/** A verdict that later signatures may still overturn. */
interface Pending {
  readonly at: Anchor;
  readonly verdict: 'invalid' | 'start';
  readonly runs: readonly Run[];
  readonly problem: Finding;
}

class Scanner {
  readonly #file: LogFile;
  readonly #options: ScanOptions;
  readonly #judge: Judge;
  readonly #diagnostician = new Diagnostician();
  readonly #problems: Problem[] = [];
  #omitted = 0;
  readonly #runs: Run[] = [];
  readonly #ambiguousLines: AmbiguousLine[] = [];
  #ambiguous = 0;
  #valid = 0;
  #invalid = 0;
  #starts = 0;
  #neverSigned = 0;
  #firstIsCovered = false;
  readonly #keyUse: number[];
  readonly #keysOutside = new Set<number>();
  readonly #marks = new Map<number, string>();
  #first: (Anchor & { signature: Uint8Array | undefined }) | undefined;
  /** The signature line before, whatever its verdict. */
  #previous: Anchor | undefined;
  #previousOwn: 'valid' | 'invalid' | 'unknown' = 'unknown';
  #previousKey: number | undefined;
  /** The last signature line that certainly is one. */
  #anchor: Anchor | undefined;
  #pending: Pending[] = [];
  /** The last line since the signature before that mentions AUDIT_LOG_SIGNING. */
  #mention: Uint8Array | undefined;
  #damaged: number[] = [];
  #damagedHead: number[] = [];
  #lastKey: number | undefined;
  /** A restart that the next record has to confirm. */
  #restart: Finding | undefined;
  #insertions = 0;
  #failures = 0;

  constructor(file: LogFile, options: ScanOptions) {
    this.#file = file;
    this.#options = options;
    this.#judge = new Judge(options.keys);
    this.#keyUse = options.keys.map(() => 0);
  }

  scan(): FileScan {
    const { name, bytes } = this.#file;
    let records = 0;
    let lines = 0;
    let firstStamp: string | undefined;
    let lastStamp: string | undefined;
    let complete = true;
    let previousUnfinished: boolean = false;
    for (const record of readRecords(bytes)) {
      records += 1;
      lines = record.line + record.lines - 1;
      complete = record.complete;
      firstStamp ??= record.prefix?.stamp;
      lastStamp = record.prefix?.stamp ?? lastStamp;
      this.#settleRestart(record);
      if (record.isSigning) {
        this.#visitSigning(record);
        continue;
      }
      const reason: string | undefined =
        ambiguityOf(record) ?? (previousUnfinished ? FOLLOWS_UNFINISHED : undefined);
      previousUnfinished = reason === UNFINISHED;
      if (reason !== undefined) this.#addAmbiguous(record, reason);
      this.#visitOrdinary(record);
    }
    this.#settleRestart(undefined);
    this.#commitPending();
    this.#checkForm(lines, complete);
    const times = { firstTime: this.#timeOf(firstStamp), lastTime: this.#timeOf(lastStamp) };
    if (this.#omitted > 0) {
      this.#problems.push({ ...findings.omitted(this.#omitted), file: name });
    }
    return {
      name,
      size: bytes.length,
      digest: toHex(sha256(bytes)),
      lines,
      records,
      complete,
      ambiguous: this.#ambiguous,
      ambiguousLines: this.#ambiguousLines,
      ...definedOnly({ ...times, charset: this.#judge.charset }),
      ...this.#ends(lines),
      signatures: this.#marksSeen,
      firstIsCovered: this.#firstIsCovered,
      valid: this.#valid,
      invalid: this.#invalid,
      starts: this.#starts,
      neverSigned: this.#neverSigned,
      insertions: this.#insertions,
      keyUse: this.#keyUse,
      runs: this.#runs,
      problems: this.#problems,
      marks: this.#marks,
    };
  }

  /** The parts that may belong to spans of other files, copied so that the file can be let go. */
  #ends(lines: number): Pick<FileScan, 'head' | 'first' | 'last' | 'damagedHead' | 'damagedTail'> {
    const { bytes } = this.#file;
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
    if (damaged && this.#damaged.length < MAX_LISTED) {
      this.#damaged.push(record.line);
    }
  }

  /** A signature line that a crash glued to a torn line counts when it signs the line before. */
  #visitGlued(record: RawRecord, at: number, signature: Uint8Array): boolean {
    const { bytes } = this.#file;
    const previous = this.#previous;
    if (previous === undefined) return false;
    const before = new TextEncoder().encode(record.text.slice(0, at)).length;
    const start = record.start + before;
    const signed = bytes.subarray(previous.start, previous.start + previous.length);
    const key = this.#judge.findKey(signed, signature);
    if (key === undefined) return false;
    const line = record.line + record.lines - 1;
    this.#commitPending();
    this.#addRun({ to: previous.line, verdict: 'valid', key });
    this.#addRun({ to: line - 1, verdict: 'unsigned' });
    this.#add(findings.torn(line));
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
      this.#first = { ...at, signature };
      this.#damagedHead = this.#damaged;
      this.#moveTo(at, signature === undefined ? 'invalid' : 'unknown', undefined, signature);
      return;
    }
    if (signature === undefined) {
      this.#fail(record, at, undefined);
      return;
    }
    const span = this.#file.bytes.subarray(previous.start, at.start);
    const finding = this.#judge.find(span, signature, this.#restarts(previous));
    if (finding === undefined) this.#fail(record, at, signature);
    else if (finding.form === 'start') this.#startAgain(at, finding, signature);
    else this.#pass(record, at, finding, signature);
  }

  /** What the signer starts from after a restart: the last line that mentions its own event. */
  #restarts(previous: Anchor): Uint8Array[] {
    const line = this.#file.bytes.subarray(previous.start, previous.start + previous.length);
    return this.#mention === undefined ? [line] : [line, this.#mention];
  }

  #pass(record: RawRecord, at: Anchor, found: Judgement, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#commitPending();
    if (found.form === 'restart') {
      // Signed is the signature line before, or a later line that mentions the event: then the former is unsigned.
      const verdict = found.restart === 0 ? 'valid' : 'unsigned';
      this.#addRun({ to: previous.line, verdict, ...(verdict === 'valid' && { key: found.key }) });
      this.#addRun({ to: at.line - 1, verdict: 'unsigned' });
      this.#addRestart(previous.line + 1, at.line - 1);
    } else {
      this.#addRun({ to: at.line - 1, verdict: 'valid', key: found.key });
      if (previous.line === this.#first!.line) this.#firstIsCovered = true;
    }
    if (found.charset !== undefined) this.#addCharset(previous.line, at.line - 1, found.charset);
    this.#countValid(found.key, record.prefix?.stamp, at.line);
    this.#moveTo(at, 'valid', found.key, signature);
  }

  #fail(record: RawRecord, at: Anchor, signature: Uint8Array | undefined): void {
    const previous = this.#previous!;
    if (signature !== undefined && this.#absorbEmbedded(record, at, signature)) return;
    const span = this.#file.bytes.subarray(previous.start, at.start);
    this.#pend({
      at,
      verdict: 'invalid',
      runs: [{ to: at.line - 1, verdict: 'invalid' }],
      problem: this.#failure(at, span, signature),
    });
    this.#moveTo(at, 'invalid', undefined, signature);
  }

  #failure(at: Anchor, span: Uint8Array, signature: Uint8Array | undefined): Finding {
    const previous = this.#previous!;
    if (signature === undefined) return findings.malformed(at.line);
    // Where nothing verifies there is nothing to find out line by line: it is the wrong certificate.
    this.#failures += 1;
    if (this.#valid === 0 && this.#failures > MAX_HOPELESS) this.#diagnostician.giveUp();
    const found = this.#diagnostician.diagnose(
      span,
      (data) => this.#judge.findKey(data, signature) !== undefined,
    );
    const [first, last] = found.lines ?? [];
    const damaged =
      this.#damaged.length === 0
        ? ''
        : `; line ${this.#damaged[0]} looks like a damaged signature line`;
    return {
      kind: found.kind,
      severity: 'error',
      firstLine: first === undefined ? previous.line : previous.line + first,
      lastLine: last === undefined ? at.line - 1 : previous.line + last,
      message: `the signature in line ${at.line} does not verify over ${findings.lineRange(previous.line, at.line - 1)}`,
      cause: found.cause + damaged,
    };
  }

  /** A signature over nothing further on: the log was begun anew, or text of a value looks like it. */
  #startAgain(at: Anchor, found: Judgement, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#pend({
      at,
      verdict: 'start',
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
    if (this.#pending.length === 0 || anchor === undefined) return false;
    if (at.start - anchor.start > MAX_EMBEDDED_BYTES) return false;
    const span = this.#file.bytes.subarray(anchor.start, at.start);
    const key = this.#judge.findKey(span, signature);
    if (key === undefined) return false;
    for (const { at: embedded } of this.#pending) {
      this.#add(findings.embedded(embedded.line));
      this.#ambiguous += 1;
    }
    this.#pending = [];
    this.#addRun({ to: at.line - 1, verdict: 'valid', key });
    this.#countValid(key, record.prefix?.stamp, at.line);
    this.#moveTo(at, 'valid', key, signature);
    return true;
  }

  #pend(pending: Pending): void {
    this.#pending.push(pending);
    if (this.#pending.length > MAX_EMBEDDED) this.#commitPending();
  }

  #commitPending(): void {
    for (const { verdict, runs, problem } of this.#pending) {
      for (const run of runs) this.#addRun(run);
      if (verdict === 'invalid') this.#invalid += 1;
      else this.#starts += 1;
      this.#add(problem);
    }
    this.#pending = [];
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
    if (this.#pending.length === 0) this.#anchor = at;
    this.#mention = undefined;
    this.#damaged = [];
    this.#marksSeen += 1;
    // Every mark of the first hundred, then ever fewer: enough to find a copy, bounded in number.
    if (signature !== undefined && isMarked(this.#marksSeen)) {
      this.#marks.set(at.start, toHex(signature.subarray(-16)));
    }
  }
  #marksSeen = 0;

  #countValid(key: number, stamp: string | undefined, line: number): void {
    const { keys } = this.#options;
    this.#valid += 1;
    this.#keyUse[key] = (this.#keyUse[key] ?? 0) + 1;
    const last = this.#lastKey;
    this.#lastKey = key;
    if (last !== undefined && !sameCertificate(keys[last]!, keys[key]!)) {
      this.#add(findings.keyChanged(line, keys[last]!, keys[key]!));
    }
    // The first signature outside the validity says it for all.
    if (this.#keysOutside.has(key)) return;
    const time = this.#timeOf(stamp);
    const outside =
      time === undefined ? undefined : findings.outsideValidity(line, time, keys[key]!);
    if (outside === undefined) return;
    this.#keysOutside.add(key);
    this.#add(outside);
  }

  #checkForm(lines: number, complete: boolean): void {
    const { bytes } = this.#file;
    if (bytes.length === 0) {
      this.#add(findings.EMPTY);
      return;
    }
    if (startsWithBom(bytes)) this.#add(findings.BYTE_ORDER_MARK);
    if (!complete) this.#add(findings.incomplete(lines));
  }

  /** Notes lines that a restart left unsigned; what follows must say that the server started. */
  #addRestart(firstLine: number, lastLine: number): void {
    this.#neverSigned += lastLine - firstLine + 1;
    if (lastLine >= firstLine) this.#restart = findings.neverSigned(firstLine, lastLine);
  }

  /** Settles a restart by the record behind its signature: AUDIT_LOG_STARTUP, always. */
  #settleRestart(next: RawRecord | undefined): void {
    if (this.#restart === undefined) return;
    const started = next === undefined || next.text.includes('[AuditEvent=AUDIT_LOG_STARTUP]');
    if (!started) this.#insertions += 1;
    this.#add(started ? this.#restart : findings.inserted(this.#restart));
    this.#restart = undefined;
  }

  #addCharset(firstLine: number, lastLine: number, charset: string): void {
    if (this.#problems.some((p) => p.kind === 'charset')) return;
    this.#add(findings.otherCharset(firstLine, lastLine, charset));
  }

  #addAmbiguous(record: RawRecord, reason: string): void {
    this.#ambiguous += 1;
    if (this.#ambiguousLines.length < MAX_LISTED) {
      this.#ambiguousLines.push({ file: this.#file.name, line: record.line, reason });
    }
  }

  #addRun(run: Run): void {
    appendRun(this.#runs, run);
  }

  #add(finding: Finding): void {
    if (this.#problems.length < MAX_LISTED) {
      this.#problems.push({ ...finding, file: this.#file.name });
    } else {
      this.#omitted += 1;
    }
  }

  #timeOf(stamp: string | undefined): string | undefined {
    return stamp === undefined ? undefined : parseTimestamp(stamp, this.#options.zone).time;
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

/** Adds a run, joining it to the one before where the verdict is the same. */
export function appendRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last !== undefined && run.to <= last.to) return;
  if (last !== undefined && last.verdict === run.verdict && last.key === run.key) runs.pop();
  runs.push(run);
}

/** Whether two keys are of one certificate. */
export function sameCertificate(a: SignatureKey, b: SignatureKey): boolean {
  return (a.certificate ?? a.name) === (b.certificate ?? b.name);
}

function isMarked(count: number): boolean {
  return count <= 128 || (count & (count - 1)) === 0;
}

function definedOnly<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
