/**
 * Cuts a message into its event, fields and text. Nothing in a line is escaped, so a value may hold
 * what looks like fields. The cut therefore follows the event's known layout, and a message that can
 * be read in more than one way is said to be ambiguous.
 */
import { SIGNATURE_TEXT, SIGNING_EVENT, eventLayouts } from './layout.ts';
import type { EventLayout, EventVariant } from './layout.ts';

/** A message in parts: `[AuditEvent=event][name=value]... text`. */
export interface CutMessage {
  /** The name as written. */
  readonly literal: string;
  /** The name the event has today. */
  readonly event: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  /** What the event's text or name says about the outcome, whatever the fields say. */
  readonly implied?: 'Success' | 'Failure';
  /** Why the message can be read in more than one way, or does not fit its event. */
  readonly ambiguous?: string;
}

const START = '[AuditEvent=';
const MAX_EVENT_CHARS = 128;
const MAX_FIELDS = 256;

/** Cuts a message that starts with `[AuditEvent=`. Never throws; cost is linear in its length. */
export function cutMessage(message: string): CutMessage {
  const nameEnd = message.indexOf(']', START.length);
  const literal = message.slice(START.length, nameEnd === -1 ? message.length : nameEnd);
  if (nameEnd === -1 || literal.length > MAX_EVENT_CHARS) {
    const event = literal.slice(0, MAX_EVENT_CHARS);
    return { literal: event, event, fields: [], text: '', ambiguous: 'the record is unfinished' };
  }
  const body = message.slice(nameEnd + 1);
  const layouts = eventLayouts(literal);
  if (layouts.length === 0) return cutUnknown(literal, body);
  for (const layout of layouts) {
    const text = matchText(layout, literal, body);
    if (text !== undefined) return cutKnown(literal, layout, body, text);
  }
  const scanned = cutUnknown(literal, body);
  const ambiguous = body.includes('] ')
    ? `the text is not one ${literal} is written with`
    : 'the record is unfinished';
  return { ...scanned, event: layouts[0]!.name, ambiguous };
}

/** The text of the layout that the body ends in, with the blank that parts it from the fields. */
function matchText(layout: EventLayout, literal: string, body: string): string | undefined {
  if (literal === SIGNING_EVENT) {
    const at = body.lastIndexOf(` ${SIGNATURE_TEXT}`);
    return at === -1 ? undefined : body.slice(at);
  }
  // The longest wins: one text may be the end of another.
  let longest: string | undefined;
  for (const variant of layout.variants) {
    if (
      body.endsWith(` ${variant.text}`) &&
      (longest === undefined || variant.text.length >= longest.length)
    ) {
      longest = ` ${variant.text}`;
    }
  }
  return longest;
}

function cutKnown(
  literal: string,
  layout: EventLayout,
  body: string,
  spacedText: string,
): CutMessage {
  const text = spacedText.slice(1);
  const inside = body.slice(0, body.length - spacedText.length);
  const isSigning = literal === SIGNING_EVENT;
  const variants = layout.variants.filter((v) => isSigning || v.text === text);
  const implied = impliedOutcome(variants);
  const head = {
    literal,
    event: layout.name,
    text,
    ...(implied === undefined ? {} : { implied }),
  };
  if (inside === '') return { ...head, fields: [] };
  if (!inside.startsWith('[') || !inside.endsWith(']')) {
    return {
      ...head,
      fields: scanFields(inside),
      ambiguous: 'the fields are not closed by a bracket',
    };
  }
  const delimiters = findDelimiters(inside);
  if (fitsVariant(delimiters, variants)) {
    const contradiction = contradictsText(inside, delimiters, implied);
    return {
      ...head,
      fields: cutAt(inside, delimiters),
      ...(contradiction === undefined ? {} : { ambiguous: contradiction }),
    };
  }
  return {
    ...head,
    fields: cutByOrder(inside, delimiters, variants),
    ambiguous: explain(delimiters, variants),
  };
}

/** A place where a field may start: `[name=` at the beginning or `][name=` further on. */
interface Delimiter {
  readonly name: string;
  /** Where the name starts. */
  readonly at: number;
}

/** Finds every place in `[a=..][b=..]` where a field may start. */
function findDelimiters(inside: string): Delimiter[] {
  const found: Delimiter[] = [];
  for (let at = 0; at !== -1 && found.length < MAX_FIELDS;) {
    const nameStart = at === 0 ? 1 : at + 2;
    const nameEnd = nameAt(inside, nameStart);
    if (nameEnd !== -1) found.push({ name: inside.slice(nameStart, nameEnd), at: nameStart });
    at = inside.indexOf('][', at === 0 ? 1 : nameStart);
  }
  return found;
}

/** The index of `=` behind a field name that starts here, -1 when none does. */
function nameAt(text: string, start: number): number {
  let at = start;
  while (at < start + 64 && isNameCode(text.charCodeAt(at))) at += 1;
  return at > start && text.charCodeAt(at) === 0x3d ? at : -1;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** Whether the delimiters are fields of one variant, each once and in its order; some may lack. */
function fitsVariant(delimiters: readonly Delimiter[], variants: readonly EventVariant[]): boolean {
  if (delimiters[0]?.at !== 1) return false;
  return variants.some(({ fields }) => {
    let next = 0;
    for (const { name } of delimiters) {
      const at = fields.indexOf(name, next);
      if (at === -1) return false;
      next = at + 1;
    }
    return true;
  });
}

function cutAt(inside: string, delimiters: readonly Delimiter[]): [string, string][] {
  return delimiters.map(({ name, at }, i) => {
    const end = (delimiters[i + 1]?.at ?? inside.length + 1) - 2;
    return [name, inside.slice(at + name.length + 1, Math.max(end, at + name.length + 1))];
  });
}

/** Cuts by the variant that fits best: each field at the first place it may start, in order. */
function cutByOrder(
  inside: string,
  delimiters: readonly Delimiter[],
  variants: readonly EventVariant[],
): [string, string][] {
  let best: Delimiter[] = [];
  for (const { fields } of variants) {
    const chosen: Delimiter[] = [];
    let next = 0;
    for (const name of fields) {
      const at = delimiters.findIndex((d, i) => i >= next && d.name === name);
      if (at === -1) continue;
      chosen.push(delimiters[at]!);
      next = at + 1;
    }
    if (chosen.length > best.length) best = chosen;
  }
  return cutAt(inside, best.length > 0 ? best : delimiters);
}

function explain(delimiters: readonly Delimiter[], variants: readonly EventVariant[]): string {
  const known = new Set(variants.flatMap((v) => v.fields));
  const seen = new Set<string>();
  for (const { name } of delimiters) {
    if (seen.has(name)) return `${name} may start in more than one place`;
    seen.add(name);
  }
  for (const { name } of delimiters) {
    if (!known.has(name)) return `${name} is not a field of this event`;
  }
  return 'the fields are not in the order of this event';
}

function impliedOutcome(variants: readonly EventVariant[]): 'Success' | 'Failure' | undefined {
  const outcomes = new Set(variants.map((v) => v.outcome));
  if (outcomes.size !== 1 || outcomes.has('any')) return undefined;
  return outcomes.has('success') ? 'Success' : 'Failure';
}

/** A text that says failure beside a field that says success: one of the two is forged. */
function contradictsText(
  inside: string,
  delimiters: readonly Delimiter[],
  implied: 'Success' | 'Failure' | undefined,
): string | undefined {
  if (implied === undefined) return undefined;
  const outcome = cutAt(inside, delimiters).find(([name]) => name === 'Outcome')?.[1];
  if (outcome === undefined || outcome.toLowerCase() === implied.toLowerCase()) return undefined;
  return `Outcome is ${outcome.slice(0, 40)} but the text says ${implied}`;
}

/** An event nobody here knows: fields by the logger's own scan, `[`, next `=`, next `]`. */
function cutUnknown(literal: string, body: string): CutMessage {
  const end = body.lastIndexOf('] ');
  const inside = end === -1 ? body : body.slice(0, end + 1);
  const fields = scanFields(inside);
  const text = end === -1 ? '' : body.slice(end + 2);
  const head = { literal, event: literal, fields, text };
  const rebuilt = fields.map(([name, value]) => `[${name}=${value}]`).join('');
  if (end === -1 && body !== '') return { ...head, ambiguous: 'the record is unfinished' };
  if (rebuilt !== inside) {
    return { ...head, ambiguous: 'brackets or text between the fields of an unknown event' };
  }
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length) return { ...head, ambiguous: 'a field appears more than once' };
  return head;
}

function scanFields(inside: string): [string, string][] {
  const fields: [string, string][] = [];
  let at = inside.indexOf('[');
  while (at !== -1 && fields.length < MAX_FIELDS) {
    const equals = inside.indexOf('=', at);
    if (equals === -1) break;
    const close = inside.indexOf(']', equals);
    if (close === -1) break;
    fields.push([inside.slice(at + 1, equals).slice(0, 256), inside.slice(equals + 1, close)]);
    at = inside.indexOf('[', close);
  }
  return fields;
}
