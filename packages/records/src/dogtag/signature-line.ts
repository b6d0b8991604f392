/**
 * The line a signature is written in:
 *
 *     0.main - [22/Nov/2026:02:11:49 UTC] [14] [6]
 *         [AuditEvent=AUDIT_LOG_SIGNING][SubjectID=$System$][Outcome=Success]
 *         signature of audit buffer just flushed: sig: MEQCIFkb...
 *
 * It is recognised by its whole layout, so a value that merely mentions AUDIT_LOG_SIGNING is none.
 */
import { fromBase64, toBase64 } from '@countersign/tlog';
import { SIGNATURE_TEXT, SIGNING_EVENT, eventLayouts } from './layout.ts';
import { formatLine } from './line.ts';
import type { RawRecord } from './records.ts';

const MESSAGE = new RegExp(
  `^\\[AuditEvent=${SIGNING_EVENT}\\]\\[SubjectID=[^\\]]{0,256}\\]\\[Outcome=[^\\]]{0,64}\\] ` +
    `${SIGNATURE_TEXT}([A-Za-z0-9+/=]{4,32768})$`,
);
const GLUED = new RegExp(
  `\\d\\.[^[\\]]{0,256} - \\[[^\\]]{8,96}\\] \\[14\\] \\[6\\] \\[AuditEvent=${SIGNING_EVENT}\\]` +
    `\\[SubjectID=[^\\]]{0,256}\\]\\[Outcome=[^\\]]{0,64}\\] ${SIGNATURE_TEXT}([A-Za-z0-9+/=]{4,32768})$`,
);

/** Writes a signature line without its line feed. `stamp` is its time as lines have it. */
export function signatureLine(signature: Uint8Array, stamp: string, thread: string): string {
  const fields = [
    ['SubjectID', '$System$'],
    ['Outcome', 'Success'],
  ] as const;
  return formatLine({
    era: 'java',
    process: '0',
    thread,
    stamp,
    source: '14',
    level: '6',
    literal: SIGNING_EVENT,
    event: SIGNING_EVENT,
    fields,
    text: SIGNATURE_TEXT + toBase64(signature),
  });
}

/** Returns the signature of a signature line's record; `undefined` when it is malformed. */
export function signatureOf(record: RawRecord): Uint8Array | undefined {
  return decode(MESSAGE.exec(record.text.slice(record.prefix?.end ?? 0))?.[1]);
}

/** `(LogFile.java:812) log`: what `trace=true` puts behind the text of each line. */
const TRACE = /\s?\((?:[\w$.]+\.java(?::\d+)?|Native Method|Unknown Source)\)\s?[\w$<>]*$/;

/** Returns whether a record ends in the place in the program that logged it. */
export function isTraced(record: RawRecord): boolean {
  return TRACE.test(record.text.slice(-512));
}

/** A signature line without a line feed before it, behind the torn line a crash left. */
export interface GluedSignature {
  /** Where the signature line starts, in characters of the record's text. */
  readonly at: number;
  readonly signature: Uint8Array;
}

/** Returns the signature line at the end of another line. It may be text of a value: verify it. */
export function gluedSignature(record: RawRecord): GluedSignature | undefined {
  if (record.isSigning || !record.text.includes(SIGNATURE_TEXT)) return undefined;
  // The base64 has no blanks: look at what is around the last mention alone.
  const mention = record.text.lastIndexOf(`[AuditEvent=${SIGNING_EVENT}]`);
  if (mention <= 0) return undefined;
  const from = Math.max(0, mention - 512);
  const match = GLUED.exec(record.text.slice(from, mention + 40_000));
  const signature = decode(match?.[1]);
  if (match === null || signature === undefined) return undefined;
  if (from + match.index + match[0].length !== record.text.length) return undefined;
  return { at: from + match.index, signature };
}

/**
 * Returns whether a record was a signature line before somebody changed it: its event is unknown and
 * what is left says so. Any one changed byte leaves one of the two marks whole.
 */
export function looksLikeDamagedSignature(record: RawRecord): boolean {
  if (record.isSigning) return false;
  const tail = record.text.slice(-8192);
  const marked =
    /flushed: sig: [A-Za-z0-9+/=]{32,}/.test(tail) || record.text.includes(SIGNING_EVENT);
  if (!marked) return false;
  const message = record.text.slice(record.prefix?.end ?? 0);
  const literal = /^\[AuditEvent=([^\]]{1,128})\]/.exec(message)?.[1];
  return literal === undefined || eventLayouts(literal).length === 0;
}

function decode(base64: string | undefined): Uint8Array | undefined {
  if (base64 === undefined) return undefined;
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}
