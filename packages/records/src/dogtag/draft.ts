/** Turns a record of the log into a draft for ours, with the original line kept beside it. */
import { classify } from '../catalogue/index.ts';
import { MAX_ATTRIBUTES, MAX_CONTENT_BYTES } from '../limits.ts';
import type { Attribute, Content, Original, RecordDraft } from '../record.ts';
import { isSecretName } from '../secret-names.ts';
import { isSuspicious } from '../secret-patterns.ts';
import { redactContent } from '../secrets.ts';
import { isEventName } from '../spelling.ts';
import { readLine } from './line.ts';
import type { ReadLine } from './line.ts';
import {
  actorOf,
  authorizationOf,
  name,
  objectsOf,
  originOf,
  presentFields,
  reasonOf,
  requestOf,
  shorten,
} from './parts.ts';
import type { RawRecord } from './records.ts';
import { ambiguityOf } from './scan.ts';
import type { StatedZone } from './zones.ts';

/** What is known of a record from outside its line. */
export interface DraftOptions {
  /** Its number in the series, from 1. */
  readonly seq: number;
  readonly file: string;
  /** Verdict on the signed span it belongs to. */
  readonly signature: Original['signature'];
  /** Whose signature it is. */
  readonly signer?: string;
  /** Time of the record before, for lines whose own cannot be read. */
  readonly fallbackTime: string;
  /** The zone the server was in, for timestamps that do not settle it. */
  readonly zone?: StatedZone;
  /** The system the log is of: a name its owner knows it by. */
  readonly system?: string;
  readonly host?: string;
}

/** The event of a line that is no record of the log. */
export const UNREADABLE_EVENT = 'UNREADABLE_LINE';

/**
 * Returns the draft of a record. Every line makes one, readable or not, so that numbers are gap-free;
 * secrets are masked and named in `original.redacted`.
 */
export function draftRecord(record: RawRecord, options: DraftOptions): RecordDraft {
  const line = readLine(record.text, options.zone === undefined ? {} : { zone: options.zone });
  const original = originalOf(record, line, options);
  const content =
    line === undefined ? unreadable(original, options) : readable(line, original, options);
  const event = line === undefined ? UNREADABLE_EVENT : eventName(line.event);
  const outcome = line?.outcome ?? 'Failure';
  // One look at the whole line rules nearly every one out: all values come from it.
  const suspicious = isSuspicious(record.text) || hasSecretName(line);
  const safe = withinLimits(suspicious ? withoutSecrets(content) : content);
  const known = classify(event, outcome, safe.attributes);
  return {
    seq: options.seq,
    time: line?.time ?? options.fallbackTime,
    event,
    outcome,
    ...(known ?? {
      category: 'Application',
      operation: 'Processed',
      level: outcome === 'Success' ? 'Information' : 'Failure',
      retention: 'normal',
    }),
    content: safe,
  };
}

function readable(line: ReadLine, original: Original, options: DraftOptions): Content {
  const field = presentFields(line);
  const origin = originOf(field);
  const authorization = authorizationOf(line, field);
  const request = requestOf(line, field);
  const reason = reasonOf(line, field);
  return {
    actor: actorOf(line, field),
    ...(origin === undefined ? {} : { origin }),
    source: sourceOf(options),
    ...objectsOf(line, field),
    ...(request === undefined ? {} : { request }),
    ...(authorization === undefined ? {} : { authorization }),
    ...(reason === undefined ? {} : { reason }),
    attributes: line.fields.slice(0, MAX_ATTRIBUTES).map(attribute),
    original,
  };
}

function unreadable(original: Original, options: DraftOptions): Content {
  return { actor: { id: '$Unidentified$', kind: 'unknown' }, source: sourceOf(options), original };
}

function originalOf(
  record: RawRecord,
  line: ReadLine | undefined,
  options: DraftOptions,
): Original {
  const literal = line?.literal;
  const why = [
    ambiguityOf(record),
    line?.note,
    line?.time === undefined ? 'the time is that of the record before' : undefined,
  ].filter((reason) => reason !== undefined);
  return {
    format: 'dogtag',
    text: record.text.toWellFormed(),
    file: name(options.file),
    line: record.line,
    ...(literal === undefined || literal === line?.event ? {} : { event: name(literal) }),
    ...(line === undefined ? {} : { thread: name(line.thread) }),
    signature: options.signature,
    ...(options.signer === undefined ? {} : { signer: name(options.signer) }),
    ...(why.length === 0 ? {} : { ambiguous: name(why.join('; ')) }),
  };
}

function attribute([fieldName, value]: readonly [string, string]): Attribute {
  return [name(fieldName), value === '<null>' ? null : value.toWellFormed()];
}

/** The subsystem is in the file's name: `ca_audit`, `kra_cert-kra_audit.20261122021344`. */
function sourceOf({ file, system = 'Dogtag PKI', host }: DraftOptions): Content['source'] {
  const component = /(?:^|\/)(ca|kra|ocsp|tks|tps)_[^/]*$/.exec(file)?.[1];
  return {
    system,
    ...(host === undefined ? {} : { host }),
    ...(component === undefined ? {} : { component }),
  };
}

function eventName(event: string): string {
  if (isEventName(event)) return event;
  const spelled = event
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .slice(0, 60);
  return isEventName(spelled) ? spelled : 'UNNAMED_EVENT';
}

function hasSecretName(line: ReadLine | undefined): boolean {
  return line?.fields.some(([field]) => isSecretName(field)) ?? false;
}

function withoutSecrets(content: Content): Content {
  const { content: masked, redacted } = redactContent(content);
  if (redacted.length === 0 || masked.original === undefined) return content;
  return { ...masked, original: { ...masked.original, redacted } };
}

/** Room for masks and for what a record adds around its values. */
const ROOM_BYTES = 16_384;
const LONG_VALUE_CHARS = 4096;

/**
 * A line of nearly a megabyte does not fit beside its own values: they are shortened, then the line.
 * What was cut is in the signed file, whose name and line the record has.
 */
function withinLimits(content: Content): Content {
  const { original, attributes } = content;
  if (original === undefined || original.text.length < MAX_CONTENT_BYTES / 16) return content;
  if (fits(content)) return content;
  const shorter = {
    ...content,
    ...(attributes === undefined
      ? {}
      : {
          attributes: attributes.map(
            ([key, value]) =>
              [key, value === null ? null : shorten(value, LONG_VALUE_CHARS)] as const,
          ),
        }),
  };
  if (fits(shorter)) return shorter;
  // Six bytes a character is the most JSON makes of one.
  const text = shorten(original.text, Math.floor((MAX_CONTENT_BYTES - 4 * ROOM_BYTES) / 8));
  const ambiguous = 'too long for a record: the line is shortened and its values are left out';
  return {
    actor: { id: name(content.actor.id), kind: content.actor.kind },
    source: content.source,
    original: { ...original, text, ambiguous },
  };
}

function fits(content: Content): boolean {
  const bytes = new TextEncoder().encode(JSON.stringify(content)).length;
  return bytes <= MAX_CONTENT_BYTES - ROOM_BYTES;
}
