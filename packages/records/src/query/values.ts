/** What a record answers when a query names a field, and what free text searches. */
import { categoryByName } from '../catalogue/categories.ts';
import type { Content, Envelope, JsonValue } from '../record.ts';

/** A record as a query sees it. An erased one has no content: only its envelope answers. */
export interface QueriedRecord {
  readonly index: number;
  readonly envelope: Envelope;
  readonly content: Content | null;
}

/** The values of a string, enum or boolean field, as the record has them; none if absent. */
export function fieldValues(
  field: string,
  { envelope, content }: QueriedRecord,
): readonly string[] {
  switch (field) {
    case 'Category':
      return [envelope.category];
    case 'Operation':
      return [envelope.operation];
    case 'Level':
      return [envelope.level];
    case 'Outcome':
      return [envelope.outcome];
    case 'Event':
      return some(envelope.event, content?.original?.event);
    case 'Producer':
      return [envelope.producer];
    case 'RecordId':
      return [envelope.id];
    case 'Retention':
      return [envelope.retention];
    default:
      return content === null ? [] : contentValues(field, content);
  }
}

function contentValues(field: string, content: Content): readonly string[] {
  const { actor, origin, source, target, request, authorization, original } = content;
  switch (field) {
    case 'ActingUser':
      return some(actor.id, actor.name);
    case 'ActorKind':
      return [actor.kind];
    case 'Role':
      return [...new Set([...(actor.roles ?? []), ...(authorization?.roles ?? [])])];
    case 'AuthMethod':
      return some(actor.authentication?.method);
    case 'Credential':
      return some(actor.authentication?.credential);
    case 'Session':
      return some(actor.session);
    case 'Address':
      return some(origin?.address);
    case 'Interface':
      return some(origin?.interface);
    case 'UserAgent':
      return some(origin?.userAgent);
    case 'Name':
      return some(target?.name ?? target?.id);
    case 'ImmutableIdentifier':
      return some(target?.id);
    case 'TargetType':
      return some(target?.type);
    case 'Target':
      return some(target?.id, target?.name);
    case 'Related':
      return (content.related ?? []).flatMap((r) => some(r.id, r.name));
    case 'Property':
      return changedProperties(content.before, content.after);
    case 'Resource':
      return some(authorization?.resource);
    case 'Op':
      return some(authorization?.operation);
    case 'Route':
      return some(request?.route);
    case 'RequestType':
      return some(request?.type);
    case 'Verb':
      return some(request?.verb);
    case 'RequestId':
      return some(request?.id);
    case 'Correlation':
      return some(content.correlation);
    case 'Reason':
      return some(content.reason);
    case 'Attribute':
      return (content.attributes ?? []).flatMap(([, value]) => some(value ?? undefined));
    case 'System':
      return [source.system];
    case 'Host':
      return some(source.host);
    case 'Component':
      return some(source.component);
    case 'Imported':
      return [String(original !== undefined)];
    case 'File':
      return some(original?.file);
    case 'Signature':
      return some(original?.signature);
    default:
      throw new RangeError(`expected a field that holds text, got "${field}"`);
  }
}

/** The value of a date or integer field. */
export function fieldNumber(field: string, { index, envelope }: QueriedRecord): number {
  switch (field) {
    case 'Timestamp':
      return Date.parse(envelope.time);
    case 'Seq':
      return envelope.seq;
    case 'Index':
      return index;
    default:
      throw new RangeError(`expected a field that holds a number, got "${field}"`);
  }
}

function some(...values: readonly (string | undefined)[]): string[] {
  return values.filter((v) => v !== undefined);
}

/**
 * Paths of the properties that differ, dotted, with the paths that lead to them: `a` and `a.b`. A
 * list is one property. None unless there is a before and an after.
 */
export function changedProperties(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): string[] {
  const paths: string[] = [];
  if (before !== undefined && after !== undefined) compare(before, after, '', paths);
  return paths;
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  paths: string[],
): boolean {
  if (!isObject(before) || !isObject(after)) return !sameJson(before, after);
  let differs = false;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const inner = path === '' ? key : `${path}.${key}`;
    const at = paths.length;
    if (compare(before[key], after[key], inner, paths)) {
      paths.splice(at, 0, inner);
      differs = true;
    }
  }
  return differs;
}

function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((v, i) => sameJson(v, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((k) => Object.hasOwn(b, k) && sameJson(a[k], b[k]))
  );
}

function isObject(value: JsonValue | undefined): value is { [k: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Every text of a record that free text searches: names and ids of everything in it, addresses,
 * reason, values of attributes and of before and after, the original line. Not the words of level
 * and outcome, which would find half the log.
 */
export function freeTexts(record: QueriedRecord): string[] {
  return [...sharedTexts(record), ...ownTexts(record)];
}

/** The texts of a record that many records share: what it is about, where it happened, who may. */
export function sharedTexts({ envelope, content }: QueriedRecord): string[] {
  const { event, category, operation, producer } = envelope;
  const texts = [event, operation, producer, ...categoryTexts(category)];
  if (content === null) return texts;
  const { actor, source, target, request, authorization, original } = content;
  texts.push(
    ...some(
      original?.event,
      target?.type,
      source.system,
      source.host,
      source.component,
      request?.verb,
    ),
    ...some(authorization?.resource, authorization?.operation),
    ...(actor.roles ?? []),
    ...(authorization?.roles ?? []),
  );
  return texts;
}

/** A category's name, and how people know it. */
export function categoryTexts(category: string): string[] {
  const display = categoryByName(category)?.display;
  return display === undefined || display === category ? [category] : [category, display];
}

/** The texts of a record besides the shared ones. */
export function ownTexts({ envelope, content }: QueriedRecord): string[] {
  const texts = [envelope.id];
  if (content === null) return texts;
  const { actor, origin, target, request, original } = content;
  const add: Add = (value) => {
    if (value !== undefined && value !== '') texts.push(value);
  };
  add(actor.id);
  add(actor.name);
  add(actor.session);
  add(actor.authentication?.method);
  add(actor.authentication?.credential);
  add(origin?.address);
  add(origin?.userAgent);
  add(target?.id);
  add(target?.name);
  for (const object of content.related ?? []) {
    add(object.type);
    add(object.id);
    add(object.name);
  }
  add(request?.id);
  add(request?.route);
  add(content.reason);
  add(content.correlation);
  for (const [, value] of content.attributes ?? []) if (value !== null) add(value);
  addLeaves(add, content.before);
  addLeaves(add, content.after);
  add(original?.text);
  add(original?.file);
  add(original?.signer);
  return texts;
}

type Add = (value: string | undefined) => void;

function addLeaves(add: Add, value: JsonValue | undefined): void {
  if (typeof value === 'string') add(value);
  else if (typeof value === 'number') add(String(value));
  else if (Array.isArray(value)) for (const item of value) addLeaves(add, item);
  else if (isObject(value)) for (const key of Object.keys(value)) addLeaves(add, value[key]);
}
