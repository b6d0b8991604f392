/**
 * Reads the filters of audit events: the string form of LDAP search filters (RFC 4515) as Dogtag's
 * `log.instance.SignedAudit.filters.<EVENT>` has them. What Dogtag takes and then never matches, or takes for no
 * filter at all, is an error here.
 */
import { eventDefinition } from '../catalogue/index.ts';
import { FilterError } from './error.ts';
import { decodeEscapes, escapeFilterValue } from './escape.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH } from './limits.ts';
import type { Filter } from './tree.ts';

/** What every record has, whatever its event. */
export const COMMON_ATTRIBUTES = ['AuditEvent', 'SubjectID', 'Outcome'] as const;

const NAME = /[A-Za-z][A-Za-z0-9._-]*/y;
const CONTROL = /\p{Cc}/u;
/** A part of a text that an error repeats. */
const MAX_SHOWN = 24;

/**
 * Reads a filter. `attributes` are the only ones it may name, in any case; they are returned as spelled there. One
 * item alone may stand without its parentheses (`Outcome=Failure`), as in Dogtag.
 *
 * @throws FilterError with position, expected and got
 */
export function parseFilter(text: string, attributes?: readonly string[]): Filter {
  if (text.length > MAX_FILTER_LENGTH) {
    throw new FilterError({
      position: MAX_FILTER_LENGTH,
      expected: `${MAX_FILTER_LENGTH} characters at most`,
      got: `${text.length}`,
    });
  }
  if (!text.isWellFormed()) {
    const whole = text.toWellFormed();
    let position = 0;
    while (text[position] === whole[position]) position += 1;
    throw new FilterError({ position, expected: 'well-formed text', got: 'half a character' });
  }
  return new Parser(text, attributes).parse();
}

/**
 * Reads the filter of an event: it may name the event's attributes and the common ones.
 *
 * @throws FilterError with position, expected and got
 * @throws RangeError when the catalogue has no such event
 */
export function parseEventFilter(event: string, text: string): Filter {
  return parseFilter(text, filterAttributes(event));
}

/** The attributes a filter of an event may name. Throws RangeError when the catalogue has no such event. */
export function filterAttributes(event: string): string[] {
  const definition = eventDefinition(event);
  if (definition === undefined) throw new RangeError(`the catalogue has no event "${event}"`);
  return [...new Set([...COMMON_ATTRIBUTES, ...definition.attributes])];
}

/** A value as it is written: pieces of text, with an asterisk between each two. */
interface Written {
  readonly pieces: readonly string[];
  /** Where each piece starts. */
  readonly starts: readonly number[];
}

class Parser {
  readonly #text: string;
  /** Spellings by their lower case; null: any attribute may be named. */
  readonly #attributes: ReadonlyMap<string, string> | null;
  #at = 0;

  constructor(text: string, attributes: readonly string[] | undefined) {
    this.#text = text;
    this.#attributes =
      attributes === undefined ? null : new Map(attributes.map((a) => [a.toLowerCase(), a]));
  }

  parse(): Filter {
    if (this.#text === '') this.#fail('a filter such as (Outcome=Failure)');
    if (/[A-Za-z]/.test(this.#text.charAt(0))) {
      const item = this.#item();
      if (this.#at < this.#text.length) this.#fail('the end, or the whole in parentheses');
      return item;
    }
    const filter = this.#filter(1);
    if (this.#at < this.#text.length) this.#fail('the end of the filter');
    return filter;
  }

  #filter(depth: number): Filter {
    if (depth > MAX_FILTER_DEPTH) this.#fail(`${MAX_FILTER_DEPTH} filters in each other at most`);
    this.#take('(');
    const filter = this.#component(depth);
    this.#take(')');
    return filter;
  }

  #component(depth: number): Filter {
    switch (this.#text.charAt(this.#at)) {
      case '&': {
        return { kind: 'and', filters: this.#list(depth) };
      }
      case '|': {
        return { kind: 'or', filters: this.#list(depth) };
      }
      case '!': {
        this.#at += 1;
        return { kind: 'not', filter: this.#filter(depth + 1) };
      }
      default: {
        return this.#item();
      }
    }
  }

  /** One filter or more behind `&` or `|`. */
  #list(depth: number): Filter[] {
    this.#at += 1;
    const filters = [this.#filter(depth + 1)];
    while (this.#text.charAt(this.#at) === '(') filters.push(this.#filter(depth + 1));
    return filters;
  }

  #item(): Filter {
    const attribute = this.#attribute();
    const operator = this.#operator(attribute);
    const { pieces, starts } = this.#value();
    const [initial = '', ...rest] = pieces;
    if (operator !== '=') {
      if (rest.length > 0)
        this.#failAt(starts[1]! - 1, 'a value without asterisks behind an order', '\\2a');
      return {
        kind: operator === '>=' ? 'greaterOrEqual' : 'lessOrEqual',
        attribute,
        value: initial,
      };
    }
    if (rest.length === 0) return { kind: 'equal', attribute, value: initial };
    const final = rest.pop() ?? '';
    if (rest.length === 0 && initial === '' && final === '') return { kind: 'present', attribute };
    const empty = rest.indexOf('');
    if (empty !== -1) this.#failAt(starts[empty + 1]!, 'text between two asterisks');
    return { kind: 'substrings', attribute, initial, any: rest, final };
  }

  #attribute(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) {
      this.#fail(this.#at === 0 ? '"("' : '"&", "|", "!" or the name of an attribute');
    }
    const known = this.#attributes?.get(name.toLowerCase());
    if (this.#attributes !== null && known === undefined) {
      throw new FilterError({
        position: this.#at,
        expected: `an attribute of the event (${[...this.#attributes.values()].join(', ')})`,
        got: show(name),
      });
    }
    this.#at += name.length;
    return known ?? name;
  }

  #operator(attribute: string): '=' | '>=' | '<=' {
    const rest = this.#text.slice(this.#at);
    for (const operator of ['=', '>=', '<='] as const) {
      if (!rest.startsWith(operator)) continue;
      this.#at += operator.length;
      return operator;
    }
    if (rest.startsWith('!=')) {
      const value = /^[^()*\\\p{Cc}]*/u.exec(rest.slice(2))?.[0] ?? '';
      this.#fail('"="', `(!(${attribute}=${escapeFilterValue(value)}))`);
    }
    if (rest.startsWith('~=')) this.#fail('"=", ">=" or "<="', `(${attribute}=*part*)`);
    if (/^[:;]/.test(rest)) this.#fail('"=", ">=" or "<=" and no option or matching rule');
    if (/^[<>]/.test(rest)) this.#fail('">=" or "<="');
    if (rest === '' || rest.startsWith(')')) {
      this.#fail('"=" and a value', `(${attribute}=*) for any value`);
    }
    return this.#fail('"=", ">=" or "<="');
  }

  #value(): Written {
    const pieces: string[] = [];
    const starts = [this.#at];
    let piece = '';
    for (; this.#at < this.#text.length;) {
      const character = this.#text.charAt(this.#at);
      if (character === ')') break;
      if (character === '*') {
        pieces.push(piece);
        piece = '';
        this.#at += 1;
        starts.push(this.#at);
      } else if (character === '\\') {
        piece += this.#escapes();
      } else if (character === '(') {
        this.#fail('")"', '\\28 where the parenthesis is part of the value');
      } else if (CONTROL.test(character)) {
        this.#fail('no control character', escapeFilterValue(character));
      } else {
        piece += character;
        this.#at += 1;
      }
    }
    return { pieces: [...pieces, piece], starts };
  }

  /** The text of the escapes that stand here, one after another: a character may be several bytes. */
  #escapes(): string {
    const start = this.#at;
    const bytes: number[] = [];
    while (this.#text.charAt(this.#at) === '\\') {
      const digits = this.#text.slice(this.#at + 1, this.#at + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits))
        this.#fail('two hexadecimal digits behind "\\"', '\\5c for a backslash');
      bytes.push(Number.parseInt(digits, 16));
      this.#at += 3;
    }
    const text = decodeEscapes(bytes);
    if (text !== undefined) return text;
    return this.#failAt(start, 'escaped bytes that are UTF-8');
  }

  #take(wanted: '(' | ')'): void {
    if (this.#text.charAt(this.#at) !== wanted) this.#fail(`"${wanted}"`);
    this.#at += 1;
  }

  #fail(expected: string, hint?: string): never {
    this.#failAt(this.#at, expected, hint);
  }

  #failAt(position: number, expected: string, hint?: string): never {
    const rest = this.#text.slice(position);
    const got = rest === '' ? 'the end' : show(rest);
    throw new FilterError({ position, expected, got, ...(hint === undefined ? {} : { hint }) });
  }
}

function show(text: string): string {
  return text.length <= MAX_SHOWN
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, MAX_SHOWN).toWellFormed())}…`;
}
