/**
 * Cuts a query into tokens. Never fails: a quote that is not closed becomes a token that says so,
 * which lets completion and highlighting work on half-typed text; the parser refuses it.
 */
import type { FieldTable } from './field.ts';
import type { Operator } from './tree.ts';

/** A piece of the text, `[start, end)` in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Token = Span &
  (
    | { readonly kind: 'open' | 'close' }
    /** `AND`, `OR`, `NOT`. */
    | { readonly kind: 'connective'; readonly word: 'and' | 'or' | 'not' }
    | { readonly kind: 'operator'; readonly operator: Operator }
    /** Text in quotes, with the quotes resolved; `prefix`: a star follows, `"ab c"*`. */
    | {
        readonly kind: 'quoted';
        readonly text: string;
        readonly closed: boolean;
        readonly prefix: boolean;
      }
    /** A minus before a term: not. */
    | { readonly kind: 'minus' }
    /** `field:`, with nothing between it and its value. */
    | { readonly kind: 'label'; readonly name: string }
    | { readonly kind: 'bare'; readonly text: string }
  );

const OPERATOR = /-(?:eq|ne|lt|le|gt|ge|contains|notcontains|startswith|endswith)(?![^\s()"])/iy;
const RELATIVE_DAY = /%\s*today\s*(?:[+-]\s*\d{1,6}\s*)?%/iy;
const HEX_BYTES = /(?:0x)?[0-9a-f]{2}(?: [0-9a-f]{2}){3,}(?![^\s()"])/iy;
const BARE = /[^\s()"]+/y;
const CONNECTIVE = /^(?:and|or|not)$/i;
const GLUED_CONNECTIVE = /(?:and|or)/iy;
const LABEL = /^[a-z][a-z0-9_.-]*(?=:)/i;
const SPACE = /\s/;

export function tokenize(text: string, table: FieldTable): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const start = at;
    const before = tokens.at(-1);
    const glued = before?.end === start;
    const c = text[at]!;
    if (SPACE.test(c)) {
      at++;
    } else if (c === '(' || c === ')') {
      tokens.push({ kind: c === '(' ? 'open' : 'close', start, end: ++at });
    } else if (c === '"') {
      const quoted = readQuoted(text, start);
      const prefix = quoted.closed && text[quoted.end] === '*' && before?.kind !== 'operator';
      at = quoted.end + (prefix ? 1 : 0);
      tokens.push({
        kind: 'quoted',
        text: quoted.text,
        closed: quoted.closed,
        prefix,
        start,
        end: at,
      });
    } else if (before?.kind === 'operator' || (before?.kind === 'label' && glued)) {
      // A value: whatever it looks like, it is no operator and no connective.
      const value = match(RELATIVE_DAY) ?? match(BARE)!;
      at += value.length;
      tokens.push({ kind: 'bare', text: value, start, end: at });
    } else if (
      glued &&
      (before.kind === 'quoted' || before.kind === 'close') &&
      match(GLUED_CONNECTIVE) !== undefined
    ) {
      // `(A -eq "x")AND B` and `"x"ANDB`: clients send them.
      const word = match(GLUED_CONNECTIVE)!;
      at += word.length;
      tokens.push({ kind: 'connective', word: word.toLowerCase() as 'and' | 'or', start, end: at });
    } else {
      const operator = match(OPERATOR);
      if (operator !== undefined) {
        at += operator.length;
        tokens.push({
          kind: 'operator',
          operator: operator.slice(1).toLowerCase() as Operator,
          start,
          end: at,
        });
      } else if (
        c === '-' &&
        !(before?.kind === 'minus' && glued) &&
        /[^\s-]/.test(text[at + 1] ?? ' ')
      ) {
        tokens.push({ kind: 'minus', start, end: ++at });
      } else {
        const word = match(HEX_BYTES) ?? match(BARE)!;
        const name = LABEL.exec(word)?.[0];
        if (CONNECTIVE.test(word)) {
          at += word.length;
          tokens.push({
            kind: 'connective',
            word: word.toLowerCase() as 'and' | 'or' | 'not',
            start,
            end: at,
          });
        } else if (name !== undefined && table.find(name) !== undefined) {
          at += name.length + 1;
          tokens.push({ kind: 'label', name, start, end: at });
        } else {
          at += word.length;
          tokens.push({ kind: 'bare', text: word, start, end: at });
        }
      }
    }
  }
  return tokens;
}

/**
 * Reads quoted text. A quote inside is doubled, or has a backslash before it; a backslash anywhere
 * else is itself, as in `DOMAIN\user`. Before a quote, each two backslashes are one.
 */
function readQuoted(text: string, start: number): { text: string; end: number; closed: boolean } {
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const c = text[at]!;
    if (c === '\\') {
      let count = 1;
      while (text[at + count] === '\\') count++;
      at += count;
      if (text[at] !== '"') {
        value += '\\'.repeat(count);
      } else {
        value += '\\'.repeat(count >> 1);
        if (count % 2 === 1) {
          value += '"';
          at++;
        }
      }
    } else if (c !== '"') {
      value += c;
      at++;
    } else if (text[at + 1] === '"') {
      value += '"';
      at += 2;
    } else {
      return { text: value, end: at + 1, closed: true };
    }
  }
  return { text: value, end: at, closed: false };
}

/** Writes text so that `tokenize` reads it as one quoted token. */
export function quote(text: string): string {
  return `"${text.replace(/(\\*)("|$)/g, (_, slashes: string, mark: string) => slashes + slashes + mark + mark)}"`;
}
