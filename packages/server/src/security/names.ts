import { findSecret } from '@countersign/records';

/**
 * How things of the security administration may be called. Names stand in access rules
 * (`group="RA Operators"`), in lines of audit files and in addresses: what those are made of is no part of a name.
 */

/** Local user names: what people type, in ASCII, so that no two look the same. */
export const USERNAME = /^[a-z0-9][a-z0-9._@$\\-]{0,63}$/;
export const USERNAME_EXPECTED =
  '1 to 64 of the letters a to z, digits and ". _ @ $ \\ -", beginning with a letter or digit';

/** Words that mean everybody in access rules. */
export const EVERYBODY: ReadonlySet<string> = new Set(['anybody', 'everybody']);

/** Roles and their groups. */
export const ROLE_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._()'/-]{0,62}[\p{L}\p{N})])?$/u;
export const ROLE_NAME_EXPECTED =
  '1 to 64 letters, digits, spaces and ". _ ( ) \' / -", beginning with a letter or digit';

/**
 * Whether nobody takes a role's name for another one: single spaces, which pages run together, and letters of one
 * alphabet, of those that have the same shapes.
 */
export function isDistinct(name: string): boolean {
  return !name.includes('  ') && ALPHABETS.filter((letters) => letters.test(name)).length < 2;
}
export const DISTINCT_EXPECTED = 'single spaces and letters of one alphabet';
const ALPHABETS: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/**
 * Whether records show a text as it is: what looks like a secret is masked there, and a name or a rule that nobody can
 * read in the log hides who it was and what he was given.
 */
export function isRecordable(text: string): boolean {
  return findSecret(text) === null;
}
export const RECORDABLE_EXPECTED = 'nothing that looks like a secret, which records would mask';

/** Control characters, line and paragraph separators, and what turns the direction of text around. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text is one line that shows what it holds: no control characters, no lone surrogates. */
export function isLine(text: string): boolean {
  return isSeen(text) && text.trim() === text;
}
export const LINE_EXPECTED = 'one line of text without control characters or spaces at its ends';

/** Whether everything in a text is seen, and stands in the direction in which it is read. */
export function isSeen(text: string): boolean {
  return text.isWellFormed() && !UNSEEN.test(text);
}
export const SEEN_EXPECTED = 'no control characters';

/** Whether a text is well-formed and holds no control characters but tabs and line ends. */
export function isText(text: string): boolean {
  return isSeen(text.replaceAll(/[\t\r\n]/g, ' '));
}
export const TEXT_EXPECTED = 'text without control characters';

/** Role names are compared without case. */
export function foldRole(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
