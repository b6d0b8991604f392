/**
 * Cuts a stored content into the parts many records share and the rest, without parsing it: what was
 * seen before need not be parsed, and a part is told by its bytes.
 */

export interface ContentParts {
  /** Members as they are spelled; empty where the content has none. */
  readonly actor: string;
  readonly authorization: string;
  readonly origin: string;
  readonly source: string;
  /** An object of all other members. */
  readonly rest: string;
}

/** Cuts an object as JSON.stringify and RFC 8785 spell it: no spaces, member names without escapes. */
export function cutContent(text: string): ContentParts {
  let actor = '';
  let authorization = '';
  let origin = '';
  let source = '';
  let rest = '';
  // Behind `{`, and then behind each comma.
  for (let at = 1; at < text.length;) {
    const colon = text.indexOf('"', at + 1) + 1;
    if (colon === 0) break;
    const end = endOfValue(text, colon + 1);
    switch (text.slice(at + 1, colon - 1)) {
      case 'actor':
        actor = text.slice(colon + 1, end);
        break;
      case 'authorization':
        authorization = text.slice(colon + 1, end);
        break;
      case 'origin':
        origin = text.slice(colon + 1, end);
        break;
      case 'source':
        source = text.slice(colon + 1, end);
        break;
      default:
        rest += (rest === '' ? '{' : ',') + text.slice(at, end);
    }
    at = end + 1;
  }
  return { actor, authorization, origin, source, rest: rest === '' ? '{}' : `${rest}}` };
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
/** `{` and `[`, `}` and `]` differ in this bit alone, and no other character has both codes. */
const CURLY = 32;
const OPEN = 123;
const CLOSE = 125;

/** Where the value that begins at `at` ends: at a comma, or at the end of what it is a member of. */
function endOfValue(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      for (i++; i < text.length; i++) {
        const inner = text.charCodeAt(i);
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) i++;
      }
    } else if (c === COMMA) {
      if (depth === 0) return i;
    } else if ((c | CURLY) === OPEN) depth++;
    else if ((c | CURLY) === CLOSE && depth-- === 0) return i;
  }
  return text.length;
}
