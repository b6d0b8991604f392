/** What a record answers when a query names a field, and what free text searches. */
import { categoryByName } from '../catalogue/categories.ts';
import type { Content, Envelope, JsonValue, ObjectRef } from '../record.ts';

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
export function freeTexts({ envelope, content }: QueriedRecord): string[] {
  const { event, category, operation, producer, id } = envelope;
  const texts = [id, event, operation, producer, category];
  const display = categoryByName(category)?.display;
  if (display !== undefined && display !== category) texts.push(display);
  if (content === null) return texts;
  const { actor, origin, source, target, request, authorization, original } = content;
  const add = (...values: readonly (string | undefined)[]): void => {
    for (const value of values) if (value !== undefined && value !== '') texts.push(value);
  };
  add(
    actor.id,
    actor.name,
    actor.session,
    actor.authentication?.method,
    actor.authentication?.credential,
  );
  if (actor.roles !== undefined) add(...actor.roles);
  if (origin !== undefined) add(origin.address, origin.userAgent);
  add(source.system, source.host, source.component);
  if (target !== undefined) addObject(add, target);
  for (const object of content.related ?? []) addObject(add, object);
  if (request !== undefined) add(request.id, request.route, request.verb);
  if (authorization !== undefined)
    add(authorization.resource, authorization.operation, ...authorization.roles);
  add(content.reason, content.correlation);
  for (const [, value] of content.attributes ?? []) if (value !== null) add(value);
  addLeaves(add, content.before);
  addLeaves(add, content.after);
  if (original !== undefined) add(original.text, original.file, original.event, original.signer);
  return texts;
}

type Add = (...values: readonly (string | undefined)[]) => void;

function addObject(add: Add, object: ObjectRef): void {
  add(object.type, object.id, object.name);
}

function addLeaves(add: Add, value: JsonValue | undefined): void {
  if (typeof value === 'string') add(value);
  else if (typeof value === 'number') add(String(value));
  else if (Array.isArray(value)) for (const item of value) addLeaves(add, item);
  else if (isObject(value)) for (const key of Object.keys(value)) addLeaves(add, value[key]);
}
