/**
 * Reads one file and verifies every signature in it but the first, whose span begins in another file
 * (`series.ts`). One pass over the bytes; what is kept does not grow with the file, apart from the
 * list of findings, which is bounded.
 */
import { sha256, toHex } from '@countersign/tlog';
import { Diagnostician } from './diagnose.ts';
import { cutMessage } from './fields.ts';
import { Judge } from './judge.ts';
import type { Finding } from './judge.ts';
import { SIGNING_EVENT } from './layout.ts';
import { readRecords, startsWithBom } from './records.ts';
import type { RawRecord } from './records.ts';
import type { AmbiguousLine, Problem, Run, SignatureKey } from './report.ts';
import { gluedSignature, looksLikeDamagedSignature, signatureOf } from './signature-line.ts';
import { parseTimestamp } from './timestamp.ts';
import type { StatedZone } from './zones.ts';

/** One file of a log. */
export interface LogFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ScanOptions {
  readonly keys: readonly SignatureKey[];
  /** The zone the server was in, for timestamps that do not settle it. */
  readonly zone?: StatedZone;
}

/** A signature line that opens or closes what a file has signed. */
export interface SignatureLine {
  readonly line: number;
  /** The line with its line feed. */
  readonly bytes: Uint8Array;
  /** Absent when malformed. */
  readonly signature?: Uint8Array;
}

/** What a file holds, with its ends kept so that files can be joined. */
export interface FileScan {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal SHA-256 of the bytes. */
  readonly digest: string;
  readonly lines: number;
  readonly records: number;
  readonly ambiguous: number;
  readonly ambiguousLines: readonly AmbiguousLine[];
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Whether the last line has its line feed. */
  readonly complete: boolean;
  readonly charset?: string;
  readonly signatures: number;
  /** What is before the first signature line; everything when there is none. */
  readonly head: { readonly lines: number; readonly bytes: Uint8Array };
  readonly first?: SignatureLine;
  /** The last signature line and everything behind it. */
  readonly last?: SignatureLine & {
    readonly tail: Uint8Array;
    readonly tailLines: number;
    /** What the file itself says of the last signature; `unknown` when it is also the first. */
    readonly own: 'valid' | 'invalid' | 'unknown';
    readonly key?: number;
  };
  /** Whether the second signature covers the first signature's line as it stands. */
  readonly firstIsCovered: boolean;
  readonly valid: number;
  readonly invalid: number;
  readonly starts: number;
  readonly neverSigned: number;
  /** Signatures by each key. */
  readonly keyUse: readonly number[];
  /** Verdicts on the lines from the first signature line up to the one before the last. */
  readonly runs: readonly Run[];
  readonly problems: readonly Problem[];
  /** Lines before the first, and behind the last signature that look like damaged ones. */
  readonly damagedHead: readonly number[];
  readonly damagedTail: readonly number[];
  /** Offset and first bytes of some signatures, to recognise an earlier copy of the same file. */
  readonly marks: ReadonlyMap<number, string>;
}

/** Lists longer than this are cut, and say how much. */
export const MAX_LISTED = 1000;
/** Failed signatures that may turn out to be text of a value, and how long they may make a span. */
const MAX_EMBEDDED = 8;
const MAX_EMBEDDED_BYTES = 4_194_304;

/** Scans a file. Never throws on any bytes. */
export function scanFile(file: LogFile, options: ScanOptions): FileScan {
  return new Scanner(file, options).scan();
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
  readonly problem: Problem;
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
  #lastKeyReported: number | undefined;

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
    this.#commitPending();
    this.#checkForm(lines, complete);
    const times = { firstTime: this.#timeOf(firstStamp), lastTime: this.#timeOf(lastStamp) };
    if (this.#omitted > 0) {
      this.#problems.push({
        kind: 'problems_omitted',
        severity: 'note',
        file: name,
        message: `${this.#omitted} more problems in this file are not listed`,
      });
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
    const { bytes, name } = this.#file;
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
    this.#neverSigned += line - 1 - previous.line;
    this.#addProblem({
      kind: 'line_torn',
      severity: 'warning',
      file: name,
      firstLine: line,
      lastLine: line,
      message: 'the line is torn, and a signature line begins in the middle of it',
      cause: 'the server was killed while it wrote; the signature is the first after the restart',
    });
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

  #pass(record: RawRecord, at: Anchor, finding: Finding, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#commitPending();
    if (finding.form === 'restart') {
      this.#addRun({ to: previous.line, verdict: 'valid', key: finding.key });
      this.#addRun({ to: at.line - 1, verdict: 'unsigned' });
      this.#neverSigned += at.line - 1 - previous.line;
      this.#addRestart(previous.line + 1, at.line - 1);
    } else {
      this.#addRun({ to: at.line - 1, verdict: 'valid', key: finding.key });
      if (previous.line === this.#first!.line) this.#firstIsCovered = true;
    }
    if (finding.charset !== undefined) this.#addCharset(previous.line, at.line - 1, finding);
    this.#countValid(finding.key, record.prefix?.stamp, at.line);
    this.#moveTo(at, 'valid', finding.key, signature);
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

  #failure(at: Anchor, span: Uint8Array, signature: Uint8Array | undefined): Problem {
    const file = this.#file.name;
    const previous = this.#previous!;
    if (signature === undefined) {
      return {
        kind: 'signature_malformed',
        severity: 'error',
        file,
        firstLine: at.line,
        lastLine: at.line,
        message: `line ${at.line} is a signature line, but its signature cannot be read`,
        cause: 'the line was changed or cut',
      };
    }
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
      file,
      firstLine: first === undefined ? previous.line : previous.line + first,
      lastLine: last === undefined ? at.line - 1 : previous.line + last,
      message: `the signature in line ${at.line} does not verify over ${lineRange(previous.line, at.line - 1)}`,
      cause: found.cause + damaged,
    };
  }

  /** A signature over nothing further on: the log was begun anew, or text of a value looks like it. */
  #startAgain(at: Anchor, finding: Finding, signature: Uint8Array): void {
    const previous = this.#previous!;
    this.#pend({
      at,
      verdict: 'start',
      runs: [
        { to: previous.line, verdict: this.#previousOwn === 'valid' ? 'valid' : 'invalid' },
        { to: at.line - 1, verdict: 'unsigned' },
      ],
      problem: {
        kind: 'chain_restarted',
        severity: 'error',
        file: this.#file.name,
        firstLine: previous.line + 1,
        lastLine: at.line,
        message: `the signature in line ${at.line} signs nothing: the chain begins anew there`,
        cause: 'files were put together, or lines before it were removed while the server was down',
      },
    });
    this.#moveTo(at, 'valid', finding.key, signature);
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
      this.#addProblem({
        kind: 'embedded_signature',
        severity: 'warning',
        file: this.#file.name,
        firstLine: embedded.line,
        lastLine: embedded.line,
        message: 'the line looks like a signature line, but was signed as ordinary text',
        cause: 'somebody gave a value with line feeds that imitates a signature line',
      });
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
      this.#addProblem(problem);
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
    this.#valid += 1;
    this.#keyUse[key] = (this.#keyUse[key] ?? 0) + 1;
    this.#checkKeyChange(key, line);
    this.#checkValidity(key, stamp, line);
  }

  #checkKeyChange(key: number, line: number): void {
    const { keys } = this.#options;
    const last = this.#lastKeyReported;
    this.#lastKeyReported = key;
    if (last === undefined || sameCertificate(keys[last]!, keys[key]!)) return;
    this.#addProblem({
      kind: 'key_changed',
      severity: 'note',
      file: this.#file.name,
      firstLine: line,
      lastLine: line,
      message: `from line ${line} on, ${keys[key]!.name} signs instead of ${keys[last]!.name}`,
    });
  }

  #checkValidity(key: number, stamp: string | undefined, line: number): void {
    const { validFrom, validTo, name } = this.#options.keys[key]!;
    if (this.#keysOutside.has(key) || (validFrom === undefined && validTo === undefined)) return;
    const time = this.#timeOf(stamp);
    if (time === undefined) return;
    const early = validFrom !== undefined && time < validFrom;
    if (!early && (validTo === undefined || time <= validTo)) return;
    this.#keysOutside.add(key);
    this.#addProblem({
      kind: 'outside_validity',
      severity: 'note',
      file: this.#file.name,
      firstLine: line,
      lastLine: line,
      message:
        `line ${line} was signed at ${time}, ${early ? 'before' : 'after'} the certificate of ` +
        `${name} was valid (${validFrom ?? ''} to ${validTo ?? ''})`,
    });
  }

  #checkForm(lines: number, complete: boolean): void {
    const { bytes, name } = this.#file;
    if (bytes.length === 0) {
      this.#addProblem({
        kind: 'file_empty',
        severity: 'note',
        file: name,
        message: 'the file is empty',
      });
      return;
    }
    if (startsWithBom(bytes)) {
      this.#addProblem({
        kind: 'byte_order_mark',
        severity: 'warning',
        file: name,
        firstLine: 1,
        lastLine: 1,
        message: 'the file starts with a byte order mark, which the log never writes',
        cause: 'an editor saved the file; the mark was left out of the verification',
      });
    }
    if (!complete) {
      this.#addProblem({
        kind: 'line_incomplete',
        severity: 'warning',
        file: name,
        firstLine: lines,
        lastLine: lines,
        message: `the last line, ${lines}, has no line feed`,
        cause: 'the server is writing it, was killed while it did, or the file was cut',
      });
    }
  }

  #addRestart(firstLine: number, lastLine: number): void {
    const count = lastLine - firstLine + 1;
    if (count <= 0) return;
    this.#addProblem({
      kind: 'lines_never_signed',
      severity: 'warning',
      file: this.#file.name,
      firstLine,
      lastLine,
      message:
        `the server restarted: ${count} line${count === 1 ? ' before it was' : 's before it were'} ` +
        'never signed',
      cause: 'the server ended without writing its last signature; nothing protects these lines',
    });
  }

  #addCharset(firstLine: number, lastLine: number, { charset = '' }: Finding): void {
    if (this.#problems.some((p) => p.kind === 'charset')) return;
    this.#addProblem({
      kind: 'charset',
      severity: 'note',
      file: this.#file.name,
      firstLine,
      lastLine,
      message: `the file is in ${charset}; its signatures are over UTF-8 and verify when it is read so`,
      cause: "the server's locale sets another charset than UTF-8",
    });
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

  #addProblem(problem: Problem): void {
    if (this.#problems.length < MAX_LISTED) this.#problems.push(problem);
    else this.#omitted += 1;
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

function lineRange(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
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
