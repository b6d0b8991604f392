import { ServerError } from '../../errors.ts';
import { NetworkFault, parseNetworks } from './networks.ts';
import {
  EVALUATORS,
  type AccessEntry,
  type AccessRule,
  type Evaluator,
  type Term,
} from './rule.ts';

/** Longest line that is read; Dogtag's longest has 600 characters. */
const MAX_LINE = 16_384;
const PREFIX = /^resourceACLS: */;
const RESOURCE = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
const OPERATION = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** A value without quotes: words with nothing in them that ends something else. */
const BARE = /[^\s"|&;:()=<>!]+(?: +[^\s"|&;:()=<>!]+)*/y;
const WORD = /[A-Za-z_]+/y;
/** The names that mean everybody who is signed in. */
export const EVERYBODY: readonly string[] = ['anybody', 'everybody'];
/** The one fact about an earlier request that can be compared: who made it. */
export const REQUEST_OWNER = 'auth_token.uid';

/**
 * Reads a line of Dogtag's `resourceACLS`:
 *
 *     resource:right[,right]:entry[;entry]:description
 *     entry = ("allow" / "deny") " (" right[,right] ") " term [("||" / "&&") term]
 *     term  = ("group" / "user" / "ipaddress" / "user_origreq") ("=" / "!=") value
 *
 * The first colon ends the resource, the second the rights, the last one begins the description. What stands in
 * quotes is protected; blanks may stand around entries, terms and operators. A leading `resourceACLS: ` is left out. Throws `acl_syntax` naming the place (the
 * character, counted from 1), what was expected and what came.
 */
export function parseRule(line: string): AccessRule {
  const begin = PREFIX.exec(line)?.[0].length ?? 0;
  const reader = new Reader(line, begin);
  if (line.length > MAX_LINE)
    throw reader.fault(MAX_LINE, `a line of at most ${MAX_LINE} characters`, String(line.length));
  const control = /[\u0000-\u001f\u007f\u2028\u2029]/.exec(line);
  if (control !== null)
    throw reader.fault(control.index, 'a line without control characters', escaped(control[0]));

  const first = line.indexOf(':', begin);
  if (first < 0) throw reader.fault(line.length, 'a colon after the resource', 'the end');
  const resource = line.slice(begin, first);
  if (!RESOURCE.test(resource))
    throw reader.fault(begin, 'a resource such as certServer.ca.users', quoted(resource));
  const second = line.indexOf(':', first + 1);
  if (second < 0) throw reader.fault(line.length, 'a colon after the rights', 'the end');
  const operations = reader.operations(first + 1, second, null);
  const last = line.lastIndexOf(':');
  if (last === second)
    throw reader.fault(line.length, 'entries, a colon and a description', 'the end');

  reader.at = second + 1;
  reader.end = last;
  const entries: AccessEntry[] = [];
  do entries.push(reader.entry(operations));
  while (reader.takes(';'));
  return { resource, operations, entries, description: line.slice(last + 1) };
}

/** Reads one entry, `allow (read) group="Auditors"`, of a rule that lists these operations. */
export function parseEntry(text: string, operations: readonly string[]): AccessEntry {
  const reader = new Reader(text, 0);
  const entry = reader.entry(operations);
  if (reader.at < text.length) throw reader.unexpected('the end of the entry');
  return entry;
}

/** Whether a text can name a resource. */
export function isResourceName(text: string): boolean {
  return text.length <= 200 && RESOURCE.test(text);
}

/** Whether a text can name an operation. */
export function isOperationName(text: string): boolean {
  return text.length <= 60 && OPERATION.test(text);
}

/** Goes through the entries of a line. */
class Reader {
  readonly #text: string;
  at: number;
  end: number;

  constructor(text: string, begin: number) {
    this.#text = text;
    this.at = begin;
    this.end = text.length;
  }

  /** One entry with the blanks around it; stops at `;` or at the end. */
  entry(listed: readonly string[]): AccessEntry {
    const start = this.at;
    this.blanks();
    const type = this.takes('allow') ? 'allow' : this.takes('deny') ? 'deny' : null;
    if (type === null) throw this.unexpected('allow or deny');
    this.blanks();
    if (!this.takes('(')) throw this.unexpected(`( after ${type}`);
    const close = this.#text.indexOf(')', this.at);
    if (close < 0 || close >= this.end) throw this.unexpected('operations and )');
    const operations = this.operations(this.at, close, listed);
    this.at = close + 1;
    this.blanks();
    const begin = this.at;
    const terms = [this.term()];
    const joins: ('||' | '&&')[] = [];
    let end = this.at;
    for (;;) {
      this.blanks();
      const join = this.takes('||') ? '||' : this.takes('&&') ? '&&' : null;
      if (join === null) break;
      this.blanks();
      joins.push(join);
      terms.push(this.term());
      end = this.at;
    }
    if (this.at < this.end && this.#text[this.at] !== ';')
      throw this.unexpected('||, && or ; (a description begins after the last colon)');
    const expression = this.#text.slice(begin, end);
    return { type, operations, expression, terms, joins, text: this.#text.slice(start, this.at) };
  }

  term(): Term {
    const word = this.match(WORD) ?? '';
    const type = EVALUATORS.find((name) => name === word);
    if (type === undefined)
      throw this.unexpected('group, user, ipaddress or user_origreq', this.at - word.length);
    this.blanks();
    const operator = this.takes('!=') ? '!=' : this.takes('=') ? '=' : null;
    if (operator === null) throw this.unexpected(`= or != after ${type}`);
    this.blanks();
    const begin = this.at;
    const value = this.value();
    const expected = faultOfValue(type, operator, value);
    if (expected !== null) throw this.fault(begin, expected, quoted(value));
    return { type, operator, value };
  }

  value(): string {
    const begin = this.at;
    if (!this.takes('"')) {
      const bare = this.match(BARE);
      if (bare === null) throw this.unexpected('a value in quotes');
      return bare;
    }
    const close = this.#text.indexOf('"', this.at);
    if (close < 0 || close >= this.end)
      throw this.unexpected('closing quotes before the colon of the description', begin);
    const value = this.#text.slice(this.at, close);
    this.at = close + 1;
    if (value === '') throw this.fault(begin, 'a value', '""');
    return value;
  }

  /** A list of operations; `listed` are those that may stand there, null: any. */
  operations(begin: number, end: number, listed: readonly string[] | null): string[] {
    const found: string[] = [];
    let at = begin;
    for (const name of this.#text.slice(begin, end).split(',')) {
      if (!OPERATION.test(name))
        throw this.fault(at, 'operations separated by commas, without blanks', quoted(name));
      if (found.includes(name)) throw this.fault(at, 'each operation once', quoted(name));
      if (listed !== null && !listed.includes(name))
        throw this.fault(at, `an operation the rule lists (${listed.join(', ')})`, quoted(name));
      found.push(name);
      at += name.length + 1;
    }
    return found;
  }

  blanks(): void {
    while (this.at < this.end && this.#text[this.at] === ' ') this.at += 1;
  }

  /** Steps over a piece of text if it stands here. */
  takes(piece: string): boolean {
    if (this.at + piece.length > this.end || !this.#text.startsWith(piece, this.at)) return false;
    this.at += piece.length;
    return true;
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found === null || this.at + found.length > this.end) return null;
    this.at += found.length;
    return found;
  }

  unexpected(expected: string, at = this.at): ServerError {
    const rest = this.#text.slice(at, Math.min(this.end, at + 24));
    const got =
      rest === '' ? (this.end < this.#text.length ? 'the colon' : 'the end') : quoted(rest);
    return this.fault(at, expected, got);
  }

  fault(at: number, expected: string, got: string): ServerError {
    const position = at + 1;
    return new ServerError(
      'acl_syntax',
      `character ${position}: expected ${expected}, got ${got}`,
      {
        members: { position, errors: [{ field: 'line', expected, got }] },
      },
    );
  }
}

/** What a value of this kind would have to be, or null when it is that. */
function faultOfValue(type: Evaluator, operator: '=' | '!=', value: string): string | null {
  switch (type) {
    case 'group':
      return null;
    case 'user':
      return operator === '!=' && EVERYBODY.includes(value)
        ? 'a user name (nobody is not somebody)'
        : null;
    case 'user_origreq':
      return value === REQUEST_OWNER ? null : `"${REQUEST_OWNER}", who made the request`;
    case 'ipaddress':
      try {
        parseNetworks(value);
        return null;
      } catch (error) {
        if (error instanceof NetworkFault) return error.message;
        throw error;
      }
  }
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `"${text.slice(0, 60)}"`;
}

function escaped(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
