/**
 * The part of a line before its message. Two layouts have been in use:
 *
 *     0.http-nio-8443-exec-9 - [22/Nov/2026:02:11:32 UTC] [14] [6] [AuditEvent=...   Java
 *     [2013-05-06 12:34:56] 7f21c0 [AuditEvent=...                                   TPS in C++, to 10.2
 *
 * Written by hand, not as a regular expression: a thread's name may hold anything, and hostile lines
 * must not cost more than their length.
 */

/** Everything before `[AuditEvent=`, in its parts. */
export interface LinePrefix {
  readonly era: 'java' | 'tps-cpp';
  /** Process number; empty for `tps-cpp`. */
  readonly process: string;
  readonly thread: string;
  /** The timestamp as written, without brackets. */
  readonly stamp: string;
  /** Number of the log source (14: signed audit); empty for `tps-cpp`. */
  readonly source: string;
  /** Number of the log level (6: security); empty for `tps-cpp`. */
  readonly level: string;
  /** Where the message starts, in UTF-16 code units. */
  readonly end: number;
}

/** Threads are named after requests, connections or files; nothing longer is one. */
const MAX_THREAD_CHARS = 1024;
const MAX_STAMP_CHARS = 96;
const MESSAGE_START = '[AuditEvent=';

/** Returns the prefix of a line, `undefined` when the line has none: it continues the one before. */
export function matchPrefix(line: string): LinePrefix | undefined {
  const first = line.charCodeAt(0);
  if (isDigit(first)) return matchJava(line);
  if (first === 0x5b) return matchTps(line);
  return undefined;
}

/** Writes the prefix back. */
export function formatPrefix(prefix: Omit<LinePrefix, 'end'>): string {
  if (prefix.era === 'tps-cpp') return `[${prefix.stamp}] ${prefix.thread} `;
  const { process, thread, stamp, source, level } = prefix;
  return `${process}.${thread} - [${stamp}] [${source}] [${level}] `;
}

function matchJava(line: string): LinePrefix | undefined {
  const dot = skipDigits(line, 0);
  if (dot > 10 || line.charCodeAt(dot) !== 0x2e) return undefined;
  const threadStart = dot + 1;
  // The thread ends at the first " - [" that a timestamp, two numbers and a message follow.
  for (
    let at = line.indexOf(' - [', threadStart);
    at !== -1 && at - threadStart <= MAX_THREAD_CHARS;
    at = line.indexOf(' - [', at + 1)
  ) {
    const rest = matchAfterThread(line, at + 4);
    if (rest !== undefined) {
      return {
        era: 'java',
        process: line.slice(0, dot),
        thread: line.slice(threadStart, at),
        ...rest,
      };
    }
  }
  return undefined;
}

/** `22/Nov/2026:02:11:32 UTC] [14] [6] [AuditEvent=`, from `start`. */
function matchAfterThread(
  line: string,
  start: number,
): Pick<LinePrefix, 'stamp' | 'source' | 'level' | 'end'> | undefined {
  const slash = skipDigits(line, start);
  if (slash === start || slash > start + 2 || line.charCodeAt(slash) !== 0x2f) return undefined;
  const stampEnd = indexWithin(line, ']', slash, MAX_STAMP_CHARS);
  if (stampEnd === -1 || !line.startsWith('] [', stampEnd)) return undefined;
  const sourceStart = stampEnd + 3;
  const sourceEnd = skipDigits(line, sourceStart);
  if (sourceEnd === sourceStart || !line.startsWith('] [', sourceEnd)) return undefined;
  const levelStart = sourceEnd + 3;
  const levelEnd = skipDigits(line, levelStart);
  if (levelEnd === levelStart || !line.startsWith('] ', levelEnd)) return undefined;
  const end = levelEnd + 2;
  if (!line.startsWith(MESSAGE_START, end)) return undefined;
  return {
    stamp: line.slice(start, stampEnd),
    source: line.slice(sourceStart, sourceEnd),
    level: line.slice(levelStart, levelEnd),
    end,
  };
}

function matchTps(line: string): LinePrefix | undefined {
  const match = /^\[(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\] ([0-9a-zA-Zx]{1,32}) /.exec(
    line.slice(0, 64),
  );
  if (match === null || !line.startsWith(MESSAGE_START, match[0].length)) return undefined;
  return {
    era: 'tps-cpp',
    process: '',
    thread: match[2]!,
    stamp: match[1]!,
    source: '',
    level: '',
    end: match[0].length,
  };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The first index from `start` that is no digit; stops after 12. */
function skipDigits(line: string, start: number): number {
  let at = start;
  while (at < start + 12 && isDigit(line.charCodeAt(at))) at += 1;
  return at;
}

/** `indexOf` that gives up after `limit` characters, so that a scan for it stays linear. */
function indexWithin(line: string, text: string, start: number, limit: number): number {
  const at = line.slice(start, start + limit + text.length).indexOf(text);
  return at === -1 ? -1 : start + at;
}
