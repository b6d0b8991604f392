/**
 * One record of the log as text: read into its parts and written back. The text is without its final
 * line feed; a record over several physical lines has the others inside.
 */
import { escapeValue, unescapeValue } from './escape.ts';
import { cutMessage } from './fields.ts';
import { formatPrefix, matchPrefix } from './prefix.ts';
import { parseTimestamp } from './timestamp.ts';
import type { LineTime } from './timestamp.ts';
import type { StatedZone } from './zones.ts';

/** A record in parts. Everything is as written, except values this product escaped. */
export interface DogtagLine {
  readonly era: 'java' | 'tps-cpp';
  readonly process: string;
  readonly thread: string;
  /** The timestamp as written, without brackets. */
  readonly stamp: string;
  readonly source: string;
  readonly level: string;
  /** The event's name as written after `AuditEvent=`. */
  readonly literal: string;
  /** The event's name today. */
  readonly event: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The text behind the fields. */
  readonly text: string;
}

/** A record that was read, with what could be made of it. */
export interface ReadLine extends DogtagLine, LineTime {
  /** The outcome; `Failure` where readings differ, so that nobody hides one. */
  readonly outcome: 'Success' | 'Failure';
  /** Why it can be read in more than one way. */
  readonly ambiguous?: string;
}

/** Returns the record of a text, `undefined` when it has no prefix and so is none. Never throws. */
export function readLine(text: string, options: { zone?: StatedZone } = {}): ReadLine | undefined {
  const prefix = matchPrefix(text);
  if (prefix === undefined) return undefined;
  const { end, ...parts } = prefix;
  const { implied, ambiguous, fields, ...message } = cutMessage(text.slice(end));
  return {
    ...parts,
    ...message,
    fields: fields.map(([name, value]) => [name, unescapeValue(value)] as const),
    ...readTime(parts.stamp, options.zone),
    outcome: readOutcome(fields, implied, text, ambiguous),
    ...(ambiguous === undefined ? {} : { ambiguous }),
  };
}

/** Returns why a record's text is ambiguous, without reading it whole; `undefined` when it is clear. */
export function findAmbiguity(text: string): string | undefined {
  const prefix = matchPrefix(text);
  if (prefix === undefined) return 'the record has no prefix';
  return cutMessage(text.slice(prefix.end)).ambiguous;
}

/**
 * Writes a record as one line without its line feed. Clean values are written as Dogtag writes them,
 * byte for byte; values that could forge fields or lines are escaped (`escape.ts`). With
 * `escape: false` everything is written raw, as Dogtag would: only to reproduce a line that exists.
 */
export function formatLine(line: DogtagLine, options: { escape?: boolean } = {}): string {
  const value = options.escape === false ? (v: string): string => v : escapeValue;
  const fields = line.fields.map(([name, v]) => `[${name}=${value(v)}]`).join('');
  return `${formatPrefix(line)}[AuditEvent=${line.literal}]${fields} ${line.text}`;
}

function readOutcome(
  fields: ReadLine['fields'],
  implied: 'Success' | 'Failure' | undefined,
  text: string,
  ambiguous: string | undefined,
): 'Success' | 'Failure' {
  if (implied === 'Failure') return 'Failure';
  const written = fields.find(([name]) => name === 'Outcome')?.[1].toLowerCase();
  if (written === 'failure') return 'Failure';
  if (ambiguous !== undefined && /\[Outcome=failure\]/i.test(text)) return 'Failure';
  return written === 'success' || implied === 'Success' ? 'Success' : 'Failure';
}

// Many lines share a second: the last timestamp's reading is kept.
let lastStamp: string | undefined;
let lastZone: StatedZone | undefined;
let lastTime: LineTime = {};

function readTime(stamp: string, zone: StatedZone | undefined): LineTime {
  if (stamp !== lastStamp || zone !== lastZone) {
    lastTime = parseTimestamp(stamp, zone);
    lastStamp = stamp;
    lastZone = zone;
  }
  return lastTime;
}
