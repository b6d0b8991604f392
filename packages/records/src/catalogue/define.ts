/** Makes definitions from what differs between events; the rest follows rules stated here. */
import type { Actor, Attribute, Content, Level, Outcome } from '../record.ts';
import type { AttributeVariant, ByOutcome, EventDefinition, EventExample } from './definition.ts';

/** Fields of a definition that have no rule to follow. */
type Given = Pick<
  EventDefinition,
  'name' | 'title' | 'description' | 'group' | 'category' | 'operation' | 'sentence'
>;

interface Spec extends Given {
  /** Attributes in order, separated by spaces. */
  readonly attributes: string;
  readonly operationBy?: NonNullable<EventDefinition['operationBy']>;
  /**
   * The forms the event takes, `outcome: attributes`, where they are more than one; a `?` marks an
   * attribute that may be missing.
   */
  readonly variants?: readonly string[];
  /** A failure is somebody's attempt without the right (Warning), not something broken (Failure). */
  readonly attempt?: boolean;
  /** A failure is somebody's decision (Information), not something broken. */
  readonly decision?: boolean;
  /** Needed as long as any certificate it touches. */
  readonly extended?: boolean;
  /** Always recorded, whatever is selected. */
  readonly always?: boolean;
  readonly examples: readonly EventExample[];
}

const FAILED: ByOutcome<Level> = { Success: 'Information', Failure: 'Failure' };
const DECIDED: ByOutcome<Level> = { Success: 'Information', Failure: 'Information' };
const ATTEMPTED: ByOutcome<Level> = { Success: 'Information', Failure: 'Warning' };

/** An event with Dogtag's name and attributes. */
export function dogtag(spec: Spec): EventDefinition {
  return define('dogtag', spec);
}

/** An event of our own. */
export function own(spec: Spec): EventDefinition {
  return define('countersign', spec);
}

function define(origin: EventDefinition['origin'], spec: Spec): EventDefinition {
  const { attributes, variants, attempt, decision, extended, always, examples, ...given } = spec;
  return {
    ...given,
    origin,
    level: decision === true ? DECIDED : attempt === true ? ATTEMPTED : FAILED,
    attributes: words(attributes),
    variants: (variants ?? [`any: ${attributes}`]).map(parseVariant),
    retention: extended === true ? 'extended' : 'normal',
    selectable: always !== true,
    examples,
  };
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

function parseVariant(text: string): AttributeVariant {
  const colon = text.indexOf(':');
  const marked = words(text.slice(colon + 1));
  const attributes = marked.map((word) => word.replace(/\?$/, ''));
  const optional = marked.filter((word) => word.endsWith('?')).map((word) => word.slice(0, -1));
  const outcome = text.slice(0, colon) as AttributeVariant['outcome'];
  return optional.length === 0 ? { outcome, attributes } : { outcome, attributes, optional };
}

/** An example as a Dogtag line gives it: attributes, and the actor named by one of them. */
export function line(
  outcome: Outcome,
  values: Readonly<Record<string, string>>,
  sentence: string,
): EventExample {
  const attributes: Attribute[] = Object.entries(values);
  return { outcome, content: { actor: actorOf(values), attributes }, sentence };
}

/** An example as our own server gives it. */
export function example(
  outcome: Outcome,
  actor: string,
  content: Partial<Content>,
  sentence: string,
): EventExample {
  const kind = actor === 'countersign' ? 'system' : 'user';
  return { outcome, content: { actor: { id: actor, kind }, ...content }, sentence };
}

function actorOf(values: Readonly<Record<string, string>>): Actor {
  const id = values['SubjectID'] ?? values['AgentID'] ?? '$Unidentified$';
  if (id === '$System$' || id === 'SYSTEM') return { id, kind: 'system' };
  return { id, kind: id.startsWith('$') ? 'unknown' : 'user' };
}
