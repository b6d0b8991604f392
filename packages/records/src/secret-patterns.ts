/**
 * Secrets that can be told by their looks, wherever they stand: private keys, tokens, credentials in
 * addresses and headers. Plaintext or enciphered makes no difference.
 */

import { isPrivateKeyDer } from './private-key-der.ts';

export type SecretKind =
  | 'a private key'
  | 'a private JSON Web Key'
  | 'a token'
  | 'credentials in an address'
  | 'credentials of an HTTP request'
  | 'a secret in a field of that name';

interface Pattern {
  readonly kind: SecretKind;
  readonly find: RegExp;
  /** A second look at a match, where looks deceive. */
  readonly confirm?: (match: string) => boolean;
}

const PATTERNS: readonly Pattern[] = [
  {
    kind: 'a private key',
    find: /-----?[ ]?BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?[ ]?-----?[\s\S]*?(?:-----?[ ]?END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?[ ]?-----?|$)/g,
  },
  { kind: 'a private key', find: /PuTTY-User-Key-File-\d+:[\s\S]*/g },
  {
    kind: 'a private key',
    find: /(?<![\w+/-])b3BlbnNzaC1rZXktdjE[\w+/=-]*(?:\r?\n[\w+/=-]+)*/g, // "openssh-key-v1"
  },
  {
    kind: 'a private key',
    find: /(?<![\w+/-])M[C-I][\w+/-]{38,}=*(?:\r?\n[\w+/=-]+)*/g,
    confirm: (match) => isPrivateKeyDer(match),
  },
  { kind: 'a private JSON Web Key', find: /\{[^{}]*\}/g, confirm: isPrivateJwk },
  {
    kind: 'a token', // JWS and JWE in compact form (RFC 7515, RFC 7516): header, then 2 or 4 parts
    find: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]*\.[\w-]{8,}(?:\.[\w-]+\.[\w-]+)?/g,
  },
  {
    kind: 'a token', // ours: of a producer, of a user, the secret of an application
    find: /(?<![\w-])cs[pts]_[\w-]{43}(?![\w-])/g,
  },
  {
    kind: 'credentials of an HTTP request',
    find: /\bBearer +(?=[^\s"]*\d)[\w.~+/-]{16,}=*/gi,
    confirm: (match) => !isMasked(match),
  },
  {
    kind: 'credentials of an HTTP request',
    find: /\b(?:Basic|basic|BASIC) +[A-Za-z0-9+/]{4,}={0,2}/g,
    confirm: isBasicCredential,
  },
  {
    kind: 'credentials in an address',
    find: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#"'<>]*:[^\s/@"'<>]+@/gi,
    confirm: (match) => !/:[*x•.]+@$/i.test(match),
  },
  {
    kind: 'credentials in an address',
    find: /[?&#;](?:access_token|refresh_token|id_token|token|api_?key|password|passwd|pwd|client_secret|secret)=[^&\s"'#]{4,}/gi,
    confirm: (match) => !/=[*x•.]+$/i.test(match),
  },
];

/**
 * Pieces of which every secret told by its looks, and every text with fields of its own, holds at
 * least one, in plain text and in JSON alike. Each begins with a character rare in records: then
 * searching for it costs next to nothing, and searching for all of them less than one pattern would.
 */
const MARKERS: readonly string[] = [
  'PRIVATE KEY',
  'PuTTY-User-Key-File',
  'b3BlbnNzaC1rZXktdjE', // "openssh-key-v1"
  // Base64 of DER of more than 255 bytes, of more than 127, and of a short one with a version:
  // certificates and requests, too.
  'MII',
  'MIJ',
  'MIG',
  'MIH',
  'CAQ',
  'kty',
  'csp_',
  'cst_',
  'css_',
  'yJ', // of "eyJ", the start of a JSON object in base64
  'Bearer ',
  'bearer ',
  'BEARER ',
  'Basic ',
  'basic ',
  'BASIC ',
  '//', // of an address
  ';;', // of a parameter list
  '</',
];

/** Parameters of an address. */
const PARAMETER = /[?&#;][A-Za-z_]{3,13}=/;

/**
 * A bracketed field whose name holds the name of a secret. Bounded, so that a long run of such names costs no more than
 * its length.
 */
const BRACKETED =
  /\[[\w.]{0,64}?(?:pass|pwd|pin|secret|key|token|credential|cookie|authorization)[\w.]{0,64}=/i;

/** Whether a text deserves a closer look. */
export function isSuspicious(text: string): boolean {
  return hasMarker(text) || text.includes('":');
}

/** Whether a value of this JSON deserves one: there, JSON kept as text has its quotes escaped. */
export function isSuspiciousJson(json: string): boolean {
  return hasMarker(json) || json.includes('\\":') || (json.includes('=') && BRACKETED.test(json));
}

function hasMarker(text: string): boolean {
  for (const marker of MARKERS) if (text.includes(marker)) return true;
  return PARAMETER.test(text);
}

export interface Match {
  readonly kind: SecretKind;
  readonly start: number;
  readonly end: number;
}

/**
 * Every secret that can be told by its looks, in order of the patterns. Linear in the text: each
 * pattern either consumes what it looks at or stops where it could start again.
 */
export function matchSecrets(text: string): Match[] {
  const matches: Match[] = [];
  for (const { kind, find, confirm } of PATTERNS) {
    for (const found of text.matchAll(find)) {
      if (confirm === undefined || confirm(found[0])) {
        matches.push({ kind, start: found.index, end: found.index + found[0].length });
      }
    }
  }
  return matches;
}

function isMasked(text: string): boolean {
  return /[*•]{3,}/.test(text);
}

/** RFC 7518 section 6 and RFC 9964: the members that only a private or secret key has. */
export const PRIVATE_JWK_MEMBERS: readonly string[] = [
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'k',
  'priv',
];

function isPrivateJwk(text: string): boolean {
  if (!text.includes('"kty"')) return false;
  return /"(?:d|p|q|dp|dq|qi|k|priv)"\s*:\s*"[\w-]{16,}"/.test(text);
}

/**
 * `user:password` in base64 (RFC 7617); "Basic constraints" decodes to noise. Only the name is looked
 * at, so that cutting a text short makes no credential of it that was none.
 */
function isBasicCredential(match: string): boolean {
  const encoded = match.replace(/^basic +/i, '').replace(/=+$/, '');
  // A last character alone says nothing: then the text was cut off.
  const decoded = atob(encoded.length % 4 === 1 ? encoded.slice(0, -1) : encoded);
  return /^[\x20-\x39\x3b-\x7e\x80-\xff]*:/.test(decoded);
}
