/**
 * How an event is laid out in a line: names, fields and texts, looked up by what stands after
 * `AuditEvent=`. Historic names lead to the event of today.
 */
import { EVENT_LAYOUTS } from './events.ts';

/** One way an event is written. */
export interface EventVariant {
  /** What the variant stands for; `any` leaves it to the `Outcome` field. */
  readonly outcome: 'any' | 'success' | 'failure';
  /** The text behind the fields; for AUDIT_LOG_SIGNING only its beginning. */
  readonly text: string;
  readonly fields: readonly string[];
}

/** An event as one literal name writes it. */
export interface EventLayout {
  /** The event's name today. */
  readonly name: string;
  readonly variants: readonly EventVariant[];
}

/** The event whose text carries data: the signature. */
export const SIGNING_EVENT = 'AUDIT_LOG_SIGNING';
/** The text of a signature line before the base64. */
export const SIGNATURE_TEXT = 'signature of audit buffer just flushed: sig: ';

/** Returns the layouts a literal event name may have: one, or two where a typo made two events alike. */
export function eventLayouts(literal: string): readonly EventLayout[] {
  return LAYOUTS.get(literal) ?? [];
}

/** Returns the name an event has today: `AUTHZ` for `AUTHZ_FAIL`; unknown names are their own. */
export function modernEventName(literal: string): string {
  return LAYOUTS.get(literal)?.[0]?.name ?? literal;
}

/** Which names events have in what is written: today's, or those of 10.4, which had one for each outcome. */
export const EVENT_NAMES = ['current', '10.4'] as const;
export type EventNames = (typeof EVENT_NAMES)[number];

const OLD_ENDINGS = { Success: ['_SUCCESS'], Failure: ['_FAIL', '_FAILURE'] } as const;

/** Returns the name an event with an outcome is written under: `AUTHZ_FAIL` for AUTHZ with the names of 10.4. */
export function writtenEventName(
  event: string,
  outcome: 'Success' | 'Failure',
  names: EventNames,
): string {
  if (names === 'current') return event;
  const old = OLD_ENDINGS[outcome].map((ending) => event + ending);
  return old.find((literal) => LAYOUTS.get(literal)?.[0]?.name === event) ?? event;
}

/** Names of all events as they are today, in the order of the product's documentation. */
export function dogtagEventNames(): string[] {
  return [...new Set([...LAYOUTS.values()].flat().map((layout) => layout.name))];
}

const OUTCOMES = { '*': 'any', '+': 'success', '-': 'failure' } as const;
const LAYOUTS: ReadonlyMap<string, readonly EventLayout[]> = parseLayouts(EVENT_LAYOUTS);

function parseLayouts(table: string): Map<string, EventLayout[]> {
  const events: { name: string; modern: string; literals: string[]; variants: EventVariant[] }[] =
    [];
  for (const line of table.trim().split('\n')) {
    if (line.startsWith('  ')) {
      events.at(-1)!.variants.push(parseVariant(line.trim()));
      continue;
    }
    const match = /^(\S+)(?: -> (\S+))?(?: = (.+))?$/.exec(line)!;
    const name = match[1]!;
    const literals = [name, ...(match[3]?.split(' ') ?? [])];
    events.push({ name, modern: match[2] ?? name, literals, variants: [] });
  }
  const layouts = new Map<string, EventLayout[]>();
  for (const { modern, literals, variants } of events) {
    // A name that only ever stood in configuration files is laid out as the event it became.
    const own = variants.length > 0 ? variants : events.find((e) => e.name === modern)!.variants;
    for (const literal of new Set(literals)) {
      layouts.set(literal, [
        ...(layouts.get(literal) ?? []),
        { name: modern, variants: own.flatMap(withoutOptional) },
      ]);
    }
  }
  return layouts;
}

function parseVariant(line: string): EventVariant {
  const [head, text] = line.slice(2).split(' | ') as [string, string];
  const outcome = OUTCOMES[line[0] as keyof typeof OUTCOMES];
  return { outcome, text: text.replace('{2}', ''), fields: head.split(' ').filter(Boolean) };
}

/** A variant with optional fields is two: with all of them and with none. */
function withoutOptional(variant: EventVariant): EventVariant[] {
  const all = variant.fields.map((field) => field.replace(/\?$/, ''));
  const none = variant.fields.filter((field) => !field.endsWith('?'));
  const fields = none.length < all.length ? [all, none] : [all];
  return fields.map((f) => ({ ...variant, fields: f }));
}
