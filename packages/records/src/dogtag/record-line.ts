/** A record of the log as a line of a signed audit file: the way back from what `draft.ts` reads. */
import type { Content, Envelope } from '../record.ts';
import { eventLayouts, writtenEventName } from './layout.ts';
import type { EventNames, EventVariant } from './layout.ts';
import { formatLine } from './line.ts';
import { formatTimestamp } from './timestamp.ts';

/** What the line says of a record. */
export type LineEnvelope = Pick<Envelope, 'event' | 'outcome' | 'time'>;

/** Numbers of the signed audit log and of security messages, and the value that is none. */
const SIGNED_AUDIT = '14';
const SECURITY = '6';
const NO_VALUE = '<null>';
/** What an attribute's name may not hold: it would end the name or begin another field. */
const NOT_IN_NAMES = /[[\]=\p{Cc}\u2028\u2029\p{Surrogate}]/gu;

/**
 * Writes a record as one line without its line feed. An event of Dogtag's has exactly the fields that Dogtag's line
 * of it has, in their order: what our record knows beyond them is in the log only, for a further field would make
 * the line one that can be read in two ways. Other events, and outcomes that Dogtag's event never has, are written
 * with all attributes, SubjectID and Outcome first. Without a content (it was erased) only the outcome is known.
 */
export function recordLine(
  envelope: LineEnvelope,
  content: Content | null,
  names: EventNames = 'current',
): string {
  const { event, outcome, time } = envelope;
  const literal = writtenEventName(event, outcome, names);
  const given = fieldsOf(envelope, content);
  const variant = bestVariant(literal, outcome, given);
  return formatLine({
    era: 'java',
    process: '0',
    thread: content?.source.component ?? content?.source.system ?? 'log',
    stamp: formatTimestamp(new Date(time)),
    source: SIGNED_AUDIT,
    level: SECURITY,
    literal,
    event,
    fields: variant === undefined ? given : cutTo(variant, given),
    text: variant?.text ?? event.toLowerCase().replaceAll('_', ' '),
  });
}

type Field = readonly [name: string, value: string];

/** Every field the record has; the outcome is the envelope's, whatever an attribute says. */
function fieldsOf({ outcome }: LineEnvelope, content: Content | null): Field[] {
  const attributes = (content?.attributes ?? []).map(([name, value]): Field => [
    name.replace(NOT_IN_NAMES, '_'),
    name === 'Outcome' ? outcome : (value ?? NO_VALUE),
  ]);
  const has = (name: string): boolean => attributes.some(([field]) => field === name);
  const missing: Field[] = [];
  if (!has('SubjectID')) missing.push(['SubjectID', content?.actor.id ?? NO_VALUE]);
  if (!has('Outcome')) missing.push(['Outcome', outcome]);
  return [...missing, ...attributes];
}

/** The variant of the outcome that has a place for most of the fields; of these the one with fewest others. */
function bestVariant(
  literal: string,
  outcome: Envelope['outcome'],
  given: readonly Field[],
): EventVariant | undefined {
  const wanted = outcome.toLowerCase();
  const variants = eventLayouts(literal)[0]?.variants ?? [];
  const fitting = variants.filter((v) => v.outcome === wanted || v.outcome === 'any');
  const names = new Set(given.map(([name]) => name));
  const places = ({ fields }: EventVariant): number => fields.filter((f) => names.has(f)).length;
  return fitting.sort((a, b) => places(b) - places(a) || a.fields.length - b.fields.length)[0];
}

/** The fields a variant has, in its order, each once. */
function cutTo(variant: EventVariant, given: readonly Field[]): Field[] {
  return variant.fields.flatMap((name) => {
    const field = given.find(([candidate]) => candidate === name);
    return field === undefined ? [] : [field];
  });
}
