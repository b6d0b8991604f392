/**
 * The JSON Canonicalization Scheme (RFC 8785): one spelling for every JSON value, so that a value can be
 * hashed and signed. Keys are sorted by UTF-16 code units, numbers and strings are spelled as ECMAScript
 * spells them, and there is no white space.
 *
 * `JSON.stringify` spells everything right but the order of keys, and it is several times faster than
 * anything written in the language. So the work is to bring the keys in order and let it write.
 */
import { fromUtf8 } from './encoding.ts';
import { TlogError } from './errors.ts';
import { MAX_JSON_DEPTH, parseJson, type JsonValue } from './json.ts';

/**
 * Returns the canonical text of a value. Fastest when objects already hold their keys in order.
 * Negative zero is written as zero, as the scheme says.
 * @throws TlogError `json_unsupported` for NaN, infinities, undefined, functions and everything else that
 *   is not JSON; `json_lone_surrogate`, `json_too_deep` (a cycle, too), `json_forbidden_key`
 */
export function canonicalize(value: JsonValue): string {
  const ordered = inOrder(value, 0);
  if (ordered === undefined) throw faultOf(value);
  const text = ordered === UNORDERABLE ? writeChecked(value) : JSON.stringify(ordered);
  // JSON.stringify escapes lone surrogates, and only them, this way; the letters may also stand behind an
  // escaped backslash.
  if (text.includes('\\ud')) {
    const fault = findFault(value, '$', 0);
    if (fault !== null) throw fault;
  }
  return text;
}

/**
 * Returns the value of canonical bytes; whatever `canonicalize` writes is accepted, and nothing else.
 * @throws TlogError `json_not_canonical`, or the code of what else is wrong; `utf8_malformed`
 */
export function parseCanonical(bytes: Uint8Array): JsonValue {
  const text = fromUtf8(bytes);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    parseJson(text, { unsafeNumbers: true }); // says where
    throw new TlogError('json_syntax', 'json: expected a JSON text', { cause });
  }
  const canonical = canonicalize(value);
  if (canonical !== text) {
    parseJson(text, { unsafeNumbers: true }); // a duplicate key has its own code
    const position = firstDifference(canonical, text);
    throw new TlogError(
      'json_not_canonical',
      `json: expected ${excerpt(canonical, position)} at ${position}, got ${excerpt(text, position)}`,
      { position },
    );
  }
  return value;
}

/** Stands for a value whose keys no object of the language can hold in order. */
const UNORDERABLE = Symbol('unorderable');
const ARRAY_INDEX = /^(?:0|[1-9][0-9]{0,9})$/;

/**
 * Returns the value itself when all its keys are in order, otherwise a copy in which they are, sharing what
 * was in order already. Returns undefined when the value is no JSON, surrogates aside, and `UNORDERABLE` when
 * keys cannot be ordered: the language puts keys that are array indexes first and by value, `9` before `10`.
 */
function inOrder(value: unknown, depth: number): Ordered {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth === MAX_JSON_DEPTH) return undefined;
  if (Array.isArray(value)) return arrayInOrder(value as JsonValue[], depth + 1);
  if (!isPlainObject(value)) return undefined;
  return objectInOrder(value as Record<string, JsonValue>, depth + 1);
}

type Ordered = JsonValue | undefined | typeof UNORDERABLE;

function arrayInOrder(array: JsonValue[], depth: number): Ordered {
  let copy: JsonValue[] | undefined;
  for (let i = 0; i < array.length; i += 1) {
    const item = inOrder(array[i], depth);
    if (item === undefined || item === UNORDERABLE) return item;
    if (item !== array[i]) {
      copy ??= [...array];
      copy[i] = item;
    }
  }
  return copy ?? array;
}

function objectInOrder(object: Record<string, JsonValue>, depth: number): Ordered {
  // Keys first and alone: were members looked at on the way, unordered objects would look at them twice,
  // and twice at every level below.
  let previous = '';
  let sorted = true;
  // oxlint-disable-next-line guard-for-in -- plain objects inherit nothing; faster than Object.keys
  for (const key in object) {
    if (key === '__proto__') return undefined;
    if (key < previous) sorted = false;
    previous = key;
  }
  let copy: Record<string, JsonValue> | undefined;
  if (sorted) {
    // oxlint-disable-next-line guard-for-in -- as above
    for (const key in object) {
      const member = inOrder(object[key], depth);
      if (member === undefined || member === UNORDERABLE) return member;
      if (member !== object[key]) {
        copy ??= { ...object };
        copy[key] = member;
      }
    }
    return copy ?? object;
  }
  copy = {};
  for (const key of sortedKeys(object)) {
    if (ARRAY_INDEX.test(key)) return UNORDERABLE;
    const member = inOrder(object[key], depth);
    if (member === undefined || member === UNORDERABLE) return member;
    copy[key] = member;
  }
  return copy;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The slow way, for what cannot be ordered; `inOrder` stopped before it had seen everything. */
function writeChecked(value: JsonValue): string {
  const fault = findFault(value, '$', 0);
  if (fault !== null) throw fault;
  return write(value);
}

/** Writes a value piece by piece. */
function write(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = sortedKeys(value).map(
    (key) => `${JSON.stringify(key)}:${write(value[key] as JsonValue)}`,
  );
  return `{${members.join(',')}}`;
}

/** Comparing with `<` is comparing by UTF-16 code units. Objects are small: insertion beats the general sort. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 32) return keys.sort();
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] as string;
    let j = i - 1;
    while (j >= 0 && (keys[j] as string) > key) {
      keys[j + 1] = keys[j] as string;
      j -= 1;
    }
    keys[j + 1] = key;
  }
  return keys;
}

function faultOf(value: unknown): TlogError {
  const fault = findFault(value, '$', 0);
  if (fault === null) throw new Error('bad logic in canonicalize');
  return fault;
}

/** Finds the first place that is no JSON, lone surrogates included, and says where it is. */
function findFault(value: unknown, path: string, depth: number): TlogError | null {
  if (typeof value === 'string') {
    return value.isWellFormed()
      ? null
      : new TlogError('json_lone_surrogate', `${path}: lone surrogate in a string`);
  }
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : unsupported(path, String(value));
  }
  if (typeof value !== 'object') return unsupported(path, typeof value);
  if (depth === MAX_JSON_DEPTH) {
    return new TlogError(
      'json_too_deep',
      `${path.slice(0, 80)}: expected at most ${MAX_JSON_DEPTH} levels of objects and arrays`,
    );
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const fault = findFault(value[i], `${path}[${i}]`, depth + 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  if (!isPlainObject(value)) return unsupported(path, value.constructor?.name ?? 'an object');
  for (const [key, member] of Object.entries(value)) {
    const memberPath = `${path}.${key.toWellFormed()}`;
    if (key === '__proto__') {
      return new TlogError('json_forbidden_key', `${memberPath}: the key is not allowed`);
    }
    if (!key.isWellFormed()) {
      return new TlogError('json_lone_surrogate', `${memberPath}: lone surrogate in a key`);
    }
    const fault = findFault(member, memberPath, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function unsupported(path: string, got: string): TlogError {
  return new TlogError('json_unsupported', `${path}: expected a JSON value, got ${got}`);
}

function firstDifference(a: string, b: string): number {
  let position = 0;
  while (position < a.length && a[position] === b[position]) position += 1;
  return position;
}

function excerpt(text: string, position: number): string {
  return position >= text.length
    ? 'the end'
    : JSON.stringify(text.slice(position, position + 20).toWellFormed());
}
