/**
 * Physical lines and records of a file. Lines end at 0x0a alone, on the raw bytes; a line without a
 * prefix continues the record before it, because values are written with their line feeds.
 */
import { SIGNING_EVENT } from './layout.ts';
import { matchPrefix } from './prefix.ts';
import type { LinePrefix } from './prefix.ts';

/** A record as it lies in its file. */
export interface RawRecord {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last line feed, or the end of the file. */
  readonly end: number;
  /** First physical line, counted from 1, and how many there are. */
  readonly line: number;
  readonly lines: number;
  /** Its text without the final line end. Shortened when `flaw` says so. */
  readonly text: string;
  /** Absent when the file does not start with a prefix, or a signature line comes before. */
  readonly prefix?: LinePrefix;
  /** Whether its event is AUDIT_LOG_SIGNING: always one physical line. */
  readonly isSigning: boolean;
  /** What keeps the text from being exactly what is on disk. */
  readonly flaw?: string;
  /** Whether a line feed ends it. */
  readonly complete: boolean;
}

export interface ReadRecordsOptions {
  /** Encoding of bytes that are no UTF-8, as an encoding label; without one they are ISO-8859-1. */
  readonly charset?: string;
}

/** Records longer than this are cut: a megabyte is what one record of the log may hold. */
export const MAX_RECORD_CHARS = 1_048_576;
const BOM = [0xef, 0xbb, 0xbf];
const SIGNING_START = `[AuditEvent=${SIGNING_EVENT}]`;

/** Returns whether a file starts with a byte order mark. */
export function startsWithBom(bytes: Uint8Array): boolean {
  return BOM.every((byte, i) => bytes[i] === byte);
}

/** Yields the records of a file in order. Every byte belongs to exactly one; never throws. */
export function* readRecords(
  bytes: Uint8Array,
  options: ReadRecordsOptions = {},
): Generator<RawRecord, void> {
  const decode = lineDecoder(options.charset);
  let open: OpenRecord | undefined;
  let line = 0;
  for (let start = startsWithBom(bytes) ? BOM.length : 0; start < bytes.length;) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    line += 1;
    const { text, flaw } = decode(bytes, start, feed === -1 ? end : feed);
    const prefix = matchPrefix(text);
    const isSigning = prefix !== undefined && text.startsWith(SIGNING_START, prefix.end);
    if (prefix === undefined && open !== undefined) {
      open = extend(open, text, flaw, end);
    } else {
      if (open !== undefined) yield close(open, true);
      open = { start, end, line, lines: 1, text, prefix, isSigning, flaw };
    }
    // What follows a signature line is in the next signed span, and so never part of its record.
    if (isSigning || end === bytes.length) {
      yield close(open, feed !== -1);
      open = undefined;
    }
    start = end;
  }
}

interface OpenRecord {
  start: number;
  end: number;
  line: number;
  lines: number;
  text: string;
  prefix: LinePrefix | undefined;
  isSigning: boolean;
  flaw: string | undefined;
}

function extend(open: OpenRecord, text: string, flaw: string | undefined, end: number): OpenRecord {
  const room = MAX_RECORD_CHARS - open.text.length;
  const fits = text.length < room;
  return {
    ...open,
    end,
    lines: open.lines + 1,
    text: room <= 1 ? open.text : `${open.text}\n${fits ? text : text.slice(0, room - 1)}`,
    flaw: open.flaw ?? flaw ?? (fits ? undefined : TOO_LONG),
  };
}

function close(open: OpenRecord, complete: boolean): RawRecord {
  const { prefix, flaw, text, ...rest } = open;
  // A carriage return at the very end was put there by whoever converted the line ends.
  const plain = text.endsWith('\r') ? text.slice(0, -1) : text;
  return {
    ...rest,
    text: plain,
    complete,
    ...(prefix === undefined ? {} : { prefix }),
    ...(flaw === undefined ? {} : { flaw }),
  };
}

const TOO_LONG = `longer than ${MAX_RECORD_CHARS} characters, cut`;

function lineDecoder(
  charset = 'latin1',
): (bytes: Uint8Array, start: number, end: number) => { text: string; flaw?: string } {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const other = new TextDecoder(charset);
  return (bytes, start, end) => {
    const cut = end - start > MAX_RECORD_CHARS;
    const slice = bytes.subarray(start, cut ? start + MAX_RECORD_CHARS : end);
    try {
      const text = strict.decode(slice);
      return cut ? { text, flaw: TOO_LONG } : { text };
    } catch {
      const text = other.decode(slice);
      return { text, flaw: cut ? TOO_LONG : `not UTF-8, read as ${other.encoding}` };
    }
  };
}
