/**
 * Escapes for values the format has no place for. Dogtag writes values raw, so a value can end its
 * field, its line, and begin others. What this product writes cannot: a value holding `[`, `]`, or a
 * character that is not seen (controls, those of lines and of direction among them) is written as the
 * marker `\:` and then the value with each of those, and each backslash, as `\uXXXX`. A clean value that happens to start with `\:` is marked, too. So is one that
 * names the signing event, which gets its first `_` as `\u005f`: Dogtag's AuditVerify takes every line
 * with that name for a signature. Everything else is written as Dogtag writes it, byte for byte.
 */
import { SIGNING_EVENT } from './layout.ts';

const MARKER = '\\:';
// Brackets, C0 and C1 controls, line and paragraph separators, what turns the direction of text around, lone surrogates.
const UNSEEN = String.raw`\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}`;
const HOSTILE = new RegExp(String.raw`[[\]${UNSEEN}]|${SIGNING_EVENT}`, 'u');
const SIGNING_ESCAPED = SIGNING_EVENT.replace('_', String.raw`\u005f`);
const ESCAPED = new RegExp(String.raw`[[\]\\${UNSEEN}]`, 'gu');

/** Returns a value that stays inside its field and its line. */
export function escapeValue(value: string): string {
  if (!HOSTILE.test(value) && !value.startsWith(MARKER)) return value;
  return MARKER + value.replace(ESCAPED, escapeUnit).replaceAll(SIGNING_EVENT, SIGNING_ESCAPED);
}

/** Undoes `escapeValue`; any other text is returned as it is. */
export function unescapeValue(written: string): string {
  if (!written.startsWith(MARKER)) return written;
  const value = written
    .slice(MARKER.length)
    .replace(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  // Only what escapeValue would have written is an escaped value; the rest only looks like one.
  return escapeValue(value) === written ? value : written;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
