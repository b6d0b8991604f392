/**
 * The language of the sentences in the event catalogue.
 *
 * - `{name}` is a value in quotes, `{name!}` the value as it is, `{a|b}` the first one there is.
 * - `[…]` is left out unless every value in it is there; `[…|…]` is the first alternative whose
 *   values all are, or the last with `(unknown)` in their place.
 *
 * Outside of brackets a missing value is `(unknown)`.
 */
export type Template = readonly Part[];

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly names: readonly string[]; readonly quoted: boolean }
  | { readonly kind: 'choice'; readonly alternatives: readonly Template[] };

/** What a name stands for: a value, or a phrase that is never quoted, or nothing. */
export type Lookup = (name: string) => string | Phrase | undefined;

export interface Phrase {
  readonly phrase: string;
}

/** Reads a template. Throws TypeError for one that is not closed: templates are our own. */
export function parseTemplate(source: string): Template {
  const { alternatives, end } = parseAlternatives(source, 0, false);
  if (end !== source.length) throw new TypeError(`unexpected "]" in template "${source}"`);
  return alternatives[0] ?? [];
}

function parseAlternatives(
  source: string,
  from: number,
  nested: boolean,
): { alternatives: Template[]; end: number } {
  const alternatives: Template[] = [];
  let parts: Part[] = [];
  let at = from;
  while (at < source.length) {
    const c = source[at];
    if (c === ']' && nested) {
      alternatives.push(parts);
      return { alternatives, end: at };
    }
    if (c === '|' && nested) {
      alternatives.push(parts);
      parts = [];
      at += 1;
    } else if (c === '[') {
      const inner = parseAlternatives(source, at + 1, true);
      parts.push({ kind: 'choice', alternatives: inner.alternatives });
      at = inner.end + 1;
    } else if (c === '{') {
      const close = source.indexOf('}', at);
      if (close < 0) throw new TypeError(`unclosed "{" in template "${source}"`);
      const name = source.slice(at + 1, close);
      const quoted = !name.endsWith('!');
      parts.push({ kind: 'value', names: name.replace(/!$/, '').split('|'), quoted });
      at = close + 1;
    } else {
      const rest = source.slice(at).search(nested ? /[[\]{|]/ : /[[{]/);
      const end = rest < 0 ? source.length : at + Math.max(rest, 1);
      parts.push({ kind: 'text', text: source.slice(at, end) });
      at = end;
    }
  }
  if (nested) throw new TypeError(`unclosed "[" in template "${source}"`);
  alternatives.push(parts);
  return { alternatives, end: at };
}

/** The template with its values put in. */
export function fillTemplate(template: Template, lookup: Lookup): string {
  return template.map((part) => fillPart(part, lookup)).join('');
}

function fillPart(part: Part, lookup: Lookup): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'value') return fillValue(part, lookup) ?? '(unknown)';
  const fitting = part.alternatives.find((alternative) => isComplete(alternative, lookup));
  const last = part.alternatives.length > 1 ? part.alternatives.at(-1) : undefined;
  return fillTemplate(fitting ?? last ?? [], lookup);
}

function isComplete(template: Template, lookup: Lookup): boolean {
  return template.every((part) => part.kind !== 'value' || fillValue(part, lookup) !== undefined);
}

function fillValue(part: Part & { kind: 'value' }, lookup: Lookup): string | undefined {
  for (const name of part.names) {
    const value = lookup(name);
    if (value === undefined) continue;
    if (typeof value !== 'string') return value.phrase;
    return part.quoted ? `'${legible(value)}'` : legible(value);
  }
  return undefined;
}

const MAX_SHOWN = 160;

/** Characters that break a line, hide, or turn the reading direction around: Cc, Cf, Zl and Zp. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value fit to stand in a sentence: one line, nothing hidden, not too long. */
export function legible(value: string): string {
  const shown = value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN).toWellFormed()}…` : value;
  return shown.replaceAll(UNSAFE, '�');
}
