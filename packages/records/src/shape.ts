/**
 * Checks of untrusted values, made of small parts. A check adds what is wrong to a list and goes on,
 * so that a document's faults are all reported at once.
 */
import { MAX_FAULTS } from './limits.ts';
import type { RecordFault } from './error.ts';

export class Faults {
  readonly list: RecordFault[] = [];

  add(path: string, expected: string, got: string): void {
    if (this.list.length < MAX_FAULTS) this.list.push({ path, expected, got });
  }
}

export type Check = (value: unknown, path: string, faults: Faults) => void;

/** Says what a value is without repeating much of it: it may be large, or not for other eyes. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    if (value.length > 60) return `a string of ${value.length} characters`;
    return value.isWellFormed() ? JSON.stringify(value) : 'a string with a lone surrogate';
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isPlainObject(value) ? 'an object' : `a ${typeof value}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A well-formed string of min..max UTF-16 units. */
export function text(max: number, min = 1): Check {
  const expected = `a string of ${min} to ${max} characters`;
  return (value, path, faults) => {
    if (typeof value !== 'string' || value.length < min || value.length > max) {
      faults.add(path, expected, describe(value));
    } else if (!value.isWellFormed()) {
      faults.add(path, 'a string without lone surrogates', describe(value));
    }
  };
}

/** A string for which `accepts` holds; `expected` says what that is. */
export function spelled(expected: string, accepts: (s: string) => boolean): Check {
  return (value, path, faults) => {
    if (typeof value !== 'string' || !accepts(value)) faults.add(path, expected, describe(value));
  };
}

export function oneOf(values: readonly string[]): Check {
  const expected = `one of ${values.map((v) => JSON.stringify(v)).join(', ')}`;
  return (value, path, faults) => {
    if (typeof value !== 'string' || !values.includes(value)) {
      faults.add(path, expected, describe(value));
    }
  };
}

export function exactly(expected: number): Check {
  return (value, path, faults) => {
    if (value !== expected) faults.add(path, String(expected), describe(value));
  };
}

/** A safe integer from `min`. */
export function integer(min: number): Check {
  const expected = `an integer from ${min}`;
  return (value, path, faults) => {
    if (!Number.isSafeInteger(value) || (value as number) < min) {
      faults.add(path, expected, describe(value));
    }
  };
}

export function nullOr(check: Check): Check {
  return (value, path, faults) => {
    if (value !== null) check(value, path, faults);
  };
}

export function arrayOf(check: Check, max: number): Check {
  return (value, path, faults) => {
    if (!Array.isArray(value)) {
      faults.add(path, 'an array', describe(value));
    } else if (value.length > max) {
      faults.add(path, `an array of at most ${max}`, describe(value));
    } else {
      for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`, faults);
    }
  };
}

/** An array with one check for each place. */
export function tuple(...checks: readonly Check[]): Check {
  return (value, path, faults) => {
    if (!Array.isArray(value) || value.length !== checks.length) {
      faults.add(path, `an array of ${checks.length}`, describe(value));
      return;
    }
    checks.forEach((check, i) => check(value[i], `${path}[${i}]`, faults));
  };
}

/** An object with exactly these fields, the optional ones present or absent but never undefined. */
export function object(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const requiredFields = Object.entries(required);
  const checks = new Map([...requiredFields, ...Object.entries(optional)]);
  const known = [...checks.keys()].join(', ');
  return (value, path, faults) => {
    if (!isPlainObject(value)) {
      faults.add(path, 'an object', describe(value));
      return;
    }
    for (const [field, check] of requiredFields) {
      if (!Object.hasOwn(value, field)) check(undefined, `${path}.${field}`, faults);
    }
    for (const [field, item] of Object.entries(value)) {
      const check = checks.get(field);
      if (check === undefined) {
        faults.add(`${path}${memberPath(field)}`, `one of the fields ${known}`, 'an unknown field');
      } else {
        check(item, `${path}.${field}`, faults);
      }
    }
  };
}

/** Any JSON object that has a canonical form and will be read back as written. */
export function jsonObject(maxDepth: number): Check {
  return (value, path, faults) => {
    if (isPlainObject(value)) checkJson(value, path, faults, maxDepth);
    else faults.add(path, 'an object', describe(value));
  };
}

function checkJson(value: unknown, path: string, faults: Faults, depth: number): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) {
      faults.add(path, 'a string without lone surrogates', describe(value));
    }
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      faults.add(path, 'a finite number, integers within ±(2^53 - 1)', String(value));
    }
    return;
  }
  if (value === null || typeof value === 'boolean') return;
  if (typeof value !== 'object') {
    faults.add(path, 'a JSON value', describe(value));
    return;
  }
  if (depth === 0) {
    faults.add(path, 'less nesting', 'an object or array too deep');
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkJson(value[i], `${path}[${i}]`, faults, depth - 1);
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = `${path}${memberPath(key)}`;
      if (key === '__proto__') faults.add(at, 'another name', 'a name reserved by the language');
      else if (!key.isWellFormed()) faults.add(at, 'a name without lone surrogates', describe(key));
      else checkJson(item, at, faults, depth - 1);
    }
  } else {
    faults.add(path, 'a JSON value', describe(value));
  }
}

const PLAIN_MEMBER = /^[A-Za-z_$][\w$]*$/;

/** `.name`, or `["odd name"]` where the name needs quotes; long names are cut. */
export function memberPath(name: string): string {
  if (name.length <= 64 && PLAIN_MEMBER.test(name)) return `.${name}`;
  return `[${JSON.stringify(name.length <= 64 ? name : `${name.slice(0, 64)}…`)}]`;
}
