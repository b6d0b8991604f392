import type { JsonValue } from '@countersign/tlog';

type JsonObject = { [key: string]: JsonValue };

/** One field that differs; `undefined` on a side means the field was not there. */
export interface FieldChange {
  /** Names from the outside in, as they stand in the model. */
  readonly path: readonly string[];
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function equal(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, n) => equal(item, b[n]));
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name]))
    );
  }
  return false;
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Field by field what differs between two models; a missing model counts as one without fields. */
export function changedFields(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  path: readonly string[] = [],
): FieldChange[] {
  const old = before ?? {};
  const now = after ?? {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const a = own(old, name);
    const b = own(now, name);
    const here = [...path, name];
    if (equal(a, b)) return [];
    if ((isObject(a) || a === undefined) && (isObject(b) || b === undefined)) {
      const inner = changedFields(a, b, here);
      if (inner.length > 0) return inner;
    }
    return [{ path: here, before: a, after: b }];
  });
}

/** How many fields (leaves) two models have in common, to say what is not shown. */
export function countFields(model: JsonObject | undefined): number {
  if (model === undefined) return 0;
  return Object.values(model).reduce<number>(
    (sum, value) => sum + (isObject(value) ? Math.max(1, countFields(value)) : 1),
    0,
  );
}

/** What two lists have each for themselves, and how many items both have. */
export interface ListChange {
  readonly removed: readonly JsonValue[];
  readonly added: readonly JsonValue[];
  readonly same: number;
}

/** Item by item what differs between two lists; null where only their order or repetition does, or one is no list. */
export function listChange(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): ListChange | null {
  if (!Array.isArray(before) || !Array.isArray(after)) return null;
  const removed = without(before, after);
  const added = without(after, before);
  if (removed.length === 0 && added.length === 0) return null;
  return { removed, added, same: before.length - removed.length };
}

/** The items of `list` that are not among `other`, counting repetitions. */
function without(list: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  const left = new Map<string, number>();
  for (const item of other) {
    const key = JSON.stringify(item);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return list.filter((item) => {
    const key = JSON.stringify(item);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

/** A value as a person reads it; lists one item a line. */
export function showValue(value: JsonValue): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    return value.length === 0 ? '(empty list)' : value.map(showItem).join('\n');
  }
  if (typeof value === 'object') return JSON.stringify(value, null, 2);
  return String(value);
}

function showItem(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
