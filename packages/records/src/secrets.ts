/**
 * Keeps out of the log what may never be in it: private keys in any form, passwords, PINs, tokens
 * (WebTrust 3.10.9). Producers mask them; what still arrives is refused at the door, and importers,
 * which cannot refuse what has happened, mask it themselves and say so in `original.redacted`.
 */
import { RecordError } from './error.ts';
import type { Content, JsonObject, JsonValue } from './record.ts';
import { isHarmless, isSecretField, isSecretName, isSecretNumber, MASK } from './secret-names.ts';
import {
  isSuspicious,
  isSuspiciousJson,
  matchSecrets,
  PRIVATE_JWK_MEMBERS,
} from './secret-patterns.ts';
import type { SecretKind } from './secret-patterns.ts';
import { namedSecrets } from './secret-fields.ts';
import { memberPath } from './shape.ts';

export type { SecretKind } from './secret-patterns.ts';

/** A secret and where it stands, as a JSON path. Never the secret. */
export interface FoundSecret {
  readonly kind: SecretKind;
  readonly path: string;
}

const NAMED: SecretKind = 'a secret in a field of that name';

/** The first secret in a text: `path` is the name of the field it stands in, if it has one. */
export function findSecret(text: string): { kind: SecretKind; path?: string } | null {
  const found = secretsIn(text)[0];
  if (found === undefined) return null;
  return found.name === undefined ? { kind: found.kind } : { kind: found.kind, path: found.name };
}

/**
 * Masks every secret in a text and lists what was masked, by kind and name. Masking one may lay
 * another bare, so it is done until none is found; a text that goes on yielding is masked whole.
 */
export function redactSecrets(text: string): { text: string; redacted: string[] } {
  const redacted: string[] = [];
  let masked = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = secretsIn(masked);
    if (found.length === 0) return { text: masked, redacted };
    masked = maskEach(masked, found, redacted);
  }
  return { text: MASK, redacted };
}

const MAX_ROUNDS = 8;

function maskEach(text: string, found: readonly TextSecret[], redacted: string[]): string {
  let out = '';
  let at = 0;
  for (const { kind, name, start, end } of found) {
    if (end <= at) continue;
    if (start >= at) out += text.slice(at, start) + MASK;
    at = end;
    redacted.push(name === undefined ? kind : `${kind}: ${name}`);
  }
  return out + text.slice(at);
}

/** The first secret in a content, or null. */
export function findSecretInContent(content: Content): FoundSecret | null {
  return walkContent(content).found[0] ?? null;
}

/** Masks every secret in a content; `redacted` lists the paths of the masked values. */
export function redactContent(content: Content): { content: Content; redacted: string[] } {
  const { found, masked } = walkContent(content);
  return { content: found.length === 0 ? content : masked, redacted: found.map((f) => f.path) };
}

/**
 * Whether a content deserves {@link findSecretInContent}. `json` is its JSON: a search in it rules out
 * secrets told by their looks; names are looked up only where a record has names of its own.
 */
export function mayHoldSecret(content: Content, json: string): boolean {
  return isSuspiciousJson(json) || hasSecretName(content);
}

/**
 * Refuses a content that holds a secret; `json` is its canonical JSON.
 * Throws {@link RecordError} `record_contains_secret`.
 */
export function assertNoSecret(content: Content, json: string): void {
  if (!mayHoldSecret(content, json)) return;
  const found = findSecretInContent(content);
  if (found === null) return;
  throw new RecordError('record_contains_secret', [
    { path: `$.content${found.path.slice(1)}`, expected: 'no secret', got: found.kind },
  ]);
}

function hasSecretName({ attributes, before, after }: Content): boolean {
  if (attributes !== undefined) {
    for (const [name] of attributes) if (isSecretName(name)) return true;
  }
  return (before !== undefined && nameWithin(before)) || (after !== undefined && nameWithin(after));
}

function nameWithin(value: JsonValue | JsonObject): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(nameWithin);
  for (const key in value) {
    if (isSecretName(key)) return true;
    const item = value[key];
    if (typeof item === 'object' && item !== null && nameWithin(item)) return true;
  }
  return false;
}

interface TextSecret {
  readonly kind: SecretKind;
  readonly name?: string;
  readonly start: number;
  readonly end: number;
}

/** Secrets in a text by looks and by name, in order of place, the longer first. */
function secretsIn(text: string): TextSecret[] {
  const found: TextSecret[] = namedSecrets(text).map((field) => ({ kind: NAMED, ...field }));
  if (isSuspicious(text)) found.push(...matchSecrets(text));
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

function walkContent(content: Content): { found: FoundSecret[]; masked: Content } {
  const found: FoundSecret[] = [];
  const { attributes, ...rest } = content;
  const masked = walk(rest as unknown as JsonValue, '$', '', found) as unknown as Content;
  if (attributes === undefined) return { found, masked };
  return {
    found,
    masked: {
      ...masked,
      attributes: attributes.map(([name, value], i) => {
        const path = `$.attributes[${i}]`;
        const maskedValue = value === null ? null : walk(value, `${path}[1]`, name, found);
        return [maskText(name, `${path}[0]`, '', found), maskedValue as string | null] as const;
      }),
    },
  };
}

/** The value with its secrets masked. `name` is that of the field the value stands in. */
function walk(value: JsonValue, path: string, name: string, found: FoundSecret[]): JsonValue {
  if (typeof value === 'string') return maskText(value, path, name, found);
  if (typeof value === 'number') {
    if (!isSecretNumber(name, value)) return value;
    found.push({ kind: NAMED, path });
    return MASK;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item, i) => walk(item, `${path}[${i}]`, name, found));
  }
  const isJwk = typeof value['kty'] === 'string';
  const masked: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) {
    if (isJwk && PRIVATE_JWK_MEMBERS.includes(key) && isUnmasked(item)) {
      found.push({ kind: 'a private JSON Web Key', path: `${path}.${key}` });
      masked[key] = MASK;
      continue;
    }
    // A name may be a secret itself: then it must not appear in a path either.
    const safeKey = maskText(key, `${path}.*`, '', found);
    // `{"password": {"value": "…"}}`: the inner name says nothing, the outer everything.
    const inner = key === 'value' && isSecretName(name) ? name : key;
    masked[safeKey] = walk(item, `${path}${memberPath(safeKey)}`, inner, found);
  }
  return masked;
}

function isUnmasked(value: JsonValue): boolean {
  return typeof value === 'string' && !isHarmless(value);
}

function maskText(text: string, path: string, name: string, found: FoundSecret[]): string {
  if (isSecretField(name, text)) {
    found.push({ kind: NAMED, path });
    return MASK;
  }
  const first = secretsIn(text)[0];
  if (first === undefined) return text;
  found.push({ kind: first.kind, path });
  return redactSecrets(text).text;
}
