/**
 * One spelling for comparison. Fields compare without case (`fold`); free text also without
 * accents and whatever notation a number was written in (`words`). The index, the query and the
 * evaluator use these same functions, so a search means the same everywhere.
 */

const ASCII = /^[\0-\x7f]*$/;

/**
 * Folds case, the same for every way of writing a letter: upper then lower case, so that ß and SS
 * are equal, and one form of sigma. Accents stay.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/** Longer words are cut: what is longer is a blob, and its beginning finds it. */
export const MAX_WORD_LENGTH = 64;

/**
 * Numbers written as bytes: `0a:1b:2c:3d`, `0A-1B-2C-3D`, `0a 1b 2c 3d` (four bytes or more, so that
 * times of day stay apart), and UUIDs.
 */
const HEX_BYTES =
  /(?<![0-9a-z:-])(?:0x)?(?:[0-9a-f]{2}(?::[0-9a-f]{2}){3,}|[0-9a-f]{2}(?:-[0-9a-f]{2}){3,}|[0-9a-f]{2}(?: [0-9a-f]{2}){3,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-z]|[:-][0-9a-z])/g;
const MAYBE_HEX_BYTES = /[0-9a-f]{2}[: -][0-9a-f]{2}/;
const SEPARATORS = /[: -]/g;

const ASCII_WORD = /[a-z0-9]+/g;
const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}+/gu;
/** Scripts written without spaces: every character is a word, and a phrase is their sequence. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/**
 * The words of a text, in order: letters and digits between anything else, folded in case and
 * accents. Serial numbers and fingerprints become one word whatever their notation: `0x0A1B` and
 * `0a1b`, bytes with colons, dashes or spaces; leading zeros of a hexadecimal word do not count.
 */
export function words(text: string): string[] {
  let spelled: string;
  let pattern = ASCII_WORD;
  if (ASCII.test(text)) {
    spelled = text.toLowerCase();
  } else {
    spelled = fold(text.normalize('NFKD').replace(MARKS, '')).normalize('NFKD').replace(MARKS, '');
    spelled = spelled.replace(UNSPACED, ' $& ');
    pattern = WORD;
  }
  if (spelled.length >= 11 && MAYBE_HEX_BYTES.test(spelled)) {
    spelled = spelled.replace(HEX_BYTES, (bytes) => bytes.replace(SEPARATORS, ''));
  }
  const found: string[] = spelled.match(pattern) ?? [];
  for (let i = 0; i < found.length; i++) found[i] = trimWord(found[i]!);
  return found;
}

/** Drops what says nothing: `0x`, and the zeros a hexadecimal number starts with. */
function trimWord(word: string): string {
  let spelled = word;
  if (spelled.charCodeAt(0) === 48 /* 0 */ && spelled.length > 1) {
    const digits =
      spelled.charCodeAt(1) === 120 /* x */ && spelled.length > 2 ? spelled.slice(2) : spelled;
    if (isHex(digits)) spelled = digits.replace(/^0+(?=.)/, '');
  }
  return spelled.length > MAX_WORD_LENGTH ? spelled.slice(0, MAX_WORD_LENGTH) : spelled;
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false;
  }
  return true;
}
