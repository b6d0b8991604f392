/**
 * Which fields hold secrets by their name, and which of their values are harmless. Names are taken
 * apart into words, so `clientSecret`, `client_secret` and `CLIENT-SECRET` are one name, while
 * `passwdUserDBAuthMgr`, `passwordPolicy` and `secretName` end in a harmless word.
 */

/** A name whose last word is one of these holds a secret. */
const LAST_WORDS = new Set([
  'password',
  'passwords',
  'passwd',
  'passphrase',
  'passphrases',
  'passcode',
  'pwd',
  'pin',
  'pins',
  'secret',
  'secrets',
  'apikey',
  'privatekey',
  'storepass',
  'keypass',
]);

/** Or when its last two words, run together, are one of these. */
const LAST_PAIRS = new Set([
  'apikey',
  'privatekey',
  'secretkey',
  'sharedkey',
  'accesskey',
  'accesstoken',
  'refreshtoken',
  'bearertoken',
  'authtoken',
  'idtoken',
  'sessiontoken',
  'securitytoken',
  'apitoken',
  'passphrase',
  'sessioncookie',
]);

/** A token may be a smart card or a credential: what the value looks like decides. */
const DOUBTFUL_WORDS = new Set(['token', 'credential', 'credentials', 'cookie', 'authorization']);
/** Names of devices in Dogtag's events. */
const DEVICES = new Set(['SelectedToken']);

/** Words after a secret's name that do not change what it is: `passwordConfirm`, `secretValue`. */
const TRAILING = new Set(['value', 'text', 'confirm', 'confirmation', 'again', 'new', 'old']);

type Secrecy = 'secret' | 'doubtful' | 'plain';

const CACHE_SIZE = 10_000;
const cache = new Map<string, Secrecy>();

function secrecyOf(name: string): Secrecy {
  // Most names come from a few catalogues: remembering them makes the check one lookup.
  const known = cache.get(name);
  if (known !== undefined) return known;
  const answer = decide(name);
  if (name.length <= 64 && cache.size < CACHE_SIZE) cache.set(name, answer);
  return answer;
}

function decide(name: string): Secrecy {
  const words = name
    .slice(-256)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  while (words.length > 1 && TRAILING.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const pair = `${words.at(-2) ?? ''}${last}`;
  if (LAST_WORDS.has(last) || LAST_PAIRS.has(pair) || LAST_PAIRS.has(last)) return 'secret';
  return DOUBTFUL_WORDS.has(last) && !DEVICES.has(name) ? 'doubtful' : 'plain';
}

/** Whether a field of this name could hold a secret. */
export function isSecretName(name: string): boolean {
  return secrecyOf(name) !== 'plain';
}

/** Whether this value in a field of this name is a secret. */
export function isSecretField(name: string, value: string): boolean {
  const secrecy = secrecyOf(name);
  if (secrecy === 'plain' || isHarmless(value)) return false;
  return secrecy === 'secret' || looksRandom(value);
}

/** Whether this number in a field of this name is a secret: a PIN is, a length or a flag is not. */
export function isSecretNumber(name: string, value: number): boolean {
  return value >= 1000 && secrecyOf(name) === 'secret';
}

/** What stands where a secret was. */
export const MASK = '********';

const HARMLESS_WORDS = new Set([
  '',
  '--',
  'null',
  'none',
  'n/a',
  'unknown',
  'true',
  'false',
  'yes',
  'no',
  'set',
  'not set',
  'unset',
  'changed',
  'unchanged',
  'hidden',
  'masked',
  'redacted',
  'removed',
  'sensitive',
  'encrypted',
]);

/** A mask of stars, dots or crosses. */
const MASKED = /^(?:[*•●]+|[xX.]{3,})$/;

/** Verifiers of passwords, which are not passwords: LDAP schemes, crypt(3), named digests. */
const HASHED =
  /^(?:\{[A-Z][A-Z0-9-]*\}|\$(?:argon2|scrypt|pbkdf2|[1567y]\$|2[abxy]\$)|sha(?:1|256|384|512)[:-])/i;

/** Whether a value under a secret's name gives nothing away: masked, empty, hashed. */
export function isHarmless(value: string): boolean {
  // A text cut short may end within a mask.
  const cut = value.endsWith('…');
  const shown = cut ? value.slice(0, -1) : value;
  if (shown.length <= 16) {
    const word = shown.toLowerCase().replaceAll(/^[<([{]|[>)\]}]$/g, '');
    if (HARMLESS_WORDS.has(word)) return true;
    if (cut && [...HARMLESS_WORDS].some((harmless) => harmless.startsWith(word))) return true;
  }
  return MASKED.test(shown) || HASHED.test(shown);
}

/** Long, of one piece, letters and digits mixed: nobody names a thing so. */
function looksRandom(value: string): boolean {
  return /^[\w.~+/=-]{20,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}
