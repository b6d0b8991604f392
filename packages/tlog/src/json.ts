/**
 * A strict JSON parser. JSON.parse takes the last of two equal keys, lets lone surrogates pass and
 * rounds large integers, all silently: two programs then disagree about what a signed text says. This one
 * refuses such texts (they are outside I-JSON, RFC 7493) and says where.
 */
import { TlogError, type TlogErrorCode } from './errors.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** Objects and arrays may be nested this deep. */
export const MAX_JSON_DEPTH = 64;

export interface JsonLimits {
  /** How deep objects and arrays may be nested; by default 64. */
  readonly depth?: number;
  /** Accept integers beyond 2^53 - 1, of which a number may hold only a neighbour; by default refused. */
  readonly unsafeNumbers?: boolean;
}

/**
 * Returns the value of a JSON text (RFC 8259). Negative zero becomes zero.
 * @throws TlogError `json_syntax`, `json_duplicate_key`, `json_forbidden_key` (`__proto__`),
 *   `json_lone_surrogate`, `json_too_deep`, `json_unsafe_number`, all with the position
 */
export function parseJson(
  text: string,
  { depth = MAX_JSON_DEPTH, unsafeNumbers = false }: JsonLimits = {},
): JsonValue {
  return new Parser(text, depth, unsafeNumbers).parse();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #unsafeNumbers: boolean;
  #position = 0;

  constructor(text: string, maxDepth: number, unsafeNumbers: boolean) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#unsafeNumbers = unsafeNumbers;
  }

  parse(): JsonValue {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#position < this.#text.length) throw this.#unexpected('the end');
    return value;
  }

  #value(depth: number): JsonValue {
    switch (this.#text.charAt(this.#position)) {
      case '"':
        return this.#string();
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#array(depth + 1);
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonValue {
    this.#checkDepth(depth);
    const object: { [key: string]: JsonValue } = {};
    this.#position += 1;
    this.#skipSpace();
    if (this.#take('}')) return object;
    for (;;) {
      const start = this.#position;
      if (this.#text.charCodeAt(start) !== QUOTE) throw this.#unexpected('a key in quotes');
      const key = this.#string();
      if (key === '__proto__') {
        throw this.#fault('json_forbidden_key', 'the key "__proto__" is not allowed', start);
      }
      if (Object.hasOwn(object, key)) {
        throw this.#fault('json_duplicate_key', `duplicate key ${JSON.stringify(key)}`, start);
      }
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected('":"');
      this.#skipSpace();
      object[key] = this.#value(depth);
      this.#skipSpace();
      if (this.#take('}')) return object;
      if (!this.#take(',')) throw this.#unexpected('"," or "}"');
      this.#skipSpace();
    }
  }

  #array(depth: number): JsonValue {
    this.#checkDepth(depth);
    const array: JsonValue[] = [];
    this.#position += 1;
    this.#skipSpace();
    if (this.#take(']')) return array;
    for (;;) {
      array.push(this.#value(depth));
      this.#skipSpace();
      if (this.#take(']')) return array;
      if (!this.#take(',')) throw this.#unexpected('"," or "]"');
      this.#skipSpace();
    }
  }

  #string(): string {
    const text = this.#text;
    const start = this.#position;
    let value = '';
    let from = start + 1;
    for (let i = from; ; i += 1) {
      const code = text.charCodeAt(i); // NaN at the end
      if (code === QUOTE) {
        value += text.slice(from, i);
        this.#position = i + 1;
        if (!value.isWellFormed()) {
          throw this.#fault('json_lone_surrogate', 'lone surrogate in a string', start);
        }
        return value;
      }
      if (code === BACKSLASH) {
        value += text.slice(from, i) + this.#escape(i);
        i = this.#position - 1;
        from = this.#position;
      } else if (!(code >= 0x20)) {
        this.#position = i;
        throw this.#unexpected('the closing quote of a string');
      }
    }
  }

  /** Reads the escape sequence at a position and moves behind it. */
  #escape(position: number): string {
    const letter = this.#text[position + 1] ?? '';
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.#position = position + 2;
      return simple;
    }
    const digits = this.#text.slice(position + 2, position + 6);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.#position = position;
      throw this.#unexpected('an escape sequence');
    }
    this.#position = position + 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    const start = this.#position;
    NUMBER.lastIndex = start;
    const spelling = NUMBER.exec(this.#text)?.[0];
    if (spelling === undefined) throw this.#unexpected('a value');
    this.#position += spelling.length;
    const value = Number(spelling);
    const vanished = value === 0 && /^[-0.]*[1-9]/.test(spelling);
    const unsafe = Number.isInteger(value) && !Number.isSafeInteger(value) && !this.#unsafeNumbers;
    if (!Number.isFinite(value) || vanished || unsafe) {
      throw this.#fault(
        'json_unsafe_number',
        `the number ${spelling.slice(0, 40)} cannot be kept exactly; write it as a string`,
        start,
      );
    }
    return value === 0 ? 0 : value;
  }

  #word<T extends JsonValue>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#position)) throw this.#unexpected('a value');
    this.#position += word.length;
    return value;
  }

  #take(character: string): boolean {
    if (this.#text[this.#position] !== character) return false;
    this.#position += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#position += 1;
    }
  }

  #checkDepth(depth: number): void {
    if (depth > this.#maxDepth) {
      throw this.#fault(
        'json_too_deep',
        `expected at most ${this.#maxDepth} levels of objects and arrays`,
        this.#position,
      );
    }
  }

  #unexpected(expected: string): TlogError {
    const got = this.#text.codePointAt(this.#position);
    const shown = got === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(got));
    return this.#fault('json_syntax', `expected ${expected}, got ${shown}`, this.#position);
  }

  #fault(code: TlogErrorCode, what: string, position: number): TlogError {
    return new TlogError(code, `json: ${what} at ${position}`, { position });
  }
}
