import { InvalidArgumentError } from 'commander';
import type { SubjectAltName } from './types.ts';

const SAN_TYPES = ['dns', 'ip', 'email', 'uri', 'upn'] as const;

/** Collects `--san dns:www.example.com`. */
export function parseSans(
  text: string,
  before: readonly SubjectAltName[] = [],
): readonly SubjectAltName[] {
  const at = text.indexOf(':');
  const type = SAN_TYPES.find((known) => known === text.slice(0, at));
  const value = text.slice(at + 1);
  if (type === undefined || value === '') {
    throw new InvalidArgumentError(
      `expected TYPE:VALUE, TYPE one of ${SAN_TYPES.join(', ')}, e.g. dns:www.example.com`,
    );
  }
  return [...before, { type, value }];
}

/** Collects `--metadata Owner=ops`. An empty value says that the field is to have none. */
export function parseAssignments(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE');
  const name = text.slice(0, at);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is given twice`);
  return { ...before, [name]: text.slice(at + 1) };
}

/** Collects `--set path.to.member=VALUE`: the value as JSON, or else as text. */
export function parseSettings(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const at = text.indexOf('=');
  const path = text.slice(0, at).split('.');
  if (at < 1 || path.includes('')) throw new InvalidArgumentError('expected NAME=VALUE');
  return put(before, path, jsonOrText(text.slice(at + 1)));
}

function put(
  object: Readonly<Record<string, unknown>>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  return { ...object, [name]: put(isObject(inner) ? inner : {}, rest, value) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The reasons of RFC 5280 section 5.3.1, by Dogtag's names; 7 is nothing. */
const REASONS: ReadonlyMap<string, number> = new Map([
  ['Unspecified', 0],
  ['Key_Compromise', 1],
  ['CA_Compromise', 2],
  ['Affiliation_Changed', 3],
  ['Superseded', 4],
  ['Cessation_of_Operation', 5],
  ['Certificate_Hold', 6],
  ['Privilege_Withdrawn', 9],
  ['AA_Compromise', 10],
]);

export const HOLD = 6;

/** The reason of a revocation: Dogtag's name (`Key_Compromise`), that of RFC 5280 (`keyCompromise`), or its number. */
export function parseReason(text: string): number {
  const wanted = plain(text);
  for (const [name, number] of REASONS)
    if (plain(name) === wanted || String(number) === text) return number;
  throw new InvalidArgumentError(
    `expected one of ${[...REASONS].map(([name, number]) => `${name} (${number})`).join(', ')}`,
  );
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_ -]/g, '');
}

/** A reason as it is printed. */
export function reasonName(reason: number): string {
  for (const [name, number] of REASONS) if (number === reason) return name;
  return String(reason);
}

/** A moment, as `2026-11-22` (midnight UTC) or RFC 3339; as RFC 3339 in UTC. */
export function parseMoment(text: string): string {
  const time =
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
      ? new Date(text)
      : null;
  if (time === null || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'expected a date or time with its zone: 2026-11-22 or 2026-11-22T09:30:00Z',
    );
  return time.toISOString();
}
