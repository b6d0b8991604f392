import { setImmediate } from 'node:timers/promises';
import type { LogReader, StoredRecord } from '@countersign/ledger';
import { parseContent, recordLine, SIGNING_EVENT, type EventNames } from '@countersign/records';
import { OWN_PRODUCER } from '../recording/recorder.ts';

/** A record of ours as a line, and the index of the record behind it. */
export interface OwnLine {
  readonly line: string;
  readonly next: number;
}

/** Entries in one bundle (tlog-tiles). */
const BUNDLE = 256;
/** Fewer records than this are read whole without looking whose they are. */
const FEW = 64;
/** How an envelope of ours spells its producer: no other member of an envelope can hold this. */
const OURS = Buffer.from(`"producer":"${OWN_PRODUCER}"`);

/**
 * The server's own records from `from` (inclusive) to `to` (exclusive) as lines, in the order of the log. Records of
 * other producers have files of their own; AUDIT_LOG_SIGNING is left out, for in a signed audit file that line is the
 * file's own signature.
 */
export async function* ownLines(
  reader: LogReader,
  from: number,
  to: number,
  names: EventNames,
): AsyncGenerator<OwnLine> {
  for await (const [start, end] of ownRanges(reader, from, to)) {
    for await (const batch of reader.readRange(start, end)) {
      for (const record of batch) {
        if (isLine(record)) yield { line: lineOf(record, names), next: record.index + 1 };
      }
      // Requests do not wait for a long way to go.
      await setImmediate();
    }
  }
}

/** Whether a record has a line in the files. */
export function isLine({ envelope }: Pick<StoredRecord, 'envelope'>): boolean {
  return envelope.producer === OWN_PRODUCER && envelope.event !== SIGNING_EVENT;
}

/** The line of a record. */
export function lineOf(
  { envelope, contentBytes }: Pick<StoredRecord, 'envelope' | 'contentBytes'>,
  names: EventNames,
): string {
  return recordLine(envelope, contentBytes === null ? null : parseContent(contentBytes), names);
}

/** Ranges in which every record is ours; where there are few records, all of them. */
async function* ownRanges(
  reader: LogReader,
  from: number,
  to: number,
): AsyncGenerator<[from: number, to: number]> {
  if (to - from <= FEW) {
    yield [from, to];
    return;
  }
  for (let at = from; at < to;) {
    const bundle = Math.floor(at / BUNDLE);
    const first = bundle * BUNDLE;
    const end = Math.min(to, first + BUNDLE);
    const owned = ownEntries(await reader.entryBundle(bundle, end - first));
    let start = -1;
    for (; at < end; at += 1) {
      if (owned[at - first] === true) {
        if (start === -1) start = at;
      } else if (start !== -1) {
        yield [start, at];
        start = -1;
      }
    }
    if (start !== -1) yield [start, end];
  }
}

/** Which entries of a bundle are ours; an entry is its length in two bytes and its envelope. */
function ownEntries(bytes: Uint8Array): boolean[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const owned: boolean[] = [];
  for (let at = 0; at + 2 <= bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    owned.push(bundle.subarray(at + 2, end).includes(OURS));
    at = end;
  }
  return owned;
}
