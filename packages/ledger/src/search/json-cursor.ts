/**
 * Walks JSON as RFC 8785 spells it, without building values: no spaces, and no escapes but where they
 * must be. For text that was written by us and is only read again.
 */

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
/** Set in `{` and `}`, not in `[` and `]`, which are the same otherwise. */
const CURLY = 32;
const OPEN = 123;
const CLOSE = 125;

export class JsonCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes into the object or list that begins here. */
  enter(): void {
    this.#at++;
  }

  /** Goes to the next member or item; out of the object or list where there is none. */
  more(): boolean {
    const c = this.#text.charCodeAt(this.#at);
    if ((c | CURLY) === CLOSE) {
      this.#at++;
      return false;
    }
    if (c === COMMA) this.#at++;
    else if (this.#at >= this.#text.length) throw new Error('the text ends within a value');
    return true;
  }

  /** The name of the member that begins here. */
  name(): string {
    const name = this.string();
    this.#at++;
    return name;
  }

  isString(): boolean {
    return this.#text.charCodeAt(this.#at) === QUOTE;
  }

  string(): string {
    const text = this.#text;
    const from = this.#at;
    let escapes = false;
    let to = from + 1;
    for (; to < text.length; to++) {
      const c = text.charCodeAt(to);
      if (c === QUOTE) break;
      if (c === BACKSLASH) {
        escapes = true;
        to++;
      }
    }
    this.#at = to + 1;
    return escapes ? (JSON.parse(text.slice(from, to + 1)) as string) : text.slice(from + 1, to);
  }

  /** The value that begins here as it is spelled. */
  spelling(): string {
    const text = this.#text;
    const from = this.#at;
    let depth = 0;
    let at = from;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === QUOTE) {
        for (at++; at < text.length; at++) {
          const inner = text.charCodeAt(at);
          if (inner === QUOTE) break;
          if (inner === BACKSLASH) at++;
        }
      } else if (c === COMMA) {
        if (depth === 0) break;
      } else if ((c | CURLY) === OPEN) depth++;
      else if ((c | CURLY) === CLOSE && depth-- === 0) break;
    }
    this.#at = at;
    return text.slice(from, at);
  }
}
