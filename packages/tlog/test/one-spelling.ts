import { expect } from 'vitest';
import { TlogError } from '../src/index.ts';

/**
 * Reads a text after every change that is listed below, and demands that it is either refused with a
 * `TlogError` or means something that is written back as exactly the changed text. Then no two texts mean
 * the same. Returns how many changed texts were accepted, for tests that expect none.
 *
 * The changes: every prefix, something appended, every character left out or doubled, every bit of every
 * character flipped (within ASCII), and some characters that parsers are known to be lenient about.
 */
export function checkOneSpelling<T>(
  text: string,
  parse: (text: string) => T,
  format: (value: T) => string,
): number {
  expect(format(parse(text))).toBe(text);
  let accepted = 0;
  for (const changed of changesOf(text)) {
    let value: T;
    try {
      value = parse(changed);
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      continue;
    }
    accepted += 1;
    if (format(value) !== changed) {
      expect(format(value), 'a text that was accepted is written back as it was').toBe(changed);
    }
  }
  return accepted;
}

function* changesOf(text: string): Generator<string> {
  for (let i = 0; i < text.length; i += 1) {
    yield text.slice(0, i);
    yield text.slice(0, i) + text.slice(i + 1);
    yield text.slice(0, i) + text.slice(i, i + 1) + text.slice(i);
    const code = text.charCodeAt(i);
    for (let bit = 0; bit < 7; bit += 1) {
      yield text.slice(0, i) + String.fromCharCode(code ^ (1 << bit)) + text.slice(i + 1);
    }
    for (const extra of [' ', '\n', '\r', '\t', '0', '+', '=', '\ufeff', '\ud800']) {
      yield text.slice(0, i) + extra + text.slice(i);
    }
  }
  for (const extra of ['\n', ' ', '\0', 'x', '=', text]) yield text + extra;
}

/** Runs a function and returns code and message of the `TlogError` it throws. */
export function faultOf(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof TlogError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('expected a TlogError, got none');
}
