/**
 * Finds why a span does not verify, by trying what usually happens to files: the signature proves
 * the guess that makes it verify. Bounded, because whoever changed the file chooses the work.
 */
import type { ProblemKind } from './report.ts';

/** Why a span does not verify. */
export interface Diagnosis {
  readonly kind: ProblemKind;
  readonly cause: string;
  /** Lines to blame, counted from the span's first line as 0. */
  readonly lines?: readonly [first: number, last: number];
}

const MAX_TRIES = 48;
const MAX_SPAN_BYTES = 262_144;

/** Diagnoses spans until its budget is used up; then it only says what is plain to see. */
export class Diagnostician {
  #tries: number;

  constructor(tries = 1000) {
    this.#tries = tries;
  }

  /** Tries nothing any more. */
  giveUp(): void {
    this.#tries = 0;
  }

  /**
   * Returns the likely cause.
   * @param span from the line of the signature before up to the failing one's
   * @param verifies whether the failing signature is one of these bytes
   */
  diagnose(span: Uint8Array, verifies: (data: Uint8Array) => boolean): Diagnosis {
    const attempt = (data: Uint8Array): boolean => {
      this.#tries -= 1;
      return verifies(data);
    };
    if (this.#tries > 0 && span.includes(0x0d)) {
      if (attempt(withoutCarriageReturns(span))) {
        return {
          kind: 'line_ends_converted',
          cause:
            'the line ends were converted to CR LF after signing: without the carriage returns it verifies',
        };
      }
    }
    if (this.#tries > 0 && span.length <= MAX_SPAN_BYTES) {
      const found = this.#tryLines(splitLines(span), attempt);
      if (found !== undefined) return found;
    }
    if (span.includes(0x3f)) {
      return {
        kind: 'signature_invalid',
        cause:
          'a line was changed, added or removed; or the server could not write a character in its ' +
          'charset and wrote "?" instead, which cannot be verified',
      };
    }
    return { kind: 'signature_invalid', cause: 'a line was changed, added or removed' };
  }

  #tryLines(
    lines: readonly Uint8Array[],
    attempt: (data: Uint8Array) => boolean,
  ): Diagnosis | undefined {
    let left = Math.min(MAX_TRIES, this.#tries);
    for (let i = 1; i < lines.length && left > 0; i += 1, left -= 1) {
      if (attempt(join(lines.filter((_, at) => at !== i)))) {
        return {
          kind: 'signature_invalid',
          cause: 'the line was added after signing: without it the rest verifies',
          lines: [i, i],
        };
      }
    }
    for (let i = 1; i < lines.length && left > 0; i += 1) {
      for (let j = i + 1; j < lines.length && left > 0; j += 1, left -= 1) {
        const swapped = [...lines];
        swapped[i] = lines[j]!;
        swapped[j] = lines[i]!;
        if (attempt(join(swapped))) {
          return {
            kind: 'signature_invalid',
            cause: 'the first and the last of these lines changed places after signing',
            lines: [i, j],
          };
        }
      }
    }
    return undefined;
  }
}

function splitLines(span: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < span.length;) {
    const feed = span.indexOf(0x0a, start);
    const end = feed === -1 ? span.length : feed + 1;
    lines.push(span.subarray(start, end));
    start = end;
  }
  return lines;
}

function withoutCarriageReturns(span: Uint8Array): Uint8Array {
  return span.filter((byte, i) => byte !== 0x0d || span[i + 1] !== 0x0a);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
