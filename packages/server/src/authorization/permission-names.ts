import { faultyField, type ServerError } from '../errors.ts';
import { isOperationName, isResourceName } from './acl/parse.ts';
import type { Right } from './engine.ts';
import { NUMBERED, V1_NAMES, V2_NAMES } from './permission-table.ts';
import { isKnownRight } from './resources.ts';

const V1 = new Map(Object.entries(V1_NAMES));
const V2 = new Map(Object.entries(V2_NAMES));

/**
 * The rights a text stands for: `resource:operation`, Keyfactor's `Auditing:Read` (a blank after the colon is
 * allowed) or its `/auditing/read/`. A string of the second kind covers all that begin with it: `/certificates/`
 * is every right on certificates, `/certificates/collections/read/17/` that on one collection. Throws
 * `request_invalid` naming the field, what was expected and what came.
 */
export function parsePermission(text: string, field = 'permissions'): Right[] {
  const rights = text.startsWith('/')
    ? accessString(text)
    : (v1Permission(text) ?? ownPermission(text));
  if (rights === null || rights.length === 0) throw unknown(field, text);
  return rights;
}

/** The rights of several texts, each once, in the order of their names. */
export function parsePermissions(texts: readonly string[], field = 'permissions'): Right[] {
  const rights = new Map<string, Right>();
  for (const [i, text] of texts.entries()) {
    for (const right of parsePermission(text, `${field}.${i}`))
      rights.set(formatRight(right), right);
  }
  return [...rights].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right);
}

/** Keyfactor's names for a right, those that stand for it and perhaps for more. */
export function namesOf(right: Right): string[] {
  const key = formatRight(right);
  const v1 = [...V1].filter(([, rights]) => rights.includes(key));
  const v2 = [...V2].filter(([, rights]) => rights.includes(key));
  const names = [...v1, ...v2].map(([name]) => name);
  if (names.length > 0) return names;
  const above = NUMBERED.find(({ resource }) => right.resource.startsWith(`${resource}.`));
  if (above === undefined) return [];
  const id = right.resource.slice(above.resource.length + 1);
  return namesOf({ ...right, resource: above.resource })
    .filter((name) => name.startsWith('/'))
    .map((name) => `${name}${id}/`);
}

/** A right as text, `resource:operation`. */
export function formatRight({ resource, operation }: Right): string {
  return `${resource}:${operation}`;
}

function accessString(text: string): Right[] | null {
  const below = [...V2].filter(([name]) => name.startsWith(text));
  if (!text.endsWith('/')) return null;
  if (below.length > 0) {
    const keys = new Set(below.flatMap(([, rights]) => rights));
    return [...keys].map(splitRight);
  }
  const [, name = '', id = ''] = /^(\/.+\/)([A-Za-z0-9-]{1,64})\/$/.exec(text) ?? [];
  const numbered = NUMBERED.find(({ prefix }) => name.startsWith(prefix));
  if (numbered === undefined) return null;
  return (V2.get(name) ?? []).map((key) => {
    const { resource, operation } = splitRight(key);
    return { resource: `${resource}.${id}`, operation };
  });
}

function v1Permission(text: string): Right[] | null {
  return V1.get(text.replace(/^(\w+): /, '$1:'))?.map(splitRight) ?? null;
}

function ownPermission(text: string): Right[] | null {
  const right = splitRight(text);
  if (!isResourceName(right.resource) || !isOperationName(right.operation)) return null;
  return isKnownRight(right) ? [right] : null;
}

function splitRight(text: string): Right {
  const colon = text.lastIndexOf(':');
  return { resource: text.slice(0, Math.max(0, colon)), operation: text.slice(colon + 1) };
}

function unknown(field: string, text: string): ServerError {
  const expected =
    'a permission such as certServer.log.content.signedAudit:read, Auditing:Read or /auditing/read/';
  return faultyField(field, expected, JSON.stringify(text.slice(0, 200)));
}
