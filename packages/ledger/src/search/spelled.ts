/**
 * Texts as the full-text index takes them. It cuts ASCII text at whatever is no letter or digit and
 * folds its case by itself, so that most texts can be handed over as they are.
 */
import { MAX_WORD_LENGTH, words } from '@countersign/records';

/** Texts of one record: what the index makes of the result is what `words` makes of each. */
export function spelledTexts(texts: readonly string[]): string {
  let all = '';
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    // The name of a target is often among the attributes, too.
    if (texts.indexOf(text) === i) all += `\n${spelled(text)}`;
  }
  return all;
}

const COLON = 58;
const DASH = 45;
const SPACE = 32;
const ZERO = 48;
const X = 120;

/**
 * A text with the same words to the index as `words` finds in it. What needs more than cutting is left
 * to `words`: other letters than ASCII, numbers written as bytes, UUIDs, words so long that they are
 * cut. One pass, no regular expression: this looks at every character that is indexed.
 */
export function spelled(text: string): string {
  let all = '';
  let copied = 0;
  let run = 0;
  let hex = true;
  let bytes = 0;
  let separator = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i === text.length ? SPACE : text.charCodeAt(i);
    if (c > 125) return words(text).join(' ');
    const isDigit = c >= 48 && c <= 57;
    if (isDigit || (c >= 97 && c <= 122) || (c >= 65 && c <= 90)) {
      if (++run > MAX_WORD_LENGTH) return words(text).join(' ');
      if (!isDigit && (c | 32) > 102) hex = false;
      continue;
    }
    if (hex && run === 2 && (c === COLON || c === DASH || c === SPACE)) {
      bytes = c === separator ? bytes + 1 : 1;
      if (bytes === 2) return words(text).join(' ');
      separator = c;
    } else {
      if (hex && run === 8 && c === DASH) return words(text).join(' ');
      bytes = 0;
      separator = 0;
    }
    if (run > 1 && text.charCodeAt(i - run) === ZERO) {
      // Bytes may follow: `0x0a:1b:2c:3d`.
      const isPrefixed = (text.charCodeAt(i - run + 1) | 32) === X;
      if (isPrefixed && i < text.length && (c === COLON || c === DASH || c === SPACE))
        return words(text).join(' ');
      all += text.slice(copied, i - run) + withoutZeros(text.slice(i - run, i));
      copied = i;
    }
    run = 0;
    hex = true;
  }
  return copied === 0 ? text : all + text.slice(copied);
}

const NUMBER = /^(?:0[xX])?0*([0-9a-fA-F]+)$/;

/** A word that starts with 0, as `words` has it: a hexadecimal number in its shortest form. */
function withoutZeros(word: string): string {
  return NUMBER.exec(word)?.[1] ?? word;
}

/** The word a UUID in its usual spelling is. */
export function uuidWord(id: string): string {
  if (id.length !== 36) return words(id).join(' ');
  return withoutZeros(
    id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24),
  );
}
